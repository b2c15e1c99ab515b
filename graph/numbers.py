"""Numbers as printed: the value, its digits, and half a unit of the last printed digit."""

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# The engine counts with decimals of up to 18 digits behind the point (the half unit needs one more
# than the value). Longer ones it keeps as text, and leaves out of sums without a word.
_COUNTABLE = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,17})?")

_WORDS = dict(enumerate("one two three four five six seven eight nine ten".split(), 1))


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
    if not _COUNTABLE.fullmatch(text):
        raise ValueError("has more than 18 digits before or 17 behind the point; write fewer")
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return Measure(value, text, Decimal(5).scaleb(exponent - 1))


def spelt(number: Decimal | int) -> tuple[str, ...]:
    """How a number without printed digits may be printed: in digits, and small ones as a word."""
    word = _WORDS.get(int(number)) if number == int(number) else None
    return (
        f"{number:f}" if isinstance(number, Decimal) else str(number),
        *([word] if word else []),
    )


def shows(text: str, form: str) -> bool:
    """Whether a number stands in a text by itself, not as a part of a longer one.

    Commas between digits part thousands; a minus may be printed as such (U+2212).
    """
    plain = re.sub(r"(?<=\d),(?=\d)", "", text.casefold().replace("\u2212", "-"))
    if form.isalpha():
        return re.search(rf"\b{form}\b", plain) is not None
    return re.search(rf"(?<!\d)(?<!\d\.){re.escape(form)}(?!\d|\.\d)", plain) is not None
