"""What an update has done so far: the net change, and a store that follows when it is read."""

from collections.abc import Collection, Iterable
from typing import TypeVar

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, serialize

from graph.delta import Delta, apply_delta
from graph.update.change import Effect
from graph.update.errors import DefaultGraphIsView
from graph.update.ownership import Ownership
from graph.update.terms import check_quad, graph_of

T = TypeVar("T", Quad, str)


class Changes:
    """The net change since the beginning; each change is refused where nobody may write.

    The store is only brought up to date when somebody reads it, so an update of data alone never
    touches it. `merged`: the default graph of the store is the merge of the others, but for those
    `apart`, and follows.
    """

    def __init__(
        self,
        store: Store,
        ownership: Ownership,
        *,
        merged: bool,
        apart: Collection[str] = (),
    ) -> None:
        self._store = store
        self.ownership = ownership
        self.merged = merged
        self._apart = apart
        self._allowed: set[str | None] = set()
        self._inserted: dict[Quad, None] = {}
        self._deleted: dict[Quad, None] = {}
        self._created: dict[str, None] = {}
        self._dropped: dict[str, None] = {}
        # What the store lacks still: whether a quad, or a graph, is to be there.
        self._quads: dict[Quad, bool] = {}
        self._graphs: dict[str, bool] = {}
        self._scraps: list[NamedNode] = []

    def require(self, graph: str | None) -> None:
        """Return if the graph may be written to; None is the default graph.

        Raises CuratedGraph, DerivedGraph and DefaultGraphIsView.
        """
        if graph not in self._allowed:
            if graph is None and self.merged:
                raise DefaultGraphIsView
            self.ownership.check(graph)
            self._allowed.add(graph)

    def has_graph(self, graph: str) -> bool:
        """Whether there is such a named graph now, with or without statements."""
        if graph in self._graphs:
            return self._graphs[graph]
        return self._store.contains_named_graph(NamedNode(graph))

    def insert(self, quads: Iterable[Quad]) -> None:
        """Put in those quads that are not there; graphs come into being with their first quad."""
        for quad in quads:
            if self._has(quad):
                continue
            check_quad(quad)
            graph = graph_of(quad)
            self.require(graph)
            if graph is not None and not self.has_graph(graph):
                self.create(graph)
            _move(quad, self._deleted, self._inserted)
            self._quads[quad] = True

    def delete(self, quads: Iterable[Quad]) -> None:
        """Take out those quads that are there; their graphs stay."""
        for quad in quads:
            if self._has(quad):
                self.require(graph_of(quad))
                _move(quad, self._inserted, self._deleted)
                self._quads[quad] = False

    def create(self, graph: str) -> None:
        """Make a named graph that is not there."""
        self.require(graph)
        _move(graph, self._dropped, self._created)
        self._graphs[graph] = True

    def drop(self, graph: str) -> None:
        """Take away a named graph that is there, with all that is in it."""
        self.require(graph)
        self.delete(self.quads(graph))
        _move(graph, self._created, self._dropped)
        self._graphs[graph] = False

    def quads(self, graph: str | None) -> list[Quad]:
        """The quads of a graph now; None is the default graph."""
        name = DefaultGraph() if graph is None else NamedNode(graph)
        return [*self.settled().quads_for_pattern(None, None, None, name)]

    def named_graphs(self) -> list[str]:
        """The IRIs of all named graphs now."""
        return [name.value for name in self.settled().named_graphs()]

    def settled(self) -> Store:
        """The store as it is now, for reading, and for graphs that are given to `discard`."""
        for scrap in self._scraps:
            self._store.remove_graph(scrap)
        self._scraps.clear()
        if self._quads or self._graphs:
            delta = Delta(
                _written(quad for quad, there in self._quads.items() if there),
                _written(quad for quad, there in self._quads.items() if not there),
                tuple(graph for graph, there in self._graphs.items() if there),
                tuple(graph for graph, there in self._graphs.items() if not there),
            )
            apply_delta(self._store, delta, merged=self.merged, apart=self._apart)
            self._quads.clear()
            self._graphs.clear()
        return self._store

    def discard(self, graphs: Iterable[NamedNode]) -> None:
        """Take away graphs that are none of the update's own before the store is read again."""
        self._scraps.extend(graphs)

    def effect(self, existed: bool | None = None) -> Effect:
        """Everything so far."""
        delta = Delta(
            _written(self._inserted),
            _written(self._deleted),
            tuple(self._created),
            tuple(self._dropped),
        )
        return Effect(delta, existed, len(self._inserted), len(self._deleted))

    def _has(self, quad: Quad) -> bool:
        there = self._quads.get(quad)
        return quad in self._store if there is None else there


def _move(thing: T, undone: dict[T, None], done: dict[T, None]) -> None:
    """Note what was done to a thing, unless that undoes what was done before."""
    if thing in undone:
        del undone[thing]
    else:
        done[thing] = None


def _written(quads: Iterable[Quad]) -> bytes:
    return serialize(quads, format=RdfFormat.N_QUADS) or b""
