"""The things of a release that have a document of their own, in parts for sitemaps."""

from collections.abc import Sequence

from pyoxigraph import Literal

from graph.catalogue.coverage import catalogue_query
from graph.landscape.asking import Asking, Iri, filled
from graph.terms import Iris

PART = 50_000
"""The most addresses in one file of a sitemap (https://www.sitemaps.org/protocol.html)."""


def number_of_parts(asking: Asking, size: int = PART) -> int:
    """Return how many parts there are, one at least. Raises the errors of graph.query."""
    query = filled(catalogue_query("number-of-documents"), spaces=_spaces(asking))
    (row,) = asking.rows(query)
    number = row["number"]
    assert isinstance(number, int)
    return max(1, -(-number // size))


def documents(asking: Asking, part: int, size: int = PART) -> Sequence[str]:
    """Return the IRIs of a part, counted from 1, in order. Raises the errors of graph.query."""
    query = filled(catalogue_query("documents"), spaces=_spaces(asking))
    rows = asking.rows(f"{query}LIMIT {size:d}\nOFFSET {(part - 1) * size:d}\n")
    return [str(row["thing"]) for row in rows if isinstance(row["thing"], Iri)]


def _spaces(asking: Asking) -> tuple[Literal, ...]:
    return tuple(Literal(space) for space in Iris(asking.base).namespaces)
