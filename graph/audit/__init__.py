"""Computed findings on what sources say: whether their figures fit, within one and across several.

Nothing here is a claim of a source, and nothing is corrected: a finding names the facts that it
rests on, says what follows from them, and stands in a graph of its own. What lies on one source
alone is found the same whatever other sources are there.
"""

from collections.abc import Iterator

from pyoxigraph import Quad

from graph.audit.facts import read_facts
from graph.audit.figures import compared_figures
from graph.audit.finding import Finding, quads
from graph.audit.growth import growth_of_figures, stated_growth
from graph.audit.names import names_of_places, names_of_segments
from graph.audit.shares import shares_of_figures, shares_of_markets, sums_of_shares
from graph.sources.landscape import Landscape
from graph.terms import Iris

GRAPH = "audit"


def audit(landscape: Landscape, iris: Iris) -> Iterator[Quad]:
    """Every finding, as quads of the graph `audit`."""
    graph = iris.graph(GRAPH)
    for finding in findings(landscape):
        yield from quads(finding, iris, graph)


def findings(landscape: Landscape) -> Iterator[Finding]:
    """Every finding on the sources of a landscape."""
    facts = read_facts(landscape)
    yield from growth_of_figures(facts)
    yield from stated_growth(facts)
    yield from shares_of_figures(facts)
    yield from shares_of_markets(facts)
    yield from sums_of_shares(facts)
    yield from compared_figures(facts)
    yield from names_of_places(facts)
    yield from names_of_segments(facts)
