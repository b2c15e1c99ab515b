"""Paths of data groups: the figures that a group printed, and what lies between them.

Arrays have the shape (..., G, Y): markets, groups, years; `logs` are natural logarithms, NaN where
nothing is printed. Between two printed years a path is linear in the logarithm, which is constant
growth, and an assumption; before the first and after the last there is none.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: Years that the figures of one market may lie apart; more is a slip of the pen.
LONGEST = 1000


def total(terms: Iterable[Floats]) -> Floats:
    """The sum of arrays, one after the other.

    `numpy.sum` takes another order for another layout, and then the last bit may differ.
    """
    found: Floats | None = None
    for term in terms:
        found = np.array(term) if found is None else np.add(found, term, out=found)
    if found is None:
        raise ValueError("there is nothing to add up: an axis of length zero")
    return found


def checked(logs: ArrayLike, years: ArrayLike) -> tuple[Floats, Ints]:
    """Both as arrays; ValueError where their shapes, the years or infinite logs make no sense."""
    figures = np.asarray(logs, np.float64)
    axis = whole_years(years)
    if figures.ndim < 2 or figures.shape[-1] != len(axis):
        raise ValueError(f"logs of shape {figures.shape} do not fit {len(axis)} years")
    if 0 in figures.shape[-2:]:
        raise ValueError("there are no groups or no years; give at least one, NaN if need be")
    if (np.diff(axis) <= 0).any():
        raise ValueError("years do not ascend")
    if axis[-1] - axis[0] > LONGEST:
        raise ValueError(f"years lie more than {LONGEST} apart")
    return figures, axis


def whole_years(years: ArrayLike) -> Ints:
    """Years as an array of one axis; ValueError for what is not an integer."""
    axis = np.asarray(years)
    if axis.ndim != 1 or (axis.size and not np.issubdtype(axis.dtype, np.integer)):
        raise ValueError("years are not a list of integers")
    return axis.astype(np.int64)


def finite_or_missing(logs: Floats) -> None:
    """ValueError for an infinite logarithm, as that of zero."""
    if np.isinf(logs).any():
        raise ValueError("a logarithm is infinite: only values above zero can be pooled")


def lines_of(logs: ArrayLike) -> Bools:
    """Which groups have at least two printed years, (..., G)."""
    printed: Ints = np.count_nonzero(~np.isnan(np.asarray(logs, np.float64)), axis=-1)
    return np.greater_equal(printed, 2)


def between(logs: ArrayLike, years: ArrayLike, at: ArrayLike) -> Floats:
    """The paths in the years `at`: (..., G, len(at)), NaN outside first to last printed year.

    `years` ascend and need not be consecutive; `at` are integers in any order. A group with one
    printed year has a path of that year only. ValueError as `checked` and `finite_or_missing` say.
    """
    figures, axis = checked(logs, years)
    finite_or_missing(figures)
    wanted = whole_years(at)
    found = np.full((*figures.shape[:-1], len(wanted)), np.nan)
    for index, path in enumerate(each_year(np.moveaxis(figures, -1, 0), axis, wanted)):
        found[..., index] = path
    return found


def each_year(columns: Floats, years: Ints, at: Ints) -> Iterator[Floats]:
    """The paths in each of the years `at`, as arrays of the shape of one column.

    `columns` has the years first: (Y, ...).
    """
    after = [*_nearest(columns[::-1], years[::-1])][::-1]
    before = list(_nearest(columns, years))
    for year in at:
        left = int(np.searchsorted(years, year, side="right")) - 1
        right = int(np.searchsorted(years, year, side="left"))
        if left < 0 or right == len(years):
            yield np.full(columns.shape[1:], np.nan)
            continue
        (low, low_year), (high, high_year) = before[left], after[right]
        # Years are integers: where both neighbours are one point, a gap of one changes nothing.
        path = high_year - low_year
        np.maximum(path, 1.0, out=path)
        np.divide(year - low_year, path, out=path)
        path *= high - low
        path += low
        yield path


def _nearest(columns: Floats, years: Ints) -> Iterator[tuple[Floats, Floats]]:
    """For each column: what was printed last up to there, and when; NaN where nothing was."""
    printed = np.full(columns.shape[1:], np.nan)
    when = printed
    for column, year in zip(columns, years, strict=True):
        missing = np.isnan(column)
        printed = np.where(missing, printed, column)
        when = np.where(missing, when, float(year))
        yield printed, when
