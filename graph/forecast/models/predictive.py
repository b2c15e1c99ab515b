"""The predictive distribution of the next claim: a log-t, by its location, scale and freedom.

The models give a median and bounds; scores and draws need the whole distribution.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from graph.forecast.models import student
from graph.forecast.models.paths import Floats
from graph.forecast.models.random_growth import Prediction
from graph.forecast.models.reference import reference

# The level that scales are read off; each gives the same.
_LEVEL = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Predictive:
    """The log of the next claim is location + scale T, T of Student's t with df degrees.

    location, scale, df, k: of one shape, such as (..., T) for T years. NaN where there is none; an
    infinite df is the normal distribution. `k` groups are pooled.
    """

    location: Floats
    scale: Floats
    df: Floats
    k: NDArray[np.int64]

    def at(self, *place: int) -> "Predictive":
        """The distribution of one place, as arrays of one."""
        parts = (self.location, self.scale, self.df, self.k)
        return Predictive(*(np.atleast_1d(part[place]) for part in parts))

    def bounds(self, level: float) -> tuple[Floats, Floats]:
        """The central interval of a probability, in logs."""
        half = self.scale * student.quantile((1 + level) / 2, self.df)
        return self.location - half, self.location + half


def r0_predictive(logs: ArrayLike, years: ArrayLike, at: ArrayLike) -> Predictive:
    """The predictive distribution of R0, (..., T); no scale below three paths."""
    band = reference(logs, years, at, (_LEVEL,))
    df = np.where(band.k >= 3, band.k - 1.0, np.nan)
    return _of_band(band.median, band.upper[0], df, band.k.astype(np.int64))


def r1_predictive(prediction: Prediction) -> Predictive:
    """The predictive distribution of a prediction of R1, (..., T), from its first level."""
    shape = prediction.median.shape
    df = np.broadcast_to(prediction.freedom[..., None], shape)
    k = np.broadcast_to(prediction.k[..., None], shape)
    return _of_band(prediction.median, prediction.upper[0], df, k, prediction.levels[0])


def _of_band(
    median: Floats, upper: Floats, df: Floats, k: NDArray[np.int64], level: float = _LEVEL
) -> Predictive:
    location = np.log(median)
    scale = (np.log(upper) - location) / student.quantile((1 + level) / 2, df)
    return Predictive(location, scale, df, k)
