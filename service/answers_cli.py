"""The commands that answer: questions with a name or in words, search, audit, forecasts."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.failures import OK, PROBLEMS
from service.flags import EDITIONS, RELEASE, TABLE, settings_flags
from service.settings import load_settings

if TYPE_CHECKING:
    from graph.release import Editions

# Commands import what only they need.
# ruff: noqa: PLC0415


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,
)
@click.argument("name", required=False)
@click.option("-h", "--help", "helped", is_flag=True, help="Show this; with NAME, what it takes.")
@TABLE
@RELEASE
@settings_flags("data")
@click.pass_context
def landscape(
    context: click.Context,
    /,
    name: str | None,
    helped: bool,
    form: str,
    release: str | None,
    **flags: Any,
) -> int:
    """Answer the question called NAME, or list the questions that have a name.

    What a question takes is given as --parameter value, several values by repeating it.
    """
    from service.api import terminal

    if helped and name is None:
        click.echo(context.get_help())
    elif name is None:
        terminal.print_questions(form)
    elif helped:
        terminal.print_help(name)
    else:
        desk = terminal.open_desk(load_settings(flags), release)
        terminal.print_answer(desk, name, context.args, form)
    return OK


@click.command()
@click.argument("text")
@click.option("--kind", multiple=True, help="Look among these only: agent, place, therapy …")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@TABLE
@EDITIONS
@settings_flags("data")
def search(
    text: str,
    kind: tuple[str, ...],
    limit: int,
    form: str,
    editions: "Editions",
    **flags: Any,
) -> int:
    """Find what is called TEXT, or nearly so: by name, alias or code."""
    from service.api import terminal

    desk = terminal.open_desk(load_settings(flags))
    terminal.print_hits(desk, text, kind, limit, form, editions=editions)
    return OK


@click.command("ask")
@click.argument("text")
@TABLE
@EDITIONS
@settings_flags("data")
def ask_in_words(text: str, form: str, editions: "Editions", **flags: Any) -> int:
    """Answer TEXT, a question in words such as "which players are active in Brazil?"."""
    from service.api import terminal

    desk = terminal.open_desk(load_settings(flags))
    return OK if terminal.print_understood(desk, text, form, editions) else PROBLEMS


@click.command()
@click.argument("market", required=False)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    help="A table of figures (CSV) of yours, instead of the current release.",
)
@click.option("--kind", multiple=True, help="Findings of this kind only: rate-contradicted …")
@TABLE
@settings_flags("data")
def audit(
    market: str | None, figures: Path | None, kind: tuple[str, ...], form: str, **flags: Any
) -> int:
    """Hold what publishers print, of all markets or of MARKET, against itself.

    Does a stated rate fit the figures beside it, a part its whole, one publisher another?
    """
    from service.audit_command import audit_figures

    return audit_figures(load_settings(flags), figures, market, kind, form)


@click.command()
@click.argument("market", required=False)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    help="A table of figures (CSV) of yours, instead of the current release.",
)
@click.option("--model", type=click.Choice(["R1", "R0"]), help="[default: R1]")
@click.option("--year", "years", type=int, multiple=True, help="Only this year.")
@click.option("--sources", is_flag=True, help="The printed figures as well, and which are pooled.")
@click.option("--parts", is_flag=True, help="Segments and places as well, by printed shares.")
@click.option("--level", "levels", type=float, multiple=True, help="[default: 0.5 0.8 0.95]")
@click.option("--without", multiple=True, help="Leave out this publisher, data group or report.")
@click.option(
    "--one-per",
    type=click.Choice(["data-group", "publisher", "publication"]),
    help="What counts once.  [default: data-group]",
)
@click.option("--editions", type=click.Choice(["latest", "earliest"]), help="[default: latest]")
@click.option("--as-of", help="Leave out editions after this date.")
@click.option(
    "--scope",
    type=click.Choice(["comparable", "same", "any"]),
    help="Which scopes are pooled.  [default: comparable]",
)
@click.option(
    "--variance",
    "tau",
    type=click.Choice(["reml", "dersimonian-laird", "paule-mandel"]),
    help="Estimator of the variance between groups.  [default: reml]",
)
@click.option("--prior-weight", type=float, help="Of borrowed variances.  [default: 4]")
@click.option("--few", type=int, help="Groups below which variances are borrowed.  [default: 5]")
@click.option("--beyond", type=int, help="Years after the last printed one.  [default: 2]")
@click.option(
    "--single-year/--no-single-year",
    default=None,
    help="Whether groups with one printed year inform the level.  [default: yes]",
)
@click.option("--damping", type=float, help="Scenario: growth times this, again each year.")
@click.option("--cap", type=float, help="Scenario: growth of at most so many percent a year.")
@click.option("--ceiling", type=float, help="Scenario: a value that growth slows down towards.")
@click.option(
    "--shares",
    type=click.Choice(["constant-share"]),
    help="Assumption under which shares hold in other years than their own.",
)
@click.option("--svg", "chart", type=click.Path(path_type=Path), help="Draw it into this file.")
@click.option(
    "--check",
    "export",
    type=click.Path(path_type=Path),
    help="Instead: compute the forecasts of this export (N-Quads or TriG) of a release again, from "
    "nothing else, and list what differs; the exit code is 1 if anything does.",
)
@TABLE
@settings_flags("data")
def forecast(
    *,
    market: str | None,
    figures: Path | None,
    years: tuple[int, ...],
    sources: bool,
    parts: bool,
    chart: Path | None,
    export: Path | None,
    form: str,
    **flags: Any,
) -> int:
    """Say where another publisher would put its figure, for all markets or for MARKET.

    Nobody observes a market: this is no interval for what it is worth. What is left out of a
    forecast is told with --sources, with the reason.
    """
    from service.forecast_command import Wish, check_export, forecast_markets

    if export is not None:
        if market or figures or chart:
            raise click.UsageError("--check computes every forecast of an export: name no other")
        return check_export(export)
    settings = load_settings({"data": flags.pop("data")})
    wish = Wish(figures, market, years, flags, sources, parts, form, chart)
    return forecast_markets(settings, wish)


COMMANDS = (landscape, search, ask_in_words, audit, forecast)
