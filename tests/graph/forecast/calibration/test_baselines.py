import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.forecast.calibration.baselines import another_path, median_by_factor, prolonged

_YEARS = np.array([2020, 2022, 2024])
_NAN = np.nan
_LOGS = np.array([[1.0, _NAN, 2.0], [2.0, 2.0, 2.0], [_NAN, 5.0, _NAN], [_NAN, _NAN, _NAN]])


def test_lines_are_prolonged_and_single_years_are_not() -> None:
    assert prolonged(_LOGS, _YEARS, 2026) == pytest.approx([2.5, 2.0])
    assert prolonged(_LOGS, _YEARS, 2022) == pytest.approx([1.5, 2.0, 5.0])


def test_least_squares_through_three_points() -> None:
    # Through 0, 3, 3 at -2, 0, 2: mean 2, slope 6/8.
    assert prolonged(np.array([[0.0, 3.0, 3.0]]), _YEARS, 2026) == pytest.approx([2 + 4 * 0.75])


def test_another_path_by_hand() -> None:
    found = another_path(_LOGS, _YEARS, 2026)
    # 2.5 and 2.0 have s = 0.3535..., so s √2 = 0.5 with one degree of freedom.
    assert found.location == pytest.approx([2.5, 2.0])
    assert found.scale == pytest.approx([0.5, 0.5])
    assert found.df.tolist() == [1, 1]


def test_the_median_by_a_factor_by_hand() -> None:
    found = median_by_factor(_LOGS, _YEARS, 2022, 2.0, 0.8)
    assert found.location == pytest.approx([2.0])
    lower, upper = found.bounds(0.8)
    assert np.exp(upper - found.location) == pytest.approx([2.0])
    assert np.exp(lower - found.location) == pytest.approx([0.5])
    even = median_by_factor(_LOGS, _YEARS, 2026, 2.0, 0.8)
    assert even.location == pytest.approx([2.25])


def test_one_line_is_no_baseline() -> None:
    one = _LOGS[:1]
    assert another_path(one, _YEARS, 2026).location.size == 0
    assert median_by_factor(one, _YEARS, 2026, 2.0, 0.8).location.size == 0
    nothing = np.full((2, 3), np.nan)
    assert another_path(nothing, _YEARS, 2026).location.size == 0


@pytest.mark.parametrize(("factor", "level"), [(1.0, 0.8), (np.nan, 0.8), (2.0, 1.0), (2.0, 0.0)])
def test_factors_that_cannot_be(factor: float, level: float) -> None:
    with pytest.raises(ValueError, match="above 1"):
        median_by_factor(_LOGS, _YEARS, 2026, factor, level)


@given(st.floats(-5, 5), st.integers(2010, 2040))
def test_another_unit_moves_all_alike(shift: float, year: int) -> None:
    one, other = another_path(_LOGS, _YEARS, year), another_path(_LOGS + shift, _YEARS, year)
    assert other.location == pytest.approx(one.location + shift, abs=1e-9)
    assert other.scale == pytest.approx(one.scale, abs=1e-9)
