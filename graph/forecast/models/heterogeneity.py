"""Random-effects meta-analysis: the variance τ² between studies, and what is pooled with it.

Here a study is a data group, its effect the level or the growth of its line. Arrays `y` (effects)
and `v` (their variances, known, not below zero) have the shape (..., K); a study counts where both
are finite and `where`, if given, is true. Results have the leading shape: all meta-analyses are
computed at once, each until it has converged. Weights are w = 1/(v + τ²).

τ² is NaN for fewer than two studies, since nothing follows from one; it is never below zero. A
variance of zero stands for a very small one: below 1e-20 of the greatest variance or of the
variance of the effects, whichever is more, it is raised to that. So studies without variance
have all the weight where τ² is 0, in equal parts, and nothing is divided by zero.

With equal variances v all three estimators are max(0, s² - v), s² the sample variance of `y`.
Veroniki et al. (2016), Research Synthesis Methods 7, 55-79, compare them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.forecast.models.paths import Bools, Floats, total

Method = Literal["reml", "dersimonian-laird", "paule-mandel"]

_LEAST = 1e-20  # variances are not less, as a part of the greatest or of the spread
_NONE = 1e-100  # nor than this, where there is no spread at all
_STEPS = 200  # half as many bisections reach the last bit of any interval
_GRID = 32
_CLOSE = 1e-14  # a step of that size, as a part of v + τ², was the last: nothing is left to gain


@dataclass(frozen=True, slots=True)
class Studies:
    """Meta-analyses with the studies first: y, v, there (K, markets); k, origin (markets).

    `y` is counted from `origin`, the effect with the least variance: where that has nearly all the
    weight, the mean lies so near that its distance would be lost. Absent studies have y 0 and v 1.
    """

    y: Floats
    v: Floats
    there: Bools
    k: Floats
    origin: Floats

    def of(self, chosen: Bools | NDArray[np.intp]) -> "Studies":
        """Some of the meta-analyses."""
        return Studies(
            self.y[:, chosen],
            self.v[:, chosen],
            self.there[:, chosen],
            self.k[chosen],
            self.origin[chosen],
        )


def tau_squared(
    y: ArrayLike, v: ArrayLike, where: ArrayLike | None = None, *, method: Method = "reml"
) -> Floats:
    """The variance between studies by one of the three estimators; ValueError for another."""
    match method:
        case "reml":
            return reml(y, v, where)
        case "dersimonian-laird":
            return dersimonian_laird(y, v, where)
        case "paule-mandel":
            return paule_mandel(y, v, where)
    raise ValueError(f"{method!r} is none of reml, dersimonian-laird, paule-mandel")


def dersimonian_laird(y: ArrayLike, v: ArrayLike, where: ArrayLike | None = None) -> Floats:
    """By the moment of Q: DerSimonian and Laird (1986), Controlled Clinical Trials 7, 177-188."""
    studies, shape = _studies(y, v, where)
    w, mean, sums = _weighted(np.zeros_like(studies.k), studies)
    excess = total(w * (studies.y - mean) ** 2) - (studies.k - 1)
    c = total(w * _others(w)) / sums  # Σw - Σw²/Σw, without its cancellation
    return _known(np.maximum(0.0, excess / np.where(c > 0, c, 1.0)), studies, shape)


def paule_mandel(y: ArrayLike, v: ArrayLike, where: ArrayLike | None = None) -> Floats:
    """Where Σ w (y - μ)² is k - 1: Paule and Mandel (1982), J. Res. Nat. Bur. Stand. 87, 377."""
    studies, shape = _studies(y, v, where)
    square, least, most = _spread(studies)
    # Weights lie between those of the greatest and of the least variance, so the solution does too.
    lower, upper = np.maximum(0.0, square - most), np.maximum(0.0, square - least)
    edge = np.ones(lower.shape, np.bool_)
    return _known(_root(_excess, studies, lower, upper, edge), studies, shape)


def reml(y: ArrayLike, v: ArrayLike, where: ArrayLike | None = None) -> Floats:
    """By restricted maximum likelihood: Harville (1977), J. Amer. Statist. Assoc. 72, 320-338.

    The likelihood can have several maxima, where its score falls through zero. They are sought on
    a grid of 32 steps between bounds that hold all of them, the greatest is taken, and there the
    score equation is solved by Newton's method, or by bisection where that would leave the grid's
    cell. Where τ² is 0 the score there is not above 0.
    """
    studies, shape = _studies(y, v, where)
    lower, upper = _bounds(studies)
    before, score, likelihood = lower, *_restricted(lower, studies)
    edge = score <= 0
    greatest = np.where(edge, likelihood, -np.inf)
    low, high = np.where(edge, lower, upper), np.where(edge, lower, upper)
    for step in range(1, _GRID + 1):
        after = lower + (upper - lower) * (step / _GRID) ** 3
        next_score, next_likelihood = _restricted(after, studies)
        highest = np.maximum(likelihood, next_likelihood)
        better = (score > 0) & (next_score <= 0) & (highest > greatest)
        low, high = np.where(better, before, low), np.where(better, after, high)
        greatest, edge = np.where(better, highest, greatest), edge & ~better
        before, score, likelihood = after, next_score, next_likelihood
    return _known(_root(restricted_score, studies, low, high, edge), studies, shape)


def pooled(
    y: ArrayLike, v: ArrayLike, tau2: ArrayLike, where: ArrayLike | None = None
) -> tuple[Floats, Floats]:
    """The mean μ = Σ w y / Σ w and its variance 1 / Σ w, for given τ² of the leading shape.

    One study is its own mean with a variance that nobody knows (NaN). Without any, both are NaN.
    """
    studies, shape = _studies(y, v, where)
    _, mean, sums = _weighted(_given(tau2, studies, shape), studies)
    mean = np.where(studies.k >= 1, mean + studies.origin, np.nan)
    return mean.reshape(shape), _known(1 / sums, studies, shape)


def hartung_knapp(
    y: ArrayLike, v: ArrayLike, tau2: ArrayLike, where: ArrayLike | None = None
) -> Floats:
    """The variance Σ w (y - μ)² / ((k - 1) Σ w) of the mean; NaN for fewer than two studies.

    Hartung and Knapp (2001), Statistics in Medicine 20, 1771-1782.
    """
    studies, shape = _studies(y, v, where)
    w, mean, sums = _weighted(_given(tau2, studies, shape), studies)
    apart = total(w * (studies.y - mean) ** 2)
    return _known(apart / (np.maximum(studies.k - 1, 1) * sums), studies, shape)


def q_statistic(y: ArrayLike, v: ArrayLike, where: ArrayLike | None = None) -> Floats:
    """Cochran's Q: Σ (y - μ)² / v with μ pooled at τ² = 0; NaN for fewer than two studies."""
    studies, shape = _studies(y, v, where)
    w, mean, _ = _weighted(np.zeros_like(studies.k), studies)
    return _known(total(w * (studies.y - mean) ** 2), studies, shape)


def restricted_score(tau2: Floats, studies: Studies) -> tuple[Floats, Floats]:
    """Twice the derivative of the restricted log likelihood, and the derivative of that.

    y'PPy - tr P, and tr PP - 2 y'PPPy, with P = W - W11'W/Σw, W the weights on a diagonal:
    Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30, 261-293.
    """
    w, mean, sums = _weighted(tau2, studies)
    others = _others(w)
    once = w * (studies.y - mean)  # Py
    twice = w * (once - total(w * once) / sums)  # PPy
    score = total(once * once) - total(w * others) / sums
    square = total(w * w)
    trace = square - 2 * total(w * w * w) / sums + (square / sums) ** 2
    return score, trace - 2 * total(once * twice)


def _studies(
    y: ArrayLike, v: ArrayLike, where: ArrayLike | None
) -> tuple[Studies, tuple[int, ...]]:
    effects, variances = np.broadcast_arrays(np.asarray(y, np.float64), np.asarray(v, np.float64))
    if effects.ndim == 0 or effects.shape[-1] == 0:
        raise ValueError("there are no studies; give at least one, NaN if need be")
    there = np.isfinite(effects) & np.isfinite(variances)
    if where is not None:
        there = there & np.asarray(where, np.bool_)
    if (variances[there] < 0).any():
        raise ValueError("a variance is below zero")
    first = (-1, effects.shape[-1])
    studies = _counted_from_the_surest(
        effects.reshape(first).T, variances.reshape(first).T, there.reshape(first).T.copy()
    )
    return studies, effects.shape[:-1]


def _counted_from_the_surest(y: Floats, v: Floats, there: Bools) -> Studies:
    known = np.where(there, v, np.inf)
    surest = np.argmin(known, axis=0)[None]
    k = np.count_nonzero(there, axis=0).astype(np.float64)
    origin = np.where(k > 0, np.take_along_axis(y, surest, axis=0)[0], 0.0)
    effects = np.where(there, y - origin, 0.0)
    variances = np.where(there, v, 0.0)
    square = _spread(Studies(effects, variances, there, k, origin))[0]
    least = np.maximum(_LEAST * np.maximum(square, variances.max(axis=0)), _NONE)
    return Studies(effects, np.where(there, np.maximum(v, least), 1.0), there, k, origin)


def _spread(studies: Studies) -> tuple[Floats, Floats, Floats]:
    """The sample variance of the effects, and the least and greatest of their variances."""
    mean = total(studies.y) / np.maximum(studies.k, 1)
    apart = np.where(studies.there, studies.y - mean, 0.0)
    square = total(apart * apart) / np.maximum(studies.k - 1, 1)
    least = np.where(studies.there, studies.v, np.inf).min(axis=0)
    most = np.where(studies.there, studies.v, 0.0).max(axis=0)
    return square, np.where(studies.k > 0, least, 0.0), most


def _bounds(studies: Studies) -> tuple[Floats, Floats]:
    """Where the greatest maximum of the restricted likelihood lies at least and at most.

    With s² the variance of the effects, the score is at least s² (k-1) / (τ² + most)² less
    (k-1) / (τ² + least), and at most the same with least and most changed over; each is zero where
    a quadratic in τ² is.
    """
    square, least, most = _spread(studies)
    apart = square * (most - least)
    upper = (square + np.sqrt(square * square + 4 * apart)) / 2 - least
    inside = square * square - 4 * apart
    root = np.sqrt(np.maximum(inside, 0.0))
    rises = (inside >= 0) & (most >= (square - root) / 2)  # all the way from 0 to the bound
    lower = np.where(rises, np.maximum((square + root) / 2 - most, 0.0), 0.0)
    return lower, np.maximum(upper, lower)


def _weighted(tau2: Floats, studies: Studies) -> tuple[Floats, Floats, Floats]:
    """Weights, the mean from the origin, and the sum of the weights."""
    w = np.where(studies.there, 1 / (studies.v + tau2), 0.0)
    sums = np.where(studies.k > 0, total(w), 1.0)
    return w, total(w * studies.y) / sums, sums


def _others(w: Floats) -> Floats:
    """For each study the sum of the weights of all others."""
    before, after = np.zeros_like(w), np.zeros_like(w)
    for study in range(1, len(w)):
        before[study] = before[study - 1] + w[study - 1]
        after[-1 - study] = after[-study] + w[-study]
    return before + after


def _excess(tau2: Floats, studies: Studies) -> tuple[Floats, Floats]:
    w, mean, _ = _weighted(tau2, studies)
    apart = (studies.y - mean) ** 2
    return total(w * apart) - (studies.k - 1), -total(w * w * apart)


def _restricted(tau2: Floats, studies: Studies) -> tuple[Floats, Floats]:
    """The score, and twice the restricted log likelihood but for a constant."""
    w, mean, sums = _weighted(tau2, studies)
    apart = studies.y - mean
    once = w * apart
    score = total(once * once) - total(w * _others(w)) / sums
    logs = np.where(studies.there, np.log(studies.v + tau2), 0.0)
    return score, -total(logs) - np.log(sums) - total(once * apart)


def _root(
    function: Callable[[Floats, Studies], tuple[Floats, Floats]],
    studies: Studies,
    low: Floats,
    high: Floats,
    edge: Bools,
) -> Floats:
    """Where a function falls through zero between `low` and `high`.

    It is `low` where the function is not above zero there and `edge` holds.
    """
    found = low.copy()
    at_edge = edge & (function(low, studies)[0] <= 0)
    active = np.flatnonzero(~at_edge & (studies.k >= 2))
    some, low, high = studies.of(active), low[active], high[active]
    least = np.where(some.there, some.v, np.inf).min(axis=0, initial=np.inf)
    at = (low + high) / 2
    for _ in range(_STEPS):
        value, slope = function(at, some)
        low, high = np.where(value > 0, at, low), np.where(value > 0, high, at)
        newton = at - value / np.where(slope < 0, slope, -np.inf)
        inside = (slope < 0) & (low <= newton) & (newton <= high)
        following = np.where(inside, newton, (low + high) / 2)
        found[active] = following
        going = np.abs(following - at) > _CLOSE * (at + least)
        if not going.any():
            break
        some, active, least = some.of(going), active[going], least[going]
        low, high, at = low[going], high[going], following[going]
    return found


def _given(tau2: ArrayLike, studies: Studies, shape: tuple[int, ...]) -> Floats:
    """τ² of each meta-analysis; 0 for one study, where it changes nothing."""
    between = np.broadcast_to(np.asarray(tau2, np.float64), shape).reshape(-1)
    return np.where(studies.k >= 2, between, 0.0)


def _known(found: Floats, studies: Studies, shape: tuple[int, ...]) -> Floats:
    return np.where(studies.k >= 2, found, np.nan).reshape(shape)
