"""How good a forecast was: proper scores, lower is better, in the unit of what is scored.

Claims are scored in logs: a forecast of twice and one of half are then equally wrong, and scores of
large and small markets compare. Every function takes arrays that broadcast and returns their common
shape; NaN where an argument is NaN.
"""

from math import log, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.forecast.models.student_double import density, distribution, gamma_ratio

Floats = NDArray[np.float64]

# Around one degree of freedom the closed form is a difference of large numbers.
_NEAR_ONE = 1e-3


def interval_score(
    lower: ArrayLike, upper: ArrayLike, claim: ArrayLike, level: ArrayLike
) -> Floats:
    """The interval score of a central interval of probability `level`.

    (u - l) + (2/a) (l - x) 1{x < l} + (2/a) (x - u) 1{x > u} with a = 1 - level: Gneiting and
    Raftery (2007), Journal of the American Statistical Association 102, 359-378, eq. 43. ValueError
    where a level is not between 0 and 1 or a lower bound is above the upper one.
    """
    low, high, x, p = (np.asarray(one, np.float64) for one in (lower, upper, claim, level))
    if not np.all((p > 0) & (p < 1)):
        raise ValueError("a level lies between 0 and 1, as 0.8")
    if np.any(low > high):
        raise ValueError("a lower bound is above the upper one")
    penalty = 2.0 / (1.0 - p)
    beyond = np.maximum(low - x, 0.0) + np.maximum(x - high, 0.0)
    return np.asarray((high - low) + penalty * beyond)


def inside(lower: ArrayLike, upper: ArrayLike, claim: ArrayLike) -> NDArray[np.bool_]:
    """Whether the claim lies in the closed interval; false where anything is NaN."""
    low, high, x = (np.asarray(one, np.float64) for one in (lower, upper, claim))
    return np.asarray((low <= x) & (x <= high))


def crps_student(location: ArrayLike, scale: ArrayLike, df: ArrayLike, claim: ArrayLike) -> Floats:
    """The continuous ranked probability score of location + scale T, T of Student's t, closed form.

    With z = (x - location)/scale, F and f the distribution and density of T with df degrees:
    scale [z (2F(z) - 1) + 2 (f(z) (df + z²) - √df B(1/2, df - 1/2)/B(1/2, df/2)²)/(df - 1)]:
    Jordan, Krüger and Lerch (2019), Journal of Statistical Software 90(12), appendix A. It holds
    for df > 1/2: the score is the integral of (F(y) - 1{x <= y})² (Gneiting and Raftery 2007,
    eq. 20), which needs no mean. At df = 1 its limit is (2/π)(z atan z - ln(1 + z²)/2 + ln 2). At
    df <= 1/2 the integral is infinite. scale = 0 is a point forecast: the absolute error.
    ValueError where a scale is below zero or df is not above zero.
    """
    arrays = np.broadcast_arrays(
        *(np.asarray(one, np.float64) for one in (location, scale, df, claim))
    )
    middle, spread, freedom, x = (one.ravel() for one in arrays)
    if np.any(spread < 0) or np.any(freedom <= 0):
        raise ValueError("a scale is below zero, or the degrees of freedom are not above it")
    score = np.where(np.isnan(spread + freedom), np.nan, np.abs(x - middle))
    for one in np.unique(freedom[~np.isnan(freedom)]):
        these = (freedom == one) & (spread > 0)
        z = (x[these] - middle[these]) / spread[these]
        score[these] = spread[these] * _crps_standard(z, float(one))
    return np.asarray(score.reshape(arrays[0].shape))


def crps_normal(location: ArrayLike, scale: ArrayLike, claim: ArrayLike) -> Floats:
    """The continuous ranked probability score of a normal distribution, closed form.

    scale [z (2Φ(z) - 1) + 2 φ(z) - 1/√π]: Gneiting and Raftery (2007), section 4.2. scale = 0 is a
    point forecast: the absolute error.
    """
    return crps_student(location, scale, np.inf, claim)


def crps_draws(draws: ArrayLike, claim: ArrayLike) -> Floats:
    """The score of the empirical distribution of draws along the last axis.

    E|X - x| - E|X - X'|/2 (Gneiting and Raftery 2007, eq. 21), the second by the sorted draws:
    Σ (2i - N - 1) X₍ᵢ₎ / N². Of shape `draws` without its last axis, broadcast with `claim`.
    """
    ordered = np.sort(np.asarray(draws, np.float64), axis=-1)
    number = ordered.shape[-1]
    x = np.asarray(claim, np.float64)[..., None]
    weights = (2.0 * np.arange(1, number + 1) - number - 1) / number**2
    return np.asarray(np.mean(np.abs(ordered - x), axis=-1) - np.sum(weights * ordered, axis=-1))


def quantile_score(quantile: ArrayLike, claim: ArrayLike, p: ArrayLike) -> Floats:
    """The quantile score (pinball loss): (1{x <= q} - p)(q - x), Gneiting and Raftery (2007)."""
    q, x, at = (np.asarray(one, np.float64) for one in (quantile, claim, p))
    return np.asarray(((x <= q) - at) * (q - x))


def crps_quantiles(quantiles: ArrayLike, claim: ArrayLike) -> Floats:
    """The score from quantiles at (i - 1/2)/N along the last axis: twice the mean quantile score.

    The score is 2 ∫ QS_p dp over p in (0, 1) (Gneiting and Ranjan 2011, Journal of Business and
    Economic Statistics 29, 411-422), here by the midpoint rule.
    """
    given = np.asarray(quantiles, np.float64)
    number = given.shape[-1]
    p = (np.arange(number) + 0.5) / number
    x = np.asarray(claim, np.float64)[..., None]
    return np.asarray(2.0 * np.mean(quantile_score(given, x, p), axis=-1))


def _crps_standard(z: Floats, df: float) -> Floats:
    """The score of Student's t itself."""
    if df <= 0.5:
        return np.full_like(z, np.inf)
    if np.isinf(df):
        return _tied(z, df) + 2 * density(z, df) - 1 / sqrt(pi)
    if abs(df - 1) >= _NEAR_ONE:
        return _closed(z, df)
    # The parabola through its values at 1 and to both sides of it (Lagrange).
    u = (df - 1) / _NEAR_ONE
    below, above = _closed(z, 1 - _NEAR_ONE), _closed(z, 1 + _NEAR_ONE)
    return u * (u - 1) / 2 * below + (1 - u * u) * _cauchy(z) + u * (u + 1) / 2 * above


def _tied(z: Floats, df: float) -> Floats:
    return z * (2 * distribution(z, df) - 1)


def _closed(z: Floats, df: float) -> Floats:
    # √df B(1/2, df - 1/2)/B(1/2, df/2)² with B(1/2, c) = √π Γ(c)/Γ(c + 1/2).
    constant = sqrt(df / pi) * gamma_ratio(df / 2) ** 2 / gamma_ratio(df - 0.5)
    return _tied(z, df) + 2 / (df - 1) * (density(z, df) * (df + z * z) - constant)


def _cauchy(z: Floats) -> Floats:
    return 2 / pi * (z * np.arctan(z) - np.log1p(z * z) / 2 + log(2))
