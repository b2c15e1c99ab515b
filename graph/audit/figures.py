"""Figures of one scope and year beside each other: in one publication, one data group, several."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from graph.audit.facts import Facts, Point, figures, keys, markets, publications
from graph.audit.finding import TIMES, Finding
from graph.audit.interval import Interval, ratio
from graph.audit.saying import whose
from graph.figures.copies import by_edition
from graph.figures.model import Publication

_MOST_NAMED = 6
_ByPublication = Mapping[Publication, Sequence[Point]]


def compared_figures(facts: Facts) -> Iterator[Finding]:
    """Values of one scope, year, currency and measure, told for each such key together.

    What one publication prints twice, what one data group prints again later, and how far apart
    the data groups are: one finding for each, however many publications there are.
    """
    for points in facts.by_thing().values():
        above = [point for point in points if point.amount.lowest > 0]
        by_publication = defaultdict[Publication, list[Point]](list)
        for point in above:
            by_publication[point.figure.publication].append(point)
        for own in by_publication.values():
            yield from _printed_twice(facts, own)
        by_group = defaultdict[str, dict[Publication, Sequence[Point]]](dict)
        for publication, own in by_publication.items():
            by_group[publication.group][publication] = own
        for group in by_group.values():
            yield from _revisions(facts, group)
        if len(by_group) > 1:
            yield _of_groups(facts, above, len(by_group))


def _printed_twice(facts: Facts, points: Sequence[Point]) -> Iterator[Finding]:
    if len({point.amount.value for point in points}) > 1:
        ordered = sorted(points, key=lambda p: (-p.amount.value, p.figure.key))
        values = list(dict.fromkeys(point.printed for point in ordered))
        more = f" and {len(values) - _MOST_NAMED} more" if len(values) > _MOST_NAMED else ""
        text = (
            f"{_where(facts, ordered[0])}: {', '.join(values[:_MOST_NAMED])}{more} in one"
            f" publication ({ordered[0].figure.publication.title})"
        )
        yield _times("year-printed-twice", text, ordered)


def _revisions(facts: Facts, group: _ByPublication) -> Iterator[Finding]:
    """Each publication of a data group beside the one before it."""
    for earlier, later in pairwise(sorted(group, key=by_edition)):
        old, new = group[earlier][0], group[later][0]
        change = ratio(new.amount, old.amount)
        verb = "stays" if new.amount.meets(old.amount) else "is revised"
        dated = earlier.edition is not None and later.edition is not None
        order = "" if dated else "; which came first is not known, as one has no date"
        points = [new, old, *group[later], *group[earlier]]
        yield Finding(
            kind="revision",
            text=(
                f"{_where(facts, new)}: {verb} from {whose(old)} to {whose(new)},"
                f" {change.value:.2f} times{order}"
            ),
            rests_on=keys(figures(points)),
            publications=publications(figures(points)),
            markets=markets(figures(points)),
            result=change,
            unit=TIMES,
            agrees=new.amount.meets(old.amount),
            from_year=new.year,
            to_year=new.year,
        )


def _of_groups(facts: Facts, points: Sequence[Point], groups: int) -> Finding:
    ordered = sorted(points, key=lambda p: (-p.amount.value, p.figure.key))
    highest, lowest = ordered[0], ordered[-1]
    of = f", of {len(points)} figures of {groups} data groups" if len(points) > 2 else ""
    text = (
        f"{_where(facts, highest)}: {whose(highest)} is"
        f" {ratio(highest.amount, lowest.amount).value:.2f} times {whose(lowest)}{of}"
    )
    agree = _common(ordered)
    return _times("figures-agree" if agree else "figures-differ", text, ordered)


def _times(kind: str, text: str, ordered: Sequence[Point]) -> Finding:
    """How many times the lowest the highest is; they come in this order, highest first."""
    between = [ordered[0], ordered[-1], *ordered[1:-1]]
    return Finding(
        kind=kind,
        text=text,
        rests_on=keys(figures(between)),
        publications=publications(figures(between)),
        markets=markets(figures(between)),
        result=_ratio(ordered),
        unit=TIMES,
        agrees=_common(ordered),
        from_year=ordered[0].year,
        to_year=ordered[0].year,
    )


def _ratio(ordered: Sequence[Point]) -> Interval:
    return ratio(ordered[0].amount, ordered[-1].amount)


def _common(points: Sequence[Point]) -> bool:
    """Whether one number can be all of them."""
    return max(p.amount.lowest for p in points) <= min(p.amount.highest for p in points)


def _where(facts: Facts, point: Point) -> str:
    return f"{facts.scope_name(point.figure.scope)}, {point.year}"
