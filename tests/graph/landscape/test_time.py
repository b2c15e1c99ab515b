"""What happened and when: every event of an entity, none more precise than it is told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, Store

from graph.dates import parse_date
from graph.landscape import Answer, Asking, InvalidParameter, read_arguments
from graph.landscape.time import KINDS, TIMELINE, timeline
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes
from tests.examples import examples
from tests.landscape.made import make
from tests.landscape.spoil import copied

PLACES = ("place/brazil", "place/chile", "place/japan", "place/th6287-latin-america")
AGENTS = ("agent/intas-pharmaceuticals", "agent/terumo-bct", "agent/impact-center")


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def ask(asking: Asking, entity: str, **given: Any) -> Answer:
    texts = {name.rstrip("_"): [str(value)] for name, value in given.items()}
    texts["entity"] = [f"{DEFAULT_BASE}id/{entity}"]
    return timeline(asking, read_arguments(TIMELINE.parameters, texts, lambda _, text, __: text))


def invented(seeds: Path) -> Asking:
    quads = make(seeds).quads
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)


def told(answer: Answer) -> list[tuple[Any, ...]]:
    return [(row["date"], row["earliest"], row["latest"], row["sentence"]) for row in answer.rows]


def test_events_of_a_place_with_those_without_a_date_apart(asking: Asking) -> None:
    april = ("2024-04", "2024-04-01", "2024-04-30")
    answer = ask(asking, "place/brazil")
    assert told(answer) == [
        (*april, "public funding of domestic CAR-T manufacture, in Brazil"),
        (*april, "push to make CAR-T therapies within the country, in Brazil"),
        (
            *("2024-10", "2024-10-01", "2024-10-31"),
            (
                "Expansion into countries: FINIA Fill and Finish System, Quantum Flex Cell"
                " Expansion System, by Terumo BCT, in Brazil, Colombia, Mexico"
            ),
        ),
        (None, None, None, "government policies in favour of adoption, in Brazil"),
        (None, None, None, "public funding of innovative therapies, in Brazil"),
    ]
    assert [row["dating"] for row in answer.rows] == ["dated"] * 3 + ["undated"] * 2
    assert answer.notes == ["2 of 5 rows have no first day and stand last."]
    expansion = answer.rows[2]
    assert [one.label for one in expansion["places"]] == ["Brazil", "Colombia", "Mexico"]
    assert [one.label for one in expansion["organisations"]] == ["Terumo BCT"]
    assert len(expansion["technologies"]) == 2
    assert {one.label for one in expansion["sections"]} == {"Market Outlook", "Recent Developments"}
    assert (expansion["precision"], expansion["kind"]) == ("Month", "milestone")
    assert "In October 2024" in expansion["printed"]
    # The date of the funding stands in the heading above, and is only implied.
    assert "date" in answer.rows[0]["implied"]


def everything(asking: Asking, **given: Any) -> Answer:
    texts = {name.rstrip("_"): [str(value)] for name, value in given.items()}
    return timeline(asking, read_arguments(TIMELINE.parameters, texts, lambda _, text, __: text))


def test_without_an_entity_every_event_is_told(asking: Asking) -> None:
    events = {row["event"].iri for row in everything(asking).rows}
    query = "SELECT DISTINCT ?event { ?event a kg:Event }"
    assert events == {str(row["event"]) for row in asking.rows(query)}
    assert len(events) > 40


@pytest.mark.parametrize(
    ("parameter", "entity"),
    [
        ("place", "place/brazil"),
        ("place", "place/latin-america"),
        ("organisation", "agent/terumo-bct"),
        ("organisation", "agent/intas-pharmaceuticals"),
        ("therapy", "therapy/yescarta"),
    ],
)
@pytest.mark.parametrize("level", ["organisation", "group"])
def test_a_condition_alone_is_as_good_as_the_entity(
    asking: Asking, parameter: str, entity: str, level: str
) -> None:
    given = {parameter: f"{DEFAULT_BASE}id/{entity}", "level": level}
    found = everything(asking, **given)
    assert found.rows
    assert told(found) == told(ask(asking, entity, level=level))


def test_conditions_hold_together(asking: Asking) -> None:
    place, player = f"{DEFAULT_BASE}id/place/brazil", f"{DEFAULT_BASE}id/agent/terumo-bct"
    both = {row["event"].iri for row in everything(asking, place=place, organisation=player).rows}
    in_place = {row["event"].iri for row in everything(asking, place=place).rows}
    of_player = {row["event"].iri for row in everything(asking, organisation=player).rows}
    assert both == in_place & of_player
    assert both < in_place
    exact = everything(asking, place=f"{DEFAULT_BASE}id/place/latin-america", subplaces="false")
    names = {one.label for row in exact.rows for one in row["places"]}
    assert not exact.rows or "Latin America" in names


def test_a_therapy_type_has_what_is_narrower(asking: Asking) -> None:
    types = ("cell-therapy", "car-t-cell-therapy")
    wide, narrow = (
        {
            row["event"].iri
            for row in everything(asking, therapy=f"{DEFAULT_BASE}id/concept/{t}").rows
        }
        for t in types
    )
    assert narrow < wide
    named = everything(asking, therapy=f"{DEFAULT_BASE}id/concept/car-t-cell-therapy").rows
    labels = {one.label for row in named for one in row["therapy_types"]}
    assert "CAR T-cell therapy" in labels


def test_only_an_end_is_known(asking: Asking) -> None:
    answer = ask(asking, "agent/intas-pharmaceuticals")
    assert told(answer) == [
        (
            *("2025-08-05", "2025-08-05", "2025-08-05"),
            (
                "Launch of a therapy: HETRONIFLY, by Intas Pharmaceuticals, in India, for"
                " Extensive-stage small cell lung cancer"
            ),
        ),
        (
            *("../2025-08-05", None, "2025-08-05"),
            (
                "Licensing agreement: HETRONIFLY, between Intas Pharmaceuticals and Shanghai"
                " Henlius Biotech"
            ),
        ),
    ]
    assert [row["dating"] for row in answer.rows] == ["dated", "only its last day is known"]
    assert [row["precision"] for row in answer.rows] == ["Day", "Not after"]


def test_only_a_beginning_is_known(asking: Asking) -> None:
    rows = ask(asking, "place/chile", kind="initiative").rows
    assert {(row["date"], row["earliest"], row["latest"]) for row in rows} == {
        ("2024/..", "2024-01-01", None)
    }
    assert {row["precision"] for row in rows} == {"Not before"}


def test_places_roll_up_and_not_down(asking: Asking) -> None:
    device = "Approval of a device"
    region = "place/th6287-latin-america"
    whole = {row["event"].iri for row in ask(asking, region).rows}
    own = ask(asking, region, subplaces="false").rows
    assert any(row["sentence"].startswith(device) for row in own)
    brazil = ask(asking, "place/brazil").rows
    assert {row["event"].iri for row in brazil} < whole
    assert {row["event"].iri for row in own} < whole
    # An approval in countries that are not named is not one in Brazil.
    assert not any(row["sentence"].startswith(device) for row in brazil)
    assert not {row["event"].iri for row in own} & {row["event"].iri for row in brazil}


def test_a_group_has_the_events_of_its_members(asking: Asking) -> None:
    assert ask(asking, "agent/gilead-sciences").rows == []
    answer = ask(asking, "agent/gilead-sciences", level="group")
    (site,) = answer.rows
    assert answer.understood["level"] == "group"
    assert (site["date"], site["type"]) == ("2021-12", "Authorisation of a treatment site")
    assert "Kite Pharma" in [one.label for one in site["organisations"]]
    assert ask(asking, "agent/kite-pharma").rows == answer.rows


def test_therapies_and_technologies_have_timelines(asking: Asking) -> None:
    (approval,) = ask(asking, "therapy/amtagvi").rows
    assert (approval["date"], approval["kind"]) == ("2024-02", "regulatory-event")
    results = ask(asking, "therapy/jnj-90014496").rows
    assert len(results) == 2
    assert any(
        "Objective response rate: JNJ-90014496, 100 Percent" in r["sentence"] for r in results
    )
    assert [row["kind"] for row in ask(asking, "technology/echo-nk").rows] == ["launch"]


def test_two_reports_that_date_one_event_differently_both_stand(tmp_path: Path) -> None:
    answer = ask(invented(copied(tmp_path)), "therapy/lumicel", kind="regulatory-event")
    approvals = [row for row in answer.rows if row["event"].iri.endswith("approval-norland")]
    assert [(row["report"].label, row["date"], row["latest"]) for row in approvals] == [
        ("Acme, Brief (2025)", "2024-03", "2024-03-31"),
        ("Acme, Outlook (2024)", "2024-03-05", "2024-03-05"),
    ]
    # What only one report says is not put into the mouth of the other.
    assert [len(row["organisations"]) for row in approvals] == [1, 2]
    assert [row["implied"] for row in approvals] == [("place",), ()]
    assert "1 events are dated differently by different reports." in answer.notes


def test_a_half_entered_source_is_not_yet_recorded(tmp_path: Path) -> None:
    seeds = copied(tmp_path)

    def no(kind: str) -> str:
        answer = ask(invented(seeds), "agent/norland-medicines-board", kind=kind)
        return {one.report.label: one.no for one in answer.completeness}["Acme, Outlook (2024)"]

    assert no("launch") == "not stated"
    manifest = seeds / "acme-outlook" / "source.toml"
    text = manifest.read_text("utf-8")
    complete = "launches = { rows = 1, complete = true }"
    assert complete in text
    manifest.write_text(text.replace(complete, complete.replace("true", "false")), "utf-8")
    assert no("launch") == "not yet recorded"
    assert no("deal") == "not stated"


_DAYS = st.dates(date(2020, 1, 1), date(2027, 1, 1)).map(str)


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    entity=st.sampled_from(PLACES + AGENTS),
    first=st.none() | _DAYS,
    last=st.none() | _DAYS,
    precision=st.sampled_from((4, 7, 10)),
)
def test_a_period_leaves_out_what_cannot_lie_in_it_and_nothing_else(
    asking: Asking, entity: str, first: str | None, last: str | None, precision: int
) -> None:
    period = {
        name: text[:precision]
        for name, text in (("from_", first), ("until", last))
        if text is not None
    }
    start = str(parse_date(period["from_"]).earliest) if "from_" in period else ""
    end = str(parse_date(period["until"]).latest) if "until" in period else "9999"
    if start > end:
        with pytest.raises(InvalidParameter, match="lies before the beginning"):
            ask(asking, entity, **period)
        return
    every = ask(asking, entity).rows
    found = ask(asking, entity, **period).rows
    assert [row["event"] for row in found] == [
        row["event"]
        for row in every
        if (row["latest"] or "9999") >= start and (row["earliest"] or "") <= end
    ]
    for row in found:
        begins = "from_" not in period or (row["earliest"] or "") >= start
        ends = "until" not in period or (row["latest"] or "99999") <= end
        assert row["in_period"] == (begins and ends if period else None)


@pytest.mark.parametrize("entity", PLACES + AGENTS)
def test_order_and_the_query_behind_it(asking: Asking, entity: str) -> None:
    answer = ask(asking, entity)
    assert answer.rows
    keys = [
        (not row["earliest"], row["earliest"] or "", not row["latest"], row["latest"] or "")
        for row in answer.rows
    ]
    assert keys == sorted(keys)
    assert answer.sparql is not None
    asked = [(row["event"], row["report"]) for row in asking.rows(answer.sparql)]
    assert asked == [(row["event"].iri, row["report"].iri) for row in answer.rows]
    assert len(set(asked)) == len(asked)
    assert all(list(row) == [column.name for column in TIMELINE.columns] for row in answer.rows)


def test_kinds_are_those_of_the_vocabulary(asking: Asking) -> None:
    assert set(KINDS.values()) == {
        *("ClinicalResult", "Deal", "Initiative", "Launch", "Milestone", "RegulatoryEvent"),
    }
    by_kind = [len(ask(asking, "place/th6287-latin-america", kind=kind).rows) for kind in KINDS]
    assert sum(by_kind) == len(ask(asking, "place/th6287-latin-america").rows)
    only = ask(
        asking,
        "place/brazil",
        report=f"{DEFAULT_BASE}source/coherent-cellular-immunotherapy",
    )
    assert only.rows == []
    assert [one.report.label for one in only.completeness] == [
        "Coherent, Cellular Immunotherapy (2025)"
    ]
