"""Figures made for tests."""

from decimal import Decimal

from graph.dates import parse_date
from graph.figures.model import (
    Figure,
    Publication,
    Published,
    Scope,
    ScopeRelation,
    Share,
)
from graph.numbers import parse_measure

MARKET = "a market"


def publication(name: str, edition: str = "", group: str = "") -> Publication:
    """A publication of a publisher; its data group is the publisher unless given."""
    publisher = name.partition(" ")[0]
    return Publication(
        key=name,
        title=name,
        publisher=publisher,
        group=group or publisher,
        edition=parse_date(edition) if edition else None,
    )


def figure(
    of: Publication,
    year: int | None,
    printed: str,
    *,
    unit: str = "usd-billion",
    relation: ScopeRelation = "unknown",
    manner: str = "estimated",
    market: str = MARKET,
) -> Figure:
    """A figure; without digits it has no value."""
    return Figure(
        key=f"{of.key}/{market}/{year}/{printed}",
        publication=of,
        scope=Scope(market),
        year=year,
        value=parse_measure(printed) if printed else None,
        unit=unit,
        relation=relation,
        manner=manner,
    )


def series(
    name: str, *points: tuple[int, str], market: str = MARKET, edition: str = ""
) -> list[Figure]:
    """The figures of one publication."""
    of = publication(name, edition)
    return [figure(of, year, printed, market=market) for year, printed in points]


def share(of: Publication, part: str, printed: str, year: int | None = 2025) -> Share:
    """The share of a segment."""
    return Share(
        key=f"{of.key}/{part}",
        publication=of,
        scope=Scope(MARKET, part),
        year=year,
        value=parse_measure(printed),
        dimension="by kind",
    )


def published(*figures: list[Figure], shares: tuple[Share, ...] = ()) -> Published:
    """All of them."""
    return Published(figures=[one for some in figures for one in some], shares=shares)


def decimals(*numbers: str) -> list[Decimal]:
    """Numbers as decimals."""
    return [Decimal(number) for number in numbers]
