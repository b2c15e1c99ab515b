"""Dates in words and digits: 2025, August 2025, 19 August 2025, August 19 2025, 2025-08."""

import calendar
import datetime
import re
from collections.abc import Sequence

from graph.wording.tokens import Token

_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
_YEAR = re.compile(r"(?:19|20|21)\d\d")
_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr, ("",) * 9 + ("Sept",))
    for number, name in enumerate(names)
    if name
}


def date_at(tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
    """Return where the longest date from here ends and the date (2025, 2025-08, 2025-08-19).

    None where there is none, and where no calendar has such a day.
    """
    for length in (4, 3, 2, 1):
        part = tokens[at : at + length]
        if len(part) == length and (found := _date([token.key for token in part])):
            return at + length, found
    return None


def day_before(date: str) -> str:
    """Return the last year, month or day before a date, as precise as the date."""
    first = _first(date)
    return _as_precise(first - datetime.timedelta(days=1), date)


def day_after(date: str) -> str:
    """Return the first year, month or day after a date, as precise as the date."""
    first, parts = _first(date), date.count("-")
    days = (366 if calendar.isleap(first.year) else 365, _days(first.year, first.month), 1)[parts]
    return _as_precise(first + datetime.timedelta(days=days), date)


def in_words(date: str) -> str:
    """Return a date as it is written: 2025, August 2025, 19 August 2025."""
    year, *rest = date.split("-")
    month = f"{calendar.month_name[int(rest[0])]} " if rest else ""
    day = f"{int(rest[1])} " if len(rest) > 1 else ""
    return f"{day}{month}{year}"


def _date(keys: list[str]) -> str | None:
    keys = [key for number, key in enumerate(keys) if key != "of" or number not in (1, 2)]
    match keys:
        case [one] if _ISO.fullmatch(one) and _YEAR.match(one):
            return one if _exists(one) else None
        case [month, year] if month in _MONTHS and _YEAR.fullmatch(year):
            return f"{year}-{_MONTHS[month]:02}"
        case [one, two, year] if _YEAR.fullmatch(year):
            day, month = (one, two) if two in _MONTHS else (two, one)
            number = _DAY.fullmatch(day)
            if number and number[1].isascii() and month in _MONTHS:
                found = f"{year}-{_MONTHS[month]:02}-{int(number[1]):02}"
                return found if _exists(found) else None
    return None


def _exists(date: str) -> bool:
    try:
        _first(date)
    except ValueError:
        return False
    return date.isascii()


def _first(date: str) -> datetime.date:
    return datetime.date.fromisoformat(f"{date}-01-01"[:10])


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _as_precise(day: datetime.date, date: str) -> str:
    return day.isoformat()[: len(date)]
