"""The cells of a table of figures: numbers with a word that blurs them, years, dates, scopes."""

import re
from dataclasses import dataclass
from typing import get_args

from graph.dates import StatedDate, parse_date
from graph.figures.model import ScopeRelation
from graph.figures.naming import collapsed
from graph.numbers import Measure, parse_measure
from graph.problems import candidates, shown

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_CELL = 4_000
#: Words and signs that blur the number behind them.
APPROXIMATIONS = (
    *("about", "above", "almost", "approx", "approx.", "approximately", "around", "at least"),
    *("at most", "below", "c.", "ca.", "circa", "close to", "just over", "just under"),
    *("less than", "more than", "nearly", "over", "roughly", "some", "under", "up to"),
    *("~", "≈", "<", ">", "≤", "≥"),
)
_WORDS = "|".join(re.escape(word) for word in sorted(APPROXIMATIONS, key=len, reverse=True))
_BLURRED = re.compile(rf"(?P<word>{_WORDS})\s*(?P<number>[0-9.].*)", re.IGNORECASE)
_CURRENCY = re.compile(
    r"(?:(?P<before>[A-Z]{3})\s*[0-9]|[0-9.,]+\s*(?:[a-z]+\s*)?(?P<after>[A-Z]{3})$)"
)
_YEAR = re.compile(r"[0-9]{4}")


class Unreadable(ValueError):
    """A cell cannot be read; the message says why, `remedy` what to write."""

    def __init__(self, message: str, remedy: str) -> None:
        self.remedy = remedy
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Number:
    """A number and the word that blurs it, in small letters; empty where none."""

    measure: Measure
    approximation: str = ""


def read_number(text: str) -> Number:
    """Read `58`, `nearly 58` or `~58`. Raises Unreadable for any other form."""
    cell = collapsed(text).replace("\u2212", "-")
    blurred = _BLURRED.fullmatch(cell)
    word, digits = (blurred["word"].casefold(), blurred["number"]) if blurred else ("", cell)
    try:
        return Number(parse_measure(digits), word)
    except ValueError:
        message = f"{shown(text)} is no number that can be counted with"
        raise Unreadable(
            message,
            "Write the digits as printed, at most 18 before and 17 behind a decimal point, without"
            " thousands separators, units, exponents or signs such as % or $; a word as"
            " `nearly` or `~` may stand before them.",
        ) from None


def read_value(text: str) -> Number:
    """A value of a market, which lies above zero. Raises Unreadable."""
    number = read_number(text)
    if number.measure.value <= 0:
        message = f"a market is worth more than {shown(text)}"
        raise Unreadable(message, "Write a number above zero, or leave the cell empty.")
    return number


def other_currency(text: str) -> str:
    """The code of a currency other than the dollar that a cell names; empty where none."""
    found = _CURRENCY.search(collapsed(text))
    code = (found["before"] or found["after"]) if found else ""
    return "" if code == "USD" else code


def read_year(text: str) -> int:
    """A year of four digits. Raises Unreadable."""
    cell = text.strip()
    if not _YEAR.fullmatch(cell) or not FIRST_YEAR <= int(cell) <= LAST_YEAR:
        raise Unreadable(
            f"{shown(text)} is no year from {FIRST_YEAR} to {LAST_YEAR}",
            "Write a year as 2025, or leave the cell empty where none is stated.",
        )
    return int(cell)


def read_edition(text: str) -> StatedDate | None:
    """When something was published; None where it has no date. Raises Unreadable."""
    cell = text.strip()
    if not cell or cell.casefold() == "not dated":
        return None
    try:
        return parse_date(cell[:LONGEST_CELL])
    except ValueError:
        message = f"{shown(text)} is no date"
        remedy = "Write 2025, 2025-01 or 2025-08-05, or leave the cell empty."
        raise Unreadable(message, remedy) from None


def read_relation(text: str) -> ScopeRelation:
    """How the scope of a figure relates to that of its market. Raises Unreadable."""
    cell = text.strip().casefold() or "unknown"
    for relation in get_args(ScopeRelation):
        if cell == relation:
            return relation  # type: ignore[no-any-return] # one of the words of the type
    known = ", ".join(get_args(ScopeRelation))
    near = candidates(cell, get_args(ScopeRelation))
    raise Unreadable(f"{shown(text)} is no relation of scopes", f"Write {known}. {near}".strip())
