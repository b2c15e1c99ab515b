"""The columns of forecasts, and of the printed figures that they rest on."""

from collections.abc import Sequence
from decimal import Decimal

from graph.forecast.choices import Choices
from graph.landscape.answers import Column


def percent(level: float | Decimal) -> str:
    """Return a probability in percent, by its own digits: 0.995 is 99.5, and 0.07 is 7."""
    return f"{(Decimal(str(level)) * 100).normalize():f}"


def _tail(level: float) -> str:
    return percent((1 + Decimal(str(level))) / 2)


def _bounds(levels: Sequence[float]) -> tuple[Column, ...]:
    return tuple(
        Column(
            f"{side}_{percent(level)}", f"{side.capitalize()} {percent(level)} %", "number", text
        )
        for level in levels
        for side, text in (
            ("lower", f"The next claim is above it with {_tail(level)} %, if the model holds."),
            ("upper", f"The next claim is below it with {_tail(level)} %, if the model holds."),
        )
    )


def columns_of(levels: Sequence[float]) -> tuple[Column, ...]:
    """Return COLUMNS with bounds at these levels instead of those of a release."""
    first = COLUMNS.index(_BOUNDS[0])
    return (*COLUMNS[:first], *_bounds(levels), *COLUMNS[first + len(_BOUNDS) :])


_BOUNDS = _bounds(Choices().levels)
COLUMNS = (
    Column("year", "Year", "integer", "The year."),
    Column("part", "Part", "thing", "The segment, place or remainder; empty for the whole."),
    Column("median", "Median", "number", "Median of where another publisher would put its figure."),
    *_BOUNDS,
    Column("least", "Least", "number", "The lower of two paths, where two are all."),
    Column("greatest", "Greatest", "number", "The higher of two paths, where two are all."),
    Column("status", "Status", "text", "interval (borrowed or not), range of two, one source."),
    Column("k", "k", "integer", "How many data groups are pooled."),
    Column("within", "Within", "integer", "How many of them print years on both sides, or this."),
    Column("extrapolated", "Prolonged", "text", "Whether none, some or all groups are prolonged."),
    Column("borrowed", "Borrowed", "boolean", "Whether variances of other markets are in it."),
    Column("assumption", "Assumption", "text", "Under which a share of another year is used."),
    Column("unit", "Unit", "text", "Of the median and the bounds."),
    Column("model", "Model", "text", "R1 or R0."),
    Column("estimand", "Estimand", "text", "What is estimated."),
    Column("groups", "Data groups", "things", "Whose data are pooled."),
    Column("evidence", "Evidence", "evidence", "The reports and figures that are pooled."),
)

FIGURE_COLUMNS = (
    Column("market", "Market", "thing", "The market."),
    Column("year", "Year", "integer", "The year that the figure is for."),
    Column("value", "Value", "number", "Its value."),
    Column("printed", "As printed", "text", "Its digits, with a word that blurs them."),
    Column("unit", "Unit", "text", "Currency and magnitude."),
    Column("manner", "Manner", "text", "How the publisher puts it."),
    Column("publisher", "Publisher", "thing", "Who says so."),
    Column("report", "Report", "thing", "Where."),
    Column("edition", "Edition", "text", "When it was published or updated, or not dated."),
    Column("group", "Data group", "thing", "Whose data they are."),
    Column("group_reason", "Reason", "text", "Why they are counted as those of another."),
    Column("scope", "Scope", "text", "How the publisher's scope relates to that of the market."),
    Column("pooled", "Pooled", "boolean", "Whether the forecast rests on it."),
    Column("why_not", "Why not", "text", "Why it is not pooled."),
    Column("figure", "Figure", "thing", "The printed fact."),
)
