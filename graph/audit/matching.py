"""Numbers and series that different data groups print alike."""

from collections.abc import Iterator, Sequence

from graph.audit.facts import Facts, keys, markets, publications
from graph.audit.finding import PERCENT, Finding
from graph.audit.interval import rounded
from graph.audit.saying import titled
from graph.figures.copies import Match, identical_series, matches
from graph.figures.model import Figure, Publication

_MOST_NAMED = 6


def matching_numbers(facts: Facts) -> Iterator[Finding]:
    """Numbers with three significant digits or more that two data groups or more print alike."""
    for match in matches(facts.published):
        first = match.numbers[0]
        assert first.value is not None
        if isinstance(first, Figure):
            what, unit = f", {match.year}: {first.value.printed}", first.unit
        else:
            what, unit = f": the rate {first.value.printed} % a year", PERCENT
        yield Finding(
            kind="matching-numbers",
            text=f"{facts.scope_name(match.scope)}{what} is printed alike by {_named(match)}",
            rests_on=keys(match.numbers),
            publications=publications(match.numbers),
            markets=markets(match.numbers),
            result=rounded(first.value),
            unit=unit,
            from_year=match.year,
            to_year=match.year,
        )


def copied_series(facts: Facts) -> Iterator[Finding]:
    """Whole series that two data groups or more print alike."""
    for match in identical_series(facts.published):
        printed = [n for n in match.numbers if n.publication == match.publications[0]]
        years = sorted({n.year for n in printed if isinstance(n, Figure) and n.year})
        yield Finding(
            kind="identical-series",
            text=(
                f"{facts.scope_name(match.scope)}, {years[0]} to {years[-1]}: the whole series is"
                f" printed alike by {_named(match)}"
            ),
            rests_on=keys(match.numbers),
            publications=publications(match.numbers),
            markets=markets(match.numbers),
            from_year=years[0],
            to_year=years[-1],
        )


def _named(match: Match) -> str:
    """The publications in words, no more than six of them."""
    found: Sequence[Publication] = match.publications
    names = [titled(publication) for publication in found[:_MOST_NAMED]]
    more = len(found) - len(names)
    return " and ".join(names) + (f" and {more} more" if more else "")
