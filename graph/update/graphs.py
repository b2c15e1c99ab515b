"""Operations on whole graphs: CREATE, CLEAR, DROP, COPY, MOVE and ADD.

What they cost goes with the graphs that they touch, not with the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pyoxigraph import DefaultGraph, NamedNode, Quad

from graph.query.tokens import Token
from graph.update.changes import Changes
from graph.update.errors import GraphExists, GraphNotFound
from graph.update.operations import Operation

_Where: TypeAlias = "str | None"  # the IRI of a named graph; None is the default graph


@dataclass(frozen=True, slots=True)
class Create:
    """CREATE GRAPH; a graph that is there already is an error, unless `silent`."""

    graph: str
    silent: bool

    @property
    def targets(self) -> tuple[_Where, ...]:
        """The graph to make."""
        return (self.graph,)

    def run(self, changes: Changes) -> None:
        """Carry it out. Raises GraphExists."""
        if not changes.has_graph(self.graph):
            changes.create(self.graph)
        elif not self.silent:
            raise GraphExists(self.graph)


@dataclass(frozen=True, slots=True)
class Empty:
    """CLEAR, and DROP if `drop`, of one graph; one that is not there is an error unless `silent`.

    The default graph can be emptied but not taken away.
    """

    graph: _Where
    drop: bool
    silent: bool

    @property
    def targets(self) -> tuple[_Where, ...]:
        """The graph to empty."""
        return (self.graph,)

    def run(self, changes: Changes) -> None:
        """Carry it out. Raises GraphNotFound."""
        if _there(changes, self.graph, silent=self.silent):
            _empty(changes, self.graph, drop=self.drop)


@dataclass(frozen=True, slots=True)
class EmptyMany:
    """CLEAR or DROP of all named graphs, and with `default` of the default graph.

    Where the default graph is a view of the named ones, it is empty when they are.
    """

    drop: bool
    default: bool

    @property
    def targets(self) -> tuple[_Where, ...]:
        """None that can be told before it is seen which graphs there are."""
        return ()

    def run(self, changes: Changes) -> None:
        """Carry it out. Raises CuratedGraph and DerivedGraph, be there statements or not."""
        graphs = sorted(changes.named_graphs(), key=changes.ownership.kind)  # curated ones first
        for graph in graphs:
            changes.require(graph)
        for graph in graphs:
            _empty(changes, graph, drop=self.drop)
        if self.default and not changes.merged:
            _empty(changes, None, drop=False)


@dataclass(frozen=True, slots=True)
class Transfer:
    """COPY, MOVE or ADD. A source that is not there is an error; with `silent`, nothing happens.

    A graph onto itself stays as it is. After COPY and MOVE of a graph without statements the
    destination is not there, as after DROP (SPARQL 1.1 Update, 3.2.3 and 3.2.4).
    """

    source: _Where
    destination: _Where
    word: Literal["COPY", "MOVE", "ADD"]
    silent: bool

    @property
    def targets(self) -> tuple[_Where, ...]:
        """The graphs that change, or would if they were not one and the same."""
        return (self.destination, self.source) if self.word == "MOVE" else (self.destination,)

    def run(self, changes: Changes) -> None:
        """Carry it out. Raises GraphNotFound."""
        there = _there(changes, self.source, silent=self.silent)
        if not there or self.source == self.destination:
            return
        name = DefaultGraph() if self.destination is None else NamedNode(self.destination)
        found = changes.quads(self.source)
        if self.word != "ADD" and _there(changes, self.destination, silent=True):
            _empty(changes, self.destination, drop=True)
        changes.insert(Quad(quad.subject, quad.predicate, quad.object, name) for quad in found)
        if self.word == "MOVE":
            _empty(changes, self.source, drop=True)


GraphChange: TypeAlias = Create | Empty | EmptyMany | Transfer


def read_graphs(operation: Operation) -> GraphChange:
    """Return what an operation on whole graphs says; the engine has read it already."""
    first, *rest = operation.tokens
    silent = rest[0].word == "SILENT"
    match first.word:
        case "CREATE":
            (graph,) = operation.resolver.graphs([rest[-1]])
            return Create(graph, silent)
        case "CLEAR" | "DROP":
            drop = first.word == "DROP"
            if rest[-1].word in ("ALL", "NAMED"):
                return EmptyMany(drop, default=rest[-1].word == "ALL")
            return Empty(_named(operation, rest), drop, silent)
        case "COPY" | "MOVE" | "ADD" as word:
            to = next(index for index, token in enumerate(rest) if token.word == "TO")
            source, destination = _named(operation, rest[:to]), _named(operation, rest[to:])
            return Transfer(source, destination, word, silent)
        case _:
            raise AssertionError(f"{first.text} begins no operation on whole graphs")


def _named(operation: Operation, tokens: Sequence[Token]) -> _Where:
    """The graph that is named last; None for DEFAULT."""
    last = tokens[-1]
    return None if last.word == "DEFAULT" else operation.resolver.graphs([last])[0]


def _there(changes: Changes, graph: _Where, *, silent: bool) -> bool:
    if graph is None or changes.has_graph(graph):
        return True
    if silent:
        return False
    raise GraphNotFound(graph)


def _empty(changes: Changes, graph: _Where, *, drop: bool) -> None:
    if drop and graph is not None:
        changes.drop(graph)
    else:
        changes.delete(changes.quads(graph))
