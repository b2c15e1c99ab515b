"""What the silence of a report means: not stated, not yet recorded, or announced."""

from collections.abc import Iterable

import pytest
from pyoxigraph import NamedNode, Store

from graph.landscape.answers import Completeness
from graph.landscape.asking import Asking
from graph.landscape.completeness import completeness
from graph.landscape.figures import MARKET_FACTS, completeness_with_figures
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.namespaces import KG
from ontology.vocabulary import prefixes

COHERENT = f"{DEFAULT_BASE}source/coherent-cellular-immunotherapy"
TOWARDS = f"{DEFAULT_BASE}source/towards-latin-america-cell-gene-therapy"


REED = f"{DEFAULT_BASE}source/reed-intelligence-cell-and-gene-therapy"


def over(store: Store) -> Asking:
    return Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return over(landscape_store)


def told(found: Iterable[Completeness]) -> dict[str, str]:
    return {one.report.iri: one.no for one in found}


def test_a_report_that_was_read_completely_does_not_state_it(asking: Asking) -> None:
    found = completeness(asking, ["OrganisationActivity", "Launch"])
    assert told(found) == {COHERENT: "not stated", TOWARDS: "not stated"}
    assert [one.report.label for one in found] == sorted(one.report.label for one in found)
    assert "launch, organisation activity" in found[0].why


def test_a_class_that_nobody_read_for_is_not_yet_recorded(asking: Asking) -> None:
    found = completeness(asking, ["Launch", "Person"])
    assert told(found) == {COHERENT: "not yet recorded", TOWARDS: "not yet recorded"}
    assert "launch" not in found[0].why


def test_market_values_by_a_dimension_are_announced(asking: Asking) -> None:
    vectors = [f"{DEFAULT_BASE}id/concept/dimension-vector-type"]
    found = completeness(asking, ["MarketFigure"], dimensions=vectors)
    reports = {iri: no for iri, no in told(found).items() if iri in (COHERENT, TOWARDS)}
    assert reports == {COHERENT: "not stated", TOWARDS: "announced for the full report"}
    assert "vector" in next(one.why for one in found if one.report.iri == TOWARDS)


def test_announced_values_say_nothing_of_other_facts(asking: Asking) -> None:
    assert "announced for the full report" not in told(completeness(asking, ["Deal"])).values()


def test_only_the_reports_that_are_asked_for(asking: Asking) -> None:
    assert told(completeness(asking, ["Launch"], [TOWARDS])) == {TOWARDS: "not stated"}


def test_a_page_of_figures_is_asked_for_figures_only(asking: Asking) -> None:
    assert told(completeness(asking, ["MarketShare", "Launch"])).keys() == {COHERENT, TOWARDS}
    assert completeness(asking, ["Launch"], [REED]) == ()
    found = completeness(asking, ["GrowthRate", "Launch", "MarketFigure"], [REED, TOWARDS])
    assert told(found) == {REED: "not yet recorded", TOWARDS: "announced for the full report"}
    (page,) = (one for one in found if one.report.iri == REED)
    assert page.why == "The report was not yet read completely for: growth rate, market figure."


def test_every_page_of_figures_is_among_the_sources_of_figures(asking: Asking) -> None:
    rows = asking.rows("SELECT ?page { ?page kg:readFor kg:GrowthRate }")
    pages = {str(row["page"]) for row in rows}
    assert len(pages) > 2
    assert told(completeness(asking, ["GrowthRate"])).keys() == {COHERENT, TOWARDS, *pages}


def test_reports_that_were_not_read_for_all_alike_are_told_together(asking: Asking) -> None:
    found = told(completeness_with_figures(asking, ["Launch"], [REED, COHERENT]))
    assert found == {REED: "not yet recorded", COHERENT: found[COHERENT]}
    assert found == told(completeness(asking, [*MARKET_FACTS, "Launch"], [REED, COHERENT]))


def test_a_source_that_is_half_entered_turns_not_stated_into_not_yet_recorded(
    landscape_store: Store,
) -> None:
    half = Store()
    half.bulk_extend(
        quad
        for quad in landscape_store
        if (quad.subject, quad.predicate, quad.object)
        != (NamedNode(TOWARDS), KG.readCompletelyFor, KG.Launch)
    )
    assert len(half) < len(landscape_store)
    found = completeness(over(half), ["Launch", "Deal"])
    assert told(found) == {COHERENT: "not stated", TOWARDS: "not yet recorded"}
    assert next(one.why for one in found if one.report.iri == TOWARDS).endswith(": launch.")
