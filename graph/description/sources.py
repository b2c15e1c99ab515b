"""Counts on the pages of sources and graphs."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.description.reading import Reading


@dataclass(frozen=True, slots=True)
class Count:
    """How many facts of a class there are; `label` says what the class is."""

    iri: str
    label: str
    number: int


def facts_by_class(reading: Reading, source: NamedNode) -> tuple[Count, ...]:
    """Return how many facts a source states by class, the most first.

    Raises the errors of graph.query.
    """
    return tuple(
        Count(str(row["class"]), str(row["label"]), int(str(row["number"])))
        for row in reading.rows("facts-by-class", node=[source])
    )


def facts_by_section(reading: Reading, source: NamedNode) -> Mapping[str, int]:
    """Return how many facts are stated in each section of a source, by its IRI.

    A section without any is left out. Raises the errors of graph.query.
    """
    rows = reading.rows("facts-by-section", node=[source])
    return {str(row["section"]): int(str(row["number"])) for row in rows}


def graph_size(reading: Reading, graph: NamedNode) -> int:
    """Return how many statements a graph has, 0 where there is none.

    Raises the errors of graph.query.
    """
    (row,) = reading.rows("graph-size", graph=[graph])
    return int(str(row["number"]))
