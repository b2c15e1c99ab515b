"""Thinly covered: few named players beside a printed figure, only where all was read."""

from collections.abc import Callable
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad, Store

from graph.landscape.answers import Answer
from graph.landscape.asking import Asking, stored_query
from graph.landscape.thin import THIN
from graph.landscape.traits import PLAYER_FACTS
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import NAMESPACE, prefixes

READ = NamedNode(f"{NAMESPACE}readCompletelyFor")
TOWARDS = f"{DEFAULT_BASE}source/towards-latin-america-cell-gene-therapy"


def over(store: Store) -> Asking:
    return Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return over(landscape_store)


def without(store: Store, left_out: Callable[[Quad], bool]) -> Asking:
    rest = Store()
    rest.extend(quad for quad in store if not left_out(quad))
    return over(rest)


def ask(asking: Asking, **changed: Any) -> Answer:
    arguments = {"most": 2, "place": None, "concept": None, "report": (), "players": "all"}
    return THIN.run(asking, {**arguments, "level": "organisation", **changed})


def thing(path: str) -> str:
    return f"{DEFAULT_BASE}id/{path}"


def players(answer: Answer, of: str, place: str) -> dict[str, list[str]]:
    return {
        row["segment"].label: [player.label for player in row["named"]]
        for row in answer.rows
        if (row["of"], row["place"].label) == (of, place)
    }


def test_segments_with_a_figure_of_their_own(asking: Asking) -> None:
    found = players(ask(asking), "segment", "Latin America")
    assert found == {
        "Gene Editing": [],
        "Rare Genetic Disorders": [],
        "Oncology": ["Celluris", "Instituto Butantan"],
    }


def test_a_place_with_a_share_by_segment(asking: Asking) -> None:
    found = players(ask(asking, most=100, place=thing("place/brazil")), "place", "Brazil")
    assert found["Gene Therapy"] == ["Fiocruz", "Laboratório Pasteur"]
    assert found["NK cells"] == []
    assert "Hospital Israelita Albert Einstein" in found["CAR-T"]
    # A kind of cell therapy is cell therapy; the reverse is not so.
    assert set(found["CAR-T"]) <= set(found["Immune Cell Therapy"]) <= set(found["Cell Therapy"])


def test_every_row_has_a_figure_and_its_evidence(asking: Asking) -> None:
    rows = ask(asking, most=100).rows
    assert len(rows) > 50
    for row in rows:
        told = {fact for one in row["evidence"] for fact in one.facts}
        assert {figure.iri for figure in row["figures"]} <= told
        assert len(row["stated"]) == len(row["figures"]) >= 1
        assert row["players"] == len(row["named"])
        assert not any("leading" in words or "largest" in words for words in row["stated"])


def test_most_is_the_most(asking: Asking) -> None:
    everyone = ask(asking, most=100)
    for most in (0, 1, 4):
        few = ask(asking, most=most)
        assert list(few.rows) == [row for row in everyone.rows if row["players"] <= most]
    assert any(row["players"] > 4 for row in everyone.rows)


@pytest.fixture(scope="module")
def copy(landscape_store: Store) -> Store:
    """The statements of the store, some of which are taken out for a while."""
    store = Store()
    store.bulk_extend(landscape_store)
    return store


@pytest.mark.parametrize("class_", [*PLAYER_FACTS, "Segment", "MarketShare"])
def test_a_report_not_read_to_the_end_shows_nothing(copy: Store, class_: str) -> None:
    kind = NamedNode(f"{NAMESPACE}{class_}")
    left_out = [*copy.quads_for_pattern(None, READ, kind)]
    for quad in left_out:
        copy.remove(quad)
    answer = ask(over(copy))
    copy.extend(left_out)
    assert left_out
    if class_ == "MarketShare":
        assert not any("share" in words for row in answer.rows for words in row["stated"])
        assert answer.rows, "growth was read to the end"
    else:
        assert answer.rows == []
        assert {one.no for one in answer.completeness} == {"not yet recorded"}


def test_the_kinds_of_facts_are_those_that_traits_are_read_from() -> None:
    assert all(f"kg:{name}" in stored_query("thin-figures") for name in PLAYER_FACTS)
    # These two are read by derived edges alone.
    by_edge = {"OrganisationRelation", "TherapyProfile"}
    named = {name for name in PLAYER_FACTS if f"kg:{name}" in stored_query("traits")}
    assert named == set(PLAYER_FACTS) - by_edge


def test_a_player_that_is_taken_away_is_not_counted(landscape_store: Store) -> None:
    whole = players(ask(over(landscape_store), most=100), "place", "Brazil")
    pasteur = NamedNode(thing("agent/laboratorio-pasteur"))
    gone = without(landscape_store, lambda quad: pasteur in (quad.subject, quad.object))
    fewer = players(ask(gone, most=100), "place", "Brazil")
    assert "Laboratório Pasteur" in whole["Gene Therapy"]
    assert fewer["Gene Therapy"] == [p for p in whole["Gene Therapy"] if "Pasteur" not in p]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"most": 100, "place": thing("place/brazil")},
        {"players": "companies", "level": "group", "concept": thing("concept/gene-therapy")},
        {"report": (TOWARDS,), "most": 1},
    ],
)
def test_sparql_gives_the_same_rows(asking: Asking, changed: dict[str, Any]) -> None:
    answer = ask(asking, **changed)
    assert answer.sparql
    rows = [
        (str(r["market"]), str(r["segment"]), str(r["scope"]), str(r["of"]), r["players"])
        for r in asking.rows(answer.sparql)
    ]
    assert rows
    assert sorted(rows) == sorted(
        (r["market"].iri, r["segment"].iri, r["place"].iri, r["of"], r["players"])
        for r in answer.rows
    )


def test_filters_leave_rows_out_and_change_none(asking: Asking) -> None:
    everything = list(ask(asking).rows)
    of_report = ask(asking, report=(TOWARDS,))
    assert [row for row in everything if row in of_report.rows] == list(of_report.rows)
    assert [one.report.iri for one in of_report.completeness] == [TOWARDS]
    in_americas = ask(asking, place=thing("place/latin-america-and-the-caribbean"))
    assert {row["place"].label for row in in_americas.rows} == {"Brazil", "Mexico", "Latin America"}


def test_companies_only_counts_no_institute(asking: Asking) -> None:
    found = players(ask(asking, most=100, players="companies"), "place", "Brazil")
    assert found["Gene Therapy"] == ["Laboratório Pasteur"]
