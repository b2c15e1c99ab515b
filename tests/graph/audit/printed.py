"""Small invented publications in numbers, for audits of a few of them."""

from collections.abc import Iterable

from graph.audit import Finding, findings
from graph.dates import parse_date
from graph.figures.model import Figure, Publication, Published, Rate, Scope, Share
from graph.numbers import parse_measure

MARKET = Scope("grafts")


def publication(name: str = "Acme", edition: str = "", group: str = "") -> Publication:
    date = parse_date(edition) if edition else None
    return Publication(f"{name} {edition}", name, name, group or name, edition=date)


def figure(
    year: int,
    value: str,
    of: Publication | None = None,
    *,
    scope: Scope = MARKET,
    unit: str = "usd-billion",
    measure: str = "",
    approximation: str = "",
) -> Figure:
    source = of or publication()
    key = f"{source.key} {scope.market} {scope.segment} {scope.place} {year} {value} {unit}"
    number = parse_measure(value)
    return Figure(
        key, source, scope, year, number, unit, measure=measure, approximation=approximation
    )


def rate(
    value: str,
    first: int | None = None,
    last: int | None = None,
    of: Publication | None = None,
    scope: Scope = MARKET,
) -> Rate:
    source = of or publication()
    key = f"{source.key} {scope.market} {value} % {first} {last}"
    return Rate(key, source, scope, first, last, parse_measure(value))


def share(
    value: str, year: int | None = None, segment: str = "", market: str = "grafts", **of: str
) -> Share:
    source = publication()
    scope = Scope(market, segment, of.get("place", ""))
    key = f"{market} {segment} {year} {value} share"
    return Share(key, source, scope, year, parse_measure(value), dimension=of.get("dimension", ""))


def found(
    kind: str,
    figures: Iterable[Figure] = (),
    rates: Iterable[Rate] = (),
    shares: Iterable[Share] = (),
    **more: object,
) -> list[Finding]:
    """The findings of a kind."""
    published = Published(tuple(figures), tuple(rates), tuple(shares), **more)  # type: ignore[arg-type]
    return [finding for finding in findings(published) if finding.kind == kind]


def verdict(rated: Rate, *figures: Figure) -> Finding:
    """The verdict on the only rate."""
    kinds = [f for f in findings(Published(figures, (rated,))) if f.kind.startswith("rate-")]
    (only,) = kinds
    return only
