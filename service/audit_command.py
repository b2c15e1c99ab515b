"""`therascape audit`: do figures fit each other, and the rates that are stated for them?"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from graph.audit import KINDS, Finding, findings, findings_of
from graph.audit.interval import Interval
from graph.figures.errors import InvalidFigures
from graph.figures.model import Published
from graph.landscape import Column
from graph.problems import candidates
from service.api.tables import Table, text_of, write_csv
from service.failures import OK
from service.figures import echo_json, figures_of, markets_called, refuse
from service.settings import Settings
from service.tables import print_table, terminal
from service.text import visible

_INTERVALS = {
    "result": "value",
    "severity": "severity",
    "needed": "needed",
    "step": "needed_growth",
}
_COLUMNS = (
    Column("kind", "Kind", "text", "The verdict, or what else was found."),
    Column("finding", "Finding", "text", "It in a sentence."),
    Column("value", "Value", "number", "What was computed."),
    Column("value_lowest", "Lowest", "number", "Its lower bound."),
    Column("value_highest", "Highest", "number", "Its upper bound."),
    Column("unit", "Unit", "text", "Its unit."),
    Column("severity", "Severity", "number", "End at the stated rate by the printed one."),
    Column("needed", "Needed", "number", "What an unprinted figure would have to be."),
)


def audit_figures(
    settings: Settings, table: Path | None, market: str | None, kinds: Sequence[str], form: str
) -> int:
    """Print the findings on a table of figures, or on the current release.

    Raises NothingBuilt where a release is needed and there is none, and click.UsageError for a
    kind or a market that is not there.
    """
    _check_kinds(kinds)
    try:
        brought = figures_of(settings, table)
    except InvalidFigures as error:
        return refuse(error, form)
    published = brought.published
    found = findings_of(brought.select) if brought.select else findings(published)
    wanted = markets_called(published, market)
    shown = [
        finding
        for finding in found
        if (not kinds or finding.kind in kinds)
        and (wanted is None or wanted & set(finding.markets))
    ]
    shown.sort(key=lambda finding: KINDS.index(finding.kind))  # the order within a kind stays
    _print(shown, published, form)
    return OK


def _check_kinds(kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in KINDS:
            near = candidates(kind, KINDS) or f"There are {', '.join(KINDS)}."
            raise click.BadParameter(f"{kind!r} is no kind of finding. {near}", param_hint="--kind")


def _print(found: Sequence[Finding], published: Published, form: str) -> None:
    if form == "json":
        rows = [_row(finding, published) for finding in found]
        echo_json({"findings": rows, "notices": list(published.notices)})
        return
    if form == "csv":
        click.echo(write_csv(Table(_all_columns(), [_row(f, published) for f in found])), nl=False)
    else:
        rows = [_row(finding, published) for finding in found]
        cells = ([text_of(row.get(column.name)) for column in _COLUMNS] for row in rows)
        numeric = [column.kind == "number" for column in _COLUMNS]
        print_table(terminal(), [column.title for column in _COLUMNS], cells, numeric)
        number = f"{len(rows):,} {'finding' if len(rows) == 1 else 'findings'}"
        terminal().print(number, style="dim")
    for notice in published.notices:
        click.echo(visible(f"Note: {notice}"), err=True)


def _row(finding: Finding, published: Published) -> dict[str, Any]:
    """A finding for programs: numbers as decimal text with six digits, None where there is none."""
    row: dict[str, Any] = {"kind": finding.kind, "finding": finding.text}
    for field, name in _INTERVALS.items():
        interval = getattr(finding, field)
        row |= _numbers(name, interval)
    return row | {
        "unit": finding.unit or None,
        "agrees": finding.agrees,
        "weak": finding.weak,
        "from_year": finding.from_year,
        "to_year": finding.to_year,
        "needed_unit": finding.needed_unit or None,
        "needed_year": finding.needed_year,
        "needed_growth_year": finding.step_year,
        "other_periods": [f"{first}/{last}" for first, last in finding.other_periods],
        "markets": [published.name(key) for key in finding.markets],
        "publications": [published.name(key) for key in finding.publications],
        "rests_on": list(finding.rests_on),
    }


def _numbers(name: str, interval: Interval | None) -> Mapping[str, str | None]:
    names = (name, f"{name}_lowest", f"{name}_highest")
    if interval is None:
        return dict.fromkeys(names)
    short = interval.rounded()
    numbers = (short.value, short.lowest, short.highest)
    return {key: f"{number:f}" for key, number in zip(names, numbers, strict=True)}


def _all_columns() -> tuple[Column, ...]:
    """Every member of a row as a column, in its order."""
    numbers = {
        f"{name}{end}" for name in _INTERVALS.values() for end in ("", "_lowest", "_highest")
    }
    row = _row(Finding("", "", (), ()), Published())
    return tuple(Column(name, name, "number" if name in numbers else "text", "") for name in row)
