"""`therascape forecast`: what would another publisher say, and on which figures does that rest?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from graph.dates import parse_date
from graph.figures.errors import InvalidFigures
from graph.figures.model import Published
from graph.forecast.choices import Choices, InvalidChoice
from graph.forecast.forecasting import forecasts
from graph.forecast.recompute import NothingToRecompute, recompute
from graph.forecast.results import Forecast
from graph.landscape import Column
from graph.landscape.forecast_columns import FIGURE_COLUMNS, columns_of
from graph.landscape.forecasting import (
    figure_rows,
    forecast_rows,
    notes_of,
)
from graph.problems import candidates
from service.api.tables import Table, text_of, write_csv
from service.charts.fan import fan_chart
from service.failures import OK, PROBLEMS
from service.fan import fan_of
from service.figures import Brought, echo_json, figures_of, markets_called, refuse
from service.settings import Settings
from service.tables import print_table, terminal
from service.text import visible

_MARKET = Column("market", "Market", "thing", "The market.")
_NUMBERS = ("integer", "number")
# What fits on a screen, behind the bounds; CSV and JSON have all of it.
_SHOWN = ("k", "within", "extrapolated", "status")
_SHOWN_FIGURES = (
    *("year", "printed", "manner", "report", "edition", "group", "scope", "pooled", "why_not"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `options` are choices by name, None where not given."""

    table: Path | None
    market: str | None
    years: Sequence[int]
    options: Mapping[str, Any]
    sources: bool
    parts: bool
    form: str
    chart: Path | None


def forecast_markets(settings: Settings, wish: Wish) -> int:
    """Print forecasts from a table of figures, or from the current release.

    Raises NothingBuilt, and click.BadParameter for a market, a choice or a file that cannot be.
    """
    try:
        brought = figures_of(settings, wish.table, "all")
    except InvalidFigures as error:
        return refuse(error, wish.form)
    published = brought.published
    wanted = markets_called(published, wish.market)
    try:
        choices = _choices(published, wish.options)
        found = forecasts(published, choices)
    except InvalidChoice as error:
        raise click.BadParameter(str(error).partition(": ")[2], param_hint=_flag(error)) from None
    told = {key: one for key, one in found.items() if wanted is None or key in wanted}
    levels = choices.levels
    if wish.chart is not None:
        _draw(published, told, wish.chart)
    if wish.form == "json":
        echo_json(_document(brought, told, wish))
    elif wish.form == "csv":
        columns = (_MARKET, *(FIGURE_COLUMNS[1:] if wish.sources else columns_of(levels)))
        rows = [row for one in told.values() for row in _rows(brought, one, wish)]
        click.echo(write_csv(Table(columns, rows)), nl=False)
    else:
        for one in told.values():
            _print(brought, one, wish)
    for notice in published.notices:
        click.echo(visible(f"Note: {notice}"), err=True)
    return OK


def check_export(export: Path) -> int:
    """Compute the forecasts of an export again; print what differs, and return the exit code.

    Raises click.BadParameter for what is no export with forecasts.
    """
    try:
        found = recompute(export)
    except NothingToRecompute as error:
        raise click.BadParameter(str(error), param_hint="--check") from None
    except OSError as error:
        reason = f"{export} cannot be read: {error.strerror or error}"
        raise click.BadParameter(reason, param_hint="--check") from None
    for one in found:
        told = "exported" if one.exported else "computed"
        click.echo(visible(f"{told}: {one.quad} ."))
    number = "1 statement differs" if len(found) == 1 else f"{len(found):,} statements differ"
    click.echo(number if found else "Every forecast came out again.", err=bool(found))
    return PROBLEMS if found else OK


def _flag(error: InvalidChoice) -> str:
    name = {"levels": "level", "tau": "variance"}.get(error.name, error.name)
    return f"--{name.replace('_', '-')}"


def _choices(published: Published, options: Mapping[str, Any]) -> Choices:
    given = {name: value for name, value in options.items() if value is not None}
    if "as_of" in given:
        try:
            given["as_of"] = parse_date(given["as_of"]).latest
        except ValueError as error:
            raise InvalidChoice("as_of", str(error)) from None
        if given["as_of"] is None:
            raise InvalidChoice("as_of", f"{options['as_of']!r} has no last day")
    if "ceiling" in given:
        given["ceiling"] = Decimal(str(given["ceiling"]))
    if "levels" in given:
        given["levels"] = tuple(dict.fromkeys(given["levels"])) or Choices().levels
    given["without"] = frozenset(
        key for name in given.get("without", ()) for key in _left_out(published, name)
    )
    return Choices(**given)


def _left_out(published: Published, name: str) -> set[str]:
    """The keys of publishers, data groups and publications of a name. Raises InvalidChoice."""
    keys = {
        key
        for figure in published.figures
        for key in (
            figure.publication.key,
            figure.publication.publisher,
            figure.publication.group,
        )
    }
    titles = {f.publication.key: f.publication.title for f in published.figures}
    wanted = " ".join(name.split()).casefold()
    found = {
        key
        for key in keys
        if wanted
        in (
            key.casefold(),
            key.rsplit("/", 1)[-1].casefold(),
            published.name(key).casefold(),
            titles.get(key, key).casefold(),
        )
    }
    if not found:
        near = candidates(wanted, sorted({published.name(key).casefold() for key in keys}))
        reason = f"nobody who prints figures is called {name!r}. {near}".strip()
        raise InvalidChoice("without", reason)
    return found


def _rows(brought: Brought, one: Forecast, wish: Wish) -> list[dict[str, Any]]:
    if wish.sources:
        return figure_rows(brought.published, one, brought.base)
    rows = forecast_rows(brought.published, one, brought.base, parts=wish.parts)
    market = figure_rows(brought.published, one, brought.base)[0]["market"]
    return [
        {"market": market, **row} for row in rows if not wish.years or row["year"] in wish.years
    ]


def _document(brought: Brought, told: Mapping[str, Forecast], wish: Wish) -> dict[str, Any]:
    published = brought.published
    return {
        "markets": [
            {
                "market": published.name(key),
                "key": key,
                "unit": one.unit,
                "model": one.choices.model,
                "choices": {
                    name: value.isoformat() if isinstance(value, date) else value
                    for name, value in one.choices.told().items()
                },
                "parameters": one.parameters,
                "years": [
                    row
                    for row in forecast_rows(published, one, brought.base, parts=wish.parts)
                    if not wish.years or row["year"] in wish.years
                ],
                "figures": figure_rows(published, one, brought.base),
                "notes": notes_of(one, "`figures`"),
            }
            for key, one in told.items()
        ],
        "notices": published.notices,
    }


def _print(brought: Brought, one: Forecast, wish: Wish) -> None:
    console = terminal()
    name = brought.published.name(one.market)
    console.print(visible(f"{name} ({one.unit}), {one.choices.model}"), style="bold")
    rows = forecast_rows(brought.published, one, brought.base, parts=wish.parts)
    rows = [row for row in rows if not wish.years or row["year"] in wish.years]
    columns = columns_of(one.choices.levels)
    bounds = [c.name for c in columns if c.name.startswith(("lower_", "upper_"))]
    shown = ["year", *(["part"] if wish.parts else []), "median", *bounds, *_SHOWN]
    if rows:
        _table(columns, shown, rows)
    elif wish.years and one.years:
        first, last = one.years[0].year, one.years[-1].year
        click.echo(f"Not stated for these years; there is a forecast from {first} to {last}.")
    if wish.sources:
        _table(FIGURE_COLUMNS, _SHOWN_FIGURES, figure_rows(brought.published, one, brought.base))
    for note in notes_of(one, "`--sources`"):
        click.echo(visible(f"Note: {note}"), err=True)
    click.echo("")


def _table(
    columns: Sequence[Column], shown: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    by_name = {column.name: column for column in columns}
    told = [by_name[name] for name in shown]
    cells = ([text_of(row.get(column.name)) for column in told] for row in rows)
    print_table(terminal(), [c.title for c in told], cells, [c.kind in _NUMBERS for c in told])


def _draw(published: Published, told: Mapping[str, Forecast], file: Path) -> None:
    if len(told) != 1:
        raise click.BadParameter(
            f"a chart shows one market, and {len(told)} are asked for; name one",
            param_hint="MARKET",
        )
    (one,) = told.values()
    try:
        file.write_text(fan_chart(fan_of(published, one)), "utf-8")
    except OSError as error:
        raise click.BadParameter(
            f"cannot be written: {error.strerror or error}", param_hint="--svg"
        ) from None
