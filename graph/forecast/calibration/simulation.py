"""Coverage, bias and width by simulation: the only place where truth is known.

Each design (`markets`) is made n times for each number of groups. What is published
is how often the claim of one more publisher lies inside, how often the truth does, how far the
median is off, and how wide the intervals are; also, and above all, where intervals fail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import cast

import numpy as np
from numpy.typing import NDArray

from graph.forecast.calibration.markets import AT, DESIGNS, YEARS, Design, Markets, make_markets
from graph.forecast.models.predictive import Predictive, r0_predictive, r1_predictive
from graph.forecast.models.random_growth import PRIOR_WEIGHT, Priors, estimate, predict
from graph.forecast.models.reference import LEVELS

Floats = NDArray[np.float64]

GROUPS = (3, 4, 5, 6, 7, 8)
MODELS = ("R0", "R1", "R1 borrowed")
#: Simulations of each design and number of groups in a release: about a second in all.
AT_BUILD = 400
_DONORS = 4
_GROUPS_OF_DONORS = 8


@dataclass(frozen=True, slots=True)
class SimulationRow:
    """A model in a design with k independent groups. Rates and logs have three decimals.

    `counted` groups are printed, copies included. Of `n` simulations, `intervals` had an interval
    (R0 has none where fewer than three paths cover the year, R1 none beyond its horizon); all else
    is of those, and None if there are none. By level: `claim` and `truth` are how often the
    interval had the next publisher's claim, and the market itself; `claim_error` and `truth_error`
    the Monte-Carlo standard errors √(p (1 - p)/intervals); `width` the mean width in logs. `bias`
    is the mean of the log of the median less that of the market, `bias_error` its standard error.
    """

    design: str
    model: str
    k: int
    counted: int
    n: int
    intervals: int
    levels: tuple[float, ...]
    claim: tuple[float, ...] | None
    claim_error: tuple[float, ...] | None
    truth: tuple[float, ...] | None
    truth_error: tuple[float, ...] | None
    bias: float | None
    bias_error: float | None
    width: tuple[float, ...] | None


def report(
    n: int = AT_BUILD,
    seed: int = 0,
    *,
    designs: Sequence[Design] = DESIGNS,
    groups: Sequence[int] = GROUPS,
    models: Sequence[str] = MODELS,
) -> list[SimulationRow]:
    """Every design, number of groups and model, `n` simulations each; the same for the same seed.

    Counts depend on comparisons alone, so rates are the same on every machine. Designs and numbers
    of groups have draws of their own: one more changes no other. ValueError for n < 2 or a number
    of groups below 2.
    """
    if n < 2 or min(groups) < 2:
        raise ValueError("a report needs two simulations and two groups at least")
    rows = []
    for design in designs:
        priors = _borrowed(design, n, seed) if "R1 borrowed" in models else None
        for k in groups:
            made = make_markets(design, k, n, seed)
            for name, forecast in _forecasts(made, models, priors):
                rows.append(_row(design, name, k, made, forecast))
    return rows


def _borrowed(design: Design, n: int, seed: int) -> Priors:
    """What each market borrows, (n,): the means over `_DONORS` other markets of its design.

    n donors are made and taken in turn, so those of a market have nothing to do with it.
    """
    made = make_markets(design, _GROUPS_OF_DONORS, n, seed, "donors")
    stages = estimate(made.logs, _exact(made), YEARS)
    level, growth = (
        np.mean([np.roll(stage.next_variance, shift) for shift in range(_DONORS)], axis=0)
        / design.donors**2
        for stage in (stages.level, stages.growth)
    )
    # One number for each market, which broadcast where a release has one for all.
    return Priors(cast("float", level), cast("float", growth), _DONORS)


def _exact(made: Markets) -> Floats:
    """No variance from rounding."""
    return np.where(np.isnan(made.logs), np.nan, 0.0)


def _forecasts(
    made: Markets, models: Sequence[str], priors: Priors | None
) -> Iterator[tuple[str, Predictive]]:
    """The forecasts for `AT` of each model; of `R1 borrowed` only where something is borrowed."""
    if "R0" in models:
        yield "R0", r0_predictive(made.logs, YEARS, [AT])
    stages = estimate(made.logs, _exact(made), YEARS)
    if "R1" in models:
        yield "R1", r1_predictive(predict(stages, [AT], (LEVELS[0],), prior_weight=0.0))
    if priors is not None:
        prediction = predict(stages, [AT], (LEVELS[0],), priors=priors, prior_weight=PRIOR_WEIGHT)
        if prediction.borrowed.any():
            yield "R1 borrowed", r1_predictive(prediction)


def _row(design: Design, model: str, k: int, made: Markets, forecast: Predictive) -> SimulationRow:
    has = np.isfinite(forecast.scale[:, 0])
    location, claim, truth = forecast.location[has, 0], made.claim[has], made.truth[has]
    count = int(np.count_nonzero(has))
    of_claim, of_truth, widths = [], [], []
    for level in LEVELS:
        lower, upper = (bound[has, 0] for bound in forecast.bounds(level))
        of_claim.append(np.count_nonzero((lower <= claim) & (claim <= upper)) / max(count, 1))
        of_truth.append(np.count_nonzero((lower <= truth) & (truth <= upper)) / max(count, 1))
        widths.append(float(np.mean(upper - lower)) if count else 0.0)
    off = location - truth
    return SimulationRow(
        design=design.name,
        model=model,
        k=k,
        counted=made.logs.shape[1],
        n=len(made.claim),
        intervals=count,
        levels=LEVELS,
        claim=_three(of_claim) if count else None,
        claim_error=_three([_error(rate, count) for rate in of_claim]) if count else None,
        truth=_three(of_truth) if count else None,
        truth_error=_three([_error(rate, count) for rate in of_truth]) if count else None,
        bias=round(float(np.mean(off)), 3) if count else None,
        bias_error=round(float(np.std(off, ddof=1)) / sqrt(count), 3) if count > 1 else None,
        width=_three(widths) if count else None,
    )


def _error(rate: float, count: int) -> float:
    return sqrt(rate * (1 - rate) / count)


def _three(numbers: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(float(number), 3) for number in numbers)
