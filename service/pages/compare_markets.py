"""Markets side by side: size, growth and years as printed, publisher by publisher."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for

from graph.figures.model import Figure, Published
from graph.forecast.results import Forecast
from graph.landscape import Asking, Thing
from graph.landscape.choosing import choices_of, forecasts_of, published_of
from graph.landscape.forecasting import FORECAST
from graph.landscape.markets import Market, comparable, markets
from service.charts.scale import digits
from service.pages.market_tables import Number, Report, reports, unit_in_words
from service.resources.addresses import here_or_there

Texts = tuple[tuple[str, str | None], ...]
"""Texts, each with where it leads; None where that is nowhere."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a row says of each market."""

    title: str
    cells: tuple[Texts, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What one publisher prints of one market as a whole."""

    size: tuple[Number, ...] = ()
    growth: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class ByPublisher:
    """What one publisher prints of each market; nothing where it prints nothing."""

    publisher: str
    cells: tuple[Printed, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Markets in the order that was asked for, with the unit of each, and where its page is."""

    units: tuple[str, ...]
    pages: Texts
    summaries: tuple[Summary, ...]
    publishers: tuple[ByPublisher, ...]


@dataclass(frozen=True, slots=True)
class _Of:
    """What is known of one market."""

    market: Market
    unit: str
    reports: Sequence[Report]
    told: Sequence[tuple[int, Decimal, Figure]]


def markets_beside(asking: Asking, keys: Sequence[str]) -> Beside:
    """Return markets side by side. Raises the errors of graph.query."""
    published = published_of(asking)
    usual = {one.name: one.default for one in FORECAST.parameters} | {"without": ()}
    found = forecasts_of(published, choices_of(usual))
    known = {one.market.iri: one for one in markets(asking, keys)}
    every = [_of(published, known[key], found.get(key)) for key in keys if key in known]
    return Beside(
        units=tuple(one.unit for one in every),
        pages=tuple(
            (
                one.market.market.label,
                url_for("market", slug=one.market.market.iri.rsplit("/", 1)[-1]),
            )
            for one in every
        ),
        summaries=tuple(_summaries(every)),
        publishers=tuple(_publishers([one.reports for one in every])),
    )


def _of(published: Published, market: Market, found: Forecast | None) -> _Of:
    unit = unit_in_words(published, found.unit) if found else ""
    told = comparable(found) if found else []
    return _Of(market, unit, reports(published, found, market.market.iri, {}), told)


def _summaries(every: Sequence[_Of]) -> Iterable[Summary]:
    yield Summary("Where", tuple(_links(one.market.places) for one in every))
    yield Summary("Of what", tuple(_links(one.market.products) for one in every))
    year = _common_year([one.told for one in every])
    if year is not None:
        yield Summary(f"Lowest to highest for {year}", tuple(_range(one, year) for one in every))
    yield Summary("Printed for years", tuple(_years(one) for one in every))
    yield Summary("Stated growth, a year", tuple(_growth(one) for one in every))
    yield Summary("Forecasts end in", tuple(_ends(one) for one in every))
    yield Summary("Publishers", tuple(_number(one) for one in every))


def _links(things: Iterable[Thing]) -> Texts:
    return tuple((one.label, here_or_there(one.iri)) for one in things)


def _common_year(told: Sequence[Sequence[tuple[int, Decimal, Figure]]]) -> int | None:
    """The year that figures of every market are for, and most data groups print; None if none."""
    groups: dict[int, int] = {}
    shared: set[int] | None = None
    for of_market in told:
        pairs = {(year, figure.publication.group) for year, _, figure in of_market}
        for year, _ in pairs:
            groups[year] = groups.get(year, 0) + 1
        years = {year for year, _ in pairs}
        shared = years if shared is None else shared & years
    return max(shared or (), key=lambda year: (groups[year], year), default=None)


def _range(one: _Of, year: int) -> Texts:
    of_year = [(value, figure) for at, value, figure in one.told if at == year]
    ends = [of_year[0], of_year[-1]] if of_year[0][0] != of_year[-1][0] else of_year[:1]
    return tuple(
        (f"{digits(float(value), 6)} {one.unit}", here_or_there(figure.key))
        for value, figure in ends
    )


def _years(one: _Of) -> Texts:
    years = [year for year, _, _ in one.told]
    return ((_span(min(years), max(years)), None),) if years else ()


def _growth(one: _Of) -> Texts:
    """The lowest and the highest rate as printed; which years each is for stands below."""
    rates = [number for report in one.reports for number, _ in report.rates]
    ordered = sorted(rates, key=lambda number: (_percent(number), number.iri))
    ends = [ordered[0], ordered[-1]] if len(ordered) > 1 else ordered
    return tuple((f"{number.text} ({number.about})", number.href) for number in ends)


def _percent(number: Number) -> float:
    return float(number.text.removesuffix(" %").split(" ")[-1])


def _ends(one: _Of) -> Texts:
    """The last years that reports print a figure ahead for, each once."""
    ends = {
        max(ahead)
        for report in one.reports
        if (ahead := [int(number.about) for number in report.ahead if number.about.isdigit()])
    }
    return ((", ".join(map(str, sorted(ends))), None),) if ends else ()


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _number(one: _Of) -> Texts:
    return ((str(len({report.publisher for report in one.reports})), None),)


def _publishers(every: Sequence[Sequence[Report]]) -> Iterable[ByPublisher]:
    names = {report.publisher for of in every for report in of}
    shared = {name: sum(any(r.publisher == name for r in of) for of in every) for name in names}
    for name in sorted(names, key=lambda name: (-shared[name], name.casefold(), name)):
        yield ByPublisher(
            name,
            tuple(_printed([one for one in of if one.publisher == name]) for of in every),
        )


def _printed(of: Sequence[Report]) -> Printed:
    sizes = [number for one in of for number in (*one.past, *one.ahead)]
    return Printed(
        tuple(sorted(sizes, key=lambda number: (number.about, number.iri))),
        tuple(rate for one in of for rate, _ in one.rates),
    )
