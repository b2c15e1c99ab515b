"""The timeline of a thing as a picture: a lane for each kind of event, a mark for each event.

Only where things stand; the template writes the SVG. Marks that would cover each other are stacked.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_PHONE = 600  # a picture less wide than this has its labels above the lanes
_MARK = 26  # a mark with what is around it to point at
_LABELS = 190
_NARROW_LABELS = 0
_TOP, _BOTTOM, _EDGE = 8, 28, 18
_HIGHEST = 6  # marks above each other; more are told as a number


@dataclass(frozen=True, slots=True)
class Mark:
    """An event: `x` to `end` is when it may have been; open where nothing says until when."""

    x: float
    y: float
    end: float
    href: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Lane:
    """The events of a kind; `more` are those that have no room."""

    label: str
    y: float
    middle: float
    marks: tuple[Mark, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A timeline: `years` with their places; `left` is where the time begins."""

    width: int
    height: float
    left: float
    lanes: tuple[Lane, ...]
    years: tuple[tuple[float, int], ...]
    about: str


@dataclass(frozen=True, slots=True)
class Event:
    """What the picture needs of an event."""

    kind: str
    earliest: datetime.date
    latest: datetime.date | None
    text: str
    href: str | None


def events_in(rows: Sequence[Mapping[str, Any]], hrefs: Mapping[str, str | None]) -> list[Event]:
    """Return the events of a timeline that have a first day, each once."""
    found: dict[str, Event] = {}
    for row in rows:
        first, last = _day(row["earliest"]), _day(row["latest"])
        if first is not None:
            iri = row["event"].iri
            text = f"{row['date']}: {row['sentence']}"
            found.setdefault(iri, Event(row["kind"], first, last, text, hrefs.get(iri)))
    return list(found.values())


def picture(events: Sequence[Event], width: int) -> Picture | None:
    """Return the picture in a width; None where no event has a first day."""
    if not events:
        return None
    narrow = width < _PHONE
    left = _EDGE + (_NARROW_LABELS if narrow else _LABELS)
    first = min(event.earliest for event in events).year
    last = max((event.latest or event.earliest) for event in events).year + 1
    begin, end = datetime.date(first, 1, 1).toordinal(), datetime.date(last, 1, 1).toordinal()
    scale = (width - left - _EDGE) / (end - begin)

    def at(day: datetime.date) -> float:
        return round(left + (day.toordinal() - begin) * scale, 1)

    lanes, y = [], float(_TOP)
    for kind in dict.fromkeys(event.kind for event in events):
        head = 20.0 if narrow else 0.0
        lane, height = _lane(kind, [e for e in events if e.kind == kind], y + head, at)
        lanes.append(lane)
        y += height + head
    step = max(1, -(-(last - first) * 44 // (width - left - _EDGE)))
    years = tuple((at(datetime.date(year, 1, 1)), year) for year in range(first, last + 1, step))
    span = f"{first}" if first == last - 1 else f"{first} to {last - 1}"
    about = f"{len(events)} {'event' if len(events) == 1 else 'events'}, {span}"
    return Picture(width, y + _BOTTOM, float(left), tuple(lanes), years, about)


def _lane(kind: str, events: Sequence[Event], top: float, at: Any) -> tuple[Lane, float]:
    """Return a lane and how high it is."""
    ends: list[float] = []  # where each of the rows of the lane is free again
    placed: list[tuple[int, float, float, Event]] = []
    more = 0
    for event in sorted(events, key=lambda e: (e.earliest, e.text)):
        x = at(event.earliest)
        end = at(event.latest) if event.latest else x
        row = next((n for n, free in enumerate(ends) if free <= x), len(ends))
        if row == _HIGHEST:
            more += 1
            continue
        ends[row : row + 1] = [max(x, end) + _MARK]
        placed.append((row, x, end, event))
    height = max(len(ends), 1) * _MARK + 8
    marks = tuple(
        Mark(x, top + row * _MARK + _MARK / 2, end, event.href, event.text)
        for row, x, end, event in placed
    )
    label = kind.replace("-", " ").capitalize()
    return Lane(label, top, top + _MARK / 2, marks, more), height


def _day(text: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:  # far years, and what somebody wrote
        return None
