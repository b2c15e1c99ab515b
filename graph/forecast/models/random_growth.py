"""R1, the published default: a level and a growth for each data group, both random.

Each group has a line in the logarithm (`lines`). Growth, then level in a reference
year c, are pooled across groups by random-effects meta-analysis, and the claim of the next
publisher is predicted in any year t with d = t - c: its mean is μ_a + μ_b d, its variance
A + 2 d r √(A B) + d² B. A and B are the variances of one more level and growth, r is their
correlation. As every group counts in every year, nothing jumps where the figures of one end. This
is the two-stage form of the random-coefficient model of Swamy (1970), Econometrica 38, 311-323;
the prediction interval is that of Higgins, Thompson and Spiegelhalter (2009), Journal of the Royal
Statistical Society A 172, 137-159, with the degrees of freedom of the growths.

Where few groups have a growth, both variances are borrowed from other markets, each from its own
kind: a scaled inverse-χ² prior, as in Smyth (2004), Statistical Applications in Genetics and
Molecular Biology 3, article 3, whose degrees of freedom are a setting.

With balanced figures, each group on a line of its own and rounded alike, the result equals R0 over
lines that are prolonged, in every year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.forecast.models import student
from graph.forecast.models.heterogeneity import Method, pooled, tau_squared
from graph.forecast.models.lines import Lines, fitted
from graph.forecast.models.paths import Bools, Floats, Ints, total, whole_years
from graph.forecast.models.reference import LEVELS, checked_levels

#: Years beyond the last printed one that are predicted.
BEYOND = 2
#: A market with fewer growths borrows, one with as many lends.
FEW = 5
#: Degrees of freedom that borrowed variances count for.
PRIOR_WEIGHT = 4.0
#: Codes of `Prediction.extrapolated`: whether all, some or none of the groups cover the year.
NONE, SOME, ALL = 0, 1, 2
_NO_SPREAD = 1e-8  # a standard deviation of logarithms below this is one of last bits


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """What one stage found across the groups of each market; all (...).

    k: groups. tau_squared: the variance between them. mean, mean_variance: μ and Var μ = M.
    next_variance: P, that of one more group: τ² and, as its figure will be rounded as well, the
    mean variance of rounding. From k = 2 on; of one group there is its mean alone.
    """

    k: Ints
    tau_squared: Floats
    mean: Floats
    mean_variance: Floats
    next_variance: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """The own estimates of markets: lines (..., G), level and growth, and their correlation (...).

    `used`: (..., G), groups that count for the level: those with a line and, where there is any
    growth, those with a single year. Without growth the level has nothing but k = 0.
    """

    lines: Lines
    used: Bools
    level: Pooled
    growth: Pooled
    correlation: Floats


@dataclass(frozen=True, slots=True)
class Priors:
    """Variances of one more level and growth, as the mean over so many well-covered markets."""

    level: float
    growth: float
    donors: int


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Where the next publisher of comparable scope would put its figure, by R1.

    All but the parameters are values, not logarithms. NaN stands for "none".

    years: (T,). levels: L of them.
    median: (..., T), within the market's horizon. lower, upper: (L, ..., T), from k_growth = 2 on,
    or where variances are borrowed.
    k, k_growth: (...), groups with a level and with a growth.
    within: (..., T), groups whose printed years cover the year. extrapolated: (..., T), NONE, SOME
    or ALL of the groups, where there is a median.
    first, last: (...), printed years.
    borrowed: (...), whether variances of other markets are in it.
    reference_year, level_mean, growth_mean, level_variance, growth_variance, correlation,
    freedom: (...), c, μ_a, μ_b, A, B, r and the degrees of freedom as they were used.
    """

    years: Ints
    levels: tuple[float, ...]
    median: Floats
    lower: Floats
    upper: Floats
    k: Ints
    k_growth: Ints
    within: Ints
    extrapolated: NDArray[np.int8]
    first: Floats
    last: Floats
    borrowed: Bools
    reference_year: Floats
    level_mean: Floats
    growth_mean: Floats
    level_variance: Floats
    growth_variance: Floats
    correlation: Floats
    freedom: Floats


def estimate(
    logs: ArrayLike, variances: ArrayLike, years: ArrayLike, *, method: Method = "reml"
) -> Estimates:
    """Level and growth of each market, from `logs` and the `variances` of their rounding.

    Both have the shape (..., G, Y); NaN in `logs` where nothing is printed. `method` estimates the
    variances between groups. A group with one printed year t is brought to the reference year c
    with the pooled growth, and has the variance v + (τ²_b + Var μ_b)(c - t)²; of one growth τ²_b
    is not known and taken as 0. ValueError as `graph.forecast.models.lines.fitted` says.
    """
    lines = fitted(logs, variances, years)
    growth = _pooled(lines.growth, lines.growth_variance, method)
    unsure = np.where(growth.k == 1, _only(lines.growth_variance), 0.0)
    unsure = np.where(growth.k >= 2, growth.tau_squared + growth.mean_variance, unsure)
    single = lines.points == 1
    ahead = np.where(single, lines.year[..., None] - lines.first, 0.0)
    level = lines.level + np.where(single, growth.mean[..., None] * ahead, 0.0)
    variance = lines.level_variance + unsure[..., None] * ahead * ahead
    used = (lines.points >= 1) & (growth.k >= 1)[..., None]
    return Estimates(
        lines=lines,
        used=used,
        level=_pooled(np.where(used, level, np.nan), variance, method, used & lines.has_growth),
        growth=growth,
        correlation=_correlation(lines),
    )


def priors(estimates: Estimates, *, few: int = FEW) -> Priors | None:
    """What markets with at least `few` growths lend; None where there are none.

    `few` is at least 2: a market with fewer growths has no variance to lend. Who borrows has
    fewer growths, so nobody borrows from itself. The order of markets changes no bit.
    """
    _check_few(few)
    donors = (estimates.growth.k >= few).reshape(-1)
    if not donors.any():
        return None
    level, growth = (
        fsum(stage.next_variance.reshape(-1)[donors]) / int(donors.sum())
        for stage in (estimates.level, estimates.growth)
    )
    return Priors(level, growth, int(donors.sum()))


def predict(
    estimates: Estimates,
    at: ArrayLike | None = None,
    levels: Sequence[float] = LEVELS,
    *,
    priors: Priors | None = None,
    prior_weight: float = PRIOR_WEIGHT,
    few: int = FEW,
    beyond: int = BEYOND,
) -> Prediction:
    """The next publisher's claim in the years `at`, or in all from first to last and `beyond`.

    A market is predicted from its first printed year to its last and `beyond` years more, NaN
    elsewhere. One with fewer than `few` growths borrows `priors` with `prior_weight` degrees of
    freedom (0: never). Without, one growth has a median only ("one source"). ValueError for a
    weight or `beyond` below zero, `few` below two, or a level that does not lie between 0 and 1.
    """
    _check_few(few)
    if not 0 <= prior_weight < np.inf or beyond < 0:
        raise ValueError("neither the prior weight nor the years beyond may be below zero")
    probable = checked_levels(levels)
    lines, level, growth = estimates.lines, estimates.level, estimates.growth
    first = np.where(growth.k >= 1, _least(lines.first), np.nan)
    last = np.where(growth.k >= 1, -_least(-lines.last), np.nan)
    years = _all_years(first, last, beyond) if at is None else whole_years(at)
    lends = priors is not None and prior_weight > 0
    borrowed = (growth.k >= 1) & (growth.k < few) & lends
    weight = np.where(borrowed, prior_weight, 0.0)
    lent = priors or Priors(0.0, 0.0, 0)
    a = _next_mean(level, lent.level, borrowed, weight)
    b = _next_mean(growth, lent.growth, borrowed, weight)
    own = np.maximum(growth.k - 1, 0)
    freedom = np.where(own + weight > 0, own + weight, np.nan)
    r = estimates.correlation * np.where(borrowed, own / np.where(borrowed, own + weight, 1.0), 1.0)
    inside = (years >= first[..., None]) & (years <= last[..., None] + beyond)
    d = np.where(inside, years - lines.year[..., None], np.nan)
    mean = level.mean[..., None] + growth.mean[..., None] * d
    cross = (2 * r * np.sqrt(a * b))[..., None] * d
    deviation = np.sqrt(np.maximum(a[..., None] + cross + b[..., None] * d * d, 0.0))
    half = [student.quantile((1 + p) / 2, freedom)[..., None] * deviation for p in probable]
    within = _within(estimates, years)
    outside = np.where(within == 0, ALL, np.where(within < level.k[..., None], SOME, NONE))
    with np.errstate(over="ignore"):  # a bound beyond the greatest float64 is infinite
        shape = (len(probable), *mean.shape)
        return Prediction(
            years=years,
            levels=probable,
            median=np.exp(mean),
            lower=np.exp(np.array([mean - h for h in half])).reshape(shape),
            upper=np.exp(np.array([mean + h for h in half])).reshape(shape),
            k=level.k,
            k_growth=growth.k,
            within=within,
            extrapolated=outside.astype(np.int8),
            first=first,
            last=last,
            borrowed=borrowed,
            reference_year=lines.year,
            level_mean=level.mean,
            growth_mean=growth.mean,
            level_variance=a,
            growth_variance=b,
            correlation=r,
            freedom=freedom,
        )


def _pooled(y: Floats, v: Floats, method: Method, rounded: Bools | None = None) -> Pooled:
    """`rounded`: whose variance is that of rounding alone, as that of one more group will be."""
    there = ~np.isnan(y)
    typical = there if rounded is None else there & rounded
    k: Ints = np.count_nonzero(there, axis=-1)
    tau2 = tau_squared(y, v, there, method=method)
    mean, variance = pooled(y, v, tau2, there)
    within = total(np.moveaxis(np.where(typical, v, 0.0), -1, 0))
    within /= np.maximum(np.count_nonzero(typical, axis=-1), 1)
    return Pooled(k, tau2, mean, variance, tau2 + within)


def _only(v: Floats) -> Floats:
    """The one number that is not NaN, or the sum of several."""
    return total(np.moveaxis(np.where(np.isnan(v), 0.0, v), -1, 0))


def _correlation(lines: Lines) -> Floats:
    """The sample correlation of level and growth; 0 below three lines or where either is equal."""
    line = lines.has_growth
    n = np.count_nonzero(line, axis=-1)

    def apart(values: Floats) -> Floats:
        first = np.moveaxis(np.where(line, values, 0.0), -1, 0)
        return np.where(np.moveaxis(line, -1, 0), first - total(first) / np.maximum(n, 1), 0.0)

    level, growth = apart(lines.level), apart(lines.growth)
    squares = [np.sqrt(total(part * part)) for part in (level, growth)]
    spread = np.minimum(*squares) / np.sqrt(np.maximum(n - 1, 1))
    told = (n >= 3) & (spread > _NO_SPREAD)
    r = total(level * growth) / np.where(told, squares[0] * squares[1], 1.0)
    return np.where(told, np.clip(r, -1.0, 1.0), 0.0)


def _next_mean(stage: Pooled, lent: float, borrowed: Bools, weight: Floats) -> Floats:
    """The variance of one more group about the estimated mean: P + M, or from borrowed ones."""
    own = np.maximum(stage.k - 1, 0)
    known = np.where(own > 0, own * stage.next_variance, 0.0)
    shrunk = (known + weight * lent) / np.where(borrowed, own + weight, 1.0)
    mixed = shrunk * (1 + 1 / np.maximum(stage.k, 1))
    return np.where(borrowed, mixed, stage.next_variance + stage.mean_variance)


def _within(estimates: Estimates, years: Ints) -> Ints:
    lines = estimates.lines
    begun = lines.first[..., None] <= years
    covers = begun & (years <= lines.last[..., None]) & estimates.used[..., None]
    found: Ints = np.count_nonzero(covers, axis=-2)
    return found


def _least(values: Floats) -> Floats:
    return np.asarray(np.fmin.reduce(values, axis=-1), np.float64)


def _all_years(first: Floats, last: Floats, beyond: int) -> Ints:
    if np.isnan(first).all():
        return np.zeros(0, np.int64)
    return np.arange(int(np.nanmin(first)), int(np.nanmax(last)) + beyond + 1)


def _check_few(few: int) -> None:
    if few < 2:
        raise ValueError("a market with fewer than two growths has no variance to lend")
