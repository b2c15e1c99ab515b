"""Numbers as printed: the value, its digits, and half a unit of the last printed digit."""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Measure:
    """`value` is exact; `printed` keeps every digit; `half_unit` bounds the rounding."""

    value: Decimal
    printed: str
    half_unit: Decimal


def parse_measure(text: str) -> Measure:
    """Read `7.64`, `24.00` or `100`; ValueError for anything else, as `1,000` or `5e3`."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(
            f"{text!r} is not a number; write the digits as printed, with a decimal point and"
            " without thousands separators, units or signs such as % or $"
        )
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Measure(value, text, Decimal(5).scaleb(exponent - 1))
