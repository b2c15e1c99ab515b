"""Writing into the graph `forecasts`: terms of values, and what made them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, Quad

from graph.terms import Iris
from ontology.namespaces import XSD
from ontology.vocabulary import expand

GRAPH = "forecasts"
SOFTWARE = NamedNode(expand("schema:softwareVersion"))

Told = Iterable[tuple[NamedNode, object]]
"""Predicates and values; None is no value."""


def quads(iris: Iris, node: NamedNode, told: Told) -> Iterator[Quad]:
    """What is told of a node, in the graph `forecasts`."""
    graph = iris.graph(GRAPH)
    for predicate, value in told:
        if value is not None:
            yield Quad(node, predicate, _term(value), graph)


def software() -> str:
    """The program and its version."""
    return f"therascape {version('therascape')}"


def year_literal(year: int) -> Literal:
    """A year as xsd:gYear."""
    return Literal(str(year), datatype=XSD.gYear)


def _term(value: object) -> NamedNode | Literal:
    match value:
        case NamedNode() | Literal():
            return value
        case bool():
            return Literal(value)
        case int():
            return Literal(str(value), datatype=XSD.integer)
        case Decimal():
            return Literal(f"{value:f}", datatype=XSD.decimal)
        case _:
            return Literal(str(value))
