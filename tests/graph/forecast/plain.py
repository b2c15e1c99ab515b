"""The models as plain loops over markets, to hold the vectorised ones against."""

import math
from collections.abc import Sequence
from itertools import pairwise

from scipy import stats

from graph.forecast.models.paths import Floats

Row = tuple[int, float, float, float, float, float]


def reference(logs: Floats, years: Sequence[int], at: Sequence[int], level: float) -> list[Row]:
    """R0 of one market (G, Y): k, median, lower, upper, least, greatest for each year."""
    paths = []
    for group in logs.tolist():
        points = [(year, y) for year, y in zip(years, group, strict=True) if not math.isnan(y)]
        if len(points) >= 2:
            paths.append(points)
    return [
        _year([y for path in paths if (y := _on(path, year)) is not None], level) for year in at
    ]


def _on(points: list[tuple[int, float]], year: int) -> float | None:
    for (before, low), (after, high) in pairwise(points):
        if before <= year <= after:
            return low + (high - low) * (year - before) / (after - before)
    return None


def _year(values: list[float], level: float) -> Row:
    k = len(values)
    nan = math.nan
    if k == 0:
        return (0, nan, nan, nan, nan, nan)
    mean = math.fsum(values) / k
    if k == 1:
        return (1, math.exp(mean), nan, nan, nan, nan)
    least, greatest = math.exp(min(values)), math.exp(max(values))
    if k == 2:
        return (2, math.exp(mean), nan, nan, least, greatest)
    s = math.sqrt(math.fsum((y - mean) ** 2 for y in values) / (k - 1))
    half = float(_t(level, k)) * s * math.sqrt(1 + 1 / k)
    return (k, math.exp(mean), math.exp(mean - half), math.exp(mean + half), least, greatest)


_KNOWN: dict[tuple[float, int], float] = {}


def _t(level: float, k: int) -> float:
    if (level, k) not in _KNOWN:
        _KNOWN[level, k] = float(stats.t.ppf((1 + level) / 2, k - 1))
    return _KNOWN[level, k]
