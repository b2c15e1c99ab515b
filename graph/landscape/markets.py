"""Which markets there are, who prints figures of them, and how far apart those lie in a year."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from graph.figures.model import Figure, Published
from graph.figures.units import scale
from graph.forecast.results import Forecast
from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.choosing import choices_of, forecasts_of, published_of
from graph.landscape.figures import completeness_with_figures
from graph.landscape.forecasting import FORECAST
from graph.landscape.named import Named, Parameter
from graph.landscape.why import thing


@dataclass(frozen=True, slots=True)
class Market:
    """A market, and what it is of, as far as the reports say."""

    market: Thing
    places: tuple[Thing, ...] = ()
    products: tuple[Thing, ...] = ()
    part_of: Thing | None = None


def markets(asking: Asking, only: Iterable[str] | None = None) -> list[Market]:
    """Return every market, or those of some IRIs, by name. Raises the errors of graph.query."""
    nodes = None if only is None else [NamedNode(one) for one in only]
    rows: dict[str, list[Row]] = {}
    for row in asking.rows(filled(stored_query("markets"), markets=nodes)):
        rows.setdefault(str(row["market"]), []).append(row)
    return [
        Market(
            thing(iri, str(of[0]["label"])),
            _things(of, "place"),
            _things(of, "product"),
            next(iter(_things(of, "parent")), None),
        )
        for iri, of in rows.items()
    ]


def _things(rows: Sequence[Row], name: str) -> tuple[Thing, ...]:
    found = {str(row[name]): str(row[f"{name}Label"]) for row in rows if name in row}
    return tuple(thing(iri, label) for iri, label in found.items())


def comparable(found: Forecast) -> list[tuple[int, Decimal, Figure]]:
    """Return year, value in the unit of a market, and figure, of all that can stand side by side.

    Figures in another currency, without a year or without a value are left out.
    """
    figures = [figure for member in found.selection.members for figure in member.figures]
    figures += [left.figure for left in found.selection.left_out]
    currency, magnitude = scale(found.unit)
    return sorted(
        (
            (figure.year, figure.value.value.scaleb(scale(figure.unit)[1] - magnitude), figure)
            for figure in figures
            if figure.year and figure.value and scale(figure.unit)[0] == currency
        ),
        key=lambda told: (*told[:2], told[2].key),
    )


_NO_RANGE: Mapping[str, Any] = {
    **dict.fromkeys(("year", "lowest", "highest", "times", "lowest_figure", "highest_figure")),
    "groups_in_year": 0,
}
_NONE: Mapping[str, Any] = {
    **dict.fromkeys(("publishers", "groups", "figures", "pooled"), 0),
    **dict.fromkeys(("first_year", "last_year")),
    "unit": "",
    "reports": (),
    **_NO_RANGE,
}


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    published = published_of(asking)
    default = {one.name: one.default for one in FORECAST.parameters} | {"without": ()}
    found = forecasts_of(published, choices_of(default))
    rows = [
        {
            "market": one.market,
            "places": one.places,
            "products": one.products,
            "part_of": one.part_of,
            **_told(published, found.get(one.market.iri), arguments["year"], asking.base),
        }
        for one in markets(asking)
    ]
    return Answer(
        question="markets",
        columns=_COLUMNS,
        rows=rows,
        understood=dict(arguments),
        completeness=completeness_with_figures(asking, ()),
        notes=_NOTES,
        editions="all",
    )


def _told(
    published: Published, found: Forecast | None, year: int | None, base: str
) -> Mapping[str, Any]:
    """What is printed on a market as a whole, and the range in a year."""
    if found is None:
        return _NONE
    members, left_out = found.selection.members, found.selection.left_out
    pooled = [figure for member in members for figure in member.figures]
    figures = pooled + [left.figure for left in left_out]
    years = sorted(figure.year for figure in figures if figure.year)
    return {
        "publishers": len({figure.publication.publisher for figure in figures}),
        "groups": len({figure.publication.group for figure in figures}),
        "figures": len(figures),
        "pooled": len(pooled),
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
        "unit": published.names.get(f"{base}id/concept/{found.unit}", found.unit),
        "reports": _reports(figures),
        **_range(comparable(found), year),
    }


def _range(told: Sequence[tuple[int, Decimal, Figure]], wanted: int | None) -> dict[str, Any]:
    """The lowest and the highest value of a year: the one most data groups print, unless told."""
    groups = Counter(
        year for year, _ in {(year, figure.publication.group) for year, _, figure in told}
    )
    year = wanted or max(groups, key=lambda year: (groups[year], year), default=None)
    of_year = [(value, figure) for at, value, figure in told if at == year]
    if not of_year:
        return {**_NO_RANGE, "year": year}
    (lowest, low), (highest, high) = of_year[0], of_year[-1]
    return {
        "year": year,
        "groups_in_year": groups[of_year[0][1].year or 0],
        "lowest": lowest,
        "highest": highest,
        "times": (highest / lowest).quantize(Decimal("0.01")) if lowest else None,
        "lowest_figure": _claim(low),
        "highest_figure": _claim(high),
    }


def _reports(figures: Iterable[Figure]) -> tuple[Thing, ...]:
    titles = {figure.publication.key: figure.publication.title for figure in figures}
    named = sorted(titles.items(), key=lambda pair: pair[::-1])
    return tuple(Thing(key, title, "source") for key, title in named)


def _claim(figure: Figure) -> Thing:
    return Thing(figure.key, figure.key.rsplit("/", 1)[-1], "claim")


_NOTES = (
    (
        "A range is of all figures that publishers print for a market as a whole and a year, pooled"
        " or not, in the currency that most of them use. Publishers of one market count different"
        " things."
    ),
    "Values for past years are published estimates as well; nobody observes the market.",
)
_COLUMNS = (
    Column("market", "Market", "thing", "The market."),
    Column("places", "Places", "things", "Where it is."),
    Column("products", "Products", "things", "What it is of."),
    Column("part_of", "Part of", "thing", "The market that it is a part of."),
    Column("publishers", "Publishers", "integer", "How many print a figure of it as a whole."),
    Column("groups", "Data groups", "integer", "How many series of data there are, copies once."),
    Column("figures", "Figures", "integer", "How many figures of it as a whole are printed."),
    Column("pooled", "Pooled", "integer", "How many of them the forecast rests on."),
    Column("first_year", "First year", "integer", "The first year that a figure is for."),
    Column("last_year", "Last year", "integer", "The last one."),
    Column("year", "Year", "integer", "The year of the range."),
    Column("groups_in_year", "Groups in it", "integer", "How many data groups print that year."),
    Column("lowest", "Lowest", "number", "The lowest value of the year."),
    Column("highest", "Highest", "number", "The highest."),
    Column("times", "Times", "number", "The highest as a multiple of the lowest."),
    Column("unit", "Unit", "text", "Of both values."),
    Column("lowest_figure", "Lowest figure", "thing", "The printed fact of the lowest."),
    Column("highest_figure", "Highest figure", "thing", "The printed fact of the highest."),
    Column("reports", "Reports", "things", "Which print figures of it as a whole."),
)

MARKETS = Named(
    name="markets",
    title="Which markets are there, and how far apart are their figures?",
    doc="Every market with what it is of, how many publishers print figures of it, and the lowest "
    "and the highest figure of a year: the one given, or for each market the year that most data "
    "groups print.",
    parameters=(
        Parameter(
            "year",
            "Year",
            "the range of this year, in each market",
            "integer",
            least=1000,
            most=9999,
        ),
    ),
    columns=_COLUMNS,
    run=_run,
)
QUESTIONS: tuple[Named, ...] = (MARKETS,)
