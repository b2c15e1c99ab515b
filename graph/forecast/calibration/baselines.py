"""What a forecast must beat: another group's path, and the pooled median by a fixed factor.

Both prolong the line of a group (least squares through its printed points, in logs) to any year; a
group with one printed year counts in that year only.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from graph.forecast.models.lines import fitted
from graph.forecast.models.paths import Floats, Ints, total
from graph.forecast.models.predictive import Predictive


def another_path(logs: Floats, years: Ints, year: int) -> Predictive:
    """Each group's line in turn as the centre, (centres,), with the spread pooled over all lines.

    `logs` (groups, years). Of m lines in that year with the standard deviation s, the difference of
    two claims has 2 s², so the scale is s √2, with m - 1 degrees of freedom. None from fewer than
    two lines.
    """
    lines = prolonged(logs, years, year)
    count = len(lines)
    if count < 2:
        return _none()
    column = lines[:, None]
    apart = column - total(column) / count
    spread = np.sqrt(total(apart * apart) / (count - 1))
    scale = np.full(count, spread * np.sqrt(2.0))
    return Predictive(lines, scale, np.full(count, count - 1.0), np.full(count, count))


def median_by_factor(
    logs: Floats, years: Ints, year: int, factor: float, level: float
) -> Predictive:
    """The median of the lines, within a factor of `factor` with probability `level`: log-normal.

    The scale is ln(factor) / z, z the normal quantile at (1 + level)/2. None from fewer than two
    lines. ValueError for a factor of at most 1 or a level outside 0 to 1.
    """
    if not (1 < factor < np.inf and 0 < level < 1):
        raise ValueError(f"a factor is above 1 and a level between 0 and 1, not {factor}, {level}")
    lines = np.sort(prolonged(logs, years, year))
    count = len(lines)
    if count < 2:
        return _none()
    middle = (lines[(count - 1) // 2] + lines[count // 2]) / 2
    scale = np.log(factor) / NormalDist().inv_cdf((1 + level) / 2)
    return Predictive(np.array([middle]), np.array([scale]), np.array([np.inf]), np.array([count]))


def prolonged(logs: Floats, years: Ints, year: int) -> Floats:
    """What the groups' lines say for a year, (lines,): those that have one, in their order."""
    lines = fitted(logs, np.where(np.isnan(logs), np.nan, 0.0), years)
    ahead = lines.level + lines.growth * (year - lines.year)
    here = lines.first == year
    said = np.where(lines.has_growth, ahead, lines.level)
    return np.asarray(said[lines.has_growth | here])


def _none() -> Predictive:
    nothing: NDArray[np.float64] = np.zeros(0)
    return Predictive(nothing, nothing, nothing, np.zeros(0, np.int64))
