"""The course of each pooled group: its path through printed years, and how it goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.forecast.models.lines import fitted
from graph.forecast.models.paths import between
from graph.forecast.panel import panel
from graph.forecast.results import Forecast

Course = tuple[tuple[int, float], ...]
"""Years with values, in the unit of the market."""


@dataclass(frozen=True, slots=True)
class Courses:
    """Of one group: `path` has a value for each year from the first to the last printed one.

    `earlier` and `later` go on from there with its growth (that of its line in the logarithm) to
    the first and the last year of the forecast; empty where there is none, and where the model
    prolongs nothing.
    """

    group: str
    path: Course
    earlier: Course
    later: Course


def courses(forecast: Forecast) -> Sequence[Courses]:
    """Return the courses of the groups of a forecast that print two years or more."""
    pooled = panel({forecast.market: forecast.selection})
    if pooled is None:
        return ()
    told = [year.year for year in forecast.years]  # without a band there are paths all the same
    ends_at = (told[0], told[-1]) if told else (int(pooled.years[0]), int(pooled.years[-1]))
    at = np.arange(ends_at[0], ends_at[1] + 1)
    lines = fitted(pooled.logs, pooled.variances, pooled.years)
    paths = between(pooled.logs, pooled.years, at)[0]
    prolonged = forecast.choices.model == "R1" and bool(told)
    found = []
    for index, group in enumerate(pooled.groups[0]):
        if not lines.has_growth[0, index]:
            continue
        first, last = lines.first[0, index], lines.last[0, index]
        ends = paths[index][at == first], paths[index][at == last]
        before = ends[0] + lines.growth[0, index] * (at - first)
        after = ends[1] + lines.growth[0, index] * (at - last)
        found.append(
            Courses(
                group=group,
                path=_course(at, paths[index], (at >= first) & (at <= last)),
                earlier=_course(at, before, (at < first) & prolonged),
                later=_course(at, after, (at > last) & prolonged),
            )
        )
    return tuple(found)


def _course(
    years: np.ndarray[tuple[int], np.dtype[np.int64]],
    logs: np.ndarray[tuple[int], np.dtype[np.float64]],
    which: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Course:
    told = which & ~np.isnan(logs)
    return tuple((int(y), float(np.exp(x))) for y, x in zip(years[told], logs[told], strict=True))
