"""Ties in columns: what is tied by whom, both ways round, and what a selection leaves of them."""

from itertools import permutations

import pytest
from pyoxigraph import Store

from graph.landscape import InvalidParameter
from graph.landscape.asking import Asking
from graph.landscape.lanes import COLUMNS, LANES, choices
from graph.landscape.players import PLAYERS_IN
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes
from tests.graph.landscape.asked import COHERENT, TOWARDS, ask, slug


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def pairs(asking: Asking, **given: object) -> set[tuple[str, str]]:
    return {(slug(row["start"]), slug(row["end"])) for row in ask(asking, LANES, given).rows}


def test_companies_therapies_and_regions_are_tied_as_the_reports_say(asking: Asking) -> None:
    found = pairs(asking)
    assert {("novartis", "kymriah"), ("kite-pharma", "yescarta"), ("yescarta", "japan")} <= found
    rows = ask(asking, LANES).rows
    assert {(row["start_column"], row["end_column"]) for row in rows} == {
        ("company", "therapy"),
        ("therapy", "region"),
    }
    told = next(row for row in rows if slug(row["start"]) == "abecma")
    assert told["tie"] == "stated"
    assert [one.kind for one in told["evidence"]] == ["Approval of a supplemental application"]
    assert told["evidence"][0].sections == ("Japan Market Trends",)


def test_companies_in_regions_are_those_of_the_question_on_players(asking: Asking) -> None:
    rows = ask(asking, LANES, {"columns": ["company", "region"]}).rows
    players = ask(asking, PLAYERS_IN).rows
    assert {(r["start"], r["end"], r["tie"]) for r in rows} == {
        (r["player"], r["place"], r["tie"]) for r in players
    }


def test_what_counts_as_active_narrows_companies_in_regions(asking: Asking) -> None:
    some = pairs(asking, columns=["company", "region"], active=["headquartered"])
    players = ask(asking, PLAYERS_IN, {"active": ["headquartered"]}).rows
    assert some == {(slug(row["player"]), slug(row["place"])) for row in players}
    assert 0 < len(some) < len(pairs(asking, columns=["company", "region"]))


@pytest.mark.parametrize(("one", "other"), list(permutations(COLUMNS, 2)))
def test_two_columns_are_tied_the_same_both_ways(asking: Asking, one: str, other: str) -> None:
    there = pairs(asking, columns=[one, other])
    back = pairs(asking, columns=[other, one])
    assert there
    assert there == {(end, start) for start, end in back}


def test_stated_ties_are_fewer_and_none_is_implied(asking: Asking) -> None:
    stated = ask(asking, LANES, {"tie": "stated"}).rows
    assert {row["tie"] for row in stated} == {"stated"}
    every = ask(asking, LANES).rows
    assert {(r["start"], r["end"]) for r in stated} == {
        (r["start"], r["end"]) for r in every if r["tie"] == "stated"
    }
    assert {row["tie"] for row in every} == {"stated", "implied"}


def test_a_therapy_type_leaves_what_concerns_it(asking: Asking) -> None:
    found = pairs(asking, therapy="id/concept/car-t-cell-therapy")
    assert ("immuneel-therapeutics", "qartemi") in found
    assert not [one for one in found if "amtagvi" in one or "hetronifly" in one]
    # What is wider has what is narrower.
    assert found <= pairs(asking, therapy="id/concept/cell-therapy")


def test_a_place_leaves_what_leads_to_it(asking: Asking) -> None:
    assert pairs(asking, place="id/place/japan") == {
        ("abecma", "japan"),
        ("yescarta", "japan"),
        ("bristol-myers-squibb-kk", "abecma"),
        ("kite-pharma", "yescarta"),
        ("daiichi-sankyo", "yescarta"),
    }
    turned = pairs(asking, place="id/place/japan", columns=["region", "therapy", "company"])
    assert ("yescarta", "kite-pharma") in turned
    assert ("novartis", "kymriah") not in {(b, a) for a, b in turned}
    asia = pairs(asking, place="id/place/asia")
    assert ("qartemi", "india") in asia
    assert ("abecma", "japan") in asia


def test_a_report_leaves_what_it_says(asking: Asking) -> None:
    for report in (COHERENT, TOWARDS):
        rows = ask(asking, LANES, {"columns": ["company", "region"], "report": report}).rows
        assert {one.iri for row in rows for one in row["reports"]} == {f"{DEFAULT_BASE}{report}"}


def test_columns_that_make_no_picture_are_refused(asking: Asking) -> None:
    for columns in (["company"], ["company", "region", "company"]):
        with pytest.raises(InvalidParameter, match="two or more"):
            ask(asking, LANES, {"columns": columns})
    with pytest.raises(InvalidParameter, match="needs the column region"):
        ask(asking, LANES, {"columns": ["company", "therapy"], "place": "id/place/japan"})


def test_whatever_is_offered_leaves_something(asking: Asking) -> None:
    offered = choices(asking)
    assert {slug(one) for one in offered["therapy"]} >= {"car-t-cell-therapy", "cell-therapy"}
    assert {slug(one) for one in offered["place"]} >= {"japan", "asia"}
    for place in offered["place"]:
        given = {"columns": ["company", "region"], "place": f"id/place/{slug(place)}"}
        assert ask(asking, LANES, given).rows, place.label
