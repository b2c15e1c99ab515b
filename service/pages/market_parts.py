"""Segments and places of a market: their printed shares, and what those make of its forecast."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.figures.model import Published, Share
from graph.landscape import Evidence
from service.charts.scale import digits
from service.pages.market_tables import Number, between
from service.resources.addresses import here_or_there


@dataclass(frozen=True, slots=True)
class Part:
    """A segment or a place with its printed share, and what that makes of the forecast."""

    part: str
    href: str | None
    dimension: str
    year: str
    share: Number | None
    report: str
    report_href: str | None
    median: str = ""
    bounds: str = ""


def parts(published: Published, rows: Iterable[Mapping[str, Any]], market: str) -> list[Part]:
    """Return printed shares of a market, with the forecast of their part where there is one.

    `rows` are those of the question `forecast` that have a part; what the shares of a dimension
    leave has a row as well.
    """
    shares = {one.key: one for one in published.shares if one.scope.market == market}
    found, told = [], set[str]()
    for row in rows:
        keys = [
            key
            for one in row["evidence"]
            if isinstance(one, Evidence) and one.kind == "Share"
            for key in one.facts
        ]
        whole = row["part"].type == "statement"
        of = [] if whole else [shares[key] for key in keys if key in shares]
        told.update(one.key for one in of)
        found.append(_part(published, of[0] if of else None, row))
    found += [_part(published, one) for key, one in shares.items() if key not in told]
    return sorted(found, key=lambda one: (not one.dimension, one.dimension, one.year, one.part))


def _part(published: Published, share: Share | None, row: Mapping[str, Any] | None = None) -> Part:
    key = (share.scope.segment or share.scope.place) if share else row["part"].iri if row else ""
    place = share is not None and not share.scope.segment
    return Part(
        part=row["part"].label if row else published.name(key),
        href=here_or_there(key),
        dimension="Place" if place else published.name(share.dimension) if share else "",
        year=str((row["year"] if row else share.year if share else None) or ""),
        share=Number(
            f"{share.approximation} {share.value.printed} %".strip(), here_or_there(share.key)
        )
        if share
        else None,
        report=share.publication.title if share else "",
        report_href=here_or_there(share.publication.key) if share else None,
        median=digits(float(row["median"])) if row else "",
        bounds=between(row, "80") if row else "",
    )
