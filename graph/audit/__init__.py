"""Computed findings on what publishers say: whether their figures fit, within one and across.

Nothing here is a claim of a source, and nothing is corrected: a finding names the facts that it
rests on, says what follows from them, and stands in a graph of its own. What lies on one source
alone is found the same whatever other sources are there. No step compares all pairs of figures.
"""

from collections.abc import Iterator
from itertools import chain

from pyoxigraph import Quad

from graph.audit.facts import Facts
from graph.audit.figures import compared_figures
from graph.audit.finding import Finding, quads
from graph.audit.growth import first_years, growth_of_figures
from graph.audit.matching import copied_series, matching_numbers
from graph.audit.names import same_names
from graph.audit.parts import parts_of_figures
from graph.audit.rates import stated_rates
from graph.audit.shares import shares_of_figures, shares_of_markets, sums_of_shares
from graph.audit.superlatives import fastest_without_rate
from graph.figures.model import Published
from graph.figures.stored import Select, read_published
from graph.terms import Iris

__all__ = ["GRAPH", "KINDS", "Finding", "audit", "findings", "findings_of"]

GRAPH = "audit"
#: The kinds of findings, those on stated rates first: concepts of the scheme `finding-kind`.
KINDS = (
    *("rate-contradicted", "rate-of-another-period", "rate-undetermined", "rate-not-checkable"),
    *("rate-consistent", "first-year-as-period", "first-year-growth", "fastest-without-rate"),
    *("implied-growth", "year-printed-twice", "revision", "figures-differ", "figures-agree"),
    *("matching-numbers", "identical-series", "part-exceeds-whole", "part-of-figure"),
    *("part-drift", "share-of-figure", "share-without-figure", "share-of-two-markets"),
    *("shares-exceed-whole", "region-of-same-name", "segment-of-same-name"),
)


def audit(select: Select, iris: Iris) -> Iterator[Quad]:
    """Every finding on what some statements say, as quads of the graph `audit`."""
    graph = iris.graph(GRAPH)
    for finding in findings_of(select):
        yield from quads(finding, iris, graph)


def findings_of(select: Select) -> Iterator[Finding]:
    """Every finding on statements that `select` asks: those on numbers, and those on names."""
    yield from findings(read_published(select))
    yield from same_names(select)


def findings(published: Published) -> Iterator[Finding]:
    """Every finding on what publishers print in numbers."""
    facts = Facts(published)
    yield from chain(
        stated_rates(facts),
        first_years(facts),
        fastest_without_rate(facts),
        growth_of_figures(facts),
        compared_figures(facts),
        matching_numbers(facts),
        copied_series(facts),
        parts_of_figures(facts),
        shares_of_figures(facts),
        shares_of_markets(facts),
        sums_of_shares(facts),
    )
