from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from graph.forecast.calibration.leave_out import Figures, Settings, leave_out
from graph.forecast.calibration.scores import crps_student, interval_score
from graph.forecast.calibration.trials import (
    BY_CONSTRUCTION,
    MODELS,
    LeftOutTrials,
    Trial,
    summarise,
)
from tests.examples import examples

_NAN = float("nan")
_YEARS = np.array([2020, 2025, 2030])


def _market(*logs: Sequence[float], name: str = "cells", variance: float = 0.0) -> Figures:
    array = np.array(logs, dtype=np.float64)
    groups = tuple("abcdefgh"[: len(logs)])
    return Figures(name, groups, _YEARS, array, np.where(np.isnan(array), np.nan, variance))


_FOUR = _market(
    [1.0, _NAN, 2.0], [1.2, _NAN, 2.6], [0.7, 1.4, 1.9], [1.1, _NAN, 2.1], variance=1e-9
)


def _of(found: LeftOutTrials, model: str, group: str, level: float = 0.8) -> list[Trial]:
    return [
        trial
        for trial in found.trials
        if (trial.model, trial.group, trial.level) == (model, group, level)
    ]


def test_r0_by_hand() -> None:
    found = leave_out([_FOUR])
    first, last = _of(found, "R0", "a")
    assert (first.which, first.year, last.which, last.year) == ("first", 2020, "last", 2030)
    rest = np.array([1.2, 0.7, 1.1])
    scale = rest.std(ddof=1) * np.sqrt(4 / 3)
    half = scale * stats.t(2).ppf(0.9)
    assert first.k == 3
    assert first.inside == 1
    assert first.width == pytest.approx(2 * half)
    assert first.crps == pytest.approx(crps_student(1.0, scale, 2, 1.0))
    assert first.score == pytest.approx(2 * half)


def test_another_path_and_the_factor_by_hand() -> None:
    found = leave_out([_FOUR], Settings(levels=(0.2, 0.8)))
    rest = np.array([1.2, 0.7, 1.1])
    # The line of c: 0.7, 1.4, 1.9 has the mean 4/3 and a slope of 0.12 a year, so 0.7333 in 2020.
    rest[1] = 4 / 3 - 5 * 0.12
    half = rest.std(ddof=1) * np.sqrt(2) * stats.t(2).ppf(0.6)
    path = _of(found, "another-path", "a", 0.2)[0]
    assert path.inside == pytest.approx(np.mean(np.abs(rest - 1.0) <= half))
    assert 0 < path.inside < 1
    assert path.score == pytest.approx(np.mean(interval_score(rest - half, rest + half, 1.0, 0.2)))
    factor = _of(found, "median-by-factor", "a")[0]
    assert factor.width == pytest.approx(2 * np.log(2))
    assert factor.inside == 1
    assert factor.crps == pytest.approx(
        crps_student(1.1, np.log(2) / stats.norm.ppf(0.9), np.inf, 1.0)
    )


def test_one_trial_for_each_group_however_many_values_it_prints() -> None:
    found = leave_out([_FOUR])
    assert found.n == 4
    for row in summarise(found.trials):
        assert row.n == 4
        assert row.inside <= 4
    assert {trial.model for trial in found.trials} == set(MODELS)
    assert {trial.year for trial in found.trials if trial.group == "c"} == {2020, 2030}
    assert not found.omissions
    assert found.statement == BY_CONSTRUCTION
    assert "by construction" in BY_CONSTRUCTION


def test_what_is_left_out_does_not_count() -> None:
    """Another value of the group that is left out changes its scores, and no width."""
    other = _FOUR.logs.copy()
    other[0] = [5.0, _NAN, 9.0]
    one, two = leave_out([_FOUR]), leave_out([replace(_FOUR, logs=other)])
    for model in MODELS:
        for before, after in zip(_of(one, model, "a"), _of(two, model, "a"), strict=True):
            assert after.width == before.width
            assert after.crps > before.crps
            assert after.inside == 0


def test_a_market_with_two_groups_has_no_trial() -> None:
    found = leave_out([_market([1.0, _NAN, 2.0], [1.2, _NAN, 2.6])])
    assert found.n == 0
    assert [omission.reason for omission in found.omissions] == [
        "fewer than two groups remain without it (1)"
    ] * 2


def test_a_group_without_a_figure_is_told() -> None:
    found = leave_out([_market([_NAN] * 3, *_FOUR.logs.tolist())])
    assert found.n == 4
    assert [(o.group, o.model) for o in found.omissions] == [("a", None)]


def test_models_that_cannot_forecast_say_why() -> None:
    early = [0.9, 1.2, _NAN]
    found = leave_out([_market(early, [_NAN, 1.0, 2.0], [_NAN, 1.2, 2.6], [_NAN, 1.1, 2.2])])
    reasons = {(o.model, o.year): o.reason for o in found.omissions if o.group == "a"}
    assert "0 paths of the rest cover 2020" in reasons["R0", 2020]
    assert "out of its horizon" in reasons["R1", 2020]
    assert len(_of(found, "another-path", "a")) == 2
    # Of the rest of another group, two paths cover 2030.
    others = {(o.model, o.year): o.reason for o in found.omissions if o.group == "b"}
    assert "2 paths of the rest cover 2030" in others["R0", 2030]
    assert [trial.which for trial in _of(found, "R1", "b")] == ["first", "last"]


def test_a_group_with_one_year_is_tried_once() -> None:
    found = leave_out([_market([_NAN, 1.5, _NAN], *_FOUR.logs.tolist())])
    assert [trial.which for trial in _of(found, "R1", "a")] == ["only"]
    only = [row for row in summarise(found.trials) if row.which == "only"]
    assert {row.n for row in only} == {1}


def test_shared_trials_are_those_of_all_models() -> None:
    early = [0.9, 1.2, _NAN]
    market = _market(early, [_NAN, 1.0, 2.0], [_NAN, 1.2, 2.6], [_NAN, 1.1, 2.2])
    rows = summarise(leave_out([market]).trials, shared=True)
    assert rows
    for which in ("first", "last"):
        counts = {row.model: row.n for row in rows if row.which == which}
        assert len(set(counts.values())) <= 1
    assert all(row.shared for row in rows)


def test_r1_borrows_from_other_markets_and_never_from_itself() -> None:
    logs = [[0.1 * n, _NAN, 1.0 + 0.1 * (n % 3)] for n in range(6)]
    donor, wide = _market(*logs, name="donor"), _market(*(3 * np.array(logs)), name="wide")
    alone = leave_out([_FOUR])
    assert not any(trial.borrowed for trial in alone.trials)
    # Five of six remain, so nothing is borrowed with `few` at 5; at 6 the donor itself is few.
    both = leave_out([_FOUR, donor])
    assert all(t.borrowed for t in both.trials if t.market == "cells" and t.model == "R1")
    assert not any(trial.borrowed for trial in both.trials if trial.market == "donor")
    at_six = leave_out([donor], Settings(few=6))
    assert not any(trial.borrowed for trial in at_six.trials)
    of_other = leave_out([donor, wide], Settings(few=6))
    assert all(t.borrowed for t in of_other.trials if t.model == "R1")
    swapped = [t for t in of_other.trials if t.market == "donor" and t.model == "R1"]
    own = [t for t in at_six.trials if t.model == "R1"]
    # The donor borrows from a market three times as wide, and 2.5 degrees more narrow it less.
    assert np.mean([t.crps for t in swapped]) > np.mean([t.crps for t in own])


def test_without_prior_weight_nothing_is_borrowed() -> None:
    logs = [[0.1 * n, _NAN, 1.0 + 0.1 * (n % 3)] for n in range(6)]
    both = leave_out([_FOUR, _market(*logs, name="donor")], Settings(prior_weight=0.0))
    own = leave_out([_FOUR])
    assert [t for t in both.trials if t.market == "cells"] == list(own.trials)


@given(st.lists(st.tuples(st.floats(-2, 2), st.floats(-2, 4)), min_size=4, max_size=6))
@settings(max_examples=examples(15), deadline=None)
def test_another_unit_changes_no_score(values: list[tuple[float, float]]) -> None:
    one = _market(*([first, _NAN, last] for first, last in values))
    other = replace(one, logs=one.logs + np.log(1000.0))
    for before, after in zip(leave_out([one]).trials, leave_out([other]).trials, strict=True):
        assert after.width == pytest.approx(before.width, abs=1e-6)
        assert after.crps == pytest.approx(before.crps, abs=1e-6)


def test_balanced_markets_score_alike_by_r0_and_r1() -> None:
    """Each group on its own two years, rounded alike: then the two models are one."""
    market = _market([1.0, _NAN, 2.0], [1.2, _NAN, 2.6], [0.7, _NAN, 1.9], [1.1, _NAN, 2.1])
    found = leave_out([market])
    for group in "abcd":
        for one, other in zip(_of(found, "R0", group), _of(found, "R1", group), strict=True):
            assert other.crps == pytest.approx(one.crps, rel=1e-9)
            assert other.score == pytest.approx(one.score, rel=1e-9)
