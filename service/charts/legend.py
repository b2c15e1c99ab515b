"""The key of a chart: what each mark, line and hatching stands for, in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.charts.band import BARE, DASHES, shown_interval, shown_spread
from service.charts.frame import NORMAL, Frame, line, words
from service.charts.markup import Attributes, Point, tag
from service.charts.model import LEVELS, BandYear, FanData, Publisher
from service.charts.paint import Paint
from service.charts.publishers import PROLONGED, RADIUS, THIN, colour, reference, shown_points
from service.charts.shapes import draw, mark
from service.charts.text import clean, width, wrap

LINE = 18.0
_GAP = 4.0  # between entries
_SWATCH = 36.0  # from the left of an entry to its text
_MIDDLE = 13.0
_BASE = 13.5  # from the top of a line to what letters stand on
_COLUMN = 270.0  # the narrowest column
_MOST_LINES = 3

Swatch = Callable[[Point], str]
"""Draws around a point on the middle of the line, `_MIDDLE` to either side."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A swatch and its words; `short` is a reference before them, `aside` a remark after them."""

    swatch: Swatch
    text: str
    short: str = ""
    aside: str = ""


def draw_entries(
    entries: Sequence[Entry], at: Point, room: float, paint: Paint
) -> tuple[str, float]:
    """Entries in columns that are read downwards; the markup, and the height that they take."""
    if not entries:
        return "", 0.0
    count = max(1, min(len(entries), int(room // _COLUMN)))
    each = -(-len(entries) // count)
    column = room / count
    # The references of a block are as wide as its widest, so that names begin below each other.
    short = max(width(entry.short, NORMAL, bold=True) for entry in entries)
    indent = _SWATCH + (short + 8 if short else 0)
    out, deepest = "", 0.0
    for n in range(count):
        y = at[1]
        for entry in entries[n * each : (n + 1) * each]:
            corner = (at[0] + n * column, y)
            drawn, height = _entry(entry, corner, indent, column - 16, paint)
            out += drawn
            y += height + _GAP
        deepest = max(deepest, y - at[1])
    return out, deepest


def _entry(entry: Entry, at: Point, indent: float, room: float, paint: Paint) -> tuple[str, float]:
    x, y = at
    out = entry.swatch((x + _MIDDLE, y + LINE / 2))
    if entry.short:
        out += words((x + _SWATCH, y + _BASE), entry.short, paint, bold=True)
    for text, token, most in ((entry.text, "ink", _MOST_LINES), (entry.aside, "ink2", 4)):
        broken = wrap(text, room - indent, NORMAL, most=most)
        whole = " ".join(broken) == clean(text)
        for part in broken:
            full = part if whole else clean(text)
            out += words((x + indent, y + _BASE), part, paint, colour=token, full=full)
            y += LINE
    return out, max(LINE, y - at[1])


def publisher_entries(data: FanData, frame: Frame, paint: Paint, *, pooled: bool) -> list[Entry]:
    """The publishers that are pooled, or those that are not, with the reason."""
    out = []
    for i, publisher in enumerate(data.publishers):
        if publisher.pooled == pooled:
            aside = "" if pooled else clean(publisher.reason)
            if not shown_points(publisher, frame):
                aside = "; ".join(filter(None, [aside, "no figure that can be shown"]))
            swatch = _mark_swatch(i, publisher, paint)
            out.append(Entry(swatch, publisher.name, reference(publisher), aside))
    return out


def _mark_swatch(index: int, publisher: Publisher, paint: Paint) -> Swatch:
    return lambda at: draw(mark(index), at, RADIUS, paint, colour(publisher))


def sign_entries(
    data: FanData, rows: Sequence[BandYear], frame: Frame, paint: Paint, prefix: str
) -> list[Entry]:
    """What the lines, areas and hatchings of this chart mean; only those that it has."""
    levels = [n for n in LEVELS if any(shown_interval(row, n, frame) for row in rows)]
    out: list[Entry] = []
    if any(frame.scale.shows(row.median) for row in rows):
        method = clean(data.band.method) if data.band else ""
        out.append(Entry(_median(paint), f"Median, {method}" if method else "Median"))
    if levels:
        told = ", ".join(map(str, levels))
        out.append(
            Entry(_levels(levels, paint), f"{told} % intervals for another publisher's figure")
        )
    for status, how in (("some", "Some"), ("all", "All")):
        if any(row.extrapolated == status for row in rows):
            text = f"{how} lines prolonged beyond their printed years (extrapolated)"
            out.append(Entry(_hatched(status, prefix, bool(levels), paint), text))
    if data.band and data.band.borrowed and levels:
        text = "Width borrowed in part from better-covered markets"
        out.append(Entry(_hatched("borrowed", prefix, True, paint), text))
    if any(shown_spread(row, frame) for row in rows):
        out.append(Entry(_whiskers(paint), "Range of two values (k = 2), no interval"))
    text = "One source (k = 1): its path alone"
    if any(row.k == 1 and frame.scale.shows(row.median) for row in rows):
        out.append(Entry(_stroke("fan-median", {"stroke-width": BARE}, paint), text))
    out += _line_entries(data.publishers, frame, paint)
    return out


def _line_entries(publishers: Sequence[Publisher], frame: Frame, paint: Paint) -> list[Entry]:
    out = []
    if any(len(frame.at(p.path)) > 1 for p in publishers):
        text = "A publisher's path: constant growth assumed between its printed years"
        out.append(Entry(_stroke("published", THIN, paint), text))
    if any(len(frame.at(part)) > 1 for p in publishers for part in p.prolonged):
        text = "A publisher's line beyond its printed years (extrapolated)"
        out.append(Entry(_stroke("published", PROLONGED, paint), text))
    return out


def _stroke(token: str, stroke: Attributes, paint: Paint) -> Swatch:
    return lambda at: line((at[0] - _MIDDLE, at[1]), (at[0] + _MIDDLE, at[1]), paint, token, stroke)


def _median(paint: Paint) -> Swatch:
    return _stroke("fan-median", {"stroke-width": 2}, paint)


def _levels(levels: Sequence[int], paint: Paint) -> Swatch:
    def swatch(at: Point) -> str:
        part = 2 * _MIDDLE / len(levels)
        shades = "".join(
            _rectangle((at[0] - _MIDDLE + n * part, at[1] - 6), part, paint(fill=f"fan-{level}"))
            for n, level in enumerate(levels)
        )
        rim = {**paint(stroke="fan-edge"), "stroke-width": 1}
        return shades + _rectangle((at[0] - _MIDDLE, at[1] - 6), 2 * _MIDDLE, rim)

    return swatch


def _hatched(status: str, prefix: str, area: bool, paint: Paint) -> Swatch:
    def swatch(at: Point) -> str:
        corner = (at[0] - _MIDDLE, at[1] - 6)
        out = ""
        if area:
            rim: Attributes = {**paint(fill="fan-95", stroke="fan-edge"), "stroke-width": 1}
            out += _rectangle(corner, 2 * _MIDDLE, rim)
            out += _rectangle(corner, 2 * _MIDDLE, paint(fill=f"url(#{prefix}-{status})"))
        if status in DASHES:
            stroke = {"stroke-width": 2, **dict(DASHES)[status]}
            out += _stroke("fan-median", stroke, paint)(at)
        return out

    return swatch


def _whiskers(paint: Paint) -> Swatch:
    def swatch(at: Point) -> str:
        (x, y), stroke = at, {"stroke-width": 1.2}
        out = line((x, y - 7), (x, y + 7), paint, "fan-edge", stroke)
        for end in (y - 7, y + 7):
            out += line((x - 4, end), (x + 4, end), paint, "fan-edge", stroke)
        return out

    return swatch


def _rectangle(corner: Point, length: float, attributes: Attributes) -> str:
    area: Attributes = {"x": corner[0], "y": corner[1], "width": length, "height": 12}
    return tag("rect", {**area, **attributes})
