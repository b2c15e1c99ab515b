"""Events of several things on one axis of years: a lane for each thing, in the order given.

For within a page: colours come from classes of its style (`lane-axis`, `lane-event`, `lane-span`,
`lane-label`), and every event is a link to where it stands in the table below.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from service.charts.markup import escaped, tag, tooltip
from service.charts.scale import year_ticks
from service.charts.text import clean, cut, width

_LABELS, _LABELS_NARROW, _PAD, _LANE, _GAP, _AXIS = 190.0, 92.0, 12.0, 26.0, 12.0, 26.0
_NARROW, _SIZE, _MARK = 600, 12.0, 6.0


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened between two days; `href` leads to it, `label` says it in words."""

    label: str
    href: str
    earliest: datetime.date
    latest: datetime.date


def events_chart(
    title: str, about: str, lanes: Sequence[tuple[str, Sequence[Event]]], size: int, prefix: str
) -> str:
    """Return lanes of events as SVG; empty text where there is no event at all.

    `prefix` is what its ids begin with, since a page may have several.
    """
    events = [event for _, of in lanes for event in of]
    if not events:
        return ""
    first = min(event.earliest for event in events).year
    last = min(max(event.latest for event in events).year + 1, datetime.MAXYEAR)
    left = _PAD + (_LABELS_NARROW if size < _NARROW else _LABELS)
    room = size - left - _PAD
    parts, y = [], _PAD
    for name, of in lanes:
        placed = [_placed(event, first, last, left, room) for event in of]
        rows = _rows([(start, end) for start, end in placed])
        height = _LANE * (max(rows, default=0) + 1)
        short = cut(clean(name), left - _PAD - 10, _SIZE)
        parts.append(_words(_PAD, y + 17, short, clean(name)))
        for event, (start, end), row in zip(of, placed, rows, strict=True):
            parts.append(_event(event, start, end, y + row * _LANE + _LANE / 2))
        y += height + _GAP
        rule: dict[str, str | float] = {
            "x1": _PAD,
            "x2": size - _PAD,
            "y1": y - _GAP / 2,
            "y2": y - _GAP / 2,
        }
        parts.append(tag("line", {"class": "lane-axis", **rule}))
    for year in year_ticks(first, last, room, width("2000", _SIZE) + 12):
        x = left + (year - first) / max(1, last - first) * room
        parts.insert(0, tag("line", {"class": "lane-axis", "x1": x, "x2": x, "y1": _PAD, "y2": y}))
        middle: dict[str, str | float] = {
            "x": x,
            "y": y + 15,
            "class": "lane-label",
            "text-anchor": "middle",
        }
        parts.append(tag("text", {**middle, "font-size": _SIZE}, str(year)))
    height = y + _AXIS
    return tag(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {size} {height:g}",
            "width": float(size),
            "height": height,
            "role": "group",
            "aria-labelledby": f"{prefix}-title {prefix}-desc",
        },
        tag("title", {"id": f"{prefix}-title"}, escaped(title)),
        tag("desc", {"id": f"{prefix}-desc"}, escaped(about)),
        *parts,
    )


def _placed(event: Event, first: int, last: int, left: float, room: float) -> tuple[float, float]:
    begin = datetime.date(first, 1, 1).toordinal()
    whole = max(1, datetime.date(last, 1, 1).toordinal() - begin)
    start, end = (
        left + (day.toordinal() - begin) / whole * room for day in (event.earliest, event.latest)
    )
    return start, max(start, end)


def _rows(spans: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each span within its lane, so that no two lie upon each other."""
    ends: list[float] = []
    rows = []
    for start, end in spans:
        row = next((at for at, taken in enumerate(ends) if taken < start), len(ends))
        # 24 pixels from one to the next: each is a target of its own.
        reach = max(end, start) + 24
        ends[row : row + 1] = [reach]
        rows.append(row)
    return rows


def _event(event: Event, start: float, end: float, y: float) -> str:
    middle = (start + end) / 2
    span: dict[str, str | float] = {"x1": start, "x2": end, "y1": y, "y2": y, "class": "lane-span"}
    target: dict[str, str | float] = {"cx": middle, "cy": y, "r": 12.0, "class": "lane-target"}
    dot: dict[str, str | float] = {"cx": middle, "cy": y, "r": _MARK, "class": "lane-event"}
    return tag(
        "a",
        {"href": event.href, "aria-label": event.label},
        tooltip(event.label),
        tag("line", span),
        tag("circle", target),
        tag("circle", dot),
    )


def _words(x: float, y: float, text: str, full: str) -> str:
    attributes: dict[str, str | float] = {"x": x, "y": y, "class": "lane-label", "font-size": _SIZE}
    return tag("text", attributes, tooltip(full if full != text else ""), escaped(text))
