"""What a curve would be if its growth were damped, capped, or ran into a ceiling.

Scenarios are the user's, never selected: no source prints enough points to tell one from another.
Each acts on a curve (a median, or a bound) by itself, after the last printed year; what lies before
stays. Curves that do not cross do not cross afterwards. Arrays of values have the shape (..., T)
over consecutive years (T,); `last` (...) is the last printed year of each market.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from graph.forecast.models.paths import Floats, Ints, whole_years
from graph.forecast.models.random_growth import Prediction


@dataclass(frozen=True, slots=True)
class Scenario:
    """A user's assumptions; ValueError for one that makes no sense.

    damping: above 0, at most 1. The logarithmic growth of each year is multiplied by it once more.
    cap: percent a year, above -100. No value is more than so much above the one of the year before.
    ceiling: above 0, in the unit of the values. Growth becomes logistic towards it.
    """

    damping: float = 1.0
    cap: float | None = None
    ceiling: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.damping <= 1:
            raise ValueError(f"a damping of {self.damping} does not lie above 0 and at most at 1")
        if self.cap is not None and not -100 < self.cap < np.inf:
            raise ValueError(f"a cap of {self.cap} % a year is not above -100 and finite")
        if self.ceiling is not None and not 0 < self.ceiling < np.inf:
            raise ValueError(f"a ceiling of {self.ceiling} is not above 0 and finite")


def applied(prediction: Prediction, scenario: Scenario) -> Prediction:
    """A prediction with its median and each bound as `curve` makes them."""
    years, last = prediction.years, prediction.last
    return replace(
        prediction,
        median=curve(prediction.median, years, last, scenario),
        lower=curve(prediction.lower, years, last, scenario),
        upper=curve(prediction.upper, years, last, scenario),
    )


def curve(values: ArrayLike, years: ArrayLike, last: ArrayLike, scenario: Scenario) -> Floats:
    """A curve damped first, then capped, then under its ceiling."""
    found = np.asarray(values, np.float64)
    if scenario.damping < 1:
        found = damped(found, years, last, scenario.damping)
    if scenario.cap is not None:
        found = capped(found, years, last, scenario.cap)
    return found if scenario.ceiling is None else limited(found, years, last, scenario.ceiling)


def damped(values: ArrayLike, years: ArrayLike, last: ArrayLike, factor: float) -> Floats:
    """Logarithmic growth times φ in the first year after the last printed one, then φ², φ³ ...

    Gardner and McKenzie (1985), Management Science 31, 1237-1246.
    """
    before, axis, ends = _checked(values, years, last)
    found = before.copy()
    for year in range(1, len(axis)):
        ahead = axis[year] - ends
        growth = before[..., year] / before[..., year - 1]
        grown = found[..., year - 1] * growth ** (factor ** np.maximum(ahead, 0.0))
        found[..., year] = np.where(ahead > 0, grown, before[..., year])
    return found


def capped(values: ArrayLike, years: ArrayLike, last: ArrayLike, percent: float) -> Floats:
    """The greatest curve that is nowhere above the given one and never grows by more than a cap.

    A curve that the cap held back in one year may come up to the given one later, at no more than
    the cap: else a bound could fall below the median.
    """
    found, axis, ends = _checked(values, years, last)
    found = found.copy()
    for year in range(1, len(axis)):
        most = found[..., year - 1] * (1 + percent / 100)
        held = np.minimum(found[..., year], most)
        found[..., year] = np.where(axis[year] > ends, held, found[..., year])
    return found


def limited(values: ArrayLike, years: ArrayLike, last: ArrayLike, ceiling: float) -> Floats:
    """Logistic growth towards a ceiling K, from the value V and the growth of the last year on.

    Where the given curve has grown by G (a logarithm) since then, the logistic one, whose
    own growth there is the same, is K / (1 + (K/V - 1) exp(-G / (1 - V/K))). With constant growth
    that is the logistic curve of Verhulst (1838). A curve that does not grow needs no ceiling and
    is not changed; one that is at the ceiling or above it in the last printed year stays at V.
    """
    found, axis, ends = _checked(values, years, last)
    found = found.copy()
    value = _at(found, axis, ends)
    room = 1 - value / ceiling
    below = room > 0
    for year in range(len(axis)):
        growth = np.log(found[..., year] / value)
        with np.errstate(under="ignore"):
            rest = np.exp(-np.maximum(growth, 0.0) / np.where(below, room, 1.0))
        logistic = np.minimum(ceiling / (1 + (ceiling / value - 1) * rest), found[..., year])
        after = np.where(below, np.where(growth > 0, logistic, found[..., year]), value)
        missing = np.isnan(found[..., year])
        after = np.where(missing, np.nan, np.minimum(after, np.maximum(value, ceiling)))
        found[..., year] = np.where(axis[year] > ends, after, found[..., year])
    return found


def _checked(values: ArrayLike, years: ArrayLike, last: ArrayLike) -> tuple[Floats, Ints, Floats]:
    """ValueError where years do not follow each other, or one that is needed is missing."""
    found, axis = np.asarray(values, np.float64), whole_years(years)
    if found.ndim == 0 or found.shape[-1] != len(axis):
        raise ValueError(f"values of shape {found.shape} do not fit {len(axis)} years")
    if (np.diff(axis) != 1).any():
        raise ValueError("years do not follow each other: growth is counted from year to year")
    ends = np.broadcast_to(np.asarray(last, np.float64), found.shape[:-1])
    later = (~np.isnan(found) & (axis > ends[..., None])).any(axis=-1)
    if (later & np.isnan(_at(found, axis, ends))).any():
        raise ValueError("the value of the last printed year is needed and missing")
    return found, axis, ends


def _at(values: Floats, years: Ints, last: Floats) -> Floats:
    """The value of the last printed year; NaN where that is not among the years."""
    found = np.where(years == last[..., None], values, np.nan)
    return np.asarray(np.fmax.reduce(found, axis=-1, initial=np.nan))
