"""Each publisher's figures as a path of their own, before anything is pooled."""

from collections.abc import Mapping
from typing import Any

from graph.figures.model import Published
from graph.forecast.courses import courses
from graph.forecast.limits import INTERPOLATED, NOMINAL
from graph.forecast.results import Forecast
from graph.forecast.rounding import published as digits
from graph.forecast.selection import Point
from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking
from graph.landscape.choosing import CHOICES, MARKET
from graph.landscape.figures import completeness_with_figures
from graph.landscape.forecasting import evidence_of, forecast_of
from graph.landscape.named import Named

_PROLONGED = (
    "Beyond its printed years a path goes on with its own growth: that is an extrapolation of "
    "ours, and no publisher says it."
)
_NOTES = (INTERPOLATED, _PROLONGED, NOMINAL)


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    published, found = forecast_of(asking, arguments)
    return Answer(
        question="publisher-paths",
        columns=_COLUMNS,
        rows=_rows(published, found),
        understood=dict(arguments),
        completeness=completeness_with_figures(asking, ()),
        notes=(*_NOTES, *found.notes),
    )


def _rows(published: Published, found: Forecast) -> list[dict[str, Any]]:
    members = {member.key: member for member in found.selection.members}
    rows = []
    for course in courses(found):
        member = members[course.group]
        printed = {point.year: point for point in member.points}
        shared = {
            "publisher": Thing(
                member.publication.publisher, published.name(member.publication.publisher), "agent"
            ),
            "report": Thing(member.publication.key, member.publication.title, "source"),
            "group": Thing(member.key, published.name(member.key), "agent"),
            "unit": found.unit,
            "evidence": list(evidence_of(member, "Printed")),
        }
        for how, part in (
            ("extrapolated", course.earlier),
            ("between", course.path),
            ("extrapolated", course.later),
        ):
            rows += [
                {"year": year, **_told(printed.get(year), value, how), **shared}
                for year, value in part
            ]
    return rows


def _told(point: Point | None, value: float, how: str) -> dict[str, Any]:
    if point is None:
        return {"value": digits(value), "how": how}
    if point.several:
        return {"value": digits(value), "how": "mean of several printed"}
    return {"value": point.value, "how": "printed"}


_COLUMNS = (
    Column("year", "Year", "integer", "The year."),
    Column("publisher", "Publisher", "thing", "Whose path it is."),
    Column("value", "Value", "number", "As printed, or on the path."),
    Column("how", "How", "text", "printed (or the mean of several), between, or extrapolated."),
    Column("unit", "Unit", "text", "Of the value."),
    Column("group", "Data group", "thing", "Whose data they are."),
    Column("report", "Report", "thing", "Where they are printed."),
    Column("evidence", "Evidence", "evidence", "The printed figures."),
)

PATHS = Named(
    name="publisher-paths",
    title="Each publisher's path of a market",
    doc="One path for each publisher that prints two years or more: its figures, constant growth "
    "between them and nothing smoothed; beyond the last one only as a marked extrapolation.",
    parameters=(MARKET, *CHOICES),
    columns=_COLUMNS,
    run=_run,
)
QUESTIONS: tuple[Named, ...] = (PATHS,)
