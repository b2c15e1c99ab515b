import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from graph.forecast.models.student import quantile
from tests.examples import examples

FREEDOMS = (0.5, 0.9, 1, 1.5, 2, 2.5, 3, 4, 5, 6.25, 7, 8, 11, 20, 29.5, 30, 100, 1e3, 1e6, 1e12)
PROBABILITIES = (1e-6, 0.001, 0.025, 0.1, 0.25, 0.4, 0.6, 0.75, 0.9, 0.95, 0.975, 0.995, 0.99999)


@pytest.mark.parametrize("df", FREEDOMS)
def test_it_agrees_with_scipy(df: float) -> None:
    expected = stats.t.ppf(PROBABILITIES, df)
    assert quantile(PROBABILITIES, df) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("p", "df", "printed"),
    [  # from the tables of textbooks
        (0.975, 1, "12.706"),
        (0.975, 2, "4.303"),
        (0.9, 3, "1.638"),
        (0.75, 4, "0.741"),
        (0.95, 10, "1.812"),
        (0.975, 120, "1.980"),
    ],
)
def test_the_tables(p: float, df: float, printed: str) -> None:
    assert f"{float(quantile(p, df)):.3f}" == printed


@given(st.floats(1e-12, 1 - 1e-12))
def test_one_and_two_degrees_have_closed_forms(p: float) -> None:
    # The distance to the middle is exact, so no digit is lost where p is near a half.
    middle = p - 0.5
    ends = -1 / math.tan(math.pi * p) if p < 0.5 else 1 / math.tan(math.pi * (1 - p))
    one = math.tan(math.pi * middle) if 0.1 < p < 0.9 else ends
    two = 2 * middle * math.sqrt(2) / math.sqrt(4 * p * (1 - p))
    assert quantile(p, 1) == pytest.approx(one, rel=1e-12)
    assert quantile(p, 2) == pytest.approx(two, rel=1e-12)


def test_many_degrees_are_the_normal_distribution() -> None:
    for p in (1e-300, 0.001, 0.3, 0.975):
        expected = NormalDist().inv_cdf(p)
        assert quantile(p, 1e25) == pytest.approx(expected, rel=1e-13)
        assert quantile(p, math.inf) == quantile(p, 1e25)


@pytest.mark.parametrize("df", [1, 2.5, 7, 400])
def test_it_reaches_far_into_the_tails(df: float) -> None:
    for p in (1e-12, 1e-50, 1e-200):
        t = float(quantile(p, df))
        if t > -1e150:
            assert stats.t.logcdf(t, df) == pytest.approx(math.log(p), rel=1e-12)


@settings(max_examples=examples(60))
@given(st.floats(0.001, 0.999), st.floats(0.3, 500))
def test_it_is_symmetric_and_rises(p: float, df: float) -> None:
    t = float(quantile(p, df))
    # Of 1 - p the last bit is lost, which matters where the distribution is steep or p near 1/2.
    assert quantile(1 - p, df) == pytest.approx(-t, rel=1e-9, abs=1e-15)
    assert quantile(min(p + 1e-6, 0.9999), df) > t
    assert (t > 0) == (p > 0.5)
    assert quantile(0.5, df) == 0


def test_it_takes_arrays_of_any_shape() -> None:
    found = quantile(np.array([[0.9], [0.975]]), np.array([1.0, 3.0, np.nan]))
    assert found.shape == (2, 3)
    assert found[1, 1] == quantile(0.975, 3)
    assert found[0, 0] == quantile(0.9, 1)
    assert np.isnan(found[:, 2]).all()
    assert quantile([], 3).shape == (0,)
    assert quantile(0.9, 3).shape == ()


@pytest.mark.parametrize("p", [0, 1, -0.1, 1.1, math.nan])
def test_no_probability_has_no_quantile(p: float) -> None:
    assert np.isnan(quantile(p, 3))


@pytest.mark.parametrize("df", [0, -1, math.nan])
def test_no_degrees_have_no_quantile(df: float) -> None:
    assert np.isnan(quantile(0.9, df))


def test_what_no_number_can_hold_is_infinite() -> None:
    assert quantile(0.9, 1e-4) == math.inf
    assert quantile(0.1, 1e-300) == -math.inf
