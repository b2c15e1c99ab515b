"""Players and places: the hand-made tables row by row, roll-ups, filters, the same in SPARQL."""

from typing import Any

import pytest
from hypothesis import given
from pyoxigraph import NamedNode, Quad, Store

from graph.landscape import Evidence, InvalidParameter, Thing, read_arguments
from graph.landscape.asking import Asking
from graph.landscape.evidence import Tie, evidence_of, marks
from graph.landscape.players import PLACES_OF, PLAYERS_IN
from graph.landscape.regions import regions
from graph.landscape.ties import last_day
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.namespaces import KG, RDF
from ontology.vocabulary import prefixes
from tests.graph.landscape.asked import (
    COHERENT,
    LATIN_AMERICA,
    TOWARDS,
    arguments,
    ask,
    asks,
    tied_by_hand,
    ties_told,
)


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


# The hand-made tables.


@pytest.mark.parametrize("name", ["first", "second"])
def test_the_answer_is_the_hand_made_table(asking: Asking, name: str) -> None:
    assert ties_told(ask(asking, PLAYERS_IN).rows) == tied_by_hand(name)


@pytest.mark.parametrize("name", ["first", "second"])
def test_at_the_level_of_groups_it_is_the_table_with_each_player_in_its_group(
    asking: Asking, name: str
) -> None:
    # By hand, from the register: who of these players belongs to another organisation.
    groups = {"Kite Pharma": "Gilead Sciences", "Bristol-Myers Squibb K.K.": "Bristol Myers Squibb"}
    expected: dict[tuple[str, ...], str] = {}
    for report, player, place, kind, tie in tied_by_hand(name):
        key = (report, groups.get(player, player), place, kind)
        expected[key] = max(tie, expected.get(key, ""))
    answer = ask(asking, PLAYERS_IN, {"level": "group"})
    assert ties_told(answer.rows) == {(*key, tie) for key, tie in expected.items()}
    assert answer.understood["level"] == "group"


def test_places_of_every_player_are_the_table_again(asking: Asking) -> None:
    players = {row["player"] for row in ask(asking, PLAYERS_IN).rows}
    rows = [
        row
        for player in players
        for row in ask(asking, PLACES_OF, {"player": player.iri.removeprefix(DEFAULT_BASE)}).rows
    ]
    assert ties_told(rows) == tied_by_hand("first")


# What is weak stays weak.


def test_what_is_only_implied_is_never_told_as_stated(asking: Asking) -> None:
    rows = {(row["player"].label, row["place"].label): row for row in ask(asking, PLAYERS_IN).rows}
    assert rows["Novartis", "North America"]["tie"] == "implied"
    assert rows["Biomm", "Brazil"]["marks"] == ("Based there: stated", "Manufacturing: implied")
    stated = ask(asking, PLAYERS_IN, {"active": "stated-tie"}).rows
    assert {one.tie for row in stated for one in row["evidence"]} == {"stated"}
    assert ("Novartis", "North America") not in {
        (row["player"].label, row["place"].label) for row in stated
    }


def test_countries_that_are_counted_stay_at_the_region(asking: Asking) -> None:
    answer = ask(asking, PLACES_OF, {"player": "id/agent/terumo-bct"})
    told = {row["place"].label: row["unnamed_countries"] for row in answer.rows}
    assert set(told) == {"Brazil", "Colombia", "Mexico", "Latin America"}
    assert told.pop("Latin America")[0].startswith("14 countries that are not named")
    assert set(told.values()) == {()}
    approved = ask(asking, PLAYERS_IN, {"active": "approved", "report": TOWARDS}).rows
    assert [row["place"].label for row in approved] == ["Latin America"]


# Regions.


def test_a_player_in_brazil_is_in_latin_america_and_not_the_reverse(asking: Asking) -> None:
    wide = ask(asking, PLAYERS_IN, {"place": LATIN_AMERICA}).rows
    narrow = ask(asking, PLAYERS_IN, {"place": "id/place/brazil"}).rows
    at_wide = {(row["player"].label, row["place"].label) for row in wide}
    at_narrow = {(row["player"].label, row["place"].label) for row in narrow}
    assert at_narrow < at_wide
    assert ("ICON", "Latin America") in at_wide - at_narrow
    assert {place for _, place in at_narrow} == {"Brazil"}


def test_each_report_draws_its_own_regions(asking: Asking) -> None:
    places = {
        (drawn_by, row["place"].label)
        for drawn_by, region in ((COHERENT, "cmi8447"), (TOWARDS, "th6287"))
        for row in ask(
            asking,
            PLAYERS_IN,
            {"place": f"id/place/{region}-latin-america", "drawn_by": drawn_by},
        ).rows
    }
    assert {place for report, place in places if report == COHERENT} == {
        *("Argentina", "Brazil", "Mexico")
    }
    assert {place for report, place in places if report == TOWARDS} == {
        *("Argentina", "Brazil", "Chile", "Colombia", "Mexico", "Latin America")
    }


def test_regions_of_m49_are_not_those_of_a_report(asking: Asking) -> None:
    m49 = regions(asking, "m49")
    coherent = regions(asking, "report", f"{DEFAULT_BASE}{COHERENT}")
    brazil = f"{DEFAULT_BASE}id/place/brazil"
    chile = f"{DEFAULT_BASE}id/place/chile"
    assert f"{DEFAULT_BASE}id/place/south-america" in m49.wider[brazil]
    assert not any("cmi8447" in one or "th6287" in one for one in m49.wider[brazil])
    assert f"{DEFAULT_BASE}id/place/cmi8447-latin-america" in coherent.wider[brazil]
    assert coherent.wider[chile] == frozenset()
    assert brazil in coherent.wider[f"{DEFAULT_BASE}id/place/sao-paulo"]


def test_no_region_of_m49_is_drawn_by_a_report(asking: Asking) -> None:
    given = {"place": LATIN_AMERICA, "grouping": "m49", "drawn_by": TOWARDS}
    with pytest.raises(InvalidParameter, match="drawn_by"):
        ask(asking, PLAYERS_IN, given)


# The same in SPARQL.


@asks
@given(given=arguments)
def test_the_query_gives_the_same_rows(asking: Asking, given: dict[str, Any]) -> None:
    answer = ask(asking, PLAYERS_IN, given)
    assert [
        (row["player"], row["place"], row["tie"]) for row in asking.rows(answer.sparql or "")
    ] == [(row["player"].iri, row["place"].iri, row["tie"]) for row in answer.rows]


# Conditions.


def test_definitions_are_combined_by_or(asking: Asking) -> None:
    def pairs(*names: str) -> set[tuple[str, str]]:
        rows = ask(asking, PLAYERS_IN, {"active": list(names)}).rows
        return {(row["player"].iri, row["place"].iri) for row in rows}

    assert pairs("approved", "launched") == pairs("approved") | pairs("launched")
    assert pairs("stated-tie", "activity-pipeline") == pairs("stated-tie") | pairs(
        "activity-pipeline"
    )
    based = {
        (player, place)
        for _, player, place, kind, _ in tied_by_hand("first")
        if kind == "Based there"
    }
    rows = ask(asking, PLAYERS_IN, {"active": "headquartered"}).rows
    assert {(row["player"].label, row["place"].label) for row in rows} == based
    assert pairs("licensed") == set()


def test_events_up_to_a_date_are_dated_and_over_by_then(asking: Asking) -> None:
    answer = ask(asking, PLAYERS_IN, {"until": "2024"})
    rows = {(row["player"].label, row["place"].label) for row in answer.rows}
    assert ("Terumo BCT", "Mexico") in rows
    assert ("Terumo BCT", "Latin America") not in rows
    assert ("Biomm", "Brazil") not in rows
    before = ask(asking, PLAYERS_IN, {"until": "2024-09"}).rows
    assert not any(row["player"].label == "Terumo BCT" for row in before)
    assert any("2024-12-31" in note for note in answer.notes)


@pytest.mark.parametrize(
    ("date", "day"),
    [("2024", "2024-12-31"), ("2024-02", "2024-02-29"), ("2025-08-19", "2025-08-19")],
)
def test_the_last_day_of_a_date(date: str, day: str) -> None:
    assert last_day(date) == day


def test_evidence_concerns_the_therapy_or_the_player_does(asking: Asking) -> None:
    therapy = {"therapy": "id/therapy/kymriah"}
    assert ask(asking, PLAYERS_IN, therapy).rows == ()
    rows = ask(asking, PLAYERS_IN, {**therapy, "about": "player"}).rows
    assert {row["player"].label for row in rows} == {"Novartis"}
    car_t = {"therapy": "id/concept/car-t-cell-therapy"}
    own = {row["player"].label for row in ask(asking, PLAYERS_IN, car_t).rows}
    rows = ask(asking, PLAYERS_IN, {**car_t, "about": "player"}).rows
    assert {"Legend Biotech", "Bristol-Myers Squibb K.K."} < own
    assert own < {row["player"].label for row in rows}


def test_evidence_that_only_implies_the_therapy_is_implied(landscape_store: Store) -> None:
    """Stated as a tie to the place, implied as a tie in this therapy type."""
    china = {"place": "id/place/china", "therapy": "id/concept/car-t-cell-therapy"}

    def told(store: Store, given: dict[str, str]) -> dict[str, tuple[str, ...]]:
        asking = Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)
        rows = ask(asking, PLAYERS_IN, given).rows
        return {row["player"].label: (row["tie"], *row["marks"]) for row in rows}

    shipped = told(landscape_store, china)
    assert shipped["Legend Biotech"] == ("stated", "Clinical development: stated")
    store = Store()
    store.bulk_extend(landscape_store)
    legend = NamedNode(f"{DEFAULT_BASE}id/agent/legend-biotech")
    for quad in landscape_store.quads_for_pattern(None, KG.organisation, legend):
        for mention in landscape_store.quads_for_pattern(quad.subject, KG.mention, None):
            assert isinstance(mention.object, NamedNode)
            store.add(Quad(mention.object, KG.impliedProperty, KG.therapyType))
    planted = told(store, china)
    assert planted.pop("Legend Biotech") == ("implied", "Clinical development: implied")
    assert planted == {key: value for key, value in shipped.items() if key != "Legend Biotech"}
    assert told(store, {"place": "id/place/china"})["Legend Biotech"][0] == "stated"
    assert "Legend Biotech" not in told(store, {**china, "active": "stated-tie"})


def test_a_kind_of_organisation(asking: Asking) -> None:
    rows = ask(asking, PLAYERS_IN, {"role": "id/concept/org-hospital"}).rows
    assert {row["place"].label for row in rows if row["player"].label == "Clinica Las Condes"} == {
        "Chile"
    }
    assert "Biomm" not in {row["player"].label for row in rows}


def test_a_member_of_a_group_is_asked_for_at_both_levels(asking: Asking) -> None:
    given = {"player": "id/agent/kite-pharma"}
    own = ask(asking, PLACES_OF, given)
    group = ask(asking, PLACES_OF, {**given, "level": "group"})
    assert {row["player"].label for row in own.rows} == {"Kite Pharma"}
    assert {row["player"].label for row in group.rows} == {"Gilead Sciences"}
    at_home = next(row for row in group.rows if row["place"].label == "United States")
    assert [one.label for one in at_home["members"]] == ["Gilead Sciences", "Kite Pharma"]


def test_an_empty_answer_says_what_the_silence_means(asking: Asking) -> None:
    answer = ask(asking, PLAYERS_IN, {"place": "id/place/peru"})
    assert answer.rows == ()
    assert {one.no for one in answer.completeness} == {"not stated"}
    one = ask(asking, PLAYERS_IN, {"place": "id/place/peru", "report": TOWARDS})
    assert [told.report.iri for told in one.completeness] == [f"{DEFAULT_BASE}{TOWARDS}"]


# Evidence.


def test_evidence_has_its_facts_sections_and_rule(asking: Asking) -> None:
    rows = asking.rows("SELECT ?edge { ?edge rdf:predicate kg:activeIn }")
    found = evidence_of(asking, [str(row["edge"]) for row in rows])
    assert set(found) == {str(row["edge"]) for row in rows}
    for statement, one in found.items():
        assert one.statement == statement
        assert one.facts
        assert one.sections
        assert one.rule in statement


def test_one_fact_that_states_it_is_enough() -> None:
    def of(kind: str, tie: Tie) -> Evidence:
        return Evidence(kind, tie, Thing("https://example.org/report", "A report"))

    several = [of("B", "implied"), of("A", "implied"), of("B", "stated"), of("B", "implied")]
    assert list(marks(several).items()) == [("A", "implied"), ("B", "stated")]


def test_a_tie_that_loses_what_it_implies_is_told_as_stated(landscape_store: Store) -> None:
    """The marks come from the data: without the implied property they change."""
    store = Store()
    store.bulk_extend(quad for quad in landscape_store if quad.predicate != KG.impliedProperty)
    asking = Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)
    assert {row["tie"] for row in ask(asking, PLAYERS_IN).rows} == {"stated"}
    assert ties_told(ask(asking, PLAYERS_IN).rows) != tied_by_hand("first")


def test_a_listing_that_is_planted_as_a_tie_is_found(landscape_store: Store) -> None:
    store = Store()
    store.bulk_extend(landscape_store)
    listing = next(
        quad.subject for quad in landscape_store.quads_for_pattern(None, RDF.predicate, KG.listedIn)
    )
    planted = {
        RDF.predicate: KG.activeIn,
        RDF.object: NamedNode(f"{DEFAULT_BASE}id/place/brazil"),
    }
    for quad in list(store.quads_for_pattern(listing, None, None)):
        if quad.predicate in planted:
            store.remove(quad)
            store.add(Quad(listing, quad.predicate, planted[quad.predicate], quad.graph_name))
    asking = Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)
    assert ties_told(ask(asking, PLAYERS_IN).rows) > tied_by_hand("first")


def test_unless_told_otherwise_only_stated_ties_count_and_the_rest_is_counted(
    asking: Asking,
) -> None:
    brazil = {"place": "id/place/brazil"}
    every = ask(asking, PLAYERS_IN, {**brazil, "active": "any-tie"})
    stated = ask(asking, PLAYERS_IN, {**brazil, "active": "stated-tie"})
    default = read_arguments(PLAYERS_IN.parameters, {}, lambda *_: "")["active"]
    assert default == ("stated-tie",)
    assert {row["tie"] for row in stated.rows} == {"stated"}
    left_out = len(every.rows) - len(stated.rows)
    assert left_out > 0
    assert f"Only implied, and left out: {left_out} pairs of player and place." in stated.notes
