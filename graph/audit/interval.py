"""Arithmetic with figures whose last printed digit is rounded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from itertools import product

from graph.numbers import Measure

#: Digits that are published: six, as few enough to be the same on every machine.
DIGITS = 6
_EXACT = Context(prec=40)
_ONE, _HUNDRED = Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Interval:
    """`value` as printed or computed; between `lowest` and `highest` as digits were rounded."""

    value: Decimal
    lowest: Decimal
    highest: Decimal

    @property
    def width(self) -> Decimal:
        """From the lowest to the highest."""
        return self.highest - self.lowest

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

    def scaled(self, exponent: int) -> "Interval":
        """Times a power of ten, exactly."""
        return Interval(*(n.scaleb(exponent) for n in (self.value, self.lowest, self.highest)))


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

    Both lie above zero throughout, and `years` is above zero.
    """

    def rate(first: Decimal, last: Decimal) -> Decimal:
        ratio = _EXACT.divide(last, first)
        root = ratio if years == 1 else _EXACT.power(ratio, _EXACT.divide(_ONE, Decimal(years)))
        return _EXACT.multiply(_HUNDRED, _EXACT.subtract(root, _ONE))

    # Growth rises with the end and falls with the start: no need of all four corners.
    return Interval(
        rate(start.value, end.value),
        rate(start.highest, end.lowest),
        rate(start.lowest, end.highest),
    )


def growth_factor(percent: Interval, years: int) -> Interval:
    """What a value is multiplied by in so many years, at a rate of more than -100 % throughout."""

    def factor(rate: Decimal) -> Decimal:
        return _EXACT.power(_EXACT.add(_ONE, _EXACT.divide(rate, _HUNDRED)), Decimal(years))

    return Interval(factor(percent.value), factor(percent.lowest), factor(percent.highest))


def times(one: Interval, other: Interval) -> Interval:
    """The product of two that lie above zero throughout."""
    return Interval(
        _EXACT.multiply(one.value, other.value),
        _EXACT.multiply(one.lowest, other.lowest),
        _EXACT.multiply(one.highest, other.highest),
    )


def ratio(one: Interval, other: Interval) -> Interval:
    """How many times the one is the other; both lie above zero, the one perhaps at it."""
    return Interval(
        _EXACT.divide(one.value, other.value),
        _EXACT.divide(one.lowest, other.highest),
        _EXACT.divide(one.highest, other.lowest),
    )


def percentage(part: Interval, whole: Interval) -> Interval:
    """`part` in percent of `whole`, which lies above zero throughout."""
    return combine(lambda p, w: _EXACT.divide(_EXACT.multiply(_HUNDRED, p), w), part, whole)


def difference(one: Interval, other: Interval) -> Interval:
    """How much more the one is than the other."""
    return Interval(one.value - other.value, one.lowest - other.highest, one.highest - other.lowest)


def fraction(percent: Interval, whole: Interval) -> Interval:
    """So many percent of `whole`."""
    return combine(lambda p, w: _EXACT.divide(_EXACT.multiply(p, w), _HUNDRED), percent, whole)


def total_of(parts: Iterable[Interval]) -> Interval:
    """The sum."""
    values = [(part.value, part.lowest, part.highest) for part in parts]
    return Interval(*(sum(column, start=Decimal(0)) for column in zip(*values, strict=True)))
