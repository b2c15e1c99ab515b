import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from graph.forecast.calibration import scores


def test_the_interval_score_by_hand() -> None:
    # Of [1, 3] at 80 %, alpha is 0.2, so each unit outside costs 10.
    claims = [2.0, 1.0, 3.0, 0.5, 3.25]
    assert scores.interval_score(1.0, 3.0, claims, 0.8) == pytest.approx([2, 2, 2, 7, 4.5])
    assert scores.inside(1.0, 3.0, claims).tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("level", [0.0, 1.0, 80.0, float("nan")])
def test_a_level_is_a_probability(level: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        scores.interval_score(0.0, 1.0, 0.5, level)


def test_bounds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="above the upper"):
        scores.interval_score([0.0, 2.0], [1.0, 1.0], 0.5, 0.5)


def test_nothing_is_inside_of_no_interval() -> None:
    assert not scores.inside(np.nan, np.nan, 1.0)
    assert np.isnan(scores.interval_score(np.nan, 1.0, 0.5, 0.5))


def _integrated(claim: float, location: float, scale: float, df: float) -> float:
    """∫ (F(y) - 1{x <= y})² dy, each side by itself."""
    law = stats.t(df, location, scale) if np.isfinite(df) else stats.norm(location, scale)
    left = integrate.quad(lambda y: law.cdf(y) ** 2, -np.inf, claim, limit=400)[0]
    right = integrate.quad(lambda y: law.sf(y) ** 2, claim, np.inf, limit=400)[0]
    return float(left + right)


@pytest.mark.parametrize("df", [0.9, 1.0, 1.0001, 1.001, 1.5, 2.0, 3.0, 7.3, 40.0, np.inf])
@pytest.mark.parametrize("claim", [-4.0, 0.3, 0.5, 2.0, 9.0])
def test_the_closed_form_is_the_integral(df: float, claim: float) -> None:
    found = scores.crps_student(0.3, 0.7, df, claim)
    assert found == pytest.approx(_integrated(claim, 0.3, 0.7, df), rel=2e-6)


def test_known_values() -> None:
    # A standard normal at its mean: 2 φ(0) - 1/√π = 0.2336950; a Cauchy: 2 ln 2 / π.
    assert scores.crps_normal(0.0, 1.0, 0.0) == pytest.approx(0.23369498, abs=1e-8)
    assert scores.crps_student(0.0, 1.0, 1.0, 0.0) == pytest.approx(2 * np.log(2) / np.pi)
    assert scores.crps_student(5.0, 2.0, 3.0, 5.0) == pytest.approx(
        2 * scores.crps_student(0.0, 1.0, 3.0, 0.0)
    )


@given(st.floats(0.995, 1.005), st.floats(-20, 20))
def test_it_does_not_jump_at_one_degree_of_freedom(df: float, claim: float) -> None:
    cauchy = scores.crps_student(0.0, 1.0, 1.0, claim)
    assert scores.crps_student(0.0, 1.0, df, claim) == pytest.approx(cauchy, rel=0.01)
    edges = [0.999 - 1e-9, 0.999 + 1e-9, 1.001 - 1e-9, 1.001 + 1e-9]
    below, within, before, after = scores.crps_student(0.0, 1.0, edges, claim)
    assert below == pytest.approx(within, rel=1e-7)
    assert before == pytest.approx(after, rel=1e-7)


def test_large_degrees_of_freedom_are_nearly_normal() -> None:
    z = np.linspace(-4, 4, 9)
    assert scores.crps_student(0, 1, 1e6, z) == pytest.approx(scores.crps_normal(0, 1, z), rel=1e-5)
    assert scores.crps_student(0, 1, 1e12, z) == pytest.approx(
        scores.crps_normal(0, 1, z), rel=1e-9
    )


def test_so_few_degrees_that_the_score_is_infinite() -> None:
    assert np.isinf(scores.crps_student(0.0, 1.0, 0.5, 0.0))
    assert np.isfinite(scores.crps_student(0.0, 1.0, 0.51, 0.0))


def test_a_point_forecast_scores_its_absolute_error() -> None:
    assert scores.crps_student([1.0, 1.0], 0.0, 3.0, [4.0, -1.0]).tolist() == [3.0, 2.0]


def test_what_is_not_known_has_no_score() -> None:
    given_ = [
        (np.nan, 1.0, 3.0, 0.0),
        (0.0, np.nan, 3.0, 0.0),
        (0, 1, np.nan, 0),
        (0, 1, 3, np.nan),
    ]
    assert all(np.isnan(scores.crps_student(*arguments)) for arguments in given_)


@pytest.mark.parametrize(("scale", "df"), [(-1.0, 3.0), (1.0, 0.0), (1.0, -2.0)])
def test_no_distribution_is_refused(scale: float, df: float) -> None:
    with pytest.raises(ValueError, match="degrees of freedom"):
        scores.crps_student(0.0, scale, df, 0.0)


@pytest.mark.parametrize("claim", [-1.0, 0.2, 3.0])
def test_draws_and_quantiles_come_near_the_closed_form(claim: float) -> None:
    p = (np.arange(20_000) + 0.5) / 20_000
    draws = stats.t(4).ppf(p)
    exact = scores.crps_student(0.0, 1.0, 4.0, claim)
    assert scores.crps_draws(draws, claim) == pytest.approx(exact, rel=1e-4)
    assert scores.crps_quantiles(draws, claim) == pytest.approx(exact, rel=1e-4)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=12), st.floats(-10, 10))
def test_the_score_of_draws_is_that_of_all_pairs(draws: list[float], claim: float) -> None:
    x = np.array(draws)
    pairs = np.mean(np.abs(x - claim)) - np.mean(np.abs(x[:, None] - x[None, :])) / 2
    assert scores.crps_draws(draws, claim) == pytest.approx(pairs, abs=1e-9)
    # With N draws as quantiles at (i - 1/2)/N the two are the same sum.
    assert scores.crps_quantiles(np.sort(x), claim) == pytest.approx(pairs, abs=1e-9)


def test_shapes_broadcast() -> None:
    found = scores.crps_student(np.zeros((3, 1)), 1.0, [2.0, 3.0], np.ones((3, 1)))
    assert found.shape == (3, 2)
    assert scores.crps_draws(np.zeros((4, 5)), np.ones(4)).shape == (4,)


def test_telling_the_truth_scores_best() -> None:
    """Propriety: the mean score is least for the distribution that the claims come from."""
    claims = stats.t(5, 1.0, 0.5).ppf((np.arange(20_000) + 0.5) / 20_000)
    others = [(1.0, 0.5, 5.0), (1.1, 0.5, 5.0), (0.9, 0.5, 5.0), (1.0, 0.6, 5.0), (1.0, 0.4, 5.0)]
    crps = [np.mean(scores.crps_student(*other, claims)) for other in others]
    assert np.argmin(crps) == 0
    for level in (0.5, 0.8, 0.95):
        reach = stats.t(5).ppf((1 + level) / 2)
        mean = [
            np.mean(scores.interval_score(m - s * reach, m + s * reach, claims, level))
            for m, s, _ in others
        ]
        assert np.argmin(mean) == 0
