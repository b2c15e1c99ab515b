"""Numbers on their way in and out: exact logarithms of printed values, published digits.

Additions, multiplications, divisions and square roots of float64 are the same on every processor;
logarithms and exponentials are not, in their last bit. So logarithms of printed values are computed
here with decimals, and what was computed is published in two steps.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import isfinite

#: Significant digits that are published.
DIGITS = 6
#: Significant digits of the first step: last bits cannot move a number off a tie of the second.
KEPT = 12

_KEPT = Context(prec=KEPT, rounding=ROUND_HALF_EVEN)
_PUBLISHED = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)
_LOG = Context(prec=40)


def published(number: float | Decimal) -> Decimal:
    """A number to six significant digits, half to even, after it was rounded to twelve.

    15.280625 and exp(log(15.280625)) = 15.280625000000002 both become 15.2806. No trailing zeros
    behind the point, and never an exponent: the same number has the same text. ValueError for what
    is not finite.
    """
    if not isfinite(number):
        raise ValueError(f"{number} cannot be published: it is not a finite number")
    short = _PUBLISHED.plus(_KEPT.plus(Decimal(number))).normalize(_PUBLISHED)
    if not short:
        return Decimal(0)
    exponent = short.as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(int(short)) if exponent > 0 else short


def published_each(numbers: Iterable[float | Decimal]) -> list[Decimal | None]:
    """Each number as `published` has it; None for NaN, which stands for no number."""
    return [None if number != number else published(number) for number in numbers]  # noqa: PLR0124


def natural_log(value: Decimal) -> float:
    """The natural logarithm of a printed value, the nearest float64 on every machine.

    ValueError for a value that is not above zero, or not finite.
    """
    if not value.is_finite() or value <= 0:
        raise ValueError(f"{value} has no logarithm: only values above zero can be pooled")
    return float(_LOG.ln(value))
