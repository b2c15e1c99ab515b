"""R0, the reference consensus: frozen, so that other models can be held against it.

In each year it takes the paths (`paths`) of the groups with at least two printed
years that cover the year. Of their k logarithms y, the median of the next publisher's claim is
exp(ȳ), and its bounds are exp(ȳ ± t · s · √(1 + 1/k)), with s the sample standard deviation and t
the quantile of Student's distribution with k - 1 degrees of freedom: the prediction interval for
one more draw from a normal population (Hahn and Meeker, Statistical Intervals, 1991, section 4.7).
Two values have no interval, only their range; one stands for itself. Growth rates are no data.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.forecast.models import student
from graph.forecast.models.paths import (
    Floats,
    Ints,
    checked,
    each_year,
    finite_or_missing,
    total,
    whole_years,
)

#: Levels that are published.
LEVELS = (0.5, 0.8, 0.95)
_CHUNK = 4096  # markets at a time: their arrays stay in the cache


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Where the next publisher of comparable scope would put its figure, by R0.

    All are values, not logarithms. NaN stands for "none".

    years: (T,). levels: L of them, each between 0 and 1.
    k: (..., T), how many paths cover the year: 0 "not stated", 1 "one source".
    median: (..., T), from k = 1 on. lower, upper: (L, ..., T), from k = 3 on.
    least, greatest: (..., T), the range of the paths, from k = 2 on.
    """

    years: Ints
    levels: tuple[float, ...]
    k: NDArray[np.int32]
    median: Floats
    lower: Floats
    upper: Floats
    least: Floats
    greatest: Floats


def reference(
    logs: ArrayLike,
    years: ArrayLike,
    at: ArrayLike,
    levels: Sequence[float] = LEVELS,
    *,
    threads: int = 1,
) -> Band:
    """R0 in the years `at`, from `logs` of shape (..., G, Y) printed in `years`, NaN where not.

    Works on some thousand markets at a time, on so many threads; neither changes a bit of the
    result. ValueError for a level outside 0 to 1, and as `paths.checked` says.
    """
    figures, axis = checked(logs, years)
    wanted, probable = whole_years(at), checked_levels(levels)
    flat = figures.reshape(-1, *figures.shape[-2:])
    markets, groups = flat.shape[:2]
    band = _empty(wanted, probable, markets)
    factors = _factors(probable, groups)

    def fill(first: int) -> None:
        chunk = slice(first, first + _CHUNK)
        _fill(band, chunk, flat[chunk], axis, factors)

    with ThreadPoolExecutor(max_workers=threads) as pool:
        for _ in pool.map(fill, range(0, markets, _CHUNK)):
            pass
    return _shaped(band, figures.shape[:-2])


def checked_levels(levels: Sequence[float]) -> tuple[float, ...]:
    """ValueError for a level that does not lie between 0 and 1."""
    for level in levels:
        if not 0 < level < 1:
            raise ValueError(f"level {level} does not lie between 0 and 1")
    return tuple(float(level) for level in levels)


def _factors(levels: tuple[float, ...], groups: int) -> Floats:
    """The factors t · √(1 + 1/k) for each level and k, (L, groups + 1); NaN below three."""
    k = np.arange(groups + 1, dtype=np.float64)
    p = (1 + np.array(levels, dtype=np.float64)[:, None]) / 2
    return student.quantile(p, np.where(k < 3, np.nan, k - 1)) * np.sqrt(1 + 1 / np.maximum(k, 1))


def _empty(years: Ints, levels: tuple[float, ...], markets: int) -> Band:
    shape = (markets, len(years))
    return Band(
        years=years,
        levels=levels,
        k=np.empty(shape, np.int32),
        median=np.empty(shape),
        lower=np.empty((len(levels), *shape)),
        upper=np.empty((len(levels), *shape)),
        least=np.empty(shape),
        greatest=np.empty(shape),
    )


def _fill(band: Band, chunk: slice, logs: Floats, years: Ints, factors: Floats) -> None:
    finite_or_missing(logs)
    # Years first and markets last, so that every step runs along memory.
    columns = logs.transpose(2, 1, 0).copy()
    points = np.zeros(columns.shape[1:], np.int32)
    for column in columns:
        points += ~np.isnan(column)
    columns[:, points < 2] = np.nan
    shape = (len(band.years), len(logs))
    k, mean, spread = np.empty(shape, np.int32), np.empty(shape), np.empty(shape)
    least, greatest = np.empty(shape), np.empty(shape)
    for year, paths in enumerate(each_year(columns, years, band.years)):
        missing = np.isnan(paths)
        k[year] = len(paths) - np.count_nonzero(missing, axis=0)
        least[year] = np.fmin.reduce(paths, axis=0)
        greatest[year] = np.fmax.reduce(paths, axis=0)
        paths[missing] = 0.0
        mean[year] = total(paths) / np.maximum(k[year], 1)
        np.subtract(paths, mean[year], out=paths)
        paths[missing] = 0.0
        np.multiply(paths, paths, out=paths)
        spread[year] = np.sqrt(total(paths) / np.maximum(k[year] - 1, 1))
    band.k[chunk] = k.T
    mean[k == 0] = np.nan
    least[k < 2] = np.nan
    with np.errstate(over="ignore"):  # a bound beyond the greatest float64 is infinite
        band.median[chunk] = np.exp(mean).T
        band.least[chunk] = np.exp(least).T
        band.greatest[chunk] = np.exp(np.where(k < 2, np.nan, greatest)).T
        for level, factor in enumerate(factors):
            half = factor[k] * spread
            band.lower[level, chunk] = np.exp(mean - half).T
            band.upper[level, chunk] = np.exp(mean + half).T


def _shaped(band: Band, leading: tuple[int, ...]) -> Band:
    shape = (*leading, len(band.years))
    bounds = (len(band.levels), *shape)
    return Band(
        years=band.years,
        levels=band.levels,
        k=band.k.reshape(shape),
        median=band.median.reshape(shape),
        lower=band.lower.reshape(bounds),
        upper=band.upper.reshape(bounds),
        least=band.least.reshape(shape),
        greatest=band.greatest.reshape(shape),
    )
