"""Entities side by side: each cell is stated, implied, or the right kind of no."""

from collections.abc import Mapping
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from graph.landscape.answers import Answer
from graph.landscape.asking import Asking
from graph.landscape.compare import COMPARE
from graph.landscape.errors import InvalidParameter
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import NAMESPACE, prefixes

SETS = [
    ("agent", ("kite-pharma", "johnson-and-johnson", "jw-therapeutics")),
    ("place", ("brazil", "mexico", "chile")),
    ("therapy", ("yescarta", "jnj-90014496")),
    ("concept", ("car-t-cell-therapy", "nk-cell-therapy")),
    ("concept", ("cancer", "autoimmune-diseases", "infectious-diseases")),
]


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def compare(asking: Asking, kind: str, *slugs: str, level: str = "organisation") -> Answer:
    entities = tuple(f"{DEFAULT_BASE}id/{kind}/{slug}" for slug in slugs)
    return COMPARE.run(asking, {"entities": entities, "level": level})


def row(answer: Answer, aspect: str, label: str) -> Mapping[str, Any]:
    return next(r for r in answer.rows if (r["aspect"], r["value"].label) == (aspect, label))


def cells(answer: Answer, aspect: str, label: str) -> list[str | None]:
    found = row(answer, aspect, label)
    return [found[c.name] for c in answer.columns if c.name.startswith("entity_")]


def test_companies_side_by_side(asking: Asking) -> None:
    answer = compare(asking, "agent", "kite-pharma", "johnson-and-johnson", "jw-therapeutics")
    titles = [c.title for c in answer.columns if c.name.startswith("entity_")]
    assert titles == ["Kite Pharma", "Johnson & Johnson", "JW Therapeutics"]
    assert cells(answer, "therapy type", "CAR T-cell therapy") == ["stated"] * 3
    assert cells(answer, "place", "Japan") == ["implied", "not stated", "not stated"]
    # What is in the United States is in North America, but is not told of it.
    assert cells(answer, "place", "North America") == [
        "implied",
        "stated (United States)",
        "not stated",
    ]
    assert row(answer, "place", "North America")["shared_by"] == 1


def test_an_event_is_of_those_it_names(asking: Asking) -> None:
    answer = compare(asking, "agent", "kite-pharma", "johnson-and-johnson")
    events = [r for r in answer.rows if r["aspect"] == "event"]
    assert len(events) == 3
    assert all({r["entity_1"], r["entity_2"]} == {"stated", None} for r in events)


def test_a_part_of_a_place_counts_for_it_but_its_figures_do_not(asking: Asking) -> None:
    answer = compare(asking, "place", "latin-america", "brazil")
    assert cells(answer, "player", "Celluris") == ["stated", "stated"]
    assert cells(answer, "player", "INMEGEN") == ["stated", "not stated"]
    share = "Brazil, share of Latin America cell and gene therapy market: 38 Percent, 2024"
    assert cells(answer, "figure", share) == [None, "stated"]
    value = "Latin America cell and gene therapy market, 2024: 3.72 US dollars, billion"
    assert cells(answer, "figure", value) == ["stated", None]


def test_groups_are_compared_as_one(asking: Asking) -> None:
    answer = compare(asking, "agent", "kite-pharma", "johnson-and-johnson", level="group")
    assert [c.title for c in answer.columns][2:4] == ["Gilead Sciences", "Johnson & Johnson"]
    assert answer.understood["level"] == "group"
    assert cells(answer, "therapy", "YESCARTA") == ["stated", "not stated"]


@pytest.mark.parametrize(("kind", "slugs"), SETS)
@pytest.mark.parametrize("level", ["organisation", "group"])
def test_sparql_gives_the_same_rows(
    asking: Asking, kind: str, slugs: tuple[str, ...], level: str
) -> None:
    answer = compare(asking, kind, *slugs, level=level)
    assert answer.sparql
    rows = [(str(r["aspect"]), str(r["value"]), r["sharedBy"]) for r in asking.rows(answer.sparql)]
    assert sorted(rows) == sorted(
        (r["aspect"], r["value"].iri, r["shared_by"]) for r in answer.rows
    )
    assert len(rows) > 5


@pytest.mark.parametrize(("kind", "slugs"), SETS)
def test_every_row_is_told_of_one_and_has_evidence(
    asking: Asking, kind: str, slugs: tuple[str, ...]
) -> None:
    answer = compare(asking, kind, *slugs)
    for r in answer.rows:
        told = [r[f"entity_{n}"] for n in range(1, len(slugs) + 1)]
        assert sum(cell in ("stated", "implied") for cell in told) == r["shared_by"] >= 1
        assert r["evidence"]
        if "stated" not in told:
            assert {one.tie for one in r["evidence"]} == {"implied"}


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        (("agent/kite-pharma",), "1 different"),
        (("agent/kite-pharma", "agent/kite-pharma"), "1 different"),
        (("agent/kite-pharma", "place/brazil"), "several kinds"),
        (("event/ash-annual-meeting", "event/ebmt-congress"), "is none of"),
        (tuple(f"place/p{n}" for n in range(6)), "6 different"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    asking: Asking, entities: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(InvalidParameter, match=reason):
        COMPARE.run(
            asking,
            {"entities": tuple(f"{DEFAULT_BASE}id/{e}" for e in entities), "level": "organisation"},
        )


def test_two_of_one_group_are_no_two_groups(asking: Asking) -> None:
    with pytest.raises(InvalidParameter, match="1 different groups"):
        compare(asking, "agent", "kite-pharma", "gilead-sciences", level="group")


def test_a_half_read_report_makes_silence_not_yet_recorded(landscape_store: Store) -> None:
    half = Store()
    half.extend(
        quad
        for quad in landscape_store
        if not (
            quad.predicate == NamedNode(f"{NAMESPACE}readCompletelyFor")
            and quad.object == NamedNode(f"{NAMESPACE}TherapyProfile")
        )
    )
    asking = Asking(EmbeddedEngine(half, prefixes()), DEFAULT_BASE)
    answer = compare(asking, "therapy", "yescarta", "jnj-90014496")
    assert cells(answer, "population", "First-line") == ["not yet recorded", "stated"]
    assert {one.no for one in answer.completeness} == {"not yet recorded"}
