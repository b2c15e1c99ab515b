"""A verdict for each stated rate: can it be the growth of the figures that are printed beside it?

Held against each other are intervals: a printed number stands for all that rounds to it. A rate r
of a period of n years fits two figures when start * (1 + r)^n can be the end. A rate is called
contradicted only where both years of its period are stated and printed.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.audit.facts import Facts, Point, Series, Values, keys, publications
from graph.audit.finding import PERCENT, Finding, Period
from graph.audit.interval import Interval, annual_growth, growth_factor, ratio, rounded, times
from graph.audit.needed import needed
from graph.audit.saying import (
    bounds,
    few_digits,
    is_weak,
    listed_periods,
    rate_text,
    weakness,
)
from graph.figures.model import Rate
from graph.figures.units import scale

#: No more other periods are listed for one rate: one who prints more years prints one growth.
MOST_PERIODS = 100
_NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Compared:
    """Two printed figures as the ends of a period, and the growth between them."""

    start: Point
    end: Point
    growth: Interval

    @property
    def period(self) -> Period:
        """Their years."""
        return self.start.year, self.end.year


def stated_rates(facts: Facts) -> Iterator[Finding]:
    """A verdict for each rate of each publication and scope."""
    for rate in facts.published.rates:
        series = facts.series.get((rate.publication.key, rate.scope), ())
        yield _verdict(facts, rate, series)


def _verdict(facts: Facts, rate: Rate, series: Sequence[Series]) -> Finding:
    if reason := _beyond_checking(facts, rate, series):
        return _not_checkable(facts, rate, reason)
    if tested := _own_period(rate, series):
        return _compared(facts, rate, tested, series)
    if others := other_periods(rate, series):
        return _of_another(facts, rate, others)
    return needed(facts, rate, series) or _not_checkable(facts, rate, _missing(rate, series))


def _beyond_checking(facts: Facts, rate: Rate, series: Sequence[Series]) -> str:
    if rate.value.value <= -100:
        return "at a rate of -100 % or less nothing is left to compare"
    first, last = rate.from_year, rate.to_year
    if first is not None and last is not None and last <= first:
        return f"a period from {first} to {last} has no length"
    for year in (first, last):
        if year is not None and (rate.publication.key, rate.scope, year) in facts.worthless:
            return f"what is printed for {year} is not above zero"
    if not series:
        return "no figure above zero is printed for it"
    return ""


def _missing(rate: Rate, series: Sequence[Series]) -> str:
    """Why nothing could be computed, where the period itself is in order."""
    years = sorted({year for one in series for year in one.years})
    printed = f"printed {'is' if len(years) == 1 else 'are'} {_listed(years)}"
    first, last = rate.from_year, rate.to_year
    if first is not None and last is not None:
        absent = [year for year in (first, last) if year not in years]
        if not absent:  # in two units or measures
            return f"{first} and {last} are not printed of the same thing"
        return f"{_listed(absent)} {'is' if len(absent) == 1 else 'are'} not printed; {printed}"
    stated = "no year is stated" if first is None and last is None else _half_stated(rate)
    if len(years) < 2:
        return f"{stated}, and only {_listed(years)} is printed"
    return f"{stated}, and no two printed years have this growth; {printed}"


def _half_stated(rate: Rate) -> str:
    return "its last year is not stated" if rate.to_year is None else "its first year is not stated"


def _listed(years: Sequence[int]) -> str:
    shown = [str(year) for year in years[:12]]
    return ", ".join(shown) + (" …" if len(years) > len(shown) else "")


def _own_period(rate: Rate, series: Sequence[Series]) -> list[tuple[Values, Values]]:
    """What is printed for both years of the stated period, of one thing each."""
    first, last = rate.from_year, rate.to_year
    if first is None or last is None:
        return []
    return [
        (one.values[first], one.values[last])
        for one in series
        if first in one.values and last in one.values
    ]


def fitting(rate: Rate, start: Values, end: Values, years: int) -> tuple[Point, Point] | None:
    """Two of the values that have the stated growth over so many years; None where none have."""
    factor = growth_factor(rounded(rate.value), years)
    for point in start.points:
        reached = times(point.amount, factor)
        if found := end.within(reached.lowest, reached.highest):
            return point, found
    return None


def other_periods(rate: Rate, series: Sequence[Series]) -> list[Compared]:
    """The pairs of printed years, other than those stated, whose figures have the stated growth.

    Those nearest to the stated years come first, where none is stated the longest.
    """
    found = []
    for one in series:
        for first, last in _perhaps(rate, one):
            if (first, last) == (rate.from_year, rate.to_year):
                continue
            pair = fitting(rate, one.values[first], one.values[last], last - first)
            if pair:
                growth = annual_growth(pair[0].amount, pair[1].amount, last - first)
                found.append(Compared(*pair, growth))
    return sorted(found, key=lambda compared: _distance(rate, compared))[:MOST_PERIODS]


def _distance(rate: Rate, compared: Compared) -> tuple[int, int, int]:
    first, last = compared.period
    away = sum(
        abs(year - stated)
        for year, stated in ((first, rate.from_year), (last, rate.to_year))
        if stated is not None
    )
    return away, first - last, first


def _perhaps(rate: Rate, series: Series) -> Iterator[Period]:
    """Pairs of years that may fit, by logarithms that are right to nine digits.

    It only spares exact arithmetic on pairs that are far off.
    """
    lowest, highest = (
        math.log1p(float(bound / 100))
        for bound in (rounded(rate.value).lowest, rounded(rate.value).highest)
    )
    ends = [
        (
            year,
            math.log(min(point.amount.lowest for point in series.values[year].points)),
            math.log(max(point.amount.highest for point in series.values[year].points)),
        )
        for year in series.years
    ]
    for place, (first, start_low, start_high) in enumerate(ends):
        for last, end_low, end_high in ends[place + 1 :]:
            years = last - first
            if (
                end_high - start_low >= years * lowest - _NEARLY
                and end_low - start_high <= years * highest + _NEARLY
            ):
                yield first, last


def _compared(
    facts: Facts, rate: Rate, tested: Sequence[tuple[Values, Values]], series: Sequence[Series]
) -> Finding:
    years = (rate.to_year or 0) - (rate.from_year or 0)
    pairs = (fitting(rate, start, end, years) for start, end in tested)
    pair = next(filter(None, pairs), None)
    fits = pair is not None
    start, end = pair or (tested[0][0].first, tested[0][1].first)
    growth = annual_growth(start.amount, end.amount, years)
    reached = times(start.amount, growth_factor(rounded(rate.value), years))
    severity = ratio(reached, end.amount)
    others = [] if fits else other_periods(rate, series)
    printed = [p.figure for one in tested for values in one for p in values.points]
    combinations = sum(len(one.points) * len(other.points) for one, other in tested)
    verb = "is that of its figures" if fits else "is not that of its figures"
    text = (
        f"{facts.scope_name(rate.scope)}: {rate_text(rate)}, {verb}, {_ends(start, end)}:"
        f" {bounds(growth)}{weakness(growth)}"
    )
    if combinations > 1:
        text += f"; {'one' if fits else 'none'} of {combinations} combinations of values fits"
    if not fits:
        text += f"; {_severity(end, reached, severity)}"
    if others:
        text += f"; it is that of {listed_periods(_periods(others))}"
    figures = [start.figure, end.figure, *printed, *(p.figure for p in _points(others))]
    return Finding(
        kind="rate-consistent" if fits else "rate-contradicted",
        text=text,
        rests_on=(rate.key, *keys(figures)),
        publications=publications([rate]),
        markets=(rate.scope.market,),
        result=growth,
        unit=PERCENT,
        agrees=fits,
        from_year=start.year,
        to_year=end.year,
        weak=is_weak(growth),
        severity=severity,
        other_periods=_periods(others),
    )


def _severity(end: Point, reached: Interval, severity: Interval) -> str:
    value = few_digits(reached.value.scaleb(-scale(end.figure.unit)[1]))
    return f"at this rate {end.year} would be {value}, {severity.value:.2f} times what is printed"


def _of_another(facts: Facts, rate: Rate, others: Sequence[Compared]) -> Finding:
    best = others[0]
    years = {p.year for p in _points(others)}
    unprinted = [str(y) for y in (rate.from_year, rate.to_year) if y is not None and y not in years]
    start, end = best.start, best.end
    text = (
        f"{facts.scope_name(rate.scope)}: {rate_text(rate)}"
        f"{_untested(rate, unprinted)}, is that of other figures,"
        f" {_ends(start, end)}: {bounds(best.growth)}{weakness(best.growth)}"
    )
    if len(others) > 1:
        text += f"; also that of {listed_periods(_periods(others[1:]))}"
    return Finding(
        kind="rate-of-another-period",
        text=text,
        rests_on=(rate.key, *keys(p.figure for p in _points(others))),
        publications=publications([rate]),
        markets=(rate.scope.market,),
        result=best.growth,
        unit=PERCENT,
        agrees=True,
        from_year=start.year,
        to_year=end.year,
        weak=is_weak(best.growth),
        other_periods=_periods(others),
    )


def _untested(rate: Rate, unprinted: Sequence[str]) -> str:
    if rate.from_year is None or rate.to_year is None or not unprinted:
        return ""
    return f" ({' and '.join(unprinted)} not printed)"


def _not_checkable(facts: Facts, rate: Rate, reason: str) -> Finding:
    return Finding(
        kind="rate-not-checkable",
        text=f"{facts.scope_name(rate.scope)}: {rate_text(rate)}, cannot be checked: {reason}",
        rests_on=(rate.key,),
        publications=publications([rate]),
        markets=(rate.scope.market,),
        from_year=rate.from_year,
        to_year=rate.to_year,
    )


def _ends(start: Point, end: Point) -> str:
    units = ("", "")
    if start.figure.unit != end.figure.unit:
        units = (f" {start.figure.unit}", f" {end.figure.unit}")
    return f"{start.printed}{units[0]} in {start.year} and {end.printed}{units[1]} in {end.year}"


def _points(others: Sequence[Compared]) -> Iterator[Point]:
    for compared in others:
        yield compared.start
        yield compared.end


def _periods(others: Sequence[Compared]) -> tuple[Period, ...]:
    return tuple(dict.fromkeys(compared.period for compared in others))
