"""A change to a store as data: what it adds and takes away, ready to be kept and repeated."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse


@dataclass(frozen=True, slots=True)
class Delta:
    """The effective change of one write.

    `inserted` and `deleted` are N-Quads with the labels of blank nodes as the store has them;
    `created` and `dropped` are IRIs of named graphs that began or ceased to exist.
    """

    inserted: bytes = b""
    deleted: bytes = b""
    created: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.inserted or self.deleted or self.created or self.dropped)


def apply_delta(store: Store, delta: Delta, *, merged: bool, apart: Collection[str] = ()) -> None:
    """Carry the change out. `merged`: the default graph is the merge of the others, and follows.

    Graphs that are `apart`, by IRI, are no part of the merge. Doing so twice is the same as doing
    so once.
    """
    for quad in quads(delta.deleted):
        store.remove(quad)
        if merged and next(_elsewhere(store, quad, apart), None) is None:
            store.remove(Quad(quad.subject, quad.predicate, quad.object))
    for name in delta.dropped:
        store.remove_graph(NamedNode(name))
    for name in delta.created:
        store.add_graph(NamedNode(name))
    for quad in quads(delta.inserted):
        store.add(quad)
        if merged and _name(quad) not in apart:
            store.add(Quad(quad.subject, quad.predicate, quad.object))


def quads(nquads: bytes) -> Iterator[Quad]:
    """Read N-Quads; blank nodes keep their labels."""
    yield from parse(nquads, format=RdfFormat.N_QUADS)


def _elsewhere(store: Store, quad: Quad, apart: Collection[str]) -> Iterator[Quad]:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return (
        q for q in found if not isinstance(q.graph_name, DefaultGraph) and _name(q) not in apart
    )


def _name(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
