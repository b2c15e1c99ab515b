import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from graph.forecast.models import heterogeneity
from graph.forecast.models.heterogeneity import (
    Method,
    dersimonian_laird,
    hartung_knapp,
    paule_mandel,
    pooled,
    q_statistic,
    reml,
    tau_squared,
)
from graph.forecast.models.paths import Floats

METHODS: tuple[Method, ...] = ("reml", "dersimonian-laird", "paule-mandel")
effects = st.lists(st.floats(-3, 3), min_size=2, max_size=9)


def _many(seed: int, count: int = 300, studies: int = 8) -> tuple[Floats, Floats]:
    """Meta-analyses of 2 to `studies` studies, with and without heterogeneity."""
    random = np.random.default_rng(seed)
    v = random.uniform(0.01, 1, (count, studies)) ** 2
    spread = random.choice([0, 0.1, 1], count)[:, None]
    y = random.normal(0, np.sqrt(v + spread**2)) + 0.5
    y[np.arange(studies) >= random.integers(2, studies + 1, count)[:, None]] = np.nan
    return y, v


def _score(y: Floats, v: Floats, tau2: float) -> float:
    """The derivative of the restricted log likelihood, written out with matrices."""
    w = np.diag(1 / (v + tau2))
    ones = np.ones((len(y), 1))
    p = w - w @ ones @ ones.T @ w / w.sum()
    return float(y @ p @ p @ y - np.trace(p)) / 2


def _log_likelihood(y: Floats, v: Floats, tau2: Floats) -> Floats:
    w = 1 / (v + tau2[:, None])
    mean = (w * y).sum(1) / w.sum(1)
    q = (w * (y - mean[:, None]) ** 2).sum(1)
    return np.asarray(np.log(w).sum(1) - np.log(w.sum(1)) - q) / 2


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # of theirs, below zero
@pytest.mark.parametrize(
    ("ours", "name"), [(dersimonian_laird, "chi2"), (paule_mandel, "iterated")]
)
def test_it_agrees_with_statsmodels(ours: object, name: str) -> None:
    assert callable(ours)
    y, v = _many(1)
    tau2 = ours(y, v)
    mean, variance = pooled(y, v, tau2)
    knapp, q = hartung_knapp(y, v, tau2), q_statistic(y, v)
    assert (tau2 == 0).any()
    assert (tau2 > 0.1).any()
    compared = 0
    for row in range(len(y)):
        there = ~np.isnan(y[row])
        theirs = combine_effects(
            y[row, there], v[row, there], method_re=name, use_t=True, atol=1e-12, maxiter=10_000
        )
        if theirs.tau2 == 0 and theirs.q > there.sum() - 1:
            continue  # a last bit below the solution, theirs falls back to 0
        compared += 1
        expected = max(0.0, float(theirs.tau2))
        assert tau2[row] == pytest.approx(expected, rel=1e-10, abs=1e-10)
        assert q[row] == pytest.approx(theirs.q, rel=1e-10, abs=1e-10)
        if theirs.tau2 >= 0:
            assert mean[row] == pytest.approx(theirs.mean_effect_re, rel=1e-10)
            assert variance[row] == pytest.approx(theirs.var_eff_w_re, rel=1e-10)
            assert knapp[row] == pytest.approx(theirs.var_hksj_re, rel=1e-10)
    assert compared > 250


def test_reml_solves_its_score_equation() -> None:
    y, v = _many(2)
    tau2 = reml(y, v)
    assert (tau2 == 0).any()
    for row in np.flatnonzero(tau2 > 0):
        there = ~np.isnan(y[row])
        scale = (1 / (v[row, there] + tau2[row])).sum()
        assert abs(_score(y[row, there], v[row, there], tau2[row])) <= 1e-10 * max(scale, 1)
    for row in np.flatnonzero(tau2 == 0):
        there = ~np.isnan(y[row])
        assert _score(y[row, there], v[row, there], 0.0) <= 0


def test_reml_is_the_greatest_maximum() -> None:
    y, v = _many(3, 200)
    v **= 4  # variances over many orders of magnitude: likelihoods with several maxima
    tau2 = reml(y, v)
    grid = np.concatenate([[0.0], np.geomspace(1e-12, 30, 4000)])
    for row in range(len(y)):
        there = ~np.isnan(y[row])
        own = _log_likelihood(y[row, there], v[row, there], tau2[row : row + 1])[0]
        assert own >= _log_likelihood(y[row, there], v[row, there], grid).max() - 1e-9


@pytest.mark.parametrize("method", METHODS)
@given(effects, st.floats(1e-8, 2))
def test_equal_variances_leave_the_sample_variance_less_theirs(
    method: Method, y: list[float], v: float
) -> None:
    expected = max(0.0, float(np.var(y, ddof=1)) - v)
    found = tau_squared(y, np.full(len(y), v), method=method)
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_by_hand(method: Method) -> None:
    # s² of 1, 2, 3 is 1; less 0.25.
    tau2 = tau_squared([1.0, 2.0, 3.0], [0.25] * 3, method=method)
    mean, variance = pooled([1.0, 2.0, 3.0], [0.25] * 3, tau2)
    assert tau2 == pytest.approx(0.75, abs=1e-14)
    assert mean == pytest.approx(2, abs=1e-14)
    assert variance == pytest.approx(1 / 3, abs=1e-14)
    assert hartung_knapp([1.0, 2.0, 3.0], [0.25] * 3, tau2) == pytest.approx(1 / 3, abs=1e-14)
    assert q_statistic([1.0, 2.0, 3.0], [0.25] * 3) == pytest.approx(8, abs=1e-13)


@pytest.mark.parametrize("method", METHODS)
def test_one_study_tells_nothing_about_others(method: Method) -> None:
    y, v = np.array([[7.0, np.nan], [np.nan, np.nan]]), np.full((2, 2), 0.1)
    tau2 = tau_squared(y, v, method=method)
    mean, variance = pooled(y, v, tau2)
    assert np.isnan(tau2).all()
    assert mean[0] == 7
    assert np.isnan(mean[1])
    assert np.isnan(variance).all()
    assert np.isnan(hartung_knapp(y, v, tau2)).all()


@pytest.mark.parametrize("method", METHODS)
@given(effects, st.data())
def test_variances_of_zero_are_no_trouble(
    method: Method, y: list[float], data: st.DataObject
) -> None:
    v = data.draw(st.lists(st.sampled_from([0.0, 0.0, 0.5]), min_size=len(y), max_size=len(y)))
    with np.errstate(all="raise", under="ignore"):
        tau2 = tau_squared(y, v, method=method)
        mean, variance = pooled(y, v, tau2)
        hartung_knapp(y, v, tau2)
    assert tau2 >= 0
    assert min(y) - 1e-12 <= mean <= max(y) + 1e-12
    assert 0 <= variance < np.inf
    if not any(v):
        assert tau2 == pytest.approx(np.var(y, ddof=1), rel=1e-10, abs=1e-15)


def test_a_study_without_variance_has_all_the_weight_where_there_is_no_heterogeneity() -> None:
    y, v = [1.0, 1.1, 0.9], [0.0, 1.0, 1.0]
    for method in METHODS:
        tau2 = tau_squared(y, v, method=method)
        mean, variance = pooled(y, v, tau2)
        assert tau2 == 0
        assert mean == pytest.approx(1, abs=1e-15)
        assert variance == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("method", METHODS)
def test_a_vanishing_variance_leads_to_none(method: Method) -> None:
    y, zero, small = [1.0, 1.4, 0.3, 2.0], [0.0, 0.05, 0.3, 0.1], [1e-14, 0.05, 0.3, 0.1]
    found = tau_squared(y, zero, method=method)
    assert found > 0.1
    assert found == pytest.approx(tau_squared(y, small, method=method), rel=1e-9)


@pytest.mark.parametrize("method", METHODS[1:])  # REML may have two maxima as good as equal
@given(effects, st.data())
def test_units_do_not_matter(method: Method, y: list[float], data: st.DataObject) -> None:
    v = data.draw(st.lists(st.floats(1e-3, 1), min_size=len(y), max_size=len(y)))
    plain = tau_squared(y, v, method=method)
    found = tau_squared(np.array(y) * 1024 + 4096, np.array(v) * 1024**2, method=method)
    assert found / 1024**2 == pytest.approx(plain, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_absent_studies_change_nothing(method: Method) -> None:
    y, v = _many(4, 50)
    more_y = np.concatenate([np.full((50, 2), np.nan), y, np.zeros((50, 1))], axis=1)
    more_v = np.concatenate([np.full((50, 2), 3.0), v, np.full((50, 1), np.nan)], axis=1)
    plain = tau_squared(y, v, method=method)
    assert np.array_equal(tau_squared(more_y, more_v, method=method), plain)
    full = np.where(np.isnan(y), 99.0, y)
    assert np.array_equal(tau_squared(full, v, ~np.isnan(y), method=method), plain)


@pytest.mark.parametrize("method", METHODS)
def test_each_is_computed_as_if_alone(method: Method) -> None:
    y, v = _many(5, 60)
    together = tau_squared(y.reshape(4, 15, 8), v.reshape(4, 15, 8), method=method).reshape(-1)
    alone = [float(tau_squared(y[row], v[row], method=method)) for row in range(len(y))]
    assert np.array_equal(together, alone)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        reml([1.0, 2.0], [0.1, -0.1])
    with pytest.raises(ValueError, match="no studies"):
        dersimonian_laird(np.zeros((3, 0)), np.zeros((3, 0)))
    with pytest.raises(ValueError, match="none of"):
        tau_squared([1.0, 2.0], [0.1, 0.1], method="ml")  # type: ignore[arg-type]
    assert heterogeneity.reml(np.zeros((0, 4)), np.zeros((0, 4))).shape == (0,)
