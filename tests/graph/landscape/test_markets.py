"""Which markets there are, and the range of what is printed on each."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import Store

from graph.forecast.forecasting import forecasts
from graph.landscape import Asking
from graph.landscape.forecasting import PUBLISHED
from graph.landscape.markets import MARKETS, comparable, markets
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes
from tests.graph.forecast.made import MARKET, figure, publication, published
from tests.graph.landscape.asked import ask

WORLD = f"{DEFAULT_BASE}id/market/global-cell-and-gene-therapy-market"


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


@pytest.fixture(scope="module")
def printed(asking: Asking) -> list[Any]:
    return list(ask(asking, PUBLISHED).rows)


def test_every_market_is_there_with_what_it_is_of(asking: Asking) -> None:
    rows = {row["market"].iri: row for row in ask(asking, MARKETS).rows}
    assert len(rows) == 4
    assert [one.label for one in rows[WORLD]["places"]] == ["World"]
    assert [one.label for one in rows[WORLD]["products"]] == ["Cell and gene therapy"]
    part = next(row for iri, row in rows.items() if "latin-america" in iri)
    assert part["part_of"].iri == WORLD
    empty = next(row for iri, row in rows.items() if "3pl" in iri)
    assert (empty["figures"], empty["publishers"], empty["reports"]) == (0, 0, ())
    assert empty["year"] is empty["lowest"] is None


def test_counts_are_those_of_the_printed_figures(asking: Asking, printed: list[Any]) -> None:
    for row in ask(asking, MARKETS).rows:
        of = [one for one in printed if one["market"].iri == row["market"].iri]
        assert row["figures"] == len(of)
        assert row["publishers"] == len({one["publisher"].iri for one in of})
        assert row["groups"] == len({one["group"].iri for one in of})
        assert row["pooled"] == sum(one["pooled"] for one in of)
        assert {one.iri for one in row["reports"]} == {one["report"].iri for one in of}


@pytest.mark.parametrize("year", [None, 2024, 2030, 1900])
def test_a_range_is_that_of_its_year(asking: Asking, printed: list[Any], year: int | None) -> None:
    for row in ask(asking, MARKETS, {"year": str(year)} if year else {}).rows:
        of = [
            one
            for one in printed
            if one["market"].iri == row["market"].iri and one["unit"] == row["unit"]
        ]
        if year is None and of:
            groups = Counter(at for at, _ in {(one["year"], one["group"].iri) for one in of})
            assert groups[row["year"]] == max(groups.values())
        told = {one["figure"].iri: one["value"] for one in of if one["year"] == row["year"]}
        if not told:
            assert row["lowest"] is row["highest"] is row["lowest_figure"] is None
            continue
        assert (row["lowest"], row["highest"]) == (min(told.values()), max(told.values()))
        assert told[row["lowest_figure"].iri] == row["lowest"]
        assert told[row["highest_figure"].iri] == row["highest"]
        assert row["groups_in_year"] == len(
            {one["group"].iri for one in of if one["year"] == row["year"]}
        )


def test_only_some_markets_are_asked_for(asking: Asking) -> None:
    assert [one.market.iri for one in markets(asking, [WORLD])] == [WORLD]
    assert markets(asking, []) == []


def test_millions_stand_beside_billions_and_another_currency_does_not() -> None:
    figures = [
        figure(publication("A"), 2030, "20"),
        figure(publication("B"), 2030, "30"),
        figure(publication("C"), 2030, "25000", unit="usd-million"),
        figure(publication("D"), 2030, "1", unit="eur-billion"),
        figure(publication("E"), None, "7"),
    ]
    found = forecasts(published(figures))[MARKET]
    told = [(year, value) for year, value, _ in comparable(found)]
    assert told == [(2030, Decimal(20)), (2030, Decimal(25)), (2030, Decimal(30))]
