"""One source is followed through its points."""

import numpy as np
import pytest

from graph.forecast.models.random_growth import Prediction, estimate, predict, priors
from graph.forecast.models.single import through_points

YEARS = np.array([2024, 2026, 2030])
NAN = np.nan


def smooth(logs: np.ndarray, beyond: int = 2) -> Prediction:
    variances = np.where(np.isnan(logs), NAN, 1e-6)
    estimates = estimate(logs, variances, YEARS)
    return predict(estimates, priors=priors(estimates, few=2), few=2, beyond=beyond)


@pytest.fixture
def logs() -> np.ndarray:
    """A market of one group off its line, one of three groups, one with one year besides."""
    found = np.full((3, 3, 3), NAN)
    found[0, 1] = np.log([4.0, 9.0, 10.0])
    found[1] = np.log([[4, 6, 10], [5, 6, 9], [3, 7, 12]])
    found[2, 0] = np.log([4.0, 9.0, 10.0])
    found[2, 1, 1] = np.log(7.0)
    return found


def test_the_median_is_the_path_and_goes_on_with_the_line(
    logs: np.ndarray,
) -> None:
    before = smooth(logs)
    after = through_points(before, logs, YEARS)
    by_year = dict(zip(after.years.tolist(), after.median[0].tolist(), strict=True))
    assert by_year[2024] == pytest.approx(4)
    assert by_year[2025] == pytest.approx(6)
    assert by_year[2026] == pytest.approx(9)
    assert by_year[2030] == pytest.approx(10)
    growth = before.median[0, -1] / before.median[0, -2]
    assert by_year[2032] == pytest.approx(10 * growth**2)


def test_bounds_keep_their_distance(logs: np.ndarray) -> None:
    before = smooth(logs)
    after = through_points(before, logs, YEARS)
    for side in ("lower", "upper"):
        apart = [getattr(p, side)[:, 0] / p.median[0] for p in (before, after)]
        np.testing.assert_allclose(apart[0], apart[1], rtol=1e-12)
        assert np.isfinite(apart[0]).all()


def test_other_markets_keep_every_bit(logs: np.ndarray) -> None:
    before = smooth(logs)
    after = through_points(before, logs, YEARS)
    for name in ("median", "lower", "upper"):
        whole, own = getattr(before, name), getattr(after, name)
        np.testing.assert_array_equal(whole[..., 1:, :], own[..., 1:, :])
    none = through_points(smooth(logs[1:]), logs[1:], YEARS)
    np.testing.assert_array_equal(none.median, smooth(logs[1:]).median)
