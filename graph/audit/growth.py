"""Stated growth rates against the growth that the printed figures imply."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from graph.audit.facts import Facts, Observed, Scope
from graph.audit.finding import PERCENT, Finding, records
from graph.audit.interval import Interval, annual_growth


def growth_of_figures(facts: Facts) -> Iterator[Finding]:
    """For any two years of a series: the compound annual growth from one to the other."""
    for start, end, years, growth in _pairs(facts):
        text = (
            f"{facts.scope_name(start.scope)}: from {start.printed} in {start.year} to "
            f"{end.printed} in {end.year} is {growth.value:.2f} % a year"
        )
        yield Finding(
            kind="implied-growth",
            text=text + (f" over {years} years" if years > 1 else ""),
            rests_on=records(end, start),
            result=growth,
            unit=PERCENT,
            from_year=start.year,
            to_year=end.year,
        )


def stated_growth(facts: Facts) -> Iterator[Finding]:
    """Every stated rate beside the figures of its period, and the pairs of years that it fits."""
    pairs = defaultdict[tuple[str, Scope], list[tuple[Observed, Observed, Interval]]](list)
    for start, end, _, growth in _pairs(facts):
        pairs[start.source, start.scope].append((start, end, growth))
    for rate in facts.rates:
        for start, end, growth in pairs[rate.source, rate.scope]:
            own = (start.year, end.year) == (rate.year, rate.to_year)
            fits = rate.number.meets(growth)
            if own or fits:
                yield _compared(facts, rate, start, end, growth, own=own)


def _compared(
    facts: Facts, rate: Observed, start: Observed, end: Observed, growth: Interval, *, own: bool
) -> Finding:
    fits = rate.number.meets(growth)
    kind = "growth-of-other-years" if not own else "growth-fits" if fits else "growth-differs"
    verb = "is that of" if fits else "differs from that of"
    return Finding(
        kind=kind,
        text=(
            f"{facts.scope_name(rate.scope)}: {rate.printed} % a year, stated for {_period(rate)}, "
            f"{verb} the figures of {start.year} and {end.year}: {growth.value:.2f} %"
        ),
        rests_on=records(rate, start, end),
        result=growth,
        unit=PERCENT,
        agrees=fits,
        from_year=start.year,
        to_year=end.year,
    )


def _period(rate: Observed) -> str:
    match rate.year, rate.to_year:
        case None, None:
            return "no period"
        case None, last:
            return f"the time until {last}"
        case first, None:
            return f"the time from {first}"
        case first, last:
            return f"{first} to {last}"


def _pairs(facts: Facts) -> Iterator[tuple[Observed, Observed, int, Interval]]:
    for series in facts.series():
        for start, end in combinations(series, 2):
            if start.year is None or end.year is None:
                continue
            if min(start.number.lowest, end.number.lowest) <= 0:  # no rate leads from or to nothing
                continue
            if years := end.year - start.year:
                yield start, end, years, annual_growth(start.number, end.number, years)
