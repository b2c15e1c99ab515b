"""Units of figures: what is counted, and in thousands, millions, billions or trillions of it.

A unit is a slug of the list of units, `usd-billion` or `million-cases`. Magnitudes of one thing are
brought to one by exact arithmetic; another currency is another thing and is never converted.
"""

from decimal import Decimal
from functools import lru_cache

_EXPONENTS = {"thousand": 3, "million": 6, "billion": 9, "trillion": 12}


@lru_cache(maxsize=1_000)
def scale(unit: str) -> tuple[str, int]:
    """What a unit counts, and the power of ten that it counts it in: `usd-billion`: usd, 9."""
    for separated in (unit.rsplit("-", 1), unit.split("-", 1)[::-1]):
        if len(separated) == 2 and separated[1] in _EXPONENTS:
            return separated[0], _EXPONENTS[separated[1]]
    return unit, 0


def significant_digits(printed: str) -> int:
    """How many digits of a printed number are significant, noughts at its end included."""
    return len(printed.lstrip("-").replace(".", "").lstrip("0"))


def amount(value: Decimal, unit: str) -> Decimal:
    """A value of a unit in ones of what the unit counts, exactly."""
    return value.scaleb(scale(unit)[1])
