"""Numbers that different data groups print alike: telling of a common origin, or of chance.

A number counts only with three significant digits or more, since two are alike by chance too often.
Everything is found by key, never by comparing all pairs.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeVar

from graph.figures.model import Figure, Publication, Published, Rate, Scope
from graph.figures.units import amount, scale, significant_digits

FEWEST_DIGITS = 3
FEWEST_YEARS = 2
_Number = TypeVar("_Number", Figure, Rate)
_Series = tuple[tuple[int, str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """One number, or a whole series, that publications of two or more data groups print.

    `numbers` has every figure or rate that it stands in, in the order of publications; `year` is
    that of a value, None for a rate or a series.
    """

    kind: Literal["value", "rate", "series"]
    scope: Scope
    numbers: tuple[Figure | Rate, ...]
    year: int | None = None

    @property
    def publications(self) -> tuple[Publication, ...]:
        """Where it is printed, each once."""
        return tuple(dict.fromkeys(number.publication for number in self.numbers))


def matches(published: Published) -> Iterator[Match]:
    """Values of one scope, year and unit, and rates of one scope, that are printed alike."""
    values = (
        figure
        for figure in published.figures
        if figure.value and figure.year and _telling(figure.value.printed)
    )
    for found in _alike(values, _value_key):
        yield Match("value", found[0].scope, found, found[0].year)
    rates = (rate for rate in published.rates if _telling(rate.value.printed))
    for rated in _alike(rates, lambda rate: (rate.scope, rate.value.value)):
        yield Match("rate", rated[0].scope, rated)


def identical_series(published: Published) -> Iterator[Match]:
    """Whole series of a scope, of two years or more, that different groups print alike."""
    series = _series(published)
    by_numbers = defaultdict[tuple[Scope, _Series], list[Publication]](list)
    for (scope, publication), figures in series.items():
        if numbers := _comparable(figures):
            by_numbers[scope, numbers].append(publication)
    for (scope, _), publications in by_numbers.items():
        if len({publication.group for publication in publications}) > 1:
            ordered = sorted(publications, key=by_edition)
            printed = (figure for p in ordered for figure in series[scope, p])
            yield Match("series", scope, tuple(printed))


def groups(published: Published, scope: Scope) -> Mapping[str, tuple[str, str]]:
    """The data group of each publication with a number of a scope, and the reason.

    It is the one on record; but groups with identical series are one: that which comes first by
    edition, and among equals by name.
    """
    figures = [figure for figure in published.figures if figure.scope == scope]
    rates = [rate for rate in published.rates if rate.scope == scope]
    told = {f.publication for f in figures} | {rate.publication for rate in rates}
    publications = sorted(told, key=by_edition)
    first = dict[str, int]()
    for place, publication in enumerate(publications):
        first.setdefault(publication.group, place)
    leads = {group: group for group in first}

    def lead(group: str) -> str:
        while leads[group] != group:
            group = leads[group]
        return group

    for match in identical_series(Published(figures=figures)):
        united = sorted({lead(p.group) for p in match.publications}, key=lambda group: first[group])
        leads.update(dict.fromkeys(united, united[0]))
    return {p.key: (lead(p.group), _reason(p, lead(p.group), published)) for p in publications}


def by_edition(publication: Publication) -> tuple[date, str, str]:
    """Orders publications: earliest first, those without a date last, then by name."""
    edition = publication.edition
    day = (edition.earliest or edition.latest) if edition else None
    return day or date.max, publication.title.casefold(), publication.key


def _reason(publication: Publication, lead: str, published: Published) -> str:
    if lead == publication.group:
        return publication.group_reason
    return f"the whole series is printed alike by {published.name(lead)}, which comes first"


def _telling(printed: str) -> bool:
    return significant_digits(printed) >= FEWEST_DIGITS


def _value_key(figure: Figure) -> Hashable:
    assert figure.value is not None
    base = scale(figure.unit)[0]
    return figure.scope, figure.year, base, figure.measure, amount(figure.value.value, figure.unit)


def _alike(
    numbers: Iterable[_Number], key: Callable[[_Number], Hashable]
) -> Iterator[tuple[_Number, ...]]:
    """Numbers with one key that publications of more than one data group print."""
    found = defaultdict[Hashable, list[_Number]](list)
    for number in numbers:
        found[key(number)].append(number)
    for same in found.values():
        if len({number.publication.group for number in same}) > 1:
            yield tuple(sorted(same, key=lambda n: (by_edition(n.publication), n.key)))


def _series(published: Published) -> Mapping[tuple[Scope, Publication], list[Figure]]:
    """What a publication prints of a scope, in the order of years."""
    found = defaultdict[tuple[Scope, Publication], list[Figure]](list)
    for figure in published.figures:
        if figure.value and figure.year:
            found[figure.scope, figure.publication].append(figure)
    for figures in found.values():
        figures.sort(key=lambda figure: (figure.year or 0, figure.key))
    return found


def _comparable(figures: Iterable[Figure]) -> _Series | None:
    """Years and values of a series; None where it has too few years, or digits, to be told by."""
    numbers = []
    for figure in figures:
        assert figure.value is not None
        assert figure.year is not None
        if not _telling(figure.value.printed):
            return None
        base = scale(figure.unit)[0]
        numbers.append((figure.year, base, amount(figure.value.value, figure.unit)))
    return tuple(numbers) if len({year for year, _, _ in numbers}) >= FEWEST_YEARS else None
