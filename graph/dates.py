"""Dates as sources give them: the form, its bounds and its precision.

The notation is ISO 8601-2 (Extended Date/Time Format): `2025`, `2025-01`, `2025-08-05`, a quarter
`2025-33`..`2025-36`, a half `2025-40` or `2025-41`, an interval `2024/2025`, `../2025-08-05` (not
after) and `2024-01/..` (not before). Bounds are inclusive and have no time zone.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_FORM_HELP = "write 2025, 2025-01, 2025-08-05, 2024/2025, ../2025-08-05 or 2024-01/.."


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as given. `earliest` and `latest` are inclusive; None on the open side."""

    form: str
    earliest: date | None
    latest: date | None
    precision: str


def _part(text: str) -> StatedDate:
    match = _FORM.fullmatch(text)
    if match is None or match[1] == "0000":
        raise ValueError(f"{text!r} is not a date; {_FORM_HELP}")
    year = int(match[1])
    if match[2] is None:
        return StatedDate(text, date(year, 1, 1), date(year, 12, 31), "year")
    month = int(match[2])
    if match[3] is None and 33 <= month <= 36:
        return _months(text, year, 3 * (month - 33) + 1, 3, "quarter")
    if match[3] is None and month in (40, 41):
        return _months(text, year, 6 * (month - 40) + 1, 6, "half-year")
    if not 1 <= month <= 12:
        raise ValueError(f"{text!r} has no month {month}; {_FORM_HELP}")
    if match[3] is None:
        return _months(text, year, month, 1, "month")
    try:
        day = date(year, month, int(match[3]))
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar; {_FORM_HELP}") from None
    return StatedDate(text, day, day, "day")


def _months(text: str, year: int, first: int, count: int, precision: str) -> StatedDate:
    last = first + count - 1
    end = date(year, last, calendar.monthrange(year, last)[1])
    return StatedDate(text, date(year, first, 1), end, precision)


def parse_date(text: str) -> StatedDate:
    """Read one date; ValueError says what is wrong with it and what can be written."""
    start, slash, end = text.partition("/")
    if not slash:
        return _part(text)
    if start == ".." and end != "..":
        return StatedDate(text, None, _part(end).latest, "not-after")
    if end == ".." and start != "..":
        return StatedDate(text, _part(start).earliest, None, "not-before")
    first, last = _part(start), _part(end)
    if first.earliest is None or last.latest is None or first.earliest > last.latest:
        raise ValueError(f"{text!r} ends before it begins; {_FORM_HELP}")
    return StatedDate(text, first.earliest, last.latest, "interval")
