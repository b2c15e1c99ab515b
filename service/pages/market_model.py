"""Everything that the page of a market shows, made in one go from one reading of the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from graph.figures.model import Figure, Published, Rate, Share
from graph.forecast.results import Forecast
from graph.landscape import Asking
from graph.landscape.calibration import CALIBRATION
from graph.landscape.choosing import choices_of, forecasts_of, published_of
from graph.landscape.findings import FINDINGS
from graph.landscape.forecasting import (
    figures_query,
    forecast_query,
    forecast_rows,
    is_published,
    notes_of,
)
from graph.landscape.markets import Market, markets
from service.charts.fan import fan_chart
from service.charts.scale import digits
from service.fan import fan_of
from service.pages import market_tables as tables
from service.pages.market_findings import Findings, findings, verdicts
from service.pages.market_parts import Part, parts

_LEVELS = ("50", "80", "95")
_EXTRAPOLATED = {"none": "", "some": "some prolonged", "all": "all prolonged"}
_MODELS = {
    "R1": "R1",
    "R0": "R0",
    "another-path": "another group’s line",  # noqa: RUF001
    "median-by-factor": "the median, by a factor of 2",
}


@dataclass(frozen=True, slots=True)
class Charts:
    """The same chart for wide and for narrow windows. Nothing of it is markup from data."""

    wide: Markup
    narrow: Markup


@dataclass(frozen=True, slots=True)
class MarketPage:
    """A market: what is printed, what is made of it, and what the audit says.

    `years` are rows of the forecast with all numbers in words; `told` is the year that the page
    speaks of in a sentence, None where there is no interval; `queries` are texts with SPARQL.
    """

    market: Market
    unit: str
    model: str
    default: bool
    charts: Charts | None
    years: tuple[Mapping[str, Any], ...]
    told: Mapping[str, Any] | None
    reports: tuple[tables.Report, ...]
    side_by_side: tuple[tables.Year, ...]
    left_out: tuple[Mapping[str, Any], ...]
    parts: tuple[Part, ...]
    findings: tuple[Findings, ...]
    calibration: tuple[Mapping[str, Any], ...]
    untried: tuple[str, ...]
    calibration_note: str
    parameters: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    audit_notes: tuple[str, ...]
    queries: tuple[tuple[str, str], ...]
    sections: int
    publications: tuple[tuple[str, str], ...]
    names: Mapping[str, str]
    arguments: Mapping[str, Any]

    @property
    def groups(self) -> int:
        """How many data groups the forecast rests on."""
        return max((row["k"] for row in self.years), default=0)


def market_page(asking: Asking, arguments: Mapping[str, Any], note: str = "") -> MarketPage:
    """Return the page of the market that `arguments` of the question `forecast` name.

    Raises InvalidParameter and the errors of graph.query.
    """
    key = str(arguments["market"])
    published = published_of(asking)
    found = forecasts_of(published, choices_of(arguments)).get(key)
    audit = FINDINGS.run(asking, {"kind": (), "market": key, "report": ()})
    tried = CALIBRATION.run(
        asking, {"market": key, "model": None, "level": "80", "trials": "shared"}
    )
    market = markets(asking, [key])[0]
    rows = forecast_rows(published, found, asking.base, parts=True) if found else []
    whole = [row for row in rows if row["part"] is None]
    told = verdicts(audit.rows)
    printed = tables.reports(published, found, key, told)
    unit = tables.unit_in_words(published, found.unit) if found else ""
    return MarketPage(
        market=market,
        unit=unit,
        model=arguments["model"],
        default=bool(found and is_published(found, {**arguments, "parts": False})),
        charts=_charts(published, found, unit, note) if found else None,
        years=tuple(_year(row) for row in whole),
        told=_told(whole),
        reports=tuple(printed),
        side_by_side=tuple(tables.side_by_side(published, found)),
        left_out=tuple(_left_out(published, found)),
        parts=tuple(parts(published, [row for row in rows if row["part"]], key)),
        findings=tuple(findings(audit.rows, tables.claim_names(published))),
        calibration=tuple(_trial(row) for row in tried.rows if row["n"]),
        untried=_untried(tried.notes, market.market.label),
        calibration_note=tried.notes[0] if tried.rows else "",
        parameters=_parameters(found),
        notes=notes_of(found, "the table below") if found else (),
        audit_notes=tuple(audit.notes),
        queries=_queries(asking, found, arguments, audit.sparql),
        sections=_sections(published, key),
        publications=_publications(published, found),
        names=published.names,
        arguments=arguments,
    )


def _charts(published: Published, found: Forecast, unit: str, note: str) -> Charts:
    data = fan_of(published, found, unit=unit, note=note)
    return Charts(
        *(
            # Made of numbers and of text that the chart escapes itself.
            Markup(fan_chart(data, width=width, height=height, standalone=False, prefix=prefix))  # noqa: S704
            for width, height, prefix in ((1280, 440, "fan"), (360, 320, "fan-narrow"))
        )
    )


def _year(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "year": row["year"],
        "median": digits(float(row["median"])),
        **{f"within_{level}": tables.between(row, level) for level in _LEVELS},
        "range": _range(row),
        "k": row["k"],
        "prolonged": _EXTRAPOLATED[row["extrapolated"]],
        "borrowed": "borrowed" if row["borrowed"] else "",
        "groups": tuple(group.label for group in row["groups"]),
    }


def _range(row: Mapping[str, Any]) -> str:
    if row["least"] is None or row["greatest"] is None:
        return ""
    return f"{digits(float(row['least']))} to {digits(float(row['greatest']))}"


def _told(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The last of the years that most data groups print around: nothing is more than told there."""
    bounded = [row for row in rows if tables.between(row, "80")]
    if not bounded:
        return None
    best = max(bounded, key=lambda row: (row["within"], row["year"]))
    lower, upper = (digits(float(best[f"{side}_80"])) for side in ("lower", "upper"))
    return {**_year(best), "within": best["within"], "lower": lower, "upper": upper}


def _left_out(published: Published, found: Forecast | None) -> list[dict[str, Any]]:
    return [
        {"number": number, "report": publication.title, "key": publication.key, "why": why}
        for number, publication, why in tables.left_out(published, found)
    ]


def _trial(row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {
        name: digits(float(row[name])) if row[name] is not None else ""
        for name in ("width", "score", "crps")
    }
    return {
        "model": _MODELS.get(row["model"], row["model"]),
        "which": row["which"],
        "n": row["n"],
        "inside": row["inside"],
        **numbers,
    }


def _untried(notes: Sequence[str], market: str) -> tuple[str, ...]:
    start = f"Not tried: {market}, "
    also = f"Not tried: {market}"
    return tuple(note.removeprefix(start) for note in notes if note.startswith(also))


def _parameters(found: Forecast | None) -> tuple[tuple[str, str], ...]:
    if found is None:
        return ()
    told = {name.replace("_", " "): str(value) for name, value in found.parameters.items()}
    return tuple(told.items())


def _queries(
    asking: Asking, found: Forecast | None, arguments: Mapping[str, Any], audit: str | None
) -> tuple[tuple[str, str], ...]:
    told = []
    if found and found.years and is_published(found, {**arguments, "parts": False}):
        told.append(("The forecast", forecast_query(asking, found, ())))
    if found:
        told.append(("The printed figures", figures_query([found.market])))
    return (*told, *((("The audit", audit),) if audit else ()))


def _sections(published: Published, market: str) -> int:
    facts: list[Figure | Rate | Share] = [*published.figures, *published.rates]
    facts += published.shares
    return len(
        {
            (one.publication.key, one.place_in_text)
            for one in facts
            if one.scope.market == market and one.place_in_text
        }
    )


def _publications(published: Published, found: Forecast | None) -> tuple[tuple[str, str], ...]:
    """Publishers that may be left out: those who print a figure of the market."""
    if found is None:
        return ()
    figures = [figure for member in found.selection.members for figure in member.figures]
    figures += [left.figure for left in found.selection.left_out]
    keys = {figure.publication.publisher for figure in figures}
    return tuple(sorted(((key, published.name(key)) for key in keys), key=lambda one: one[1]))
