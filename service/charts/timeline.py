"""Events by date, a lane for each kind: none is drawn more precise than a report tells it.

A day is a diamond, a month a short bar, anything longer a pale bar from first to last possible day;
a bar with an arrow goes on where one of the two is not known.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from service.charts.frame import NORMAL, SMALL, line, words
from service.charts.labels import Box
from service.charts.lanes import Event, Lanes, Placed, Sheet, placed, reach
from service.charts.markup import Attributes, escaped, lines, tag, tooltip
from service.charts.paint import Paint, Theme, style
from service.charts.scale import year_ticks
from service.charts.text import clean, cut, isolated, width, wrap

_FONTS = (
    "IBM Plex Sans, system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
)
#: Lanes have their names beside them from this width on, else above them.
_WIDE = 640
_ROW, _GAP, _AXIS = 24.0, 10.0, 24.0
_LABEL, _LABEL_NARROW = 330.0, 150.0
_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events in lanes; `note` stands below, in a file of its own."""

    title: str
    about: str
    lanes: Lanes
    note: str = ""


def timeline_chart(
    data: Timeline,
    *,
    width: int = 1180,
    theme: Theme = "auto",
    standalone: bool = True,
    prefix: str = "timeline",
) -> str:
    """Draw a timeline as one SVG element, the same for the same input; without events it says so.

    `standalone` is for a file of its own: with background, title and style, and without links.
    `prefix` begins every id.
    """
    events = [event for _, lane in data.lanes for event in lane]
    known = [day for event in events for day in (event.first, event.last) if day is not None]
    pad = 16.0 if standalone else 2.0
    paint = Paint(theme, standalone)
    if not known:
        head, y = _head(data, width, pad, paint)
        told = replace(data, note=f"No event with a date. {data.note}")
        body, y = _note(told, pad, y, width, paint)
        return _document(data, (width, y + pad), head + body, paint, prefix)
    left = pad + (_names_width(data) if width >= _WIDE else 0.0)
    head, top = _head(data, width, pad, paint) if standalone else ("", pad)
    first, end = date(min(known).year, 1, 1), date(max(known).year + 1, 1, 1)
    label = _LABEL if width >= _WIDE else _LABEL_NARROW
    sheet = Sheet(Box(left, top + _AXIS, width - pad, top), first, end, paint, label)
    body, bottom = _lanes(data, sheet, pad, beside=width >= _WIDE, linked=not standalone)
    body = _grid(sheet, top, bottom) + body
    key, bottom = _key(sheet, pad, bottom + 8, width)
    note, bottom = _note(data, pad, bottom, width, paint) if standalone else ("", bottom)
    return _document(data, (width, bottom + pad), head + body + key + note, paint, prefix)


def _document(
    data: Timeline, size: tuple[float, float], body: str, paint: Paint, prefix: str
) -> str:
    width, height = size
    root: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "id": prefix,
        "width": width,
        "height": f"{height:.0f}",
        "viewBox": f"0 0 {width:.0f} {height:.0f}",
        # Links within a picture would be lost for those who listen.
        "role": "img" if paint.standalone else "group",
        "aria-labelledby": f"{prefix}-title {prefix}-desc",
        "font-family": _FONTS,
        "font-size": NORMAL,
    }
    title = tag("title", {"id": f"{prefix}-title"}, escaped(isolated(data.title)))
    desc = tag("desc", {"id": f"{prefix}-desc"}, escaped(data.about))
    background = ""
    if paint.standalone:
        rules = tag("style", {}, style(prefix)) if paint.theme == "auto" else ""
        area: Attributes = {"x": 0, "y": 0, "width": width, "height": height}
        background = rules + tag("rect", {**area, **paint(fill="bg")})
    return tag("svg", root, title, desc, background, body)


def _names_width(data: Timeline) -> float:
    return min(200.0, max(width(name, NORMAL, bold=True) for name, _ in data.lanes) + 20)


def _head(data: Timeline, room: float, pad: float, paint: Paint) -> tuple[str, float]:
    titles = wrap(data.title, room - 2 * pad, 17.0, most=3, bold=True)
    at = [(pad, pad + 17 + 23 * number) for number in range(len(titles))]
    drawn = zip(at, titles, strict=True)
    out = "".join(words(place, text, paint, size=17.0, bold=True) for place, text in drawn)
    return out, pad + 23 * len(titles) + 6


def _grid(sheet: Sheet, top: float, bottom: float) -> str:
    """A rule for each year that has room, with its number above, where the year begins."""
    first, last = sheet.first.year, sheet.end.year - 1
    room = sheet.box.right - sheet.box.left
    out = ""
    for year in year_ticks(first, last, room, width("2000", SMALL) + 12):
        x = sheet.x(date(year, 1, 1))
        out += line((x, top), (x, bottom), sheet.paint, "line", {"stroke-width": 1})
        out += words((x + 4, top + 14), str(year), sheet.paint, size=SMALL, colour="ink2")
    return out


def _lanes(
    data: Timeline, sheet: Sheet, pad: float, *, beside: bool, linked: bool
) -> tuple[str, float]:
    out, y = "", sheet.box.top
    for name, events in data.lanes:
        out += line((pad, y), (sheet.box.right, y), sheet.paint, "line2", {"stroke-width": 1})
        if beside:
            room = sheet.box.left - pad - 12
            out += words(
                (pad, y + 18),
                cut(clean(name), room, NORMAL, bold=True),
                sheet.paint,
                bold=True,
                full=clean(name),
            )
        else:
            out += words((pad, y + 17), clean(name), sheet.paint, bold=True, halo=True)
            y += _ROW
        rows = placed(events, sheet)
        for one in rows:
            out += _drawn(one, y + 4 + one.row * _ROW + _ROW / 2, sheet, linked=linked)
        y += (max((one.row for one in rows), default=0) + 1) * _ROW + _GAP
    out += line((pad, y), (sheet.box.right, y), sheet.paint, "line2", {"stroke-width": 1})
    return out, y


def _drawn(shown: Placed, y: float, sheet: Sheet, *, linked: bool) -> str:
    event, (left, right) = shown.event, shown.bar
    start, end = reach(shown.bar)
    area: Attributes = {
        "x": start,
        "y": y - _ROW / 2,
        "width": end - start,
        "height": _ROW,
        "fill": "none",
        "pointer-events": "all",
    }
    inner = tooltip(clean(event.told)) + tag("rect", area) + _mark(event, left, right, y, sheet)
    if shown.label:
        at = (shown.label_x, y + 4)
        inside = left <= shown.label_x <= right
        inner += words(
            at, shown.label, sheet.paint, size=SMALL, anchor=shown.anchor, halo=not inside
        )
    if linked and event.href:
        # What is seen of a link begins its name, for those who speak to their browser.
        name = f"{shown.label}; {event.told}".removeprefix("; ")
        return tag("a", {"href": event.href, "aria-label": name}, inner)
    return tag("g", {}, inner)


def _mark(event: Event, left: float, right: float, y: float, sheet: Sheet) -> str:
    if event.first is not None and event.first == event.last:
        x = (left + right) / 2
        corners = [(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)]
        rim: Attributes = {**sheet.paint(fill="fan-median", stroke="bg"), "stroke-width": 1}
        return tag("path", {"d": lines(corners, closed=True), **rim})
    if event.first and event.last and event.last - event.first < _MONTH:
        return _box(left, max(right, left + 4), y, 5, sheet.paint(fill="fan-median"))
    pale: Attributes = {**sheet.paint(fill="fan-95", stroke="fan-edge"), "stroke-width": 1}
    if event.first and event.last:
        return _box(left, max(right, left + 6), y, 9, pale)
    dashed: Attributes = {**pale, "stroke-dasharray": "4 3"}
    tip = right - 1 if event.last is None else left + 1
    back = tip - 7 if event.last is None else tip + 7
    arrow = [(back, y - 6), (tip, y), (back, y + 6)]
    return _box(left, right, y, 9, dashed) + tag(
        "path", {"d": lines(arrow), **sheet.paint(stroke="fan-median"), "stroke-width": 2}
    )


def _box(left: float, right: float, y: float, half: float, look: Attributes) -> str:
    area: Attributes = {"x": left, "y": y - half, "width": right - left, "height": 2 * half}
    return tag("rect", {**area, "rx": 2, **look})


def _key(sheet: Sheet, pad: float, top: float, room: float) -> tuple[str, float]:
    """What the marks stand for."""
    day, half = date(2000, 1, 1), 13.0
    entries = (
        (Event("", "", day, day), "a day"),
        (Event("", "", day, day + timedelta(days=30)), "a month, or less"),
        (Event("", "", day, day + _MONTH * 2), "from its first to its last possible day"),
        (Event("", "", day, None), "goes on: only one end is known"),
    )
    out, x, y = "", pad, top + 12
    for event, text in entries:
        taken = 2 * half + 8 + width(text, SMALL) + 20
        if x > pad and x + taken > room - pad:
            x, y = pad, y + 22
        short = 4.0 if event.last and event.last - day == timedelta(days=30) else half
        out += _mark(event, x + half - short, x + half + short, y, sheet)
        out += words((x + 2 * half + 8, y + 4), text, sheet.paint, size=SMALL, colour="ink2")
        x += taken
    return out, y + 12


def _note(data: Timeline, pad: float, y: float, room: float, paint: Paint) -> tuple[str, float]:
    out = ""
    for text in wrap(data.note, room - 2 * pad, SMALL, most=6):
        y += 18
        out += words((pad, y), text, paint, size=SMALL, colour="ink2")
    return out, y + 4
