"""Leave-one-group-out: what the other groups forecast for a group, against what it printed.

One trial per data group and never per value: a group is left out whole, the rest forecasts it, and
its first and its last printed year are scored, in logs. The two years of a group hang together, so
n is the number of groups. Two baselines are scored the same way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray

from graph.forecast.calibration.baselines import another_path, median_by_factor
from graph.forecast.calibration.scores import crps_student, inside, interval_score
from graph.forecast.calibration.trials import MODELS, LeftOutTrials, Model, Omission, Trial, Which
from graph.forecast.models.heterogeneity import Method
from graph.forecast.models.paths import Bools, Floats, Ints
from graph.forecast.models.predictive import Predictive, r0_predictive, r1_predictive
from graph.forecast.models.random_growth import (
    BEYOND,
    FEW,
    PRIOR_WEIGHT,
    Priors,
    estimate,
    predict,
)
from graph.forecast.models.reference import LEVELS


@dataclass(frozen=True, slots=True)
class Settings:
    """What trials are made with.

    `levels` of the intervals. `factor` and `factor_level`: the baseline says that the next claim
    lies within a factor of `factor` of the pooled median with that probability. The others are
    those of R1, as in `graph.forecast.models.random_growth`.
    """

    levels: tuple[float, ...] = LEVELS
    factor: float = 2.0
    factor_level: float = 0.8
    method: Method = "reml"
    few: int = FEW
    prior_weight: float = PRIOR_WEIGHT
    beyond: int = BEYOND


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The figures of a market that are pooled.

    logs, variances: (groups, years), NaN where nothing is printed; `variances` are those of the
    logs, from rounding. years: ascending.
    """

    market: str
    groups: tuple[str, ...]
    years: Ints
    logs: Floats
    variances: Floats


def leave_out(markets: Sequence[Figures], settings: Settings | None = None) -> LeftOutTrials:
    """Leave each group of each market out, and score what the rest forecasts for it.

    Where the rest is few, R1 borrows from the other markets, never from the market itself: its own
    variance was made with the group that is left out. ValueError as the models say.
    """
    chosen = settings or Settings()
    lent = [_lent(market, chosen) for market in markets]
    trials: list[Trial] = []
    omissions: list[Omission] = []
    for index, market in enumerate(markets):
        rests = _rests(market, _priors(lent[:index] + lent[index + 1 :]), chosen)
        for group in range(len(market.groups)):
            for found in _left_out(market, group, rests, chosen):
                if isinstance(found, Trial):
                    trials.append(found)
                else:
                    omissions.append(found)
    return LeftOutTrials(tuple(trials), tuple(omissions))


@dataclass(frozen=True, slots=True, eq=False)
class _Rests:
    """What each group's rest forecasts for each year of the market, all at once: (groups, years).

    logs: (left out, groups, years). borrowed: (groups,), whether R1 has variances of others.
    """

    logs: Floats
    r0: Predictive
    r1: Predictive
    borrowed: Bools


def _rests(market: Figures, priors: Priors | None, settings: Settings) -> _Rests:
    groups = np.arange(len(market.groups))
    logs = np.repeat(market.logs[None], len(groups), axis=0)
    logs[groups, groups] = np.nan
    variances = np.broadcast_to(market.variances, logs.shape)
    prediction = predict(
        estimate(logs, variances, market.years, method=settings.method),
        market.years,
        settings.levels,
        priors=priors,
        prior_weight=settings.prior_weight,
        few=settings.few,
        beyond=settings.beyond,
    )
    r0 = r0_predictive(logs, market.years, market.years)
    return _Rests(logs, r0, r1_predictive(prediction), prediction.borrowed)


def _lent(market: Figures, settings: Settings) -> tuple[float, float] | None:
    """The variances of one more level and growth; None of a market with too few growths."""
    logs, variances = market.logs[None], market.variances[None]
    stages = estimate(logs, variances, market.years, method=settings.method)
    if stages.growth.k[0] < settings.few:
        return None
    return float(stages.level.next_variance[0]), float(stages.growth.next_variance[0])


def _priors(lent: Sequence[tuple[float, float] | None]) -> Priors | None:
    """The means of what other markets lend; None where none does."""
    donors = [one for one in lent if one is not None]
    if not donors:
        return None
    level, growth = (fsum(kind) / len(donors) for kind in zip(*donors, strict=True))
    return Priors(level, growth, len(donors))


def _left_out(
    market: Figures, group: int, rests: _Rests, settings: Settings
) -> Iterator[Trial | Omission]:
    name = market.groups[group]
    printed = np.flatnonzero(~np.isnan(market.logs[group]))
    if not printed.size:
        yield Omission(market.market, name, "it prints no year that can be pooled")
        return
    remaining = int(np.count_nonzero(~np.isnan(rests.logs[group]).all(axis=1)))
    if remaining < 2:
        why = f"fewer than two groups remain without it ({remaining})"
        yield Omission(market.market, name, why)
        return
    for which, index in _ends(printed):
        year, claim = int(market.years[index]), float(market.logs[group, index])
        for model in MODELS:
            forecast = _forecast(model, market, rests, (group, index), settings)
            if isinstance(forecast, str):
                yield Omission(market.market, name, forecast, year, model)
            else:
                seen = (market.market, name, year, which, model)
                borrowed = model == "R1" and bool(rests.borrowed[group])
                yield from _scored(seen, forecast, claim, settings.levels, borrowed)


def _ends(printed: NDArray[np.int64]) -> tuple[tuple[Which, int], ...]:
    first, last = int(printed[0]), int(printed[-1])
    return (("only", first),) if first == last else (("first", first), ("last", last))


def _forecast(
    model: Model, market: Figures, rests: _Rests, place: tuple[int, int], settings: Settings
) -> Predictive | str:
    """The predictive distributions, one for each centre, or why a model has none.

    `place` is the group that is left out, and the index of the year.
    """
    logs, year = rests.logs[place[0]], int(market.years[place[1]])
    if model == "R0":
        found = rests.r0.at(*place)
        none = f"{int(found.k[0])} paths of the rest cover {year}; an interval needs three"
    elif model == "R1":
        found = rests.r1.at(*place)
        none = f"the rest has no interval for {year}: no spread, or a year out of its horizon"
    else:
        none = f"fewer than two groups of the rest have a line or a value in {year}"
        if model == "another-path":
            found = another_path(logs, market.years, year)
        else:
            factor, level = settings.factor, settings.factor_level
            found = median_by_factor(logs, market.years, year, factor, level)
    return found if found.location.size and np.all(np.isfinite(found.scale)) else none


def _scored(
    seen: tuple[str, str, int, Which, Model],
    forecast: Predictive,
    claim: float,
    levels: Sequence[float],
    borrowed: bool,
) -> Iterator[Trial]:
    location, scale, df = forecast.location, forecast.scale, forecast.df
    crps = float(np.mean(crps_student(location, scale, df, claim)))
    for level in levels:
        lower, upper = forecast.bounds(level)
        yield Trial(
            *seen,
            level,
            k=int(forecast.k[0]),
            inside=float(np.mean(inside(lower, upper, claim))),
            width=float(np.mean(upper - lower)),
            score=float(np.mean(interval_score(lower, upper, claim, level))),
            crps=crps,
            borrowed=borrowed,
        )
