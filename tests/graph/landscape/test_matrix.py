"""The matrix of players and places: the table made by hand, totals, roll-ups, what is no tie."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from graph.landscape import Answer
from graph.landscape.asking import Asking
from graph.landscape.matrix import BY_PLACE, MATRIX
from graph.landscape.players import PLAYERS_IN
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.namespaces import KG
from ontology.vocabulary import prefixes
from tests.graph.landscape.asked import arguments, ask, asks, slug, tied_by_hand


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def test_the_matrix_is_the_hand_made_table(asking: Asking) -> None:
    answer = ask(asking, MATRIX)
    titles = {column.name: column.title for column in answer.columns if column.kind == "texts"}
    del titles["unnamed_countries"]
    expected: dict[tuple[str, str, str], str] = {}
    for _, player, place, kind, tie in tied_by_hand("first"):
        expected[player, place, kind] = max(tie, expected.get((player, place, kind), ""))
    told = {
        (row["player"].label, title, *mark.rsplit(": ", 1))
        for row in answer.rows
        for name, title in titles.items()
        for mark in row[name]
    }
    assert told == {(*key, tie) for key, tie in expected.items()}


def test_being_listed_is_no_tie(asking: Asking) -> None:
    answer = ask(asking, MATRIX, {"listed": "true"})
    tied = {row["player"] for row in ask(asking, PLAYERS_IN).rows}
    only = [row for row in answer.rows if row["player"] not in tied]
    places = [
        column.name
        for column in answer.columns
        if column.kind == "texts" and column.name != "unnamed_countries"
    ]
    assert "Adaptimmune Therapeutics" in {row["player"].label for row in only}
    assert len(answer.rows) == len(tied) + len(only)
    for row in only:
        assert row["listed_in"]
        assert row["total_places"] == 0
        assert not any(row[place] for place in places)
    assert [(c.name, c.doc) for c in answer.columns] == [
        (c.name, c.doc) for c in ask(asking, MATRIX).columns
    ]


def test_a_count_without_any_place_is_told_in_a_note(landscape_store: Store) -> None:
    event = NamedNode(f"{DEFAULT_BASE}id/event/spectra-optia-latin-america-approvals-2025")
    store = Store()
    store.bulk_extend(
        quad for quad in landscape_store if (quad.subject, quad.predicate) != (event, KG.place)
    )
    asking = Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)
    notes = ask(asking, MATRIX).notes
    assert any("Terumo BCT: 14 countries that are not named" in note for note in notes)
    assert not any("14 countries" in note for note in ask_shipped(landscape_store).notes)


def ask_shipped(store: Store) -> Answer:
    return ask(Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE), MATRIX)


@asks
@given(given=arguments)
def test_roll_ups_add_no_double_counting(asking: Asking, given: dict[str, Any]) -> None:
    answer = ask(asking, PLAYERS_IN, given)
    pairs = [(row["player"].iri, row["place"].iri) for row in answer.rows]
    assert len(pairs) == len(set(pairs))
    for row in answer.rows:
        statements = [one.statement for one in row["evidence"]]
        assert len(statements) == len(set(statements)) > 0
    wider = ask(asking, MATRIX, {**given, "columns": "regions"})
    assert len({row["player"] for row in wider.rows}) == len(wider.rows)
    assert sum(row["total_places"] for row in wider.rows) == len(pairs)


@asks
@given(given=arguments)
def test_no_tie_is_lost_or_made_by_rolling_up(asking: Asking, given: dict[str, Any]) -> None:
    named, rolled = (
        ask(asking, MATRIX, {**given, "columns": columns}) for columns in ("named", "regions")
    )
    for one, other in zip(named.rows, rolled.rows, strict=True):
        assert one["player"] == other["player"]
        assert one["evidence"] == other["evidence"]
        assert marks_in(named, one) == marks_in(rolled, other)


def marks_in(answer: Answer, row: Mapping[str, Any]) -> dict[str, str]:
    """The strongest mark of each kind of evidence in any column of a row."""
    found: dict[str, str] = {}
    for column in answer.columns:
        if column.kind == "texts" and column.name != "unnamed_countries":
            for text in row[column.name]:
                kind, mark = text.rsplit(": ", 1)
                found[kind] = max(mark, found.get(kind, ""))
    return found


@asks
@given(given=arguments, listed=st.booleans())
def test_totals_of_the_matrix_agree_with_the_query(
    asking: Asking, given: dict[str, Any], *, listed: bool
) -> None:
    answer = ask(asking, MATRIX, {**given, "listed": str(listed).lower()})
    assert [(row["player"], row["total_places"]) for row in asking.rows(answer.sparql or "")] == [
        (row["player"].iri, row["total_places"]) for row in answer.rows
    ]


@pytest.mark.parametrize("level", ["organisation", "group"])
def test_totals_of_the_places_agree_with_a_plain_query(asking: Asking, level: str) -> None:
    hop = "kg:group" if level == "group" else "kg:group?"
    member = "FILTER (?player = ?org)" if level == "organisation" else ""
    plain = asking.rows(
        "SELECT ?place (COUNT(DISTINCT ?player) AS ?players)"
        f" {{ ?org kg:activeIn/kg:placeWithin* ?place ; {hop} ?player {member} }} GROUP BY ?place"
    )
    answer = ask(asking, BY_PLACE, {"rolled_up": "true", "level": level})
    assert {row["place"].iri: row["players"] for row in answer.rows} == {
        row["place"]: row["players"] for row in plain
    }
    assert [row["place"] for row in asking.rows(answer.sparql or "")] == [
        row["place"].iri for row in answer.rows
    ]


@asks
@given(given=arguments)
def test_totals_of_the_matrix_are_those_of_the_places(
    asking: Asking, given: dict[str, Any]
) -> None:
    matrix, totals = ask(asking, MATRIX, given), ask(asking, BY_PLACE, given)
    filled = {
        slug(row["place"]): sum(bool(one[slug(row["place"])]) for one in matrix.rows)
        for row in totals.rows
    }
    assert filled == {slug(row["place"]): row["players"] for row in totals.rows}
    docs = {column.name: column.doc for column in matrix.columns}
    for row in totals.rows:
        assert row["players"] == row["stated"] + row["implied_only"]
        assert (
            f"total: {row['players']}; with a stated tie: {row['stated']}."
            in docs[slug(row["place"])]
        )
