"""Where the events of a timeline lie: days on one axis, each event in a row of its lane."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.charts.frame import SMALL
from service.charts.labels import Box
from service.charts.paint import Paint
from service.charts.text import clean, cut, width

#: The least that an event takes up, so that it can be pointed at.
TARGET = 24.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, between two days; None for one that is not known.

    `name` is written beside it, `told` is the whole in words, `href` leads to it.
    """

    name: str
    told: str
    first: date | None
    last: date | None
    href: str = ""


Lanes = tuple[tuple[str, tuple[Event, ...]], ...]
"""Events in lanes, each with its name."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where days lie: the plot, the first day of the axis and the day after its last one."""

    box: Box
    first: date
    end: date
    paint: Paint
    label: float

    def x(self, day: date) -> float:
        """Where a day begins."""
        part = (day - self.first).days / (self.end - self.first).days
        return self.box.left + part * (self.box.right - self.box.left)


@dataclass(frozen=True, slots=True)
class Placed:
    """An event in its row: its bar, what it takes up with its label, and that label."""

    event: Event
    row: int
    bar: tuple[float, float]
    label: str
    label_x: float
    anchor: str = "start"


def placed(events: Sequence[Event], sheet: Sheet) -> list[Placed]:
    """Return rows for events, so that neither they nor their labels lie upon each other."""
    ends: list[float] = []
    found = []
    for event in sorted(events, key=lambda one: (one.first or date.min, one.last or date.max)):
        bar = _bar(event, sheet)
        # Where one end is not known, an arrow stands there.
        inside = bar[1] - bar[0] - (28 if event.first is None or event.last is None else 16)
        label = cut(clean(event.name), max(sheet.label, inside), SMALL)
        room = width(label, SMALL)
        start, end = reach(bar)
        x, anchor = end + 4, "start"
        if inside >= room:
            x = bar[0] + (20 if event.first is None else 8)
        elif x + room <= sheet.box.right:
            end = x + room
        elif start - 4 - room >= sheet.box.left:
            x, anchor = start - 4, "end"
            start = x - room
        else:
            label = ""
        row = next((at for at, taken in enumerate(ends) if taken + 6 <= start), len(ends))
        ends[row : row + 1] = [end]
        found.append(Placed(event, row, bar, label, x, anchor))
    return found


def _bar(event: Event, sheet: Sheet) -> tuple[float, float]:
    left = sheet.box.left if event.first is None else sheet.x(event.first)
    right = sheet.box.right if event.last is None else sheet.x(event.last + timedelta(days=1))
    return left, max(left, right)


def reach(bar: tuple[float, float]) -> tuple[float, float]:
    """Return what the target of an event takes up, given its bar."""
    middle, half = sum(bar) / 2, max(bar[1] - bar[0], TARGET) / 2
    return middle - half, middle + half
