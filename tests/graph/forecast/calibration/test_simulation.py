from functools import cache

import numpy as np
import pytest

from graph.forecast.calibration.markets import DESIGNS, Design
from graph.forecast.calibration.simulation import GROUPS, SimulationRow, report

_DESIGNS = {design.name: design for design in DESIGNS}


@cache
def _rows(name: str, n: int = 3000, groups: tuple[int, ...] = (4, 8)) -> tuple[SimulationRow, ...]:
    return tuple(report(n, 11, designs=[_DESIGNS[name]], groups=groups))


def _of(name: str, model: str, k: int) -> SimulationRow:
    (row,) = [row for row in _rows(name) if (row.model, row.k) == (model, k)]
    return row


def test_balanced_normal_markets_are_covered_as_stated() -> None:
    """The bar: no sampling variance, k = 3 to 8, within four Monte-Carlo standard errors."""
    n = 20_000
    rows = report(n, 1, designs=[_DESIGNS["balanced"]], models=("R0", "R1"))
    assert [(row.k, row.model) for row in rows] == [(k, m) for k in GROUPS for m in ("R0", "R1")]
    for row in rows:
        assert row.intervals == n
        assert row.claim is not None
        for level, rate in zip(row.levels, row.claim, strict=True):
            # Half a unit of the third decimal more, since rates are rounded.
            assert abs(rate - level) < 4 * np.sqrt(level * (1 - level) / n) + 0.0005


def test_the_bar_would_see_an_interval_without_the_next_publisher() -> None:
    """An interval for the mean is not one for the next claim: the truth is covered far more."""
    row = _of("balanced", "R0", 8)
    assert row.claim is not None
    assert row.truth is not None
    assert row.truth[0] > row.claim[0] + 0.3


def test_r0_and_r1_agree_where_figures_are_balanced() -> None:
    one, other = _of("balanced", "R0", 4), _of("balanced", "R1", 4)
    assert one.claim == other.claim
    assert one.width == other.width


def test_different_horizons_leave_r1_an_interval_and_r0_often_none() -> None:
    one, other = _of("horizons", "R0", 4), _of("horizons", "R1", 4)
    assert one.intervals < 0.5 * one.n
    # All but the few markets whose groups all end in 2024, four years before.
    assert 0.99 * other.n < other.intervals < other.n
    assert other.claim is not None
    assert other.claim == pytest.approx((0.5, 0.8, 0.95), abs=0.03)
    assert other.bias == pytest.approx(0, abs=0.03)


def test_drop_out_by_growth_biases_r0() -> None:
    one, other = _of("informative-horizons", "R0", 8), _of("informative-horizons", "R1", 8)
    assert one.bias is not None
    assert other.bias is not None
    assert one.bias > 0.03
    assert abs(other.bias) < 0.02


def test_copies_that_count_twice_make_intervals_too_narrow() -> None:
    row = _of("copied", "R1", 4)
    plain = _of("balanced", "R1", 4)
    assert (row.k, row.counted, plain.counted) == (4, 8, 4)
    assert row.claim is not None
    assert row.claim[2] < 0.95 - 0.05


def test_mixed_scopes_bias_the_median() -> None:
    row = _of("mixed-scopes", "R1", 8)
    assert row.bias == pytest.approx(-0.27, abs=0.03)


def test_a_common_bias_leaves_the_claim_covered_and_not_the_truth() -> None:
    row = _of("common-bias", "R1", 8)
    assert row.claim is not None
    assert row.truth is not None
    assert row.claim == pytest.approx((0.5, 0.8, 0.95), abs=0.035)
    balanced = _of("balanced", "R1", 8).truth
    assert balanced is not None
    assert balanced[2] > 0.99
    assert row.truth[2] < 0.93
    assert row.truth[0] < balanced[0] - 0.3


def test_borrowing_narrows_intervals_and_unlike_donors_make_them_fail() -> None:
    own, lent = _of("balanced", "R1", 4), _of("balanced", "R1 borrowed", 4)
    assert own.width is not None
    assert lent.width is not None
    assert lent.claim is not None
    assert lent.width[2] < 0.95 * own.width[2]
    assert lent.claim[2] == pytest.approx(0.95, abs=0.03)
    unlike = _of("unlike-donors", "R1 borrowed", 4)
    assert unlike.claim is not None
    assert unlike.claim[1] < lent.claim[1] - 0.05


def test_who_has_enough_groups_borrows_nothing_and_has_no_row() -> None:
    assert [row.model for row in _rows("balanced") if row.k == 8] == ["R0", "R1"]


def test_what_has_no_interval_is_told_and_not_left_out() -> None:
    rows = report(20, 1, designs=[_DESIGNS["single-years"]], groups=(3,))
    (row,) = [row for row in rows if row.model == "R0"]
    assert (row.n, row.intervals) == (20, 0)
    assert {row.claim, row.truth, row.bias, row.width, row.claim_error} == {None}
    assert [r.intervals for r in rows if r.model != "R0"] == [20, 20]


def test_errors_are_those_of_a_rate() -> None:
    row = _of("heavy-tails", "R1", 4)
    assert row.claim is not None
    assert row.claim_error is not None
    expected = np.sqrt(np.array(row.claim) * (1 - np.array(row.claim)) / row.intervals)
    assert row.claim_error == pytest.approx(expected, abs=0.0006)


def test_the_seed_decides_and_one_design_more_changes_no_other() -> None:
    designs = [_DESIGNS["copied"], _DESIGNS["balanced"]]
    both = report(50, 3, designs=designs, groups=(4,))
    assert both == report(50, 3, designs=designs, groups=(4,))
    alone = report(50, 3, designs=designs[1:], groups=(4,))
    assert [row for row in both if row.design == "balanced"] == alone
    assert both != report(50, 4, designs=designs, groups=(4,))


def test_every_design_is_reported_for_every_number_of_groups() -> None:
    rows = report(5, 1)
    told = {(row.design, row.k, row.model) for row in rows}
    assert len(told) == len(rows)
    for design in DESIGNS:
        assert all((design.name, k, model) in told for k in GROUPS for model in ("R0", "R1"))


@pytest.mark.parametrize(("n", "groups"), [(1, (3,)), (5, (1, 3))])
def test_too_few_to_report(n: int, groups: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="at least"):
        report(n, 1, groups=groups)


def test_a_design_of_ones_own() -> None:
    far = Design("far", "Every group means another market.", other_scope=1.0, offset=3.0)
    rows = report(100, 1, designs=[far], groups=(5,), models=("R1",))
    assert rows[0].bias == pytest.approx(-3, abs=0.1)
    assert rows[0].claim is not None
    assert rows[0].claim[0] < 0.05
