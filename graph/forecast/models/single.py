"""Markets of one source: the forecast leads through what it prints, with no hidden smoothing."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from graph.forecast.models.paths import Floats, between
from graph.forecast.models.random_growth import Prediction


def through_points(prediction: Prediction, logs: ArrayLike, years: ArrayLike) -> Prediction:
    """A prediction that, where one group is pooled, follows the path of that group.

    Its line in the logarithm would pass by printed figures that lie on none. The median is the path
    instead, from the first to the last printed year; beyond, it goes on from there with the growth
    of the line. Bounds keep their distance in the logarithm. Of the others nothing changes.
    """
    alone = (prediction.k == 1) & (prediction.k_growth == 1)
    if not alone.any():
        return prediction
    paths = between(logs, years, prediction.years)
    path = np.fmax.reduce(paths, axis=-2)  # of one group: the only one that is not NaN
    apart = _nearest(path - np.log(prediction.median))
    factor = np.where(alone[..., None] & ~np.isnan(apart), np.exp(apart), 1.0)
    return replace(
        prediction,
        median=prediction.median * factor,
        lower=prediction.lower * factor,
        upper=prediction.upper * factor,
    )


def _nearest(apart: Floats) -> Floats:
    """Along the last axis: what is missing at either end is as next to it."""
    found = apart.copy()
    for year in range(1, found.shape[-1]):
        missing = np.isnan(found[..., year])
        found[..., year] = np.where(missing, found[..., year - 1], found[..., year])
    for year in reversed(range(found.shape[-1] - 1)):
        missing = np.isnan(found[..., year])
        found[..., year] = np.where(missing, found[..., year + 1], found[..., year])
    return found
