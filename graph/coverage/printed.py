"""How reports print dates."""

from collections.abc import Iterator

from graph.dates import StatedDate

_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_QUARTERS = "first second third fourth".split()


def printed_forms(date: StatedDate) -> Iterator[str]:
    """Regular expressions, one for each end of the date, all of which must be found.

    None is found inside a longer word or number: the fifth is not printed in the 15th.
    """
    for part in date.form.split("/"):
        if part != "..":
            yield rf"(?<!\w)(?:{'|'.join(_forms(part))})(?!\w)"


def _forms(part: str) -> list[str]:
    year, *rest = part.split("-")
    if not rest:
        return [year]
    month = int(rest[0])
    if month > 12:
        return _divisions(year, month)
    name = _MONTHS[month - 1]
    short = {name[:3], name[:4]} if name == "September" else {name[:3]}
    named = rf"(?:{name}|(?:{'|'.join(sorted(short))})\.?)"
    if len(rest) == 1:
        return [rf"{named},? (?:of )?{year}", part]
    day = rf"0?{int(rest[1])}(?:st|nd|rd|th)?"
    return [rf"{named} {day},? {year}", rf"{day} (?:of )?{named},? {year}", part]


def _divisions(year: str, code: int) -> list[str]:
    """Quarters (33 to 36) and halves (40, 41) of a year."""
    letter, number, word = ("Q", code - 32, "quarter") if code < 40 else ("H", code - 39, "half")
    short = rf"{letter}{number}|{number}{letter}"
    named = rf"(?:{short}|{_QUARTERS[number - 1]} {word})"
    return [rf"{named},? (?:of )?{year}", rf"{year},? {named}"]
