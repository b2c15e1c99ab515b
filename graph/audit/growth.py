"""The growth between printed figures, and that of the first year beside a stated rate."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from graph.audit.facts import Facts, Point, Series, keys, publications
from graph.audit.finding import PERCENT, Finding, Period
from graph.audit.interval import annual_growth, rounded
from graph.audit.rates import fitting
from graph.audit.saying import bounds, is_weak, rate_text, weakness
from graph.figures.model import Rate

#: A series with more years has the growth from year to year and from first to last only.
MOST_YEARS = 12


def growth_of_figures(facts: Facts) -> Iterator[Finding]:
    """For any two years of a series: the compound annual growth from one to the other."""
    for group in facts.series.values():
        for series in group:
            for first, last in _pairs(series.years):
                start, end = series.values[first].first, series.values[last].first
                yield _growth(facts, start, end)


def _growth(facts: Facts, start: Point, end: Point) -> Finding:
    years = end.year - start.year
    growth = annual_growth(start.amount, end.amount, years)
    text = (
        f"{facts.scope_name(start.figure.scope)}: from {start.printed} in {start.year} to "
        f"{end.printed} in {end.year} is {bounds(growth)} a year"
    )
    return Finding(
        kind="implied-growth",
        text=text + (f" over {years} years" if years > 1 else ""),
        rests_on=keys([end.figure, start.figure]),
        publications=publications([end.figure]),
        markets=(start.figure.scope.market,),
        result=growth,
        unit=PERCENT,
        from_year=start.year,
        to_year=end.year,
        weak=is_weak(growth),
    )


def _pairs(years: Sequence[int]) -> Iterator[Period]:
    if len(years) <= MOST_YEARS:
        yield from combinations(years, 2)
        return
    yield from pairwise(years)
    yield years[0], years[-1]


def first_years(facts: Facts) -> Iterator[Finding]:
    """The growth of the first year of a period beside the rate that is stated for the whole.

    The first year leads from or to the first of the period, as some publishers count from the year
    before; where that is not stated, it is the earliest two printed years that follow each other.
    """
    for rate in facts.published.rates:
        if rate.value.value <= -100:
            continue
        for series in facts.series.get((rate.publication.key, rate.scope), ()):
            yield from _first_year(facts, rate, series)


def _first_year(facts: Facts, rate: Rate, series: Series) -> Iterator[Finding]:
    own = (rate.from_year, rate.to_year)
    pairs = [pair for pair in _first_pairs(rate, series) if pair != own]
    for first, last in pairs:
        start, end = series.values[first], series.values[last]
        pair = fitting(rate, start, end, 1)
        if pair and _is_contradicted(rate, series):
            yield _presented(facts, rate, series, *pair)
            return
    for first, last in pairs[-1:]:  # from the first year on, where both ways are printed
        yield _beside(facts, rate, series.values[first].first, series.values[last].first)


def _first_pairs(rate: Rate, series: Series) -> list[Period]:
    """Years that follow each other at the beginning of a period, in order."""
    if rate.from_year is not None:
        firsts = [rate.from_year - 1, rate.from_year]
        return [(y, y + 1) for y in firsts if y in series.values and y + 1 in series.values]
    last = series.years[-1] if rate.to_year is None else rate.to_year
    follow = (y for y in series.years if y + 1 in series.values and y + 1 < last)
    return [(y, y + 1) for y in follow][:1]


def _is_contradicted(rate: Rate, series: Series) -> bool:
    first, last = rate.from_year, rate.to_year
    if first is None or last is None or last <= first:
        return False
    if first not in series.values or last not in series.values:
        return False
    return fitting(rate, series.values[first], series.values[last], last - first) is None


def _presented(facts: Facts, rate: Rate, series: Series, start: Point, end: Point) -> Finding:
    growth = annual_growth(start.amount, end.amount, 1)
    first, last = rate.from_year or 0, rate.to_year or 0
    opening, closing = series.values[first].first, series.values[last].first
    whole = annual_growth(opening.amount, closing.amount, last - first)
    text = (
        f"{facts.scope_name(rate.scope)}: {rate_text(rate)}, is the growth of one year, from"
        f" {start.printed} in {start.year} to {end.printed} in {end.year}: {bounds(growth)}"
        f"{weakness(growth)}; that of the whole period is {bounds(whole)}"
    )
    figures = [start.figure, end.figure, opening.figure, closing.figure]
    return Finding(
        kind="first-year-as-period",
        text=text,
        rests_on=(rate.key, *keys(figures)),
        publications=publications([rate]),
        markets=(rate.scope.market,),
        result=growth,
        unit=PERCENT,
        agrees=False,
        from_year=start.year,
        to_year=end.year,
        weak=is_weak(growth),
    )


def _beside(facts: Facts, rate: Rate, start: Point, end: Point) -> Finding:
    growth = annual_growth(start.amount, end.amount, 1)
    stated = rounded(rate.value)
    less = growth.highest < stated.lowest
    word = "as much as" if growth.meets(stated) else "less than" if less else "more than"
    text = (
        f"{facts.scope_name(rate.scope)}: from {start.printed} in {start.year} to {end.printed} in"
        f" {end.year} is {bounds(growth)}{weakness(growth)}, {word} the {rate_text(rate)}"
    )
    return Finding(
        kind="first-year-growth",
        text=text,
        rests_on=(rate.key, *keys([start.figure, end.figure])),
        publications=publications([rate]),
        markets=(rate.scope.market,),
        result=growth,
        unit=PERCENT,
        from_year=start.year,
        to_year=end.year,
        weak=is_weak(growth),
    )
