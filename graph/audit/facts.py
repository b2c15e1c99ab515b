"""What an audit looks at: the figures of each publication as series, by what they are of."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from graph.audit.interval import Interval, rounded
from graph.figures.model import Figure, Published, Rate, Scope, Share, Superlative
from graph.figures.units import scale

Number = Figure | Rate | Share | Superlative
Of = tuple[Scope, str, str]
"""What figures must share to be compared: scope, what the unit counts, and the measure."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure with value and year; `amount` is in ones of what its unit counts."""

    figure: Figure
    year: int
    amount: Interval

    @property
    def printed(self) -> str:
        """The digits, with the word that blurs them."""
        assert self.figure.value is not None
        return " ".join(filter(None, (self.figure.approximation, self.figure.value.printed)))


class Values:
    """What one publication prints of one thing for one year: a value, or several."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = sorted(points, key=lambda point: point.figure.key)
        self.by_lowest = sorted(self.points, key=lambda point: point.amount.lowest)
        self.lowest = [point.amount.lowest for point in self.by_lowest]
        # Up to each place: where the highest upper bound is.
        self.reaching = list(accumulate(range(len(self.by_lowest)), self._higher))

    def _higher(self, one: int, other: int) -> int:
        bounds = (self.by_lowest[one].amount.highest, self.by_lowest[other].amount.highest)
        return other if bounds[1] > bounds[0] else one

    @property
    def first(self) -> Point:
        """The one that stands first; the only one, as a rule."""
        return self.points[0]

    def within(self, lowest: Decimal, highest: Decimal) -> Point | None:
        """A value that can lie there by its rounding; None where none can."""
        below = bisect_right(self.lowest, highest)
        if not below:
            return None
        point = self.by_lowest[self.reaching[below - 1]]
        return point if point.amount.highest >= lowest else None


@dataclass(frozen=True)
class Series:
    """What one publication prints of one thing, by year, above zero."""

    of: Of
    values: Mapping[int, Values]

    @cached_property
    def years(self) -> Sequence[int]:
        """The printed years, in order."""
        return sorted(self.values)


class Facts:
    """All that an audit looks at."""

    def __init__(self, published: Published) -> None:
        self.published = published
        self.points = [p for p in map(_point, published.figures) if p]

    def by_thing(self) -> Mapping[tuple[Of, int], Sequence[Point]]:
        """The figures of one thing and year, of every publication, in the order of keys."""
        found = defaultdict[tuple[Of, int], list[Point]](list)
        for point in self.points:
            found[of(point), point.year].append(point)
        return found

    @cached_property
    def series(self) -> Mapping[tuple[str, Scope], Sequence[Series]]:
        """The series of a publication and scope; several where units or measures differ."""
        grouped = defaultdict[tuple[str, Of], dict[int, list[Point]]](dict)
        for point in self.points:
            if point.amount.lowest > 0:  # no rate leads from or to nothing
                years = grouped[point.figure.publication.key, of(point)]
                years.setdefault(point.year, []).append(point)
        found = defaultdict[tuple[str, Scope], list[Series]](list)
        for (publication, thing), by_year in grouped.items():
            values = {year: Values(points) for year, points in by_year.items()}
            found[publication, thing[0]].append(Series(thing, values))
        return found

    @cached_property
    def worthless(self) -> frozenset[tuple[str, Scope, int]]:
        """Publications, scopes and years for which only zero is printed, or what rounds to it."""
        printed = defaultdict[tuple[str, Scope, int], list[bool]](list)
        for point in self.points:
            figure = point.figure
            key = figure.publication.key, figure.scope, point.year
            printed[key].append(point.amount.lowest > 0)
        return frozenset(key for key, above in printed.items() if not any(above))

    def scope_name(self, scope: Scope) -> str:
        """A scope in words, narrowest first."""
        return self.published.scope_name(scope)


def of(point: Point) -> Of:
    """What a figure must share with another to be compared with it, but for the year."""
    figure = point.figure
    return figure.scope, scale(figure.unit)[0], figure.measure


def keys(numbers: Iterable[Number]) -> tuple[str, ...]:
    """The keys of some numbers, each once, in their order."""
    return tuple(dict.fromkeys(number.key for number in numbers))


def publications(numbers: Iterable[Number]) -> tuple[str, ...]:
    """The keys of their publications, each once."""
    return tuple(dict.fromkeys(number.publication.key for number in numbers))


def markets(numbers: Iterable[Number]) -> tuple[str, ...]:
    """The keys of their markets, each once."""
    return tuple(dict.fromkeys(number.scope.market for number in numbers))


def figures(points: Iterable[Point]) -> Iterator[Figure]:
    """The figures behind some points."""
    for point in points:
        yield point.figure


def _point(figure: Figure) -> Point | None:
    if figure.value is None or figure.year is None:
        return None
    amount = rounded(figure.value).scaled(scale(figure.unit)[1])
    return Point(figure, figure.year, amount)
