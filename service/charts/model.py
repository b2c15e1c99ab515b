"""What a fan chart shows: published figures, and where another publisher would put its figure.

Values are in one unit, told by `FanData.unit`. A value that is not finite is left out of the chart;
what contradicts itself (a bound on the wrong side of its median) raises ValueError.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Extrapolated = Literal["none", "some", "all"]
Interval = tuple[float, float]
"""A lower and an upper bound."""
PathPoint = tuple[int, float]
"""A year and a value on a line; nobody printed it."""

LEVELS = (50, 80, 95)
"""The levels of a band in percent, narrowest first."""

ESTIMAND = (
    "Where another publisher of comparable scope would put its figure; not the market itself."
)

_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Point:
    """A figure as printed. `half_unit` bounds its rounding; `printed` has its digits.

    `manner` is the publisher's word ("actual", "projected").
    """

    year: int
    value: float
    half_unit: float = 0.0
    manner: str = ""
    printed: str = ""

    def __post_init__(self) -> None:
        _check_year(self.year)


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher and its line. `mark` is a short reference ("A", "R3"), unique in the chart.

    `path` leads through the printed years; each line of `prolonged` lies outside them, and begins
    where it is to join. `reason` says why the figures are not pooled.
    """

    name: str
    mark: str
    points: Sequence[Point]
    path: Sequence[PathPoint] = ()
    prolonged: Sequence[Sequence[PathPoint]] = ()
    pooled: bool = True
    reason: str = ""

    def __post_init__(self) -> None:
        for line in (self.path, *self.prolonged):
            for year, _ in line:
                _check_year(year)


@dataclass(frozen=True, slots=True)
class BandYear:
    """One year of a forecast, from `k` data groups.

    `intervals` has the bounds by level, without those that are not given. `spread` is the range of
    two values where there is no interval. `extrapolated` tells how many of the groups' lines lie
    outside their printed years.
    """

    year: int
    k: int
    median: float | None = None
    intervals: Mapping[int, Interval | None] = field(default_factory=dict)
    spread: Interval | None = None
    extrapolated: Extrapolated = "none"

    def __post_init__(self) -> None:
        _check_year(self.year)
        unknown = sorted(set(self.intervals) - set(LEVELS))
        if unknown:
            raise ValueError(f"{self.year}: {unknown[0]} is not one of the levels {LEVELS}")
        # Outermost first: each next pair, and the median last, lies within the one before.
        nested = [self.interval(level) for level in reversed(LEVELS)]
        nested.append(None if self.median is None else finite((self.median, self.median)))
        _check_nested(self.year, nested)
        if self.spread is not None and self.spread[0] > self.spread[1]:
            raise ValueError(f"{self.year}: the spread begins above its end")

    def interval(self, level: int) -> Interval | None:
        """The bounds at a level, None where they are not given or not finite."""
        bounds = self.intervals.get(level)
        return None if bounds is None else finite(bounds)


@dataclass(frozen=True, slots=True)
class Band:
    """A forecast. `method` names it ("consensus R1").

    `borrowed`: its width rests on the variance of other markets as well.
    """

    years: Sequence[BandYear]
    method: str = ""
    borrowed: bool = False

    def __post_init__(self) -> None:
        years = [row.year for row in self.years]
        if len(set(years)) < len(years):
            raise ValueError("a year stands in the band more than once")


@dataclass(frozen=True, slots=True)
class FanData:
    """All that a chart shows. `unit` is for people ("USD billion").

    Without a band, `no_band_reason` says why. `note` is printed last, as a date or a release.
    """

    title: str
    unit: str
    publishers: Sequence[Publisher]
    band: Band | None = None
    estimand: str = ESTIMAND
    no_band_reason: str = ""
    note: str = ""

    def rows(self) -> list[BandYear]:
        """The years of the band in order; none without a band."""
        return sorted(self.band.years, key=lambda row: row.year) if self.band else []


def finite(bounds: Interval) -> Interval | None:
    """The bounds, or None where one of them is not a finite number."""
    return bounds if math.isfinite(bounds[0]) and math.isfinite(bounds[1]) else None


def _check_year(year: int) -> None:
    if not 1 <= year <= _LAST_YEAR:
        raise ValueError(f"{year} is not a year from 1 to {_LAST_YEAR}")


def _check_nested(year: int, nested: Sequence[Interval | None]) -> None:
    lower, upper = -math.inf, math.inf
    for bounds in nested:
        if bounds is None:
            continue
        if not lower <= bounds[0] <= bounds[1] <= upper:
            raise ValueError(
                f"{year}: the median or an interval does not lie within the wider interval"
            )
        lower, upper = bounds
