"""What is pooled, as arrays over markets, groups and years."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.forecast.rounding import natural_log
from graph.forecast.selection import Selection


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Printed values of M markets, at most G groups each, in Y years.

    logs: (M, G, Y), natural logarithms, NaN where nothing is printed. variances: (M, G, Y), of the
    logarithms by rounding. years: (Y,), ascending. `groups` has the keys of those of each market.
    """

    markets: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    years: NDArray[np.int64]
    logs: NDArray[np.float64]
    variances: NDArray[np.float64]


def panel(selections: Mapping[str, Selection]) -> Panel | None:
    """Return the markets in which something is pooled; None if there is none.

    A printed value is uniform within
    its rounding, half a unit of its last digit to either side: of its logarithm, that is a variance
    of (half unit / value)² / 3.
    """
    pooled = {key: one.members for key, one in selections.items() if one.members}
    if not pooled:
        return None
    years = sorted({p.year for of in pooled.values() for member in of for p in member.points})
    at = {year: index for index, year in enumerate(years)}
    shape = (len(pooled), max(map(len, pooled.values())), len(years))
    logs, variances = np.full(shape, np.nan), np.full(shape, np.nan)
    for market, members in enumerate(pooled.values()):
        for group, member in enumerate(members):
            for point in member.points:
                place = (market, group, at[point.year])
                logs[place] = natural_log(point.value)
                variances[place] = float(point.half_unit / point.value) ** 2 / 3
    return Panel(
        markets=tuple(pooled),
        groups=tuple(tuple(member.key for member in of) for of in pooled.values()),
        years=np.array(years),
        logs=logs,
        variances=variances,
    )
