"""Shares against the figures they are shares of, and against each other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from graph.audit.facts import Facts, Point, keys, markets, publications
from graph.audit.finding import PERCENT, Finding
from graph.audit.interval import fraction, rounded, total_of
from graph.audit.saying import few_digits
from graph.figures.model import Scope, Share
from graph.figures.units import scale

_Whole = tuple[str, Scope, int]


def shares_of_figures(facts: Facts) -> Iterator[Finding]:
    """What each share amounts to, by the figures of the same publication, market and year."""
    wholes = defaultdict[_Whole, list[Point]](list)
    for point in facts.points:
        figure = point.figure
        wholes[figure.publication.key, figure.scope, point.year].append(point)
    for share in facts.published.shares:
        base = _base(share, wholes)
        for whole in base:
            yield _amount(facts, share, whole)
        if not base:
            yield _without_base(facts, share)


def _base(share: Share, wholes: Mapping[_Whole, Sequence[Point]]) -> Sequence[Point]:
    if share.year is None:
        return ()
    return wholes.get((share.publication.key, Scope(share.scope.market), share.year), ())


def _amount(facts: Facts, share: Share, whole: Point) -> Finding:
    exponent = scale(whole.figure.unit)[1]
    amount = fraction(rounded(share.value), whole.amount).scaled(-exponent)
    return Finding(
        kind="share-of-figure",
        text=(
            f"{facts.scope_name(share.scope)}: {printed(share)} % of {whole.printed} in"
            f" {whole.year} is {few_digits(amount.value)} ({few_digits(amount.lowest)} to"
            f" {few_digits(amount.highest)})"
        ),
        rests_on=(share.key, whole.figure.key),
        publications=publications([share]),
        markets=(share.scope.market,),
        result=amount,
        unit=whole.figure.unit,
        from_year=whole.year,
        to_year=whole.year,
    )


def _without_base(facts: Facts, share: Share) -> Finding:
    unknown = f"no figure of {share.year} is printed" if share.year else "no year is stated"
    return Finding(
        kind="share-without-figure",
        text=(
            f"{facts.scope_name(share.scope)}: {printed(share)} % of an unknown amount, since"
            f" {unknown}"
        ),
        rests_on=(share.key,),
        publications=publications([share]),
        markets=(share.scope.market,),
        from_year=share.year,
        to_year=share.year,
    )


def printed(share: Share) -> str:
    """The digits, with the word that blurs them."""
    return " ".join(filter(None, (share.approximation, share.value.printed)))


def shares_of_markets(facts: Facts) -> Iterator[Finding]:
    """One share of one part that a publication prints alike of two different markets.

    Of three markets or more, each is named with the next, not with every other one.
    """
    groups = defaultdict[tuple[str, str, str, str], list[Share]](list)
    for share in facts.published.shares:
        part = share.scope.segment, share.scope.place
        groups[share.publication.key, *part, share.value.printed].append(share)
    for shares in groups.values():
        years = sorted({share.year for share in shares if share.year})
        seen = set[tuple[str, str]]()
        for year in (*years,) or (None,):
            one_a_market = {s.scope.market: s for s in shares if s.year in (year, None)}
            for one, other in pairwise(one_a_market.values()):
                if (one.key, other.key) not in seen:
                    seen.add((one.key, other.key))
                    yield _of_two(facts, one, other)


def _of_two(facts: Facts, one: Share, other: Share) -> Finding:
    another = facts.published.name(other.scope.market)
    return Finding(
        kind="share-of-two-markets",
        text=(
            f"{facts.scope_name(one.scope)}: {one.value.printed} %; the same share is printed of"
            f" another market, {another}"
        ),
        rests_on=keys([one, other]),
        publications=publications([one, other]),
        markets=markets([one, other]),
        agrees=False,
    )


def sums_of_shares(facts: Facts) -> Iterator[Finding]:
    """Shares of one market and year, by one dimension, that are more than the whole together.

    Only segments that divide the whole are added, none that divides another one, and of a segment
    that has two the lower. Places are left out: one may lie in another.
    """
    groups = defaultdict[tuple[str, str, int | None, str], dict[str, Share]](dict)
    for share in facts.published.shares:
        segment = share.scope.segment
        if segment and segment not in facts.published.nested and not share.scope.place:
            key = share.publication.key, share.scope.market, share.year, share.dimension
            known = groups[key].setdefault(segment, share)
            if rounded(share.value).lowest < rounded(known.value).lowest:
                groups[key][segment] = share
    for (_, market, year, dimension), by_segment in groups.items():
        shares = list(by_segment.values())
        total = total_of(rounded(share.value) for share in shares)
        if total.lowest > 100:
            by = f", by {facts.published.name(dimension).lower()}" if dimension else ""
            yield Finding(
                kind="shares-exceed-whole",
                text=(
                    f"{facts.published.name(market)}{f', {year}' if year else ''}{by}:"
                    f" {len(shares)} shares are {total.value} % together"
                ),
                rests_on=keys(shares),
                publications=publications(shares),
                markets=(market,),
                result=total,
                unit=PERCENT,
                agrees=False,
                from_year=year,
                to_year=year,
            )
