"""What another publisher would say a market is worth, and which figures that rests on."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.figures.model import Figure, Published, Share
from graph.forecast import limits
from graph.forecast.choices import ESTIMAND, Choices
from graph.forecast.observations import remainder
from graph.forecast.results import Forecast, Part, Year
from graph.forecast.selection import Member
from graph.landscape.answers import Answer, Evidence, Thing
from graph.landscape.asking import Asking, Iri, filled, stored_query
from graph.landscape.choosing import CHOICES, MARKET, choices_of, forecasts_of, published_of
from graph.landscape.errors import InvalidParameter
from graph.landscape.figures import completeness_with_figures
from graph.landscape.forecast_columns import COLUMNS, FIGURE_COLUMNS, percent
from graph.landscape.named import Named, Parameter
from graph.landscape.traits import named
from graph.terms import Iris


def forecast_of(asking: Asking, arguments: Mapping[str, Any]) -> tuple[Published, Forecast]:
    """Return what is published, and the forecast of the market of a question.

    Raises InvalidParameter, also for a market without any figure.
    """
    published = published_of(asking)
    market = str(arguments["market"])
    found = forecasts_of(published, choices_of(arguments)).get(market)
    if found is None:
        name = named(asking, [market])[market].label
        raise InvalidParameter("market", f"no report prints a figure of {name}: not stated")
    return published, found


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    published, found = forecast_of(asking, arguments)
    years = arguments["year"]
    rows = [
        row
        for row in forecast_rows(published, found, asking.base, parts=arguments["parts"])
        if not years or row["year"] in years
    ]
    return Answer(
        question="forecast",
        columns=COLUMNS,
        rows=rows,
        understood=dict(arguments),
        completeness=completeness_with_figures(asking, ()),
        sparql=forecast_query(asking, found, years) if is_published(found, arguments) else None,
        notes=notes_of(found),
    )


def forecast_rows(
    published: Published, found: Forecast, base: str = "", *, parts: bool = False
) -> list[dict[str, Any]]:
    """Return a row of COLUMNS for each year, and for each part in its year if asked for."""
    groups = {
        member.key: Thing(member.key, published.name(member.key), "agent")
        for member in found.selection.members
    }
    told: list[tuple[Year, Part | None]] = [(year, None) for year in found.years]
    if parts:
        told += [(part.year, part) for part in found.parts]
    return [
        {
            **_numbers(year),
            "part": _part(base, published, found, part) if part else None,
            "assumption": part.assumption if part else "",
            "unit": _unit(published, base, found.unit),
            "model": found.choices.model,
            "estimand": ESTIMAND,
            "groups": [groups[key] for key in year.groups],
            "evidence": _evidence(published, found, year, part),
        }
        for year, part in told
    ]


def figure_rows(published: Published, one: Forecast, base: str = "") -> list[dict[str, Any]]:
    """Return a row of FIGURE_COLUMNS for each printed figure of a market, pooled or not."""
    pooled = {
        figure.key: member.reason for member in one.selection.members for figure in member.figures
    }
    out = {left.figure.key: left.reason for left in one.selection.left_out}
    figures = [figure for member in one.selection.members for figure in member.figures]
    figures += [left.figure for left in one.selection.left_out]
    market = Thing(one.market, published.name(one.market), "market")
    return [
        {
            "market": market,
            **_figure(published, base, figure),
            "group_reason": figure.publication.group_reason or pooled.get(figure.key, ""),
            "pooled": figure.key in pooled,
            "why_not": out.get(figure.key, ""),
        }
        for figure in sorted(figures, key=lambda f: (f.year or 0, f.publication.title, f.key))
    ]


def notes_of(found: Forecast, why: str = "`published-figures`") -> tuple[str, ...]:
    """Return what a reader must know of a forecast; `why` is what tells of figures left out."""
    borrowed = any(year.borrowed for year in found.years)
    prolonged = any(year.extrapolated != "none" for year in found.years)
    few = any(year.median and not year.intervals for year in found.years)
    out = len(found.selection.left_out)
    return tuple(
        note
        for told, note in (
            (True, limits.ESTIMAND_SENTENCE),
            (True, limits.INTERPOLATED),
            (True, limits.NOMINAL),
            (prolonged, limits.PROLONGED),
            (borrowed, limits.BORROWED),
            (few, limits.NO_BAND_FOR_TWO),
            (found.choices.is_scenario, limits.SCENARIO),
            (bool(found.parts), limits.PARTS),
            (out == 1, f"1 figure of it is not pooled: {why} tells why."),
            (out > 1, f"{out} figures of it are not pooled: {why} tells why."),
        )
        if told
    ) + tuple(found.notes)


def _numbers(year: Year) -> dict[str, Any]:
    bounds = {interval.level: interval for interval in year.intervals}
    return {
        "year": year.year,
        "median": year.median,
        **{
            f"{side}_{percent(level)}": getattr(bounds[level], side) if level in bounds else None
            for level in dict.fromkeys((*Choices().levels, *bounds))
            for side in ("lower", "upper")
        },
        "least": year.spread[0] if year.spread else None,
        "greatest": year.spread[1] if year.spread else None,
        "status": year.status,
        "k": year.k,
        "within": year.within,
        "extrapolated": year.extrapolated,
        "borrowed": year.borrowed,
    }


def _part(base: str, published: Published, found: Forecast, part: Part) -> Thing:
    if part.key:
        kind = part.key.removeprefix(f"{base}id/").partition("/")[0]
        return Thing(part.key, published.name(part.key), kind)
    node, label = remainder(Iris(base), published, found, part)
    return Thing(node.value, label, "statement")


def _unit(published: Published, base: str, unit: str) -> str:
    return published.names.get(f"{base}id/concept/{unit}", unit)


def _figure(published: Published, base: str, figure: Figure) -> dict[str, Any]:
    publication = figure.publication
    digits = figure.value.printed if figure.value else ""
    return {
        "year": figure.year,
        "value": figure.value.value if figure.value else None,
        "printed": f"{figure.approximation} {digits}".strip(),
        "unit": _unit(published, base, figure.unit),
        "manner": figure.manner,
        "publisher": Thing(publication.publisher, published.name(publication.publisher), "agent"),
        "report": _report(figure),
        "edition": publication.edition.form if publication.edition else "not dated",
        "group": Thing(publication.group, published.name(publication.group), "agent"),
        "scope": figure.relation,
        "figure": Thing(figure.key, figure.key.rsplit("/", 1)[-1], "claim"),
    }


def _evidence(
    published: Published, found: Forecast, year: Year, part: Part | None
) -> list[Evidence]:
    """The pooled figures; those of a part are the shares, and the figures of the whole."""
    groups, shares = year.groups, part.shares if part else ()
    if part is not None:
        groups = next((y.groups for y in found.years if y.year == year.year), ())
    pooled = (member for member in found.selection.members if member.key in groups)
    return [
        *_evidences("Share", (share for share in published.shares if share.key in shares)),
        *(one for member in pooled for one in evidence_of(member, "Pooled")),
    ]


def evidence_of(member: Member, kind: str) -> Iterator[Evidence]:
    """Return the figures of a data group as evidence, those of each report together."""
    return _evidences(kind, member.figures)


def _evidences(kind: str, numbers: Iterable[Figure | Share]) -> Iterator[Evidence]:
    by_report = dict[str, list[Figure | Share]]()
    for number in numbers:
        by_report.setdefault(number.publication.key, []).append(number)
    for told in by_report.values():
        yield Evidence(
            kind=kind,
            tie="stated",
            report=_report(told[0]),
            sections=tuple(dict.fromkeys(n.place_in_text for n in told if n.place_in_text)),
            facts=tuple(dict.fromkeys(number.key for number in told)),
        )


def _report(figure: Figure | Share) -> Thing:
    return Thing(figure.publication.key, figure.publication.title, "source")


def is_published(found: Forecast, arguments: Mapping[str, Any]) -> bool:
    """Return whether the release has these very numbers."""
    return not arguments["parts"] and not set(found.choices.changed()) - {"model"}


def forecast_query(asking: Asking, found: Forecast, years: Iterable[int]) -> str:
    """Return the query for a published forecast: years, or all where there is none."""
    model = {"R0": "model-r0", "R1": "model-r1"}[found.choices.model]
    wanted = [
        Literal(str(year), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#gYear"))
        for year in years
    ]
    return filled(
        stored_query("forecast"),
        market=[NamedNode(found.market)],
        model=[NamedNode(f"{asking.base}id/concept/{model}")],
        years=wanted or None,
    )


FORECAST = Named(
    name="forecast",
    title="What another publisher would say a market is worth",
    doc="For each year the median and the bounds of where another publisher of comparable scope "
    "would put its figure, from the data groups that print it; with how many there are, and what "
    "is prolonged or borrowed. Choices and scenarios are computed when asked for.",
    parameters=(
        MARKET,
        Parameter("year", "Year", "only these years", "integer", many=True, least=1000, most=9999),
        Parameter(
            "parts",
            "Parts",
            "segments and places by their printed shares as well, and what they leave",
            "boolean",
            default=False,
        ),
        *CHOICES,
    ),
    columns=COLUMNS,
    run=_run,
)


def _run_published(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    published = published_of(asking)
    found = forecasts_of(published, choices_of(arguments))
    market = arguments["market"]
    rows = [
        row
        for key, one in found.items()
        if market is None or key == market
        for row in figure_rows(published, one, asking.base)
    ]
    markets = [Iri(market)] if market else list(found)
    return Answer(
        question="published-figures",
        columns=FIGURE_COLUMNS,
        rows=rows,
        understood=dict(arguments),
        completeness=completeness_with_figures(asking, ()),
        sparql=figures_query(markets),
        notes=tuple(published.notices),
        editions="all",
    )


def figures_query(markets: Iterable[str]) -> str:
    """Return the query for every printed figure of some markets as a whole."""
    return filled(stored_query("published-figures"), markets=[NamedNode(key) for key in markets])


PUBLISHED = Named(
    name="published-figures",
    title="What publishers print, and whether it is pooled",
    doc="Every figure of a market, or of all, with its publisher, edition, data group and scope, "
    "and whether the forecast with the same choices rests on it, or why not.",
    parameters=(
        Parameter("market", "Market", "only this market", "entity", of=("market",)),
        *CHOICES,
    ),
    columns=FIGURE_COLUMNS,
    run=_run_published,
)
QUESTIONS: tuple[Named, ...] = (FORECAST, PUBLISHED)
