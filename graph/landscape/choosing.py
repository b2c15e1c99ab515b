"""What may be chosen about a forecast, as parameters of questions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from graph.dates import parse_date
from graph.figures.model import Published
from graph.figures.stored import read_published
from graph.forecast.choices import MODELS, Choices, InvalidChoice
from graph.forecast.forecasting import forecasts
from graph.forecast.results import Forecast
from graph.landscape.asking import Asking
from graph.landscape.errors import InvalidParameter
from graph.landscape.named import Parameter

_DEFAULT = Choices()

MARKET = Parameter("market", "Market", "the market", "entity", of=("market",), required=True)
CHOICES = (
    Parameter(
        "model",
        "Model",
        "R1: a random level and growth for each data group; R0: the reference, printed years only",
        "choice",
        choices=MODELS,
        default=_DEFAULT.model,
    ),
    Parameter(
        "without",
        "Without",
        "leave out these publishers, data groups or reports",
        "entity",
        of=("agent", "source"),
        many=True,
    ),
    Parameter(
        "one_per",
        "Counts once",
        "what counts once, however often it is printed",
        "choice",
        choices=("data-group", "publisher", "publication"),
        default=_DEFAULT.one_per,
    ),
    Parameter(
        "editions",
        "Editions",
        "which edition of a data group is pooled",
        "choice",
        choices=("latest", "earliest"),
        default=_DEFAULT.editions,
    ),
    Parameter("as_of", "As of", "leave out editions after this date", "date"),
    Parameter(
        "scope",
        "Scope",
        "pool figures whose scope is the market's or not known (comparable), the market's (same), "
        "or any, without a band",
        "choice",
        choices=("comparable", "same", "any"),
        default=_DEFAULT.scope,
    ),
    Parameter(
        "single_year",
        "Single years",
        "whether groups that print one year only inform the level (R1)",
        "boolean",
        default=_DEFAULT.single_year,
    ),
    Parameter(
        "variance",
        "Estimator of variance",
        "of the variance between groups (R1)",
        "choice",
        choices=("reml", "dersimonian-laird", "paule-mandel"),
        default=_DEFAULT.tau,
    ),
    Parameter(
        "prior_weight",
        "Prior weight",
        "degrees of freedom that variances borrowed from other markets count for (R1)",
        "number",
        least=0,
        most=1000,
        default=_DEFAULT.prior_weight,
    ),
    Parameter(
        "beyond",
        "Years beyond",
        "years after the last printed one (R1)",
        "integer",
        most=50,
        default=_DEFAULT.beyond,
    ),
    Parameter(
        "damping",
        "Damping",
        "scenario: growth is multiplied by this once more each year after the last printed one",
        "number",
        least=0,
        most=1,
    ),
    Parameter(
        "cap",
        "Cap",
        "scenario: growth after the last printed year is at most so many percent a year",
        "number",
        least=-99,
        most=1000,
    ),
    Parameter(
        "ceiling",
        "Ceiling",
        "scenario: a value, in the unit of the market, that growth slows down towards",
        "number",
    ),
    Parameter(
        "shares",
        "Shares",
        "an assumption under which shares hold in other years than their own",
        "choice",
        choices=("own-year", "constant-share"),
        default="own-year",
    ),
)


def choices_of(arguments: Mapping[str, Any]) -> Choices:
    """Return the choices that arguments of a question make. Raises InvalidParameter."""

    def number(name: str) -> float | None:
        value = arguments[name]
        return None if value is None else float(value)

    try:
        return Choices(
            model=arguments["model"],
            one_per=arguments["one_per"],
            editions=arguments["editions"],
            as_of=_day(arguments["as_of"]),
            scope=arguments["scope"],
            without=frozenset(map(str, arguments["without"])),
            beyond=arguments["beyond"],
            tau=arguments["variance"],
            prior_weight=float(arguments["prior_weight"]),
            single_year=arguments["single_year"],
            damping=number("damping"),
            cap=number("cap"),
            ceiling=arguments["ceiling"],
            shares=None if arguments["shares"] == "own-year" else arguments["shares"],
        )
    except InvalidChoice as error:
        raise _as_parameter(error) from None


def published_of(asking: Asking) -> Published:
    """Return what publishers print, as the engine has it, in all editions.

    Which edition is pooled is chosen where figures are selected: an older one is for a date before
    the later one. Raises the errors of graph.query.
    """
    whole = asking.of_all_editions

    def select(query: str) -> list[dict[str, str]]:
        return [{name: str(value) for name, value in row.items()} for row in whole.rows(query)]

    return read_published(select)


def forecasts_of(published: Published, choices: Choices) -> dict[str, Forecast]:
    """Return the forecasts of every market. Raises InvalidParameter."""
    try:
        return forecasts(published, choices)
    except InvalidChoice as error:
        raise _as_parameter(error) from None


def _as_parameter(error: InvalidChoice) -> InvalidParameter:
    name = "variance" if error.name == "tau" else error.name
    return InvalidParameter(name, str(error).partition(": ")[2])


def _day(text: str | None) -> date | None:
    """The last day of a year, a month or a day."""
    if text is None:
        return None
    return parse_date(text).latest
