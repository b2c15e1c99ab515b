"""Figures of one market and year beside each other, and parts beside their wholes."""

from collections.abc import Iterator

from graph.audit.facts import Facts, Observed, alike
from graph.audit.finding import PERCENT, TIMES, Finding, records
from graph.audit.interval import percentage, ratio
from graph.sources.records import Reference


def compared_figures(facts: Facts) -> Iterator[Finding]:
    """Any two figures of one year and unit whose scopes are the same, or part and whole."""
    for one, other in alike(facts.figures, lambda f: (f.year, f.unit, f.measure)):
        if one.scope == other.scope:
            yield from _same_scope(facts, one, other)
        elif _is_part(facts, one, other):
            yield from _part(facts, one, other)
        elif _is_part(facts, other, one):
            yield from _part(facts, other, one)


def _same_scope(facts: Facts, one: Observed, other: Observed) -> Iterator[Finding]:
    if other.number.lowest <= 0:
        return
    agrees = one.number.meets(other.number)
    times = ratio(one.number, other.number)
    yield Finding(
        kind="figures-agree" if agrees else "figures-differ",
        text=(
            f"{facts.scope_name(one.scope)}, {one.year}: {one.printed} ({facts.titles[one.source]})"
            f" is {times.value:.2f} times {other.printed} ({facts.titles[other.source]})"
        ),
        rests_on=records(one, other),
        result=times,
        unit=TIMES,
        agrees=agrees,
        from_year=one.year,
        to_year=one.year,
    )


def _part(facts: Facts, part: Observed, whole: Observed) -> Iterator[Finding]:
    if whole.number.lowest <= 0:
        return
    percent = percentage(part.number, whole.number)
    fits = percent.lowest <= 100
    yield Finding(
        kind="part-of-figure" if fits else "part-exceeds-whole",
        text=(
            f"{facts.names[part.market]}, {part.year}: {part.printed} is {percent.value:.1f} % of "
            f"{whole.printed}, {facts.names[whole.market]}"
        ),
        rests_on=records(part, whole),
        result=percent,
        unit=PERCENT,
        agrees=fits,
        from_year=part.year,
        to_year=part.year,
    )


def _is_part(facts: Facts, part: Observed, whole: Observed) -> bool:
    """Whether both are of whole markets, and the register puts the one into the other."""
    if part.scope[1:] != (None, None) or whole.scope[1:] != (None, None):
        return False
    market: Reference | None = part.market
    passed = set[Reference]()
    while market is not None and market not in passed:
        passed.add(market)
        above = facts.registers[market].one("parent") if market in facts.registers else None
        market = above if isinstance(above, Reference) else None
        if market == whole.market:
            return True
    return False
