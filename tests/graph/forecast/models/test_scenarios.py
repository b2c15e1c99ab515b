import dataclasses
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graph.forecast.models.paths import Floats
from graph.forecast.models.random_growth import estimate, predict
from graph.forecast.models.scenarios import Scenario, applied, capped, curve, damped, limited

YEARS = np.arange(2024, 2032)
LAST = 2027
growths = st.lists(st.floats(-0.6, 0.6), min_size=7, max_size=7)
scenarios = st.builds(
    Scenario,
    damping=st.floats(0.05, 1),
    cap=st.none() | st.floats(-20, 80),
    ceiling=st.none() | st.floats(0.5, 50),
)


def _curve(start: float, growth: list[float]) -> Floats:
    return np.asarray(start * np.exp(np.cumsum([0.0, *growth])))


def test_damping_by_hand() -> None:
    found = damped([1.0, 2.0, 4.0, 8.0], [2020, 2021, 2022, 2023], 2021, 0.5)
    assert found == pytest.approx([1, 2, 2 * 2**0.5, 2 * 2**0.75])


def test_a_cap_by_hand() -> None:
    found = capped([1.0, 2.0, 4.0, 4.1], [2020, 2021, 2022, 2023], 2021, 50)
    assert found == pytest.approx([1, 2, 3, 4.1])  # comes up again, at less than the cap
    assert capped([1.0, 2.0, 1.8], [2020, 2021, 2022], 2021, -20) == pytest.approx([1, 2, 1.6])


def test_a_ceiling_by_hand() -> None:
    # From 2 towards 8, at first by 50 % a year (as a logarithm): the logistic rate is 0.5 / 0.75.
    values = [2.0, 2 * math.exp(0.5), 2 * math.exp(1.0)]
    found = limited(values, [2020, 2021, 2022], 2020, 8)
    expected = [8 / (1 + 3 * math.exp(-t * 0.5 / 0.75)) for t in range(3)]
    assert found == pytest.approx(expected)


def test_above_its_ceiling_a_curve_stays_and_below_none_is_needed() -> None:
    years = [2020, 2021, 2022]
    assert limited([5.0, 9.0, 10.0], years, 2021, 8).tolist() == [5, 9, 9]
    assert limited([5.0, 9.0, 4.0], years, 2021, 8).tolist() == [5, 9, 9]
    assert limited([5.0, 8.0, 9.0], years, 2021, 8).tolist() == [5, 8, 8]
    assert limited([5.0, 4.0, 3.0], years, 2021, 8).tolist() == [5, 4, 3]


@given(growths, scenarios)
def test_printed_years_stay_as_they_are(growth: list[float], scenario: Scenario) -> None:
    values = _curve(3.0, growth)
    found = curve(values, YEARS, LAST, scenario)
    assert np.array_equal(found[YEARS <= LAST], values[YEARS <= LAST])


@given(growths, st.floats(-20, 80))
def test_no_year_grows_by_more_than_the_cap(growth: list[float], cap: float) -> None:
    values = _curve(3.0, growth)
    found = curve(values, YEARS, LAST, Scenario(cap=cap))
    assert (found[4:] / found[3:-1] <= (1 + cap / 100) * (1 + 1e-12)).all()
    assert (found <= values).all()


@given(growths, scenarios)
def test_nothing_lies_above_the_ceiling_but_what_did_already(
    growth: list[float], scenario: Scenario
) -> None:
    assume(scenario.ceiling is not None)
    assert scenario.ceiling is not None
    found = curve(_curve(3.0, growth), YEARS, LAST, scenario)
    assert (found[4:] <= max(scenario.ceiling, found[3])).all()


@given(growths, growths, st.floats(1, 5), scenarios)
def test_curves_that_do_not_cross_do_not_cross_afterwards(
    growth: list[float], apart: list[float], times: float, scenario: Scenario
) -> None:
    low = _curve(1.0, growth)
    high = low * times * np.exp(np.abs(apart).cumsum()[-1] * np.array([0, *np.abs(apart)]))
    lower, upper = (curve(values, YEARS, LAST, scenario) for values in (low, high))
    assert (lower <= upper * (1 + 1e-12)).all()


@given(growths)
def test_without_assumptions_nothing_changes(growth: list[float]) -> None:
    values = _curve(3.0, growth)
    assert np.array_equal(curve(values, YEARS, LAST, Scenario()), values)
    assert damped(values, YEARS, LAST, 1.0) == pytest.approx(values, rel=1e-12)
    assert capped(values, YEARS, LAST, 1e9) == pytest.approx(values, rel=1e-12)
    assert limited(values, YEARS, LAST, 1e15) == pytest.approx(values, rel=1e-10)


def test_every_market_has_its_own_last_year() -> None:
    values = np.stack([_curve(1.0, [0.2] * 7), _curve(2.0, [0.2] * 7), np.full(8, np.nan)])
    last = np.array([2025, 2028, np.nan])
    for scenario in (Scenario(damping=0.5), Scenario(cap=5), Scenario(ceiling=4.0)):
        found = curve(values, YEARS, last, scenario)
        for market in (0, 1):
            alone = curve(values[market], YEARS, last[market], scenario)
            assert np.array_equal(found[market], alone)
            changed = found[market] != values[market]
            assert np.array_equal(changed, last[market] < YEARS)
        assert np.isnan(found[2]).all()


def test_a_prediction_changes_after_its_last_year_only() -> None:
    logs = np.log([[[10.0, np.nan, 14.0], [12.0, 15.0, np.nan], [8.0, 9.0, 11.0]]])
    plain = predict(estimate(logs, np.full(logs.shape, 1e-6), [2020, 2021, 2022]), beyond=5)
    scenario = Scenario(damping=0.8, cap=12, ceiling=20)
    found = applied(plain, scenario)
    assert (found.median[0, 3:] < plain.median[0, 3:]).all()
    for name in ("median", "lower", "upper"):
        before, after = getattr(plain, name), getattr(found, name)
        assert np.array_equal(before[..., :3], after[..., :3])
        assert np.array_equal(after, curve(before, plain.years, plain.last, scenario))
    chain = np.concatenate([found.lower[::-1], found.median[None], found.upper])
    assert (np.diff(chain, axis=0) >= 0).all()
    rest = dataclasses.replace(found, median=plain.median, lower=plain.lower, upper=plain.upper)
    for field in dataclasses.fields(plain):
        assert getattr(rest, field.name) is getattr(plain, field.name)


@pytest.mark.parametrize(
    "wrong",
    [
        {"damping": 0},
        {"damping": 1.1},
        {"damping": math.nan},
        {"cap": -100},
        {"cap": math.nan},
        {"cap": math.inf},
        {"ceiling": 0},
        {"ceiling": -3},
        {"ceiling": math.nan},
    ],
)
def test_assumptions_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"damping|cap|ceiling"):
        Scenario(**wrong)


def test_growth_needs_every_year() -> None:
    scenario = Scenario(damping=0.5)
    with pytest.raises(ValueError, match="follow each other"):
        curve([1.0, 2.0], [2020, 2022], 2020, scenario)
    with pytest.raises(ValueError, match="last printed year"):
        curve([1.0, 2.0], [2020, 2021], 2019, scenario)
    with pytest.raises(ValueError, match="do not fit"):
        curve([1.0, 2.0], [2020], 2019, scenario)
