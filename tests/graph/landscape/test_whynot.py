"""Why an answer on players is empty: the conditions that exclude a match, and the kinds of "no"."""

from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, Store

from graph.landscape import Answer, Asking, InvalidParameter, whynot
from graph.landscape.ties import ties
from graph.landscape.whynot import CONDITIONS, WHY_NOT, excluded, why_not
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes
from tests.examples import examples
from tests.landscape.made import make
from tests.landscape.spoil import copied

COHERENT = f"{DEFAULT_BASE}source/coherent-cellular-immunotherapy"
TOWARDS = f"{DEFAULT_BASE}source/towards-latin-america-cell-gene-therapy"


def iri(name: str) -> str:
    return f"{DEFAULT_BASE}id/{name}"


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def ask(asking: Asking, **arguments: Any) -> Answer:
    return why_not(asking, {"active": ("any-tie",)} | arguments)


def sets(answer: Answer) -> list[set[str]]:
    return [set(row["without"]) for row in answer.rows]


def labels(things: tuple[Any, ...]) -> list[str]:
    return [one.label for one in things]


def test_the_level_and_the_place_exclude_a_parent(asking: Asking) -> None:
    answer = ask(asking, player=iri("agent/gilead-sciences"), place=iri("place/japan"))
    assert sets(answer) == [{"level"}, {"place"}]
    group, elsewhere = answer.rows
    # The site in Japan was announced by Kite; that it is there is only implied.
    assert labels(group["members"]) == ["Kite Pharma"]
    assert (labels(group["places"]), group["tie"]) == (["Japan"], "implied")
    assert [one.kind for one in group["evidence"]] == ["Treatment site authorised there"]
    assert "Japan" not in labels(elsewhere["places"])
    assert labels(elsewhere["players"]) == ["Gilead Sciences"]
    assert answer.notes[0] == "Each of these conditions excludes a match alone: level, place."
    assert sum("that is no activity in a place" in note for note in answer.notes) == 2


def test_conditions_that_exclude_only_together(asking: Asking) -> None:
    answer = ask(
        asking,
        player=iri("agent/gilead-sciences"),
        place=iri("place/japan"),
        active=("approved",),
    )
    assert sets(answer) == [{"level", "active"}, {"active", "place"}]
    assert answer.notes[0].startswith("No condition excludes a match alone; the fewest are 2")


def test_what_has_an_answer_is_excluded_by_nothing(asking: Asking) -> None:
    answer = ask(asking, player=iri("agent/terumo-bct"), place=iri("place/brazil"), until="2024")
    assert sets(answer) == [set()]
    assert answer.notes[0].startswith("The question has an answer as it stands")


def test_undated_and_later_evidence_is_excluded_by_the_date(asking: Asking) -> None:
    answer = ask(asking, player=iri("agent/terumo-bct"), place=iri("place/brazil"), until="2024-09")
    assert sets(answer) == [{"until"}]
    assert {one.kind for one in answer.rows[0]["evidence"]} == {
        "Expansion into countries",
        "Expansion of manufacturing platforms",
    }


def test_evidence_of_the_player_is_told_from_evidence_of_the_tie(asking: Asking) -> None:
    # Terumo's system is approved for a disease that its expansion into Brazil does not mention.
    answer = ask(
        asking,
        player=iri("agent/terumo-bct"),
        place=iri("place/brazil"),
        indication=iri("concept/sickle-cell-disease"),
    )
    assert sets(answer) == [{"about"}, {"indication"}, {"place"}]


def test_nothing_at_all_is_each_report_s_own_no(asking: Asking) -> None:
    answer = ask(asking, player=iri("agent/pfizer"), place=iri("place/brazil"))
    assert answer.rows == []
    assert answer.notes[0].startswith("Nothing would match whichever conditions are left out")
    assert {one.report.iri: one.no for one in answer.completeness} == {
        COHERENT: "not stated",
        TOWARDS: "not stated",
    }
    (listed,) = [note for note in answer.notes if "that is no activity in a place" in note]
    assert listed.startswith("Pfizer stands in a list of players of Towards Healthcare")


def test_countries_that_are_counted_without_names_are_told(asking: Asking) -> None:
    answer = ask(asking, player=iri("agent/terumo-bct"), place=iri("place/peru"))
    assert sets(answer) == [{"place"}]
    (counted,) = [note for note in answer.notes if "does not name them" in note]
    assert "counts 14 countries" in counted
    named = ask(asking, player=iri("agent/terumo-bct"), place=iri("place/brazil"))
    assert not [note for note in named.notes if "does not name them" in note]


def test_a_half_entered_source_is_not_yet_recorded(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    question = {"player": iri("agent/norland-medicines-board"), "place": iri("place/sudria")}

    def no() -> str:
        quads = make(seeds).quads
        store = Store()
        store.bulk_extend(quads)
        store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
        answer = ask(Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE), **question)
        assert answer.rows == []
        return {one.report.label: one.no for one in answer.completeness}["Acme, Outlook (2024)"]

    assert no() == "not stated"
    manifest = seeds / "acme-outlook" / "source.toml"
    text = manifest.read_text("utf-8")
    complete = "activities = { rows = 1, complete = true }"
    assert complete in text
    manifest.write_text(text.replace(complete, complete.replace("true", "false")), "utf-8")
    assert no() == "not yet recorded"


@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sets_of_conditions_are_all_of_the_smallest(asking: Asking, data: st.DataObject) -> None:
    def one_of(*values: Any) -> Any:
        return data.draw(st.sampled_from(values))

    kite, terumo = iri("agent/kite-pharma"), iri("agent/terumo-bct")
    arguments = {
        "player": one_of(kite, terumo, iri("agent/jw-therapeutics"), iri("agent/novartis")),
        "place": one_of(None, iri("place/japan"), iri("place/china"), iri("place/brazil")),
        "active": (one_of("any-tie", "stated-tie", "clinical", "approved"),),
        "until": one_of(None, "2022", "2024-11"),
        "report": one_of((), (TOWARDS,), (COHERENT,)),
        "indication": one_of(None, iri("concept/sickle-cell-disease")),
        "level": "group",
        "about": "player",
    }
    given_ = [one for one in CONDITIONS if one.narrows(_defaults() | arguments)]
    matching = []
    for without in chain.from_iterable(
        combinations(given_, size) for size in range(len(given_) + 1)
    ):
        asked = dict(arguments)
        for condition in without:
            asked |= condition.without
        if ties(asking, asked).ties:
            matching.append({one.name for one in without})
    smallest = [one for one in matching if not any(other < one for other in matching)]
    found, all_tried = excluded(asking, arguments)
    assert all_tried
    assert [{one.name for one in each.without} for each in found] == smallest


def _defaults() -> dict[str, Any]:
    return {one.name: one.default for one in WHY_NOT.parameters}


def test_conditions_cover_what_players_can_be_asked_with() -> None:
    covered = {name for condition in CONDITIONS for name in condition.without}
    assert covered == {one.name for one in WHY_NOT.parameters} - {"player"}
    defaults = _defaults()
    # Of those, only what counts as active narrows the question when nothing is said.
    assert [one.name for one in CONDITIONS if one.narrows(defaults)] == ["active"]


def test_what_is_only_implied_is_excluded_by_what_counts_as_active(asking: Asking) -> None:
    given = {"player": iri("agent/kite-pharma"), "place": iri("place/japan")}
    answer = why_not(asking, given)
    assert {"active"} in sets(answer)
    assert why_not(asking, given | {"active": ("any-tie",)}).rows[0]["without"] == ()


def test_what_was_not_tried_is_told(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whynot, "_TRIES", 2)
    answer = ask(asking, player=iri("agent/gilead-sciences"), place=iri("place/japan"))
    assert sets(answer) == [{"level"}]
    assert any("not all" in note for note in answer.notes)


def test_a_question_about_nothing_is_refused(asking: Asking) -> None:
    with pytest.raises(InvalidParameter, match="`player`: is missing: give a player, a place"):
        ask(asking, active=("approved",))


def test_rows_have_the_columns(asking: Asking) -> None:
    answer = ask(asking, place=iri("place/peru"))
    assert [list(row) for row in answer.rows] == [[column.name for column in WHY_NOT.columns]]
    everywhere = asking.rows("SELECT DISTINCT ?org ?place { ?org kg:activeIn ?place }")
    assert answer.rows[0]["ties"] == len(everywhere)
    assert answer.rows[0]["evidence"]
