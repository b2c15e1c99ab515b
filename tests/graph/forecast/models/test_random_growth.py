from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.forecast.models.heterogeneity import Method
from graph.forecast.models.paths import Floats
from graph.forecast.models.random_growth import (
    ALL,
    NONE,
    SOME,
    Estimates,
    Prediction,
    Priors,
    estimate,
    predict,
    priors,
)
from graph.forecast.models.reference import reference
from graph.forecast.models.student import quantile
from tests.examples import examples

NAN = np.nan
METHODS: tuple[Method, ...] = ("reml", "dersimonian-laird", "paule-mandel")
YEARS = np.arange(2020, 2031)
SMALL = 1e-9  # a variance of rounding


def _lines(seed: int, groups: int, markets: int = 1) -> Floats:
    """Whole lines: (markets, groups, 11)."""
    random = np.random.default_rng(seed)
    level = random.normal(3, 0.4, (markets, groups, 1))
    growth = random.normal(0.15, 0.03, (markets, groups, 1))
    return np.asarray(level + growth * (YEARS - 2020))


def _printed(seed: int, markets: int = 40, groups: int = 7, part: float = 0.35) -> Floats:
    random = np.random.default_rng(seed)
    logs = _lines(seed, groups, markets) + random.normal(0, 0.02, (markets, groups, 11))
    logs[random.random(logs.shape) > part] = NAN
    return logs


def _estimated(logs: Any, **settings: Any) -> Estimates:
    figures = np.asarray(logs, np.float64)
    years = settings.pop("years", YEARS[: figures.shape[-1]])
    v = settings.pop("v", SMALL)
    return estimate(figures, np.full(figures.shape, v), years, **settings)


def _same(one: Prediction, other: Prediction, rel: float = 1e-9, unit: float = 1.0) -> None:
    for name in ("median", "lower", "upper"):
        expected = getattr(one, name) * unit
        assert getattr(other, name) == pytest.approx(expected, rel=rel, nan_ok=True), name
    for name in ("k", "k_growth", "within", "extrapolated", "borrowed", "freedom", "last"):
        assert np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True), name


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("groups", [3, 4, 8])
def test_balanced_figures_give_the_reference_over_prolonged_lines(
    method: Method, groups: int
) -> None:
    whole = _lines(groups, groups, markets=20)
    printed = np.full_like(whole, NAN)
    printed[..., [1, 4, 7]] = whole[..., [1, 4, 7]]
    at = np.arange(2021, 2030)
    one = reference(whole, YEARS, at)
    other = predict(_estimated(printed, method=method), at)
    assert not np.isnan(other.lower).any()
    for name in ("median", "lower", "upper"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), rel=1e-9)
    assert other.extrapolated[0].tolist() == [NONE] * 7 + [ALL] * 2


def test_by_hand() -> None:
    # Levels 1, 2, 3 in 2021, growths 0.1, 0.2, 0.0: s_a = 1, s_b = 0.1, r = -0.5
    logs = [[0.9, 1.0, 1.1], [1.8, 2.0, 2.2], [3.0, 3.0, 3.0]]
    found = predict(_estimated(logs), levels=[0.95], beyond=1)
    assert found.years.tolist() == [2020, 2021, 2022, 2023]
    assert np.log(found.median) == pytest.approx([1.9, 2.0, 2.1, 2.2], rel=1e-12)
    variance = np.array([4 / 3 * (1 + 2 * d * -0.5 * 0.1 + d * d * 0.01) for d in (-1, 0, 1, 2)])
    half = 4.302652729911275 * np.sqrt(variance)
    assert np.log(found.upper[0] / found.median) == pytest.approx(half, rel=1e-6)
    assert found.correlation == pytest.approx(-0.5)
    assert found.freedom == 2
    assert found.reference_year == 2021
    assert found.k == found.k_growth == 3
    assert not found.borrowed
    assert found.level_variance == pytest.approx(4 / 3, rel=1e-6)
    assert found.growth_variance == pytest.approx(0.04 / 3, rel=1e-6)


def test_nothing_jumps_where_the_figures_of_a_group_end() -> None:
    logs = _lines(5, 5)
    logs[0, 0, 3:] = NAN  # one ends in 2022, one in 2026, two begin later
    logs[0, 1, 7:] = NAN
    logs[0, 2, :4] = NAN
    logs[0, 3, :6] = NAN
    found = predict(_estimated(logs), beyond=4)
    assert found.within[0].tolist() == [3, 3, 3, 2, 3, 3, 4, 3, 3, 3, 3, 0, 0, 0, 0]
    assert found.extrapolated[0].tolist() == [SOME] * 11 + [ALL] * 4
    median = np.log(found.median[0])
    assert np.diff(median, 2) == pytest.approx(np.zeros(13), abs=1e-12)
    # Half the width squared is a quadratic in the year, so its third differences vanish.
    for level in range(3):
        width = np.log(found.upper[level, 0]) - median
        assert np.diff(width**2, 3) == pytest.approx(np.zeros(12), abs=1e-10)
        assert median - np.log(found.lower[level, 0]) == pytest.approx(width, rel=1e-9)


def test_a_single_figure_changes_the_level_only() -> None:
    logs = _lines(6, 5)
    more = np.concatenate([logs, np.full((1, 1, 11), NAN)], axis=1)
    more[0, 5, 9] = 6.0
    one, other = _estimated(logs), _estimated(more)
    for name in ("k", "mean", "mean_variance", "tau_squared", "next_variance"):
        assert np.array_equal(getattr(one.growth, name), getattr(other.growth, name)), name
    assert other.level.k == 6
    first, second = predict(one), predict(other)
    assert second.growth_mean == first.growth_mean
    assert second.growth_variance == first.growth_variance
    assert second.correlation == first.correlation
    assert second.freedom == first.freedom
    assert second.reference_year == first.reference_year == 2025
    # Its level is counted back to 2025 with the pooled growth.
    brought = 6.0 - 4 * one.growth.mean[0]
    levels = [*logs[0, :, 5], brought]
    assert other.level.mean == pytest.approx(np.mean(levels), rel=1e-3)
    assert other.level.mean > one.level.mean


def test_a_single_figure_is_less_sure_the_further_away_it_is() -> None:
    logs = np.full((1, 3, 11), NAN)
    logs[0, :2, ::5] = [[1.0, 2.0, 3.0], [1.1, 2.4, 3.7]]
    logs[0, 2, 10] = 4.0
    own = _estimated(logs)
    b = own.growth
    # s² = (0.26 - 0.2)²/2; the other two lie at 2.0 and 2.4 in 2025
    assert b.tau_squared == pytest.approx(0.0018, rel=1e-5)
    v = SMALL + (b.tau_squared + b.mean_variance) * 25
    brought = 4.0 - 5 * b.mean
    w = 1 / (np.array([SMALL / 3, SMALL / 3, v[0]]) + own.level.tau_squared)
    expected = (w * [2.0, 2.4, brought[0]]).sum() / w.sum()
    assert own.level.mean == pytest.approx(expected, rel=1e-9)
    # The next figure is rounded; that it would be a single one far away is not to be expected.
    next_ = own.level.tau_squared + SMALL / 3
    assert own.level.next_variance == pytest.approx(next_, rel=1e-9)


@settings(max_examples=examples(20))
@given(st.permutations(range(7)))
def test_the_order_of_groups_does_not_matter(order: list[int]) -> None:
    logs = _printed(7)
    lent = priors(_estimated(logs), few=3)
    _same(
        predict(_estimated(logs), priors=lent, few=3),
        predict(_estimated(logs[:, order]), priors=lent, few=3),
    )


@settings(max_examples=examples(20))
@given(st.floats(1e-3, 1e6))
def test_a_unit_scales_the_band(unit: float) -> None:
    logs = _printed(8)
    one, other = _estimated(logs), _estimated(logs + np.log(unit))
    _same(predict(one, YEARS), predict(other, YEARS), rel=1e-7, unit=unit)


@pytest.mark.parametrize("method", METHODS)
def test_absent_groups_and_other_markets_change_no_bit(method: Method) -> None:
    logs = _printed(9)
    gap = np.full((40, 2, 11), NAN)
    more = np.concatenate([gap, logs, gap], axis=1)
    one = predict(_estimated(logs, method=method), YEARS)
    other = predict(_estimated(more, method=method), YEARS)
    assert np.array_equal(one.upper, other.upper, equal_nan=True)
    assert np.array_equal(one.median, other.median, equal_nan=True)
    for market in range(0, 40, 7):
        alone = predict(_estimated(logs[market], method=method), YEARS)
        assert np.array_equal(alone.lower, one.lower[:, market], equal_nan=True)


def test_without_growth_there_is_no_forecast() -> None:
    logs = np.full((2, 3, 11), NAN)
    logs[0, :, 4] = [1.0, 2.0, 3.0]
    found = predict(_estimated(logs), YEARS, priors=Priors(0.1, 0.01, 9))
    for part in (found.median, found.lower, found.upper, found.last, found.freedom):
        assert np.isnan(part).all()
    assert (found.k == 0).all()
    assert not found.borrowed.any()
    assert not found.within.any()
    assert predict(_estimated(logs)).years.shape == (0,)


def test_one_growth_has_a_median_only_unless_it_borrows() -> None:
    logs = np.full((1, 2, 11), NAN)
    logs[0, 0, [0, 4]] = [1.0, 1.8]
    own = _estimated(logs)
    lent = Priors(0.09, 0.0004, 6)
    for alone in (predict(own), predict(own, priors=lent, prior_weight=0)):
        assert np.log(alone.median[0]) == pytest.approx(1.0 + 0.2 * np.arange(7))
        assert np.isnan(alone.upper).all()
        assert not alone.borrowed.any()
    found = predict(own, priors=lent, levels=[0.8])
    assert found.borrowed.all()
    assert found.freedom == 4
    assert found.level_variance == pytest.approx(0.18)
    assert found.growth_variance == pytest.approx(0.0008)
    d = np.arange(2020, 2027) - 2022
    half = float(quantile(0.9, 4)) * np.sqrt(0.18 + 0.0008 * d * d)
    assert np.log(found.upper[0, 0] / found.median[0]) == pytest.approx(half, rel=1e-12)


def test_borrowed_variances_are_weighed_by_their_degrees_of_freedom() -> None:
    logs = [[0.9, 1.0, 1.1], [1.8, 2.0, 2.2], [3.0, 3.0, 3.0]]  # as above: 1, 0.01, -0.5
    found = predict(_estimated(logs), priors=Priors(4.0, 0.09, 5), prior_weight=1.5)
    assert found.level_variance == pytest.approx((2 * 1 + 1.5 * 4) / 3.5 * 4 / 3, rel=1e-6)
    assert found.growth_variance == pytest.approx((2 * 0.01 + 1.5 * 0.09) / 3.5 * 4 / 3, rel=1e-6)
    assert found.freedom == 3.5
    assert found.correlation == pytest.approx(-0.5 * 2 / 3.5)
    assert found.borrowed


def test_lenders_are_the_well_covered_and_borrowers_the_others() -> None:
    logs = _printed(10)
    own = _estimated(logs)
    lent = priors(own, few=6)
    donors = own.growth.k >= 6
    assert lent is not None
    assert 3 < lent.donors == donors.sum() < 40
    assert lent.level == pytest.approx(own.level.next_variance[donors].mean(), rel=1e-12)
    assert lent.growth == pytest.approx(own.growth.next_variance[donors].mean(), rel=1e-12)
    found = predict(own, priors=lent, few=6)
    assert np.array_equal(found.borrowed, (own.growth.k >= 1) & ~donors)
    plain = predict(own, few=6)
    assert np.array_equal(found.median, plain.median, equal_nan=True)
    assert np.array_equal(found.upper[:, donors], plain.upper[:, donors], equal_nan=True)
    assert priors(own, few=8) is None
    order = np.random.default_rng(1).permutation(40)
    assert priors(_estimated(logs[order]), few=6) == lent


def test_equal_growths_have_no_correlation() -> None:
    # Growths that differ in their last bits only would have any.
    logs = np.log(np.outer([1.0, 1.7, 2.9, 3.3], 1.1 ** np.arange(11)))[None]
    own = _estimated(logs)
    assert own.correlation == 0
    assert _estimated(_lines(1, 2)).correlation == 0


def test_years_beyond_the_horizon_are_empty() -> None:
    logs = _lines(3, 4)
    logs[..., :2] = NAN
    logs[..., 8:] = NAN
    found = predict(_estimated(logs), np.arange(2018, 2035), beyond=3)
    there = ~np.isnan(found.median[0])
    assert found.years[there].tolist() == list(range(2022, 2031))
    assert np.array_equal(there, ~np.isnan(found.upper[0, 0]))


@settings(max_examples=examples(50))
@given(st.integers(0, 2**32 - 1), st.sampled_from(METHODS), st.floats(0, 9))
def test_bounds_keep_their_order(seed: int, method: Method, weight: float) -> None:
    random = np.random.default_rng(seed)
    logs = random.normal(0, 10.0 ** random.uniform(-6, 1), (5, 4, 6))
    logs[random.random(logs.shape) < 0.4] = NAN
    v = 10.0 ** random.uniform(-12, 0, logs.shape) * (random.random(logs.shape) < 0.9)
    own = estimate(logs, v, YEARS[:6], method=method)
    found = predict(own, YEARS, priors=Priors(0.1, 0.01, 5), prior_weight=weight)
    chain = np.concatenate([found.lower[::-1], found.median[None], found.upper])
    assert not (chain[1:] < chain[:-1]).any()
    assert (found.extrapolated[found.within == 0] == ALL).all()
    if weight > 0:
        assert np.array_equal(np.isnan(found.upper[0]), np.isnan(found.median))


@pytest.mark.parametrize(
    "wrong",
    [{"prior_weight": -1}, {"prior_weight": NAN}, {"beyond": -1}, {"few": 1}, {"levels": [2]}],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"below zero|no variance to lend|between 0 and 1"):
        predict(_estimated(_lines(1, 3)), **wrong)
