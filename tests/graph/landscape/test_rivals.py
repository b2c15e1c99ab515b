"""Competitors: what is shared, what it weighs, and that the weight can be recomputed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from graph.landscape.answers import Answer, Evidence, Thing
from graph.landscape.asking import Asking, Iri
from graph.landscape.rivals import COMPETITORS
from graph.landscape.traits import DIMENSIONS, Trait, traits
from graph.landscape.weights import by_dimension, matches, points, weight
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes

WIDER = {"b": frozenset({"a"}), "c": frozenset({"a", "b"})}
TRAITS = st.builds(
    Trait,
    player=st.just("me"),
    dimension=st.sampled_from(DIMENSIONS),
    thing=st.sampled_from("abcd"),
    via=st.sampled_from("uvwx"),
    implied=st.booleans(),
)
SOME = st.lists(TRAITS, max_size=8)
JOINT = st.sets(st.sampled_from("uvwx"), max_size=2)


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def agent(slug: str) -> Iri:
    return Iri(f"{DEFAULT_BASE}id/agent/{slug}")


def ask(asking: Asking, slug: str, **changed: Any) -> Answer:
    arguments = {"company": agent(slug), "level": "organisation", "players": "companies"}
    return COMPETITORS.run(asking, {**arguments, "least": 1, **changed})


def by_label(answer: Answer) -> dict[str, Mapping[str, Any]]:
    return {row["rival"].label: row for row in answer.rows}


@given(SOME, SOME, JOINT)
def test_what_is_shared_is_symmetric(
    mine: list[Trait], theirs: list[Trait], joint: set[str]
) -> None:
    there, back = matches(mine, theirs, WIDER, joint), matches(theirs, mine, WIDER, joint)
    assert {(m.dimension, m.mine, m.theirs, m.implied, m.points) for m in there} == {
        (m.dimension, m.theirs, m.mine, m.implied, m.points) for m in back
    }


@given(SOME, SOME, JOINT)
def test_a_match_weighs_something_and_what_is_joint_counts_nothing(
    mine: list[Trait], theirs: list[Trait], joint: set[str]
) -> None:
    found = matches(mine, theirs, WIDER, joint)
    assert all(match.points > 0 for match in found)
    assert (weight(found) > 0) == bool(found)
    assert weight(found) <= 10
    assert found == matches(
        [trait for trait in mine if trait.via not in joint],
        [trait for trait in theirs if trait.via not in joint],
        WIDER,
    )


@given(SOME, SOME)
def test_taking_away_a_shared_dimension_lowers_the_weight(
    mine: list[Trait], theirs: list[Trait]
) -> None:
    found = matches(mine, theirs, WIDER)
    for dimension, worth in by_dimension(found).items():
        rest = [trait for trait in mine if trait.dimension != dimension]
        assert weight(matches(rest, theirs, WIDER)) <= weight(found) - worth


@given(SOME, SOME)
def test_what_is_only_implied_never_weighs_more(mine: list[Trait], theirs: list[Trait]) -> None:
    sure = [replace(trait, implied=False) for trait in mine]
    weak = [replace(trait, implied=True) for trait in mine]
    assert weight(matches(weak, theirs, WIDER)) <= weight(matches(mine, theirs, WIDER))
    assert weight(matches(mine, theirs, WIDER)) <= weight(matches(sure, theirs, WIDER))


def test_neither_place_nor_population_alone_makes_rivals() -> None:
    both = [Trait("me", "place", "a", "u"), Trait("me", "population", "a", "u")]
    assert matches(both, both, WIDER) == []
    typed = [*both, Trait("me", "therapy type", "a", "u")]
    assert by_dimension(matches(typed, typed, WIDER)) == {"therapy type": 3, "place": 2}


@pytest.mark.parametrize(
    ("dimension", "same", "implied", "related"),
    [
        ("therapy type", 3, 2, 1),
        ("indication", 3, 2, 1),
        ("population", 2, 1, 0),
        ("place", 2, 1, 1),
    ],
)
def test_points_are_as_documented(dimension: str, same: int, implied: int, related: int) -> None:
    assert points(dimension, same=True, related=False, implied=False) == same
    assert points(dimension, same=True, related=False, implied=True) == implied
    assert points(dimension, same=False, related=True, implied=False) == related
    assert points(dimension, same=False, related=True, implied=True) == related
    assert points(dimension, same=False, related=False, implied=False) == 0


def test_the_rivals_of_kite_pharma(asking: Asking) -> None:
    found = by_label(ask(asking, "kite-pharma"))
    johnson = found["Johnson & Johnson"]
    parts = [johnson[f"by_{name.replace(' ', '_')}"] for name in DIMENSIONS]
    assert (johnson["weight"], parts) == (8, [3, 3, 0, 2])
    assert [thing.label for thing in johnson["indication"]] == ["Large B-cell lymphoma"]
    # Another lymphoma, wider than theirs, and no common therapy type.
    assert found["Fate Therapeutics"]["weight"] == 3
    # Japan is only implied of Kite Pharma.
    assert found["Takeda"]["by_place"] == 1
    assert "Gilead Sciences" not in found, "the parent is no rival"
    assert "Terumo BCT" not in found, "what a device serves is not what its maker works on"


def test_partners_of_a_product_are_no_rivals_by_it(asking: Asking) -> None:
    daiichi = by_label(ask(asking, "kite-pharma"))["Daiichi Sankyo"]
    assert daiichi["by_indication"] == 0
    assert "YESCARTA" in [thing.label for thing in daiichi["together"]]
    henlius = by_label(ask(asking, "intas-pharmaceuticals", players="all"))
    assert "Shanghai Henlius Biotech" not in henlius


def test_being_listed_alone_shares_nothing(asking: Asking) -> None:
    listed = asking.rows(
        "SELECT DISTINCT ?org ?name { ?org kg:listedIn ?report ; rdfs:label ?name"
        " MINUS { ?org kg:activeIn ?a } MINUS { ?org kg:tiedTo ?b }"
        " MINUS { ?f kg:organisation|kg:through ?org ; kg:therapyType|kg:indication ?c } }"
    )
    assert len(listed) > 10
    known = {trait.player for trait in traits(asking, "organisation")}
    assert known.isdisjoint(str(row["org"]) for row in listed)
    silent = COMPETITORS.run(
        asking,
        {"company": listed[0]["org"], "level": "organisation", "players": "all", "least": 1},
    )
    assert silent.rows == []
    assert any("Nothing is recorded" in note for note in silent.notes)


@pytest.mark.parametrize("level", ["organisation", "group"])
@pytest.mark.parametrize("players", ["companies", "all"])
def test_sparql_gives_the_same_rivals_and_weights(asking: Asking, level: str, players: str) -> None:
    found = 0
    for slug in ("kite-pharma", "celluris", "daiichi-sankyo", "intas-pharmaceuticals"):
        answer = ask(asking, slug, level=level, players=players, least=2)
        assert answer.sparql
        rows = {(str(row["rival"]), row["weight"]) for row in asking.rows(answer.sparql)}
        assert rows == {(row["rival"].iri, row["weight"]) for row in answer.rows}
        found += len(rows)
    assert found > 10


def test_rivalry_is_mutual_in_the_data(asking: Asking) -> None:
    players = sorted({trait.player for trait in traits(asking, "organisation")})
    found: dict[tuple[str, str], int] = {}
    for player in players:
        answer = ask(asking, player.rsplit("/", 1)[-1], players="all")
        found |= {(player, row["rival"].iri): row["weight"] for row in answer.rows}
    assert len(found) > 100
    assert found == {(them, me): weighs for (me, them), weighs in found.items()}


def test_every_row_adds_up_and_tells_why(asking: Asking) -> None:
    answer = ask(asking, "celluris", players="all")
    names = [column.name for column in answer.columns]
    for row in answer.rows:
        assert set(row) == set(names)
        assert row["weight"] == sum(row[name] for name in names if name.startswith("by_"))
        assert row["weight"] > 0
        assert row["why"]
        assert row["evidence"]
        assert all(isinstance(one, Evidence) and one.facts for one in row["evidence"])
        assert all(one.sections for one in row["evidence"])


def test_groups_count_for_their_members(asking: Asking) -> None:
    answer = ask(asking, "kite-pharma", level="group")
    assert answer.understood["company"] == agent("gilead-sciences")
    assert answer.understood["level"] == "group"
    assert "Bristol-Myers Squibb K.K." not in by_label(answer)
    assert (
        by_label(ask(asking, "johnson-and-johnson", level="group"))["Gilead Sciences"]["weight"]
        == by_label(answer)["Johnson & Johnson"]["weight"]
    )


def test_least_leaves_out_the_weaker(asking: Asking) -> None:
    all_, few = ask(asking, "kite-pharma"), ask(asking, "kite-pharma", least=5)
    assert [row for row in all_.rows if row["weight"] >= 5] == list(few.rows)
    assert 0 < len(few.rows) < len(all_.rows)


def test_reports_are_told(asking: Asking) -> None:
    answer = ask(asking, "kite-pharma")
    assert {one.no for one in answer.completeness} == {"not stated"}
    assert all(isinstance(one.report, Thing) for one in answer.completeness)
