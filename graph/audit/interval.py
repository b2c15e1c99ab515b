"""Arithmetic with figures whose last printed digit is rounded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from itertools import product

from graph.numbers import Measure

#: Digits that are published: six, as few enough to be the same on every machine.
DIGITS = 6
_EXACT = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Interval:
    """`value` as printed or computed; between `lowest` and `highest` as digits were rounded."""

    value: Decimal
    lowest: Decimal
    highest: Decimal

    def meets(self, other: "Interval") -> bool:
        """Whether one number can be both."""
        return self.lowest <= other.highest and other.lowest <= self.highest

    def rounded(self) -> "Interval":
        """To DIGITS significant digits, the bounds outwards."""

        def shortened(number: Decimal, rounding: str) -> Decimal:
            return Context(prec=DIGITS, rounding=rounding).plus(number)

        return Interval(
            shortened(self.value, ROUND_HALF_EVEN),
            shortened(self.lowest, ROUND_FLOOR),
            shortened(self.highest, ROUND_CEILING),
        )


def rounded(measure: Measure) -> Interval:
    """What a printed number can stand for: half a unit of its last digit to either side."""
    low, high = measure.value - measure.half_unit, measure.value + measure.half_unit
    return Interval(measure.value, low, high)


def combine(function: Callable[..., Decimal], *parts: Interval) -> Interval:
    """A function that rises or falls in each argument, so its bounds lie at theirs."""
    corners = [function(*corner) for corner in product(*((p.lowest, p.highest) for p in parts))]
    return Interval(function(*(p.value for p in parts)), min(corners), max(corners))


def annual_growth(start: Interval, end: Interval, years: int) -> Interval:
    """Compound annual growth in percent: 100 ((end / start)^(1 / years) - 1).

    Both lie above zero throughout.
    """

    def rate(first: Decimal, last: Decimal) -> Decimal:
        root = _EXACT.power(_EXACT.divide(last, first), _EXACT.divide(Decimal(1), Decimal(years)))
        return _EXACT.multiply(Decimal(100), _EXACT.subtract(root, Decimal(1)))

    return combine(rate, start, end)


def percentage(part: Interval, whole: Interval) -> Interval:
    """`part` in percent of `whole`, which lies above zero throughout."""
    return combine(lambda p, w: _EXACT.divide(_EXACT.multiply(Decimal(100), p), w), part, whole)


def ratio(one: Interval, other: Interval) -> Interval:
    """How many times the one is the other, which lies above zero throughout."""
    return combine(_EXACT.divide, one, other)


def fraction(percent: Interval, whole: Interval) -> Interval:
    """So many percent of `whole`."""
    return combine(lambda p, w: _EXACT.divide(_EXACT.multiply(p, w), Decimal(100)), percent, whole)


def total_of(parts: Iterable[Interval]) -> Interval:
    """The sum."""
    values = [(part.value, part.lowest, part.highest) for part in parts]
    return Interval(*(sum(column, start=Decimal(0)) for column in zip(*values, strict=True)))
