"""A straight line in the logarithms for each data group: its growth, and its level in one year.

The first stage of R1 (`random_growth`). Points are fitted by least squares, each
with the same weight. What is known of their errors is the rounding of printed digits alone, and it
is propagated through the linear weights: no publisher gives a sampling variance.

Arrays have the shape (..., G, Y) as in `graph.forecast.models.paths`, results (..., G).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from graph.forecast.models.paths import (
    Bools,
    Floats,
    Ints,
    checked,
    finite_or_missing,
    total,
)


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of data groups, all (..., G); `year` (...), the reference year, NaN without any.

    points: how many years are printed; first, last: which, NaN without any.
    level: the logarithm on the line in the reference year, from two points on; of a single point
    its own logarithm, in its own year `first`. growth: of the logarithm in a year; NaN below two.
    level_variance, growth_variance, covariance: from rounding; the last two are NaN below two.
    """

    year: Floats
    points: Ints
    first: Floats
    last: Floats
    level: Floats
    growth: Floats
    level_variance: Floats
    growth_variance: Floats
    covariance: Floats

    @property
    def has_growth(self) -> Bools:
        """Which groups have two points or more."""
        return np.greater_equal(self.points, 2)


def rounding_variance(value: ArrayLike, half_unit: ArrayLike) -> Floats:
    """The variance of the logarithm of a value rounded to within `half_unit`: (h / value)² / 3.

    An error uniform on ± h has the variance h²/3; the logarithm is taken as linear over it.
    """
    ratio = np.asarray(half_unit, np.float64) / np.asarray(value, np.float64)
    return np.asarray(ratio * ratio / 3.0)


def reference_year(logs: ArrayLike, years: ArrayLike) -> Floats:
    """The year that most lines cover, (...); of several the middle one, the lower of two.

    Lines are of groups with two printed years or more: a single figure would say nothing on growth
    and must not move the year. Where there are none, single figures decide; NaN without any.
    """
    figures, axis = checked(logs, years)
    printed = ~np.isnan(figures)
    points = np.count_nonzero(printed, axis=-1)
    some = np.where((points >= 2).any(axis=-1, keepdims=True), 2, 1)
    first, last = _span(printed, axis)
    counted = points >= some
    span = np.arange(axis[0], axis[-1] + 1)
    cover = np.stack(
        [np.count_nonzero(counted & (first <= y) & (y <= last), axis=-1) for y in span], axis=-1
    )
    tied = cover == cover.max(axis=-1, keepdims=True)
    middle = (np.count_nonzero(tied, axis=-1, keepdims=True) + 1) // 2
    found = span[np.argmax(np.cumsum(tied, axis=-1) == middle, axis=-1)].astype(np.float64)
    return np.where(counted.any(axis=-1), found, np.nan)


def fitted(logs: ArrayLike, variances: ArrayLike, years: ArrayLike) -> Lines:
    """The line of each group. `variances` of the logarithms have the shape of `logs`.

    ValueError where a variance of a printed figure is missing or below zero, and as
    `graph.forecast.models.paths.checked` says.
    """
    figures, axis = checked(logs, years)
    finite_or_missing(figures)
    rounding = np.broadcast_to(np.asarray(variances, np.float64), figures.shape)
    printed = ~np.isnan(figures)
    if not (rounding[printed] >= 0).all() or np.isinf(rounding[printed]).any():
        raise ValueError("the variance of a printed figure is missing, below zero or infinite")
    points: Ints = np.count_nonzero(printed, axis=-1)
    n = np.maximum(points, 1)
    first, last = _span(printed, axis)
    year = reference_year(figures, axis)
    # Years are counted from the first of all, so that their squares stay small.
    t = np.where(printed, (axis - axis[0]).astype(np.float64), 0.0)
    y = np.where(printed, figures, 0.0)
    v = np.where(printed, rounding, 0.0)
    mean_t, mean_y = _over_years(t) / n, _over_years(y) / n
    apart = np.where(printed, t - mean_t[..., None], 0.0)
    square = _over_years(apart * apart)
    line = points >= 2
    weight = apart / np.where(line, square, 1.0)[..., None]
    growth = _over_years(weight * (y - np.where(printed, mean_y[..., None], 0.0)))
    ahead = np.where(line, year[..., None] - axis[0] - mean_t, 0.0)
    # The level is a sum of logarithms with the weights 1/n + ahead · (t - mean) / square.
    level_weight = np.where(printed, 1.0 / n[..., None] + weight * ahead[..., None], 0.0)
    return Lines(
        year=year,
        points=points,
        first=first,
        last=last,
        level=np.where(points >= 1, mean_y + growth * ahead, np.nan),
        growth=np.where(line, growth, np.nan),
        level_variance=np.where(points >= 1, _over_years(level_weight**2 * v), np.nan),
        growth_variance=np.where(line, _over_years(weight**2 * v), np.nan),
        covariance=np.where(line, _over_years(weight * level_weight * v), np.nan),
    )


def _over_years(terms: Floats) -> Floats:
    return total(np.moveaxis(terms, -1, 0))


def _span(printed: Bools, years: Ints) -> tuple[Floats, Floats]:
    """The first and the last printed year of each group, NaN without any."""
    any_ = printed.any(axis=-1)
    first = years[np.argmax(printed, axis=-1)]
    last = years[len(years) - 1 - np.argmax(printed[..., ::-1], axis=-1)]
    return np.where(any_, first, np.nan), np.where(any_, last, np.nan)
