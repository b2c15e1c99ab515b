"""Shares against the figures they are shares of, and against each other."""

from collections import defaultdict
from collections.abc import Iterator

from graph.audit.facts import Facts, Observed, alike
from graph.audit.finding import PERCENT, Finding, records
from graph.audit.interval import fraction, total_of
from graph.sources.records import Reference


def shares_of_figures(facts: Facts) -> Iterator[Finding]:
    """What each share amounts to, by the figure of the same source, market and year."""
    for share in facts.shares:
        wholes = [f for f in facts.figures if _is_base(f, share)]
        name = facts.scope_name(share.scope)
        for whole in wholes:
            amount = fraction(share.number, whole.number)
            unit = facts.names[whole.unit]
            yield Finding(
                kind="share-of-figure",
                text=(
                    f"{name}: {share.printed} % of {whole.printed} in {whole.year} is "
                    f"{amount.value:.2f} ({unit})"
                ),
                rests_on=records(share, whole),
                result=amount,
                unit=whole.unit,
                from_year=whole.year,
                to_year=whole.year,
            )
        if not wholes:
            unknown = f"no figure of {share.year} is printed" if share.year else "no year is stated"
            yield Finding(
                kind="share-without-figure",
                text=f"{name}: {share.printed} % of an unknown amount, since {unknown}",
                rests_on=records(share),
                from_year=share.year,
                to_year=share.year,
            )


def shares_of_markets(facts: Facts) -> Iterator[Finding]:
    """One share that a source prints alike of two different markets."""
    for one, other in alike(facts.shares, lambda s: (s.source, s.scope[1:], s.printed)):
        same = one.year == other.year or None in (one.year, other.year)
        if same and one.market != other.market:
            yield Finding(
                kind="share-of-two-markets",
                text=(
                    f"{facts.scope_name(one.scope)}: {one.printed} %; the same share is printed of "
                    f"another market, {facts.names[other.market]}"
                ),
                rests_on=records(one, other),
                agrees=False,
            )


def sums_of_shares(facts: Facts) -> Iterator[Finding]:
    """Shares of one market and year, by one dimension, that are more than the whole together.

    Only segments that divide the whole are added, none that divides another one. Places are left
    out: one may lie in another.
    """
    segments = {record.subject: record for record in facts.segments}
    groups = defaultdict[tuple[str, Reference, int | None, Reference], list[Observed]](list)
    for share in facts.shares:
        segment = segments.get(share.scope[1]) if share.scope[1] else None
        if segment is not None and not segment.one("parent") and not share.scope[2]:
            dimension = segment.reference("dimension")
            groups[share.source, share.market, share.year, dimension].append(share)
    for (_, market, year, dimension), shares in groups.items():
        total = total_of(share.number for share in shares)
        if total.lowest > 100:
            yield Finding(
                kind="shares-exceed-whole",
                text=(
                    f"{facts.names[market]}, {year}, by {facts.names[dimension].lower()}: "
                    f"{len(shares)} shares are {total.value} % together"
                ),
                rests_on=records(*shares),
                result=total,
                unit=PERCENT,
                agrees=False,
                from_year=year,
                to_year=year,
            )


def _is_base(figure: Observed, share: Observed) -> bool:
    """Whether a figure is the whole that a share is a part of."""
    return (
        figure.source == share.source
        and figure.scope == (share.market, None, None)
        and figure.year == share.year
    )
