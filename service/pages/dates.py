"""Dates as people read them: none more precise than a report gives it."""

from graph.dates import StatedDate, parse_date

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth")


def date_in_words(form: str) -> str:
    """Return a date of ISO 8601-2 in words, such as `August 2025` or `not after 5 August 2025`.

    What cannot be read is returned as it is.
    """
    try:
        stated = parse_date(form)
    except ValueError:
        return form
    start, _, end = form.partition("/")
    if stated.precision == "not-after":
        return f"not after {date_in_words(end)}"
    if stated.precision == "not-before":
        return f"not before {date_in_words(start)}"
    if stated.precision == "interval":
        return f"between {date_in_words(start)} and {date_in_words(end)}"
    return _part(stated)


def _part(stated: StatedDate) -> str:
    day = stated.earliest
    assert day is not None  # only a date that is open on a side has none
    match stated.precision:
        case "year":
            return f"{day.year}"
        case "month":
            return f"{_MONTHS[day.month - 1]} {day.year}"
        case "quarter":
            return f"{_ORDINALS[day.month // 3]} quarter of {day.year}"
        case "half-year":
            return f"{_ORDINALS[day.month // 6]} half of {day.year}"
        case _:
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
