"""Writes for tests: what a service does with a change, without the service."""

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, serialize

from graph.delta import Delta, apply_delta
from graph.journal import Author, Entry, Journal, now, with_provenance
from graph.release import DataDirectory
from graph.written import Served

AUTHOR = Author("lab", "q-1")


def text(quads: Iterable[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def delta(
    store: Store,
    inserted: Iterable[Quad] = (),
    deleted: Iterable[Quad] = (),
    created: Iterable[NamedNode] = (),
    dropped: Iterable[NamedNode] = (),
) -> Delta:
    """The effective change: what is not there already, and what is there."""
    gone = list(dropped)
    lost = [q for q in deleted if q in store]
    for graph in gone:
        lost += store.quads_for_pattern(None, None, None, graph)
    new = [q for q in inserted if q not in store or q in lost]
    begun = {q.graph_name for q in new if isinstance(q.graph_name, NamedNode)} | set(created)
    return Delta(
        text(new),
        text(lost),
        tuple(
            g.value
            for g in sorted(begun, key=str)
            if g in gone or not store.contains_named_graph(g)
        ),
        tuple(g.value for g in gone if store.contains_named_graph(g)),
    )


def write(data: DataDirectory, served: Served, change: Delta, *, strict: bool = True) -> Served:
    """Keep a change and apply it; provenance is kept unless `strict`. The store is altered."""
    journal = Journal(data.journal)
    entry = Entry(served.number + 1, now(), AUTHOR, "update", change)
    kept = change if strict else with_provenance(entry, served.release.iris.base)
    with journal.locked():
        entry = journal.append(AUTHOR, "update", kept, after=served.number, time=entry.time)
    apply_delta(served.store, entry.delta, merged=not strict)
    return Served(served.store, entry.number, served.release)


def content(store: Store) -> tuple[set[Quad], set[str]]:
    """All that a store holds: its quads, and the names of its graphs."""
    return set(store), {str(graph) for graph in store.named_graphs()}
