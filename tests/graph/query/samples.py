"""Small stores, and questions to them."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from graph.query import Answer, EmbeddedEngine, Formats, Request

BASE = "https://example.org/"
PREFIXES = {"ex": BASE, "xsd": "http://www.w3.org/2001/XMLSchema#"}
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
TURTLE, N_TRIPLES = "text/turtle", "application/n-triples"

Term = NamedNode | Literal | BlankNode
Rows = Counter[tuple[str, ...]]


def node(name: str) -> NamedNode:
    return NamedNode(BASE + name)


def merged(quads: Iterable[Quad]) -> Store:
    """A store as a release gives it: named graphs, and their merge in the default graph."""
    store = Store()
    for quad in quads:
        store.add(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
    return store


def engine(quads: Iterable[Quad] = (), **options: Any) -> EmbeddedEngine:
    return EmbeddedEngine(merged(quads), PREFIXES, **options)


def ask(
    query: str,
    quads: Iterable[Quad] = (),
    *,
    bindings: str = CSV,
    graph: str = N_TRIPLES,
    default_graphs: Iterable[str] = (),
    named_graphs: Iterable[str] = (),
    base: str | None = None,
) -> Answer:
    request = Request(
        query, Formats(bindings, graph), tuple(default_graphs), tuple(named_graphs), base
    )
    return engine(quads).evaluate(request)


def rows(answer: Answer) -> Rows:
    """The rows of a CSV answer, each with how often it occurs; short names instead of IRIs."""
    _, *found = csv.reader(io.StringIO(answer.body.decode(), newline=""))
    return Counter(tuple(cell.removeprefix(BASE) for cell in row) for row in found)


def quads(graphs: Mapping[str, Iterable[tuple[str, str, str]]]) -> list[Quad]:
    return [
        Quad(node(s), node(p), node(o), node(graph))
        for graph, triples in graphs.items()
        for s, p, o in triples
    ]
