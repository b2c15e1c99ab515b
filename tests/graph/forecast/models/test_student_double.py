import numpy as np
import pytest
from scipy import stats

from graph.forecast.models import student_double
from graph.forecast.models.student import quantile

_FREEDOM = [0.3, 0.7, 1.0, 2.0, 3.0, 5.5, 30.0, 399.0, 401.0, 2000.0]


@pytest.mark.parametrize("df", _FREEDOM)
def test_distribution_and_density(df: float) -> None:
    t = np.linspace(-30, 30, 241)
    law = stats.t(df)
    assert student_double.distribution(t, df) == pytest.approx(law.cdf(t), rel=1e-9)
    assert student_double.density(t, df) == pytest.approx(law.pdf(t), rel=1e-11)


def test_infinity_is_the_normal_distribution() -> None:
    t = np.linspace(-8, 8, 33)
    assert student_double.distribution(t, np.inf) == pytest.approx(stats.norm.cdf(t), rel=1e-12)
    assert student_double.density(t, np.inf) == pytest.approx(stats.norm.pdf(t), rel=1e-12)


@pytest.mark.parametrize("df", [*_FREEDOM, np.inf])
def test_quantiles_are_those_that_are_published(df: float) -> None:
    p = np.array([1e-5, 0.001, 0.025, 0.1, 0.4999, 0.5, 0.5001, 0.9, 0.975, 0.99999])
    assert student_double.quantiles(p, df) == pytest.approx(quantile(p, df), rel=1e-10)


def test_quantiles_rise_and_lie_alike_to_both_sides() -> None:
    found = student_double.quantiles((np.arange(10_000) + 0.5) / 10_000, 2.0)
    assert np.all(np.diff(found) > 0)
    assert found == pytest.approx(-found[::-1], rel=1e-9)
