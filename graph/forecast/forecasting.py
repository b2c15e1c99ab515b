"""The forecast of each market: figures are selected, pooled by a model, told with its limits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from graph.figures.model import Published
from graph.forecast.choices import Choices, InvalidChoice
from graph.forecast.dividing import divided
from graph.forecast.models.parts import Whole
from graph.forecast.models.predictive import Predictive, r0_predictive, r1_predictive
from graph.forecast.models.random_growth import Prediction, estimate, predict, priors
from graph.forecast.models.reference import Band, reference
from graph.forecast.models.scenarios import Scenario, applied
from graph.forecast.models.single import through_points
from graph.forecast.panel import Panel, panel
from graph.forecast.results import Extrapolated, Forecast, Interval, Year
from graph.forecast.rounding import published as digits
from graph.forecast.selection import Selection, select

_EXTRAPOLATED: tuple[Extrapolated, ...] = ("none", "some", "all")
_PARAMETERS = (
    "level_mean",
    "growth_mean",
    "level_variance",
    "growth_variance",
    "correlation",
    "freedom",
)
NO_GROWTH = (
    "No publisher prints two years, so nothing tells how the market changes; there are only the "
    "figures."
)
TOO_LARGE = (
    "Years for which the model leads to a value beyond any that can be written are left out."
)
NO_FIGURES = "No figure of this market can be pooled."
MIXED = (
    "Figures whose scopes are recorded as different are pooled on request: a band over them would "
    "take what is counted for what publishers disagree on, so there is none."
)


def forecasts(published: Published, choices: Choices | None = None) -> dict[str, Forecast]:
    """Return the forecast of every market that has a figure, by its key.

    All markets are needed for one, since markets with few publishers borrow from the others. Raises
    InvalidChoice.
    """
    choices = choices or Choices()
    if choices.model == "R0" and choices.is_scenario:
        raise InvalidChoice("model", "R0 has no years after the last printed one; write R1")
    selections = select(published, choices)
    pooled = panel(selections)
    found = {
        key: Forecast(key, selection.unit, choices, selection, notes=(NO_FIGURES,))
        for key, selection in selections.items()
    }
    if pooled is not None:
        made = _by_r0 if choices.model == "R0" else _by_r1
        for one, wholes in made(pooled, selections, choices):
            found[one.market] = _divided(published, one, wholes)
    return found


_Wholes = dict[int, Whole]
_Made = Iterator[tuple[Forecast, _Wholes]]


def _divided(published: Published, one: Forecast, wholes: _Wholes) -> Forecast:
    years = {year.year: (year, wholes[year.year]) for year in one.years if year.year in wholes}
    made = divided(published, one.market, years, one.choices)
    return replace(one, parts=made.parts, notes=(*one.notes, *made.notes))


def _by_r0(pooled: Panel, selections: Mapping[str, Selection], choices: Choices) -> _Made:
    at = np.arange(pooled.years[0], pooled.years[-1] + 1)
    band = reference(pooled.logs, pooled.years, at, choices.levels)
    whole = r0_predictive(pooled.logs, pooled.years, [int(year) for year in at])
    for index, market in enumerate(pooled.markets):
        selection = selections[market]
        told = [t for t in range(len(at)) if band.k[index, t]]
        years = tuple(_year_of_r0(band, index, t, _covering(selection, int(at[t]))) for t in told)
        made = _made(selection, choices, years, {})
        yield made, _wholes(whole, index, {int(at[t]): t for t in told})


def _covering(selection: Selection, year: int) -> tuple[str, ...]:
    """The groups whose paths cover a year."""
    return tuple(
        member.key
        for member in selection.members
        if member.points[0].year <= year <= member.points[-1].year
    )


def _year_of_r0(band: Band, market: int, t: int, groups: tuple[str, ...]) -> Year:
    place = (market, t)
    k = int(band.k[place])
    return Year(
        year=int(band.years[t]),
        median=digits(band.median[place]),
        k=k,
        within=k,
        extrapolated="none",
        groups=groups,
        intervals=_intervals(band.levels, band.lower, band.upper, place),
        spread=(digits(band.least[place]), digits(band.greatest[place])) if k == 2 else None,
    )


def _by_r1(pooled: Panel, selections: Mapping[str, Selection], choices: Choices) -> _Made:
    estimates = estimate(pooled.logs, pooled.variances, pooled.years, method=choices.tau)
    smooth = predict(
        estimates,
        levels=choices.levels,
        priors=priors(estimates, few=choices.few),
        prior_weight=choices.prior_weight,
        few=choices.few,
        beyond=choices.beyond,
    )
    stated = ~np.isnan(smooth.median)
    smooth = replace(smooth, median=_writable(smooth.median))
    prediction = through_points(smooth, pooled.logs, pooled.years)
    whole = r1_predictive(prediction)
    if choices.is_scenario:
        ceiling = None if choices.ceiling is None else float(choices.ceiling)
        prediction = applied(
            prediction,
            Scenario(1.0 if choices.damping is None else choices.damping, choices.cap, ceiling),
        )
    for index, market in enumerate(pooled.markets):
        told = [int(t) for t in np.flatnonzero(~np.isnan(_writable(prediction.median[index])))]
        years = tuple(_year_of_r1(prediction, index, t, pooled.groups[index]) for t in told)
        found = _made(selections[market], choices, years, _parameters(prediction, index))
        if not told:
            found = replace(found, notes=(*found.notes, NO_GROWTH))
        elif len(told) < np.count_nonzero(stated[index]):
            found = replace(found, notes=(*found.notes, TOO_LARGE))
        # A scenario changes the years after the last printed one, and then they are no log-t.
        end = prediction.last[index] if choices.is_scenario else np.inf
        at = {int(prediction.years[t]): t for t in told if prediction.years[t] <= end}
        yield found, _wholes(whole, index, at)


def _writable(median: NDArray[np.float64]) -> NDArray[np.float64]:
    """Medians that can be written as a number; the others as those that there are not."""
    return np.where(np.isfinite(median) & (median > 0), median, np.nan)


def _year_of_r1(prediction: Prediction, market: int, t: int, groups: tuple[str, ...]) -> Year:
    place = (market, t)
    return Year(
        year=int(prediction.years[t]),
        median=digits(prediction.median[place]),
        k=int(prediction.k[market]),
        within=int(prediction.within[place]),
        extrapolated=_EXTRAPOLATED[prediction.extrapolated[place]],
        groups=groups,
        intervals=_intervals(prediction.levels, prediction.lower, prediction.upper, place),
        borrowed=bool(prediction.borrowed[market]),
    )


def _wholes(whole: Predictive, market: int, at: Mapping[int, int]) -> _Wholes:
    """The distribution of a market in some years; a known value where it has no scale."""
    found = {}
    for year, t in at.items():
        scale, df = float(whole.scale[market, t]), float(whole.df[market, t])
        if np.isinf(scale):
            continue  # a bound that no number can hold tells nothing of the others
        known = np.isnan(scale)
        median = float(np.exp(whole.location[market, t]))
        found[year] = Whole(year, median, 0.0 if known else scale, np.inf if known else df)
    return found


def _intervals(
    levels: tuple[float, ...],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    place: tuple[int, int],
) -> tuple[Interval, ...]:
    found = ((level, lower[(i, *place)], upper[(i, *place)]) for i, level in enumerate(levels))
    return tuple(
        Interval(level, digits(low), digits(high))
        for level, low, high in found
        if np.isfinite(low) and np.isfinite(high)
    )


def _parameters(prediction: Prediction, market: int) -> dict[str, Decimal]:
    found = {name: float(getattr(prediction, name)[market]) for name in _PARAMETERS}
    counts = {
        "reference_year": prediction.reference_year[market],
        "k": prediction.k[market],
        "k_growth": prediction.k_growth[market],
    }
    return {name: Decimal(int(n)) for name, n in counts.items() if np.isfinite(n)} | {
        name: digits(number) for name, number in found.items() if np.isfinite(number)
    }


def _made(
    selection: Selection, choices: Choices, years: tuple[Year, ...], found: Mapping[str, Decimal]
) -> Forecast:
    mixed = (MIXED,) if selection.mixed else ()
    if selection.mixed:
        years = ()
    return Forecast(
        market=selection.market,
        unit=selection.unit,
        choices=choices,
        selection=selection,
        years=years,
        parameters=found,
        notes=(*selection.notices, *mixed),
    )
