"""What was written to the service: it outlives restarts, checkpoints, builds and upgrades.

A release says which of its graphs were written and the number N of the last journal entry that it
contains. The state of the service is always the current release, and the entries after N, in order.

Nothing acknowledged is lost, whoever works on the data directory at the same time, because:

1. An entry is acknowledged when it is in the journal, on the disk; appending needs the lock of the
   writers (`journal.lock`) alone, so no build or checkpoint keeps a writer waiting for long.
2. Who publishes (a build, a checkpoint) reads the state, publishes it with the number it has read
   up to, and prunes, in one go under `publish.lock` (`DataDirectory.publishing`). So releases
   follow each other with growing numbers, and each contains all that the one before it does.
   Entries that are appended meanwhile have greater numbers, and come after the new release.
3. Only entries that the current release contains are pruned, after it became the current one.
   Killed between any two of these steps, the state is the same before and after the step.
4. A release may come to say a greater number later (the same content is the same release, see
   `DataDirectory.publish`). Who knows the smaller one applies some entries again, and ends in the
   same state: whether a statement is there is decided by the last entry that inserts it, deletes
   it, or drops its graph, and the content of the release was decided by the same entry.
5. Who loads a release while a later one is published may find that the entries after it are
   pruned. That is a `JournalGap`, never a state with something missing; `load_current` starts
   again from the later one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize

from graph.delta import Delta, apply_delta, quads
from graph.editions import GRAPH as HISTORY
from graph.errors import GraphError
from graph.journal import Entry, Journal, JournalGap
from graph.release import DataDirectory, Release, Written
from graph.release.skolem import named, placed
from graph.rules import derive
from graph.terms import SHARED_GRAPHS, Iris
from ontology.namespaces import DCT, KG, RDF, RDFS
from ontology.vocabulary import NAMESPACE


class WrittenLost(GraphError):
    """What was written is in a release that cannot be read; the message says how to go on."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is to be served: a store of its own, with the entries up to `number` in it.

    It is the content of `release`, and what was written since. `history` has the same, with what
    superseded editions say in the default graph too; None where the release has no such.
    """

    store: Store
    number: int
    release: Release
    history: Store | None = None


@dataclass(frozen=True, slots=True)
class WrittenState:
    """All that was written, as a release holds it, up to the journal entry with this number.

    `graphs` are the IRIs of the written graphs, empty ones included, in order.
    """

    quads: tuple[Quad, ...] = ()
    graphs: tuple[str, ...] = ()
    number: int = 0


def load(data: DataDirectory, release: Release, *, strict: bool) -> Served:
    """The release with the writes since.

    `strict`: the default graph is a graph of its own; else it is the merge of the named ones.
    Raises JournalGap when entries after the release were pruned, since a later release contains
    them, and what reading releases and journals raises.
    """
    served = as_published(release, strict=strict)
    number = served.number
    for entry in Journal(data.journal).entries(after=number):
        delta = _placed(entry.delta, release.iris, strict=strict)
        apply_delta(served.store, delta, merged=not strict, apart=release.history)
        if served.history is not None:
            apply_delta(served.history, delta, merged=not strict)
        number = entry.number
    return replace(served, number=number)


def as_published(release: Release, *, strict: bool) -> Served:
    """The release without the writes since. Raises as `Release.store` does.

    `strict`: no graph is a merge, so there is no default graph that could have the history.
    """
    store = release.store(strict=strict)
    merged = release.history and not strict
    history = release.store(editions="all") if merged else None
    return Served(store, release.written.journal, release, history)


def load_current(data: DataDirectory, *, strict: bool) -> Served | None:
    """The current release with the writes since; None when nothing was built yet.

    When another process makes a later release meanwhile, it starts again from that one.
    """
    while (release := data.current()) is not None:
        try:
            return load(data, release, strict=strict)
        except JournalGap:
            later = data.current()
            if later is None or later.written.journal <= release.written.journal:
                raise
    return None


def written_state(data: DataDirectory, current: Release | None, iris: Iris) -> WrittenState:
    """What the current release and the journal hold of writes, with IRIs of this deployment.

    To be called by who holds `DataDirectory.publishing`. Where `current` is None (there is none,
    or it is damaged) the journal alone has to tell it all: raises WrittenLost when it cannot.
    """
    written = current.written if current else Written()
    store = current.store(strict=True) if current and written.graphs else Store()
    others = {graph.value for graph in _named_graphs(store)} - set(written.graphs)
    former, number = current.iris if current else iris, written.journal
    for entry in _entries(data, current):
        apply_delta(store, _placed(entry.delta, former, strict=True), merged=False)
        number = entry.number
    graphs = [graph for graph in _named_graphs(store) if graph.value not in others]
    places: list[NamedNode | DefaultGraph] = [*graphs, DefaultGraph()]
    found = [
        named(quad, iris)
        for graph in places
        for quad in store.quads_for_pattern(None, None, None, graph)
    ]
    names = {graph.value for graph in graphs} | {_graph(quad) for quad in found}
    return WrittenState(tuple(found), tuple(sorted(names)), number)


def derived_from_written(
    claimed: Iterable[Quad], state: WrittenState, iris: Iris
) -> Iterator[Quad]:
    """What rules derive from written graphs, each a source like any other beside the registers.

    `claimed` are the statements of a release that are neither derived nor computed. A derived
    statement with a premise in a written graph has the graph as its dct:source. A rule sees things
    and names; where a text stands in the place of a thing, it sees nothing.
    """
    # What rests on superseded editions is no register.
    shared = {iris.graph(name).value for name in SHARED_GRAPHS - {HISTORY}}
    registered = [quad for quad in claimed if _graph(quad) in shared]
    said = defaultdict[str, list[Quad]](list)
    for quad in state.quads:
        if isinstance(quad.object, NamedNode) or quad.predicate == RDFS.label:
            said[_graph(quad)].append(quad)
    said.pop(iris.writes_graph.value, None)
    for name, statements in sorted(said.items()):
        # Every rule begins with facts of a class of ours; a graph without any says nothing to it.
        if any(quad.predicate == RDF.type and _is_ours(quad.object) for quad in statements):
            facts = {quad.subject for quad in statements}
            for quad in derive([*registered, *statements], iris):
                yield quad
                if quad.predicate == KG.premise and quad.object in facts:
                    yield Quad(quad.subject, DCT.source, NamedNode(name), quad.graph_name)


def _entries(data: DataDirectory, current: Release | None) -> Iterator[Entry]:
    journal = Journal(data.journal)
    if current is not None:
        return journal.entries(after=current.written.journal)
    said = data.last_written()
    if journal.pruned or journal.last < said.journal:
        raise WrittenLost(
            f"{data.path}: what was written up to journal entry {max(journal.pruned, said.journal)}"
            " is in the current release, which is missing or damaged. Restore the folders "
            f"`releases` and `journal` from a backup; or give it up: move {data.journal} and "
            f"{data.path / 'current'} away"
        )
    return journal.entries()


def _placed(delta: Delta, iris: Iris, *, strict: bool) -> Delta:
    """The change for a store whose default graph is, or is not, a graph of its own."""
    default = iris.default_graph.value
    return Delta(
        _moved(delta.inserted, iris, strict=strict),
        _moved(delta.deleted, iris, strict=strict),
        tuple(name for name in delta.created if not (strict and name == default)),
        tuple(name for name in delta.dropped if not (strict and name == default)),
    )


def _moved(text: bytes, iris: Iris, *, strict: bool) -> bytes:
    moved = (placed(quad, iris, strict=strict) for quad in quads(text))
    return serialize(moved, format=RdfFormat.N_QUADS) or b""


def _named_graphs(store: Store) -> list[NamedNode]:
    return [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]


def _graph(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value


def _is_ours(term: object) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(NAMESPACE)
