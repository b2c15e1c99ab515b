"""Parts beside their wholes: what part of it they are, whether they exceed it, how that drifts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from graph.audit.facts import Facts, Of, Point, figures, keys, markets, of, publications
from graph.audit.finding import PERCENT, POINTS, Finding
from graph.audit.interval import Interval, difference, percentage
from graph.audit.saying import bounds, whose
from graph.figures.copies import by_edition
from graph.figures.model import Scope


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of a part and one of its whole, and the one in percent of the other."""

    part: Point
    whole: Point
    percent: Interval

    @property
    def year(self) -> int:
        """Their year."""
        return self.part.year


@dataclass(slots=True)
class _Wholes:
    """The figures of one whole and year: what a part is held against, without comparing all."""

    by_publication: dict[str, Point] = field(default_factory=dict)
    by_group: dict[str, Point] = field(default_factory=dict)
    smallest: dict[str, Point] = field(default_factory=dict)

    def add(self, point: Point) -> None:
        publication = point.figure.publication
        self.by_publication.setdefault(publication.key, point)
        known = self.by_group.get(publication.group)
        if known is None or by_edition(known.figure.publication) < by_edition(publication):
            self.by_group[publication.group] = point
        small = self.smallest.get(publication.group)
        if small is None or point.amount.highest < small.amount.highest:
            self.smallest[publication.group] = point
            lowest = sorted(self.smallest.values(), key=lambda p: p.amount.highest)[:2]
            self.smallest = {p.figure.publication.group: p for p in lowest}

    def own(self, part: Point) -> Point | None:
        """That of the same publication, else of the latest one of the same data group."""
        publication = part.figure.publication
        same = self.by_publication.get(publication.key)
        return same or self.by_group.get(publication.group)

    def others(self, part: Point) -> Point | None:
        """The smallest one of another data group."""
        group = part.figure.publication.group
        return next((point for name, point in self.smallest.items() if name != group), None)


def parts_of_figures(facts: Facts) -> Iterator[Finding]:
    """Each part in percent of its whole; and where it is more than the whole of somebody else.

    A segment or a place is a part of its market, and a market of that which the register puts it
    into. Only figures of one year, currency and measure are held against each other.
    """
    wholes = defaultdict[tuple[Of, int], _Wholes](_Wholes)
    for point in facts.points:
        if point.amount.lowest > 0:
            wholes[of(point), point.year].add(point)
    found = list[Part]()
    for point in facts.points:
        scope, unit, measure = of(point)
        for above in containing(scope, facts.published.parents):
            candidates = wholes.get(((above, unit, measure), point.year))
            if candidates is None:
                continue
            if own := candidates.own(point):
                part = Part(point, own, percentage(point.amount, own.amount))
                found.append(part)
                yield _part(facts, part)
            other = candidates.others(point)
            if other and point.amount.lowest > other.amount.highest:
                yield _part(facts, Part(point, other, percentage(point.amount, other.amount)))
    yield from _drifts(facts, found)


def containing(scope: Scope, parents: Mapping[str, str]) -> Iterator[Scope]:
    """The scopes that a scope is a part of, nearest first."""
    if scope.segment and scope.place:
        yield Scope(scope.market, segment=scope.segment)
        yield Scope(scope.market, place=scope.place)
    if scope.segment or scope.place:
        yield Scope(scope.market)
        return
    passed = {scope.market}
    market = parents.get(scope.market)
    while market is not None and market not in passed:
        passed.add(market)
        yield Scope(market)
        market = parents.get(market)


def _part(facts: Facts, part: Part) -> Finding:
    fits = part.percent.lowest <= 100
    one, whole = part.part, part.whole
    text = (
        f"{facts.scope_name(one.figure.scope)}, {part.year}: {_printed(part, one)} is"
        f" {part.percent.value:.1f} % of {_printed(part, whole)},"
        f" {facts.scope_name(whole.figure.scope)}"
    )
    return Finding(
        kind="part-of-figure" if fits else "part-exceeds-whole",
        text=text,
        rests_on=keys(figures([one, whole])),
        publications=publications(figures([one, whole])),
        markets=markets(figures([one, whole])),
        result=part.percent,
        unit=PERCENT,
        agrees=fits,
        from_year=part.year,
        to_year=part.year,
    )


def _printed(part: Part, point: Point) -> str:
    """A figure; with its publication where the other one is of another."""
    one, whole = part.part.figure.publication, part.whole.figure.publication
    return point.printed if one.key == whole.key else whose(point)


def _drifts(facts: Facts, found: Sequence[Part]) -> Iterator[Finding]:
    """By how many points a part changes from each printed year to the next.

    Once within each publication, and once across the publications of a data group, of which the
    latest counts in each year.
    """
    own = defaultdict[tuple[object, ...], dict[int, Part]](dict)
    group = defaultdict[tuple[object, ...], dict[int, Part]](dict)
    for part in found:
        publication = part.part.figure.publication
        things = of(part.part), of(part.whole)
        if publication == part.whole.figure.publication:
            own[publication.key, *things].setdefault(part.year, part)
        known = group[publication.group, *things].get(part.year)
        if known is None or by_edition(known.part.figure.publication) < by_edition(publication):
            group[publication.group, *things][part.year] = part
    seen = set[tuple[str, ...]]()
    for chain in (*own.values(), *group.values()):
        for first, last in pairwise(chain[year] for year in sorted(chain)):
            finding = _drift(facts, first, last)
            if finding.rests_on not in seen:
                seen.add(finding.rests_on)
                yield finding


def _drift(facts: Facts, first: Part, last: Part) -> Finding:
    change = difference(last.percent, first.percent)
    rests = list(figures([last.part, last.whole, first.part, first.whole]))
    return Finding(
        kind="part-drift",
        text=(
            f"{facts.scope_name(rests[0].scope)} in {facts.scope_name(rests[1].scope)}: from"
            f" {bounds(first.percent)} in {first.year} to {bounds(last.percent)} in {last.year},"
            f" {change.value:+.1f} points ({change.lowest:+.1f} to {change.highest:+.1f})"
        ),
        rests_on=keys(rests),
        publications=publications(rests),
        markets=markets(rests),
        result=change,
        unit=POINTS,
        from_year=first.year,
        to_year=last.year,
    )
