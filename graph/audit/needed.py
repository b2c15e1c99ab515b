"""What the figure of an unprinted year would have to be for a stated rate to hold."""

from collections.abc import Sequence

from graph.audit.facts import Facts, Point, Series, keys, publications
from graph.audit.finding import Finding
from graph.audit.interval import Interval, annual_growth, growth_factor, ratio, rounded, times
from graph.audit.saying import bounds, few_digits, rate_text
from graph.figures.model import Rate
from graph.figures.units import scale


def needed(facts: Facts, rate: Rate, series: Sequence[Series]) -> Finding | None:
    """The finding for a rate one of whose stated years is printed, and the other is not.

    None where both years are printed or neither is, or one is not stated.
    """
    first, last = rate.from_year, rate.to_year
    if first is None or last is None:
        return None
    for one in series:
        if (first in one.values) != (last in one.values):
            known, year = (first, last) if first in one.values else (last, first)
            return _finding(facts, rate, one, known, year)
    return None


def _finding(facts: Facts, rate: Rate, series: Series, known: int, year: int) -> Finding:
    point = series.values[known].first
    factor = growth_factor(rounded(rate.value), abs(year - known))
    held = _held(series, known)
    amount = times(held, factor) if year > known else ratio(held, factor)
    unit = point.figure.unit
    value = amount.scaled(-scale(unit)[1])
    text = (
        f"{facts.scope_name(rate.scope)}: {rate_text(rate)}, is undetermined, since {year} is not"
        f" printed; with {point.printed} in {known} it would have to be {few_digits(value.value)}"
        f" ({few_digits(value.lowest)} to {few_digits(value.highest)})"
    )
    rests: list[Point] = list(series.values[known].points)
    step, neighbour = None, _neighbour(series, known, year)
    if neighbour is not None:
        step = _step(amount, neighbour, year)
        rests.append(neighbour)
        way = "from" if neighbour.year < year else "to"
        text += f", which is {bounds(step)} a year {way} {neighbour.printed} in {neighbour.year}"
    return Finding(
        kind="rate-undetermined",
        text=text,
        rests_on=(rate.key, *keys(p.figure for p in rests)),
        publications=publications([rate]),
        markets=(rate.scope.market,),
        from_year=rate.from_year,
        to_year=rate.to_year,
        needed=value,
        needed_unit=unit,
        needed_year=year,
        step=step,
        step_year=neighbour.year if neighbour else None,
    )


def _held(series: Series, year: int) -> Interval:
    """What is printed for a year, from the lowest to the highest if it is several values."""
    points = series.values[year].points
    return Interval(
        series.values[year].first.amount.value,
        min(point.amount.lowest for point in points),
        max(point.amount.highest for point in points),
    )


def _neighbour(series: Series, known: int, year: int) -> Point | None:
    """The printed figure nearest to the year, but for the known one; of two the earlier."""
    others = [other for other in series.years if other != known]
    if not others:
        return None
    nearest = min(others, key=lambda other: (abs(other - year), other))
    return series.values[nearest].first


def _step(amount: Interval, neighbour: Point, year: int) -> Interval:
    if neighbour.year < year:
        return annual_growth(neighbour.amount, amount, year - neighbour.year)
    return annual_growth(amount, neighbour.amount, neighbour.year - year)
