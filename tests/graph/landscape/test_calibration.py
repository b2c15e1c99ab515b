"""Calibration as tables: left-out groups, later claims, and simulated markets."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from pyoxigraph import Quad, Store

from graph.figures.model import Published
from graph.figures.stored import read_published, selecting
from graph.forecast.calibration import results as calibration
from graph.forecast.calibration.revisions import NOTE
from graph.forecast.calibration.trials import BY_CONSTRUCTION, LeftOutTrials, summarise
from graph.forecast.choices import Choices
from graph.forecast.selection import select
from graph.landscape.answers import Answer
from graph.landscape.asking import Asking
from graph.landscape.calibration import CALIBRATION, NOTHING, REVISIONS, SIMULATED
from graph.landscape.catalogue import QUESTIONS
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE, Iris
from ontology.vocabulary import prefixes
from tests.graph.landscape.asked import ask

IMMUNO = "id/market/global-cellular-immunotherapy-market"
LATIN = "id/market/latin-america-cell-and-gene-therapy-market"


def _over(store: Store) -> Asking:
    return Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)


def _without_forecasts(store: Store) -> Store:
    graph = Iris().graph("forecasts")
    left = set(store.quads_for_pattern(None, None, None, graph))
    bare = {(q.subject, q.predicate, q.object) for q in left}
    rest = Store()
    rest.bulk_extend(
        q for q in store if q not in left and (q.subject, q.predicate, q.object) not in bare
    )
    return rest


@pytest.fixture(scope="module")
def published(landscape_store: Store) -> Published:
    return read_published(selecting(landscape_store, Iris()))


@pytest.fixture(scope="module")
def asking(landscape_store: Store, published: Published) -> Asking:
    store = _without_forecasts(landscape_store)
    quads = list(calibration.statements(published, Iris()))
    store.bulk_extend(quads)
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
    return _over(store)


@pytest.fixture(scope="module")
def trials(published: Published) -> LeftOutTrials:
    return calibration.left_out(select(published, Choices()), Choices())


def _rows(answer: Answer, **told: Any) -> list[Mapping[str, Any]]:
    return [row for row in answer.rows if all(row[name] == told[name] for name in told)]


def test_the_catalogue_has_all_three() -> None:
    names = [question.name for question in QUESTIONS]
    assert {"calibration", "revisions", "simulation"} <= set(names)


@pytest.mark.parametrize("level", ["50", "80", "95"])
@pytest.mark.parametrize("shared", [True, False])
def test_summaries_are_those_of_the_trials(
    asking: Asking, trials: LeftOutTrials, level: str, shared: bool
) -> None:
    answer = ask(asking, CALIBRATION, {"level": level, "trials": "shared" if shared else "all"})
    found = {
        (row["model"], row["which"]): (row["n"], row["inside"], row["crps"])
        for row in _rows(answer, market=None)
    }
    expected = {
        (one.model, one.which): (one.n, one.inside, one.crps)
        for one in summarise(trials.trials, shared=shared)
        if one.level == int(level) / 100
    }
    assert found.keys() == expected.keys()
    for key, (n, inside, crps) in expected.items():
        assert found[key][0] == n
        assert [float(one) for one in found[key][1:]] == pytest.approx([inside, crps], rel=1e-5)
    assert answer.notes[0] == BY_CONSTRUCTION
    assert {row["level"] for row in answer.rows} == {Decimal(level) / 100}


def test_markets_by_themselves_add_up_to_all_together(asking: Asking) -> None:
    answer = ask(asking, CALIBRATION, {"trials": "all"})
    together = _rows(answer, market=None)
    assert len(together) < len(answer.rows)
    for row in together:
        same = [
            one
            for one in answer.rows
            if one["market"] and (one["model"], one["which"]) == (row["model"], row["which"])
        ]
        assert sum(one["n"] for one in same) == row["n"]
        assert float(sum(one["inside"] for one in same)) == pytest.approx(
            float(row["inside"]), rel=1e-5
        )


def test_single_trials_name_group_year_and_k(asking: Asking, trials: LeftOutTrials) -> None:
    given = {"trials": "single", "market": IMMUNO, "model": "R1", "level": "80"}
    answer = ask(asking, CALIBRATION, given)
    expected = {
        (trial.group, trial.year): (trial.k, trial.borrowed, trial.inside)
        for trial in trials.trials
        if (trial.market, trial.model, trial.level) == (DEFAULT_BASE + IMMUNO, "R1", 0.8)
    }
    assert {
        (row["group"].iri, row["year"]): (row["k"], row["borrowed"], float(row["inside"]))
        for row in answer.rows
    } == expected
    assert len(expected) > 5
    assert {row["group"].type for row in answer.rows} == {"agent"}
    assert {row["n"] for row in answer.rows} == {None}


def test_a_market_without_trials_says_so(asking: Asking) -> None:
    answer = ask(asking, CALIBRATION, {"market": LATIN})
    assert answer.rows == []
    assert answer.notes[:2] == (NOTHING, BY_CONSTRUCTION)
    assert any("Latin America" in note and "fewer than two" in note for note in answer.notes)


def test_revisions_are_the_cases(asking: Asking, published: Published) -> None:
    answer = ask(asking, REVISIONS)
    cases = calibration.revised(published).cases
    assert len(answer.rows) == len(cases) > 3
    ratios = sorted(float(row["ratio"]) for row in answer.rows)
    assert ratios == pytest.approx(sorted(case.ratio for case in cases), rel=1e-5)
    assert answer.notes[0] == NOTE
    # By hand: Kalorama's 5.193 of 2022 for 2021, and 6.58 in the report of 2023.
    (row,) = _rows(answer, year=2021, older_edition="2022-03-07")
    assert (row["said"], row["printed"]) == (Decimal("5.193"), Decimal("6.58"))
    assert row["ratio"] == Decimal("1.26709")
    assert (row["whose"], row["interpolated"]) == ("other", False)
    assert row["later_edition"] == "2023-02-13"
    own, other = (ask(asking, REVISIONS, {"whose": whose}).rows for whose in ("own", "other"))
    assert len(own) + len(other) == len(cases)
    assert not ask(asking, REVISIONS, {"market": LATIN}).rows


def test_simulation_by_design_model_and_k(asking: Asking) -> None:
    answer = ask(asking, SIMULATED, {"level": "95"})
    rows = calibration.simulated()
    assert len(answer.rows) == len(rows)
    for row in rows:
        (found,) = _rows(
            answer,
            design=row.design,
            model=row.model.partition(" ")[0],
            borrowed=row.model == "R1 borrowed",
            k=row.k,
        )
        claim = None if row.claim is None else row.claim[2]
        assert (None if found["claim"] is None else float(found["claim"])) == claim
        assert found["fails"] == sorted(calibration.failures(row)[2])
        assert (found["n"], found["intervals"]) == (row.n, row.intervals)
    some = ask(asking, SIMULATED, {"design": "copied", "model": "R0", "k": "3"}).rows
    assert [(row["design"], row["k"], row["counted"], row["fails"]) for row in some] == [
        ("copied", 3, 6, ["claims"])
    ]


def test_only_where_intervals_fail(asking: Asking) -> None:
    every, failing = (ask(asking, SIMULATED, {"failing": told}).rows for told in ("false", "true"))
    assert failing == [row for row in every if row["fails"]]
    assert {row["design"] for row in failing} >= {"copied", "mixed-scopes", "common-bias"}


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("calibration", {}),
        ("calibration", {"trials": "single", "market": IMMUNO}),
        ("calibration", {"trials": "all", "model": "another-path", "level": "50"}),
        ("revisions", {}),
        ("revisions", {"whose": "other"}),
        ("simulation", {}),
        ("simulation", {"failing": "true", "k": "8"}),
    ],
)
def test_the_query_has_the_same_rows(asking: Asking, name: str, given: dict[str, str]) -> None:
    (question,) = (one for one in QUESTIONS if one.name == name)
    answer = ask(asking, question, given)
    assert answer.sparql
    rows = asking.rows(answer.sparql)
    assert len(rows) == len(answer.rows) > 0
    number = {"calibration": "width", "revisions": "ratio", "simulation": "truth"}[name]
    assert [row.get(number) for row in rows] == [row[number] for row in answer.rows]
    assert {column.name for column in answer.columns} == set(answer.rows[0])


def test_a_release_without_forecasts_says_so(landscape_store: Store) -> None:
    bare = _over(_without_forecasts(landscape_store))
    for question in (CALIBRATION, REVISIONS, SIMULATED):
        answer = ask(bare, question)
        assert (answer.rows, answer.notes) == ([], (NOTHING,))
