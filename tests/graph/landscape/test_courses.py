"""Each publisher's path, as a question with a name."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from graph.forecast.courses import courses
from graph.forecast.forecasting import forecasts
from graph.landscape import InvalidParameter
from graph.landscape.answers import Answer
from graph.landscape.asking import Asking
from graph.landscape.courses import PATHS, _rows
from graph.landscape.forecasting import FORECAST
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.namespaces import KG
from ontology.vocabulary import prefixes
from tests.graph.forecast.made import MARKET, published, series
from tests.graph.landscape.asked import ask, slug

IMMUNO = "id/market/global-cellular-immunotherapy-market"
THERAPY = "id/market/global-cell-and-gene-therapy-market"


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def by_group(answer: Answer) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict[str, list[dict[str, Any]]](list)
    for row in answer.rows:
        found[slug(row["group"])].append(dict(row))
    return found


@pytest.mark.parametrize("market", [IMMUNO, THERAPY])
@pytest.mark.parametrize("model", ["R0", "R1"])
def test_paths_go_through_printed_figures(asking: Asking, market: str, model: str) -> None:
    answer = ask(asking, PATHS, {"market": market, "model": model})
    assert len(by_group(answer)) >= 5
    for rows in by_group(answer).values():
        years = [row["year"] for row in rows]
        assert years == list(range(years[0], years[-1] + 1))
        printed = [row for row in rows if row["how"] == "printed"]
        assert len(printed) >= 2
        inside = [row for row in rows if printed[0]["year"] <= row["year"] <= printed[-1]["year"]]
        assert {row["how"] for row in inside} <= {"printed", "between"}
        outside = [row for row in rows if row not in inside]
        assert {row["how"] for row in outside} <= {"extrapolated"}
        assert not (outside and model == "R0")


def test_printed_values_are_those_of_the_report(asking: Asking, landscape_store: Store) -> None:
    rows = by_group(ask(asking, PATHS, {"market": IMMUNO}))["techsci-research"]
    printed = {row["year"]: row["value"] for row in rows if row["how"] == "printed"}
    assert printed == {2025: Decimal("7.61"), 2031: Decimal("13.51")}
    (evidence,) = rows[0]["evidence"]
    digits = {
        str(quad.object)
        for fact in evidence.facts
        for quad in landscape_store.quads_for_pattern(
            NamedNode(fact), KG.valueAsPrinted, None, None
        )
    }
    assert digits == {'"7.61"', '"13.51"'}


def test_paths_have_the_groups_of_the_forecast_that_print_two_years(asking: Asking) -> None:
    told = by_group(ask(asking, PATHS, {"market": THERAPY, "model": "R0"}))
    rows = ask(asking, FORECAST, {"market": THERAPY, "model": "R0"}).rows
    assert set(told) == {slug(group) for row in rows for group in row["groups"]}


def test_a_publisher_can_be_left_out(asking: Asking) -> None:
    given = {"market": IMMUNO, "without": "id/agent/reanin"}
    assert "reanin" not in by_group(ask(asking, PATHS, given))


def test_a_market_without_figures_is_refused(asking: Asking) -> None:
    with pytest.raises(InvalidParameter, match="not stated"):
        ask(asking, PATHS, {"market": "id/market/brazil-pharmaceutical-3pl-market"})


def test_notes_say_that_paths_assume_constant_growth(asking: Asking) -> None:
    answer = ask(asking, PATHS, {"market": IMMUNO})
    assert any("constant growth is assumed" in note for note in answer.notes)
    assert any("an extrapolation of ours" in note for note in answer.notes)
    assert answer.sparql is None
    assert answer.completeness


def test_a_mean_of_several_printed_values_is_not_called_printed() -> None:
    data = published(series("A", (2025, "4.0"), (2025, "16.0"), (2030, "9.5")))
    found = forecasts(data)[MARKET]
    assert courses(found)
    told = {row["year"]: (row["value"], row["how"]) for row in _rows(data, found)}
    assert told[2025] == (Decimal(8), "mean of several printed")
    assert told[2030] == (Decimal("9.5"), "printed")
    assert told[2026][1] == "between"
    assert told[2031][1] == "extrapolated"
