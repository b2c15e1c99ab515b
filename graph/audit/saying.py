"""Numbers and periods in the sentences of findings."""

from collections.abc import Sequence
from decimal import Context, Decimal

from graph.audit.facts import Point
from graph.audit.finding import Period
from graph.audit.interval import Interval
from graph.figures.model import Publication, Rate

#: A growth whose bounds lie further apart, in percent a year, confirms nothing.
WEAK = Decimal(2)
_MOST_LISTED = 10


def bounds(interval: Interval) -> str:
    """A percentage with its bounds: `14.70 % (14.69 to 14.72)`."""
    return f"{interval.value:.2f} % ({interval.lowest:.2f} to {interval.highest:.2f})"


def few_digits(number: Decimal, digits: int = 4) -> str:
    """A number with four significant digits, without exponent."""
    return f"{Context(prec=digits).plus(number):f}"


def rate_text(rate: Rate) -> str:
    """A rate as printed, with the period it is stated for."""
    word = f"{rate.approximation} " if rate.approximation else ""
    return f"{word}{rate.value.printed} % a year, stated for {stated_period(rate)}"


def stated_period(rate: Rate) -> str:
    """The period that a rate is stated for, in words."""
    match rate.from_year, rate.to_year:
        case None, None:
            return "no period"
        case None, last:
            return f"the time until {last}"
        case first, None:
            return f"the time from {first}"
        case first, last:
            return f"{first} to {last}"


def listed_periods(periods: Sequence[Period]) -> str:
    """Periods in words, no more than ten of them."""
    shown = [f"{first} to {last}" for first, last in periods[:_MOST_LISTED]]
    more = len(periods) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def is_weak(growth: Interval) -> bool:
    """Whether a growth is compatible with too much to confirm anything."""
    return growth.width > WEAK


def weakness(growth: Interval) -> str:
    """The words for that, where it is so."""
    if not is_weak(growth):
        return ""
    return f"; weak, as the printed digits leave {growth.width:.1f} points"


def whose(point: Point) -> str:
    """A figure with its publication and, where it is on record, how its scope relates."""
    figure = point.figure
    scope = f", {figure.relation} scope" if figure.relation in ("narrower", "broader") else ""
    return f"{point.printed} ({titled(figure.publication)}{scope})"


def titled(publication: Publication) -> str:
    """A publication with its date, where the title has none."""
    form = publication.edition.form if publication.edition else ""
    if not form or form[:4] in publication.title:
        return publication.title
    return f"{publication.title}, {form}"
