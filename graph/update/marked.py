"""Evaluating DELETE and INSERT with WHERE, at a cost that goes with the change.

The engine evaluates the operation once, with both templates as one INSERT into graphs that are
nobody's: their names tell which graph is meant, and whether to put in or to take out. What they
hold then is compared with the store. So no copy of the store is needed to see what an update does:
it costs its WHERE, and some microseconds for each quad that the templates make.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote
from uuid import uuid4

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.query.spelling import spell
from graph.update.changes import Changes
from graph.update.errors import InvalidBody
from graph.update.patterns import Part, Pattern
from graph.update.syntax import run

_Role: TypeAlias = Literal["delete", "insert", "using"]
_BLANK = "?"  # stands for a blank node where the IRI of a graph would; no IRI begins so


@dataclass(frozen=True, slots=True)
class PatternChange:
    """An operation with WHERE. All IRIs are absolute.

    `graph` is that of WITH; `iris` has the graphs of the templates by how they are written.
    `using` and `using_named` are the dataset of WHERE; without any it is that of the store.
    """

    pattern: Pattern
    graph: str | None
    iris: Mapping[str, str]
    using: tuple[str, ...]
    using_named: tuple[str, ...]

    @property
    def targets(self) -> tuple[str | None, ...]:
        """The graphs that the templates name; None is the default graph."""
        parts = (*self.pattern.delete, *self.pattern.insert)
        return tuple(dict.fromkeys(self.target(part) for part in parts if part.variable is None))

    def target(self, part: Part) -> str | None:
        """The graph that a part of a template goes to, if no variable names it."""
        return self.graph if part.graph is None else self.iris[part.graph.text]

    def run(self, changes: Changes) -> None:
        """Carry it out. Raises UnsupportedFunction, EngineFailure and InvalidBody."""
        store = changes.settled()
        marks = _Marks(f"x-therascape-update:{uuid4().hex}:")
        run(store, self.pattern.operation, self._text(marks, self._defaults(store, marks)))
        marked = [*dict.fromkeys(marks.graphs(store))]
        changes.discard(marked)
        changes.delete(_deleted(store, marked, marks))
        changes.insert(_inserted(store, marked, marks))

    def _defaults(self, store: Store, marks: "_Marks") -> Sequence[str]:
        """Return one default graph for WHERE at most, since the engine does not merge several."""
        there = [iri for iri in self.using if store.contains_named_graph(NamedNode(iri))]
        if len(there) <= 1:
            return there or self.using[:1]
        merge = marks.name("using", "")
        store.update(" ; ".join(f"ADD <{iri}> TO <{merge}>" for iri in there))
        return (merge,)

    def _text(self, marks: "_Marks", using: Sequence[str]) -> str:
        parts: list[tuple[_Role, Part]] = [("delete", part) for part in self.pattern.delete]
        parts += [("insert", part) for part in self.pattern.insert]
        templates = [
            f"GRAPH {self._marked(marks, role, part)} {{ {spell(part.triples).text} }}"
            for role, part in parts
        ]
        templates += marks.seen()
        clauses = [f"USING <{iri}>" for iri in using]
        clauses += [f"USING NAMED <{iri}>" for iri in self.using_named]
        where = spell(self.pattern.where).text
        if marks.bindings:
            where = f"{{ {where} {' '.join(marks.bindings.values())} }}"
        before = f"WITH <{self.graph}>" if self.graph is not None else ""
        return f"{before} INSERT {{ {' '.join(templates)} }} {' '.join(clauses)} WHERE {where}"

    def _marked(self, marks: "_Marks", role: _Role, part: Part) -> str:
        if part.variable is not None:
            return marks.variable(role, part.variable)
        return f"<{marks.name(role, self.target(part) or '')}>"


@dataclass(slots=True)
class _Marks:
    """The names of graphs that are nobody's: the prefix, what to do, and the graph to do it to."""

    prefix: str
    names: dict[str, None] = field(default_factory=dict)
    bindings: dict[tuple[_Role, str], str] = field(default_factory=dict)

    def name(self, role: _Role, graph: str) -> str:
        """Return the name for a graph; the empty text is the default graph."""
        name = f"{self.prefix}{role}:{quote(graph, safe='')}"
        self.names[name] = None
        return name

    def variable(self, role: _Role, variable: str) -> str:
        """Return a variable that will have the name for the graph that another variable has."""
        bound = f"?{role}{self.prefix.split(':')[1]}{variable[1:]}"
        start, old = f"{self.prefix}{role}:", f"?{variable[1:]}"
        # A literal names no graph: the engine then makes no quad, as for the variable itself.
        self.bindings[role, bound] = (
            f'BIND(IF(ISIRI({old}), IRI(CONCAT("{start}", ENCODE_FOR_URI(STR({old})))), '
            f"IF(ISBLANK({old}), <{start}{_BLANK}>, {old})) AS {bound})"
        )
        return bound

    def seen(self) -> Iterator[str]:
        """Give templates that put down what the variables had, so that no other graph is read."""
        seen = f"<{self.prefix}seen:>"
        for _, bound in self.bindings:
            yield f"GRAPH {seen} {{ {seen} {seen} {bound} }}"

    def graphs(self, store: Store) -> Iterator[NamedNode]:
        """Give those that there are."""
        seen = NamedNode(f"{self.prefix}seen:")
        bound = (quad.object for quad in _quads(store, seen))
        named = (name for name in bound if isinstance(name, NamedNode))
        return filter(store.contains_named_graph, (seen, *map(NamedNode, self.names), *named))

    def meant(self, graph: NamedNode, role: _Role) -> str | None:
        """Return the graph that is meant, or None if it is not there for that."""
        start = f"{self.prefix}{role}:"
        return graph.value.removeprefix(start) if graph.value.startswith(start) else None


def _deleted(store: Store, marked: Sequence[NamedNode], marks: _Marks) -> Iterator[Quad]:
    """Give what is to be taken out and not to be put in as well."""
    for graph in marked:
        meant = marks.meant(graph, "delete")
        if meant is None or meant == _BLANK:
            continue
        again = NamedNode(f"{marks.prefix}insert:{meant}")
        name = _graph(meant)
        for quad in _quads(store, graph):
            if Quad(quad.subject, quad.predicate, quad.object, again) not in store:
                yield Quad(quad.subject, quad.predicate, quad.object, name)


def _inserted(store: Store, marked: Sequence[NamedNode], marks: _Marks) -> Iterator[Quad]:
    for graph in marked:
        meant = marks.meant(graph, "insert")
        if meant == _BLANK:
            raise InvalidBody("a blank node cannot be the name of a graph here; use an IRI")
        if meant is not None:
            name = _graph(meant)
            for quad in _quads(store, graph):
                yield Quad(quad.subject, quad.predicate, quad.object, name)


def _quads(store: Store, graph: NamedNode) -> list[Quad]:
    # A list, because the engine's iterator must end on its thread, and an error would hold it.
    return [*store.quads_for_pattern(None, None, None, graph)]


def _graph(meant: str) -> NamedNode | DefaultGraph:
    return NamedNode(unquote(meant)) if meant else DefaultGraph()
