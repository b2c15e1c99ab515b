"""Publishers in a chart: their lines, their marks, and a label at the last one."""

from collections.abc import Sequence
from itertools import pairwise

from service.charts.frame import NORMAL, Frame, line, words
from service.charts.labels import Box, Placed, Wish, place
from service.charts.markup import Attributes, Point, lines, tag, tooltip
from service.charts.model import Point as Figure
from service.charts.model import Publisher
from service.charts.paint import Paint
from service.charts.shapes import draw, mark
from service.charts.summary import point_in_words
from service.charts.text import clean, cut, width

RADIUS = 5.0
THIN: Attributes = {"stroke-width": 1.2}
PROLONGED: Attributes = {"stroke-width": 1.2, "stroke-dasharray": "3 4"}
LABEL_HEIGHT = 16.0
_LONGEST = 56.0  # of a reference
_SAMPLES = 8.0  # pixels between the points of a line that labels avoid


def colour(publisher: Publisher) -> str:
    """The token of a publisher's lines and marks."""
    return "published" if publisher.pooled else "aside"


def reference(publisher: Publisher) -> str:
    """The short reference of a publisher, in brackets where it is not pooled."""
    short = cut(clean(publisher.mark) or clean(publisher.name), _LONGEST, NORMAL)
    return short if publisher.pooled or not short else f"({short})"


def shown_points(publisher: Publisher, frame: Frame) -> list[Figure]:
    """The printed figures that the axis has a place for, in order."""
    shown = (point for point in publisher.points if frame.scale.shows(point.value))
    return sorted(shown, key=lambda point: (point.year, point.value))


def draw_lines(publisher: Publisher, frame: Frame, paint: Paint) -> str:
    """The path between printed years, and what is prolonged beyond them, with dashes."""
    out = ""
    drawn = [(publisher.path, THIN), *((part, PROLONGED) for part in publisher.prolonged)]
    for part, stroke in drawn:
        at = frame.at(part)
        if len(at) > 1:
            out += tag("path", {"d": lines(at), **paint(stroke=colour(publisher)), **stroke})
    return out


def draw_marks(index: int, publisher: Publisher, frame: Frame, paint: Paint) -> str:
    """The printed figures, each with its rounding where that is wider than the mark."""
    out = ""
    for point in shown_points(publisher, frame):
        at = (frame.x(point.year), frame.y(point.value))
        bar = _rounding(point, frame, paint, colour(publisher))
        shape = draw(mark(index), at, RADIUS, paint, colour(publisher))
        out += tag("g", {}, tooltip(point_in_words(publisher, point)), bar, shape)
    return out


def _rounding(point: Figure, frame: Frame, paint: Paint, token: str) -> str:
    ends = (point.value - point.half_unit, point.value + point.half_unit)
    if not point.half_unit > 0 or not all(map(frame.scale.shows, ends)):
        return ""
    x, (low, high) = frame.x(point.year), map(frame.y, ends)
    return line((x, low), (x, high), paint, token, THIN) if low - high > 2 * RADIUS + 4 else ""


def label(
    publishers: Sequence[Publisher],
    frame: Frame,
    *,
    area: Box,
    taken: Sequence[Box],
    others: Sequence[Point],
) -> list[Placed | None]:
    """A label for the last mark of each publisher, None where it has none or there is no room.

    A label is the short reference: names of some and references of others would be harder to read.
    `others` are points of further lines.
    """
    wishes: list[Wish] = []
    whose: list[int] = []
    marks: list[Box] = []
    crowd = list(others)
    for i, publisher in enumerate(publishers):
        at = [(frame.x(p.year), frame.y(p.value)) for p in shown_points(publisher, frame)]
        marks += [Box(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in at]
        for part in (publisher.path, *publisher.prolonged):
            crowd += sampled(frame.at(part))
        texts = _texts(publisher)
        if at and texts:
            wishes.append(Wish(*at[-1], texts))
            whose.append(i)
    placed = place(
        wishes,
        height=LABEL_HEIGHT,
        distance=RADIUS + 4,
        area=area,
        taken=[*taken, *marks],
        crowd=crowd,
    )
    out: list[Placed | None] = [None] * len(publishers)
    for i, found in zip(whose, placed, strict=True):
        out[i] = found
    return out


def _texts(publisher: Publisher) -> list[tuple[str, float]]:
    text = reference(publisher)
    return [(text, width(text, NORMAL, bold=True))] if text else []


def draw_label(placed: Placed, publisher: Publisher, paint: Paint) -> str:
    """A label with a rim of the background, to be read over lines and bands."""
    at = (placed.box.left, placed.box.bottom - 3.5)
    token = "ink" if publisher.pooled else "ink2"
    full = clean(publisher.name)
    return words(at, placed.text, paint, colour=token, bold=True, halo=True, full=full)


def sampled(at: Sequence[Point]) -> list[Point]:
    """Points along a line, close enough that no label slips between two of them."""
    out: list[Point] = list(at[:1])
    for (x0, y0), (x1, y1) in pairwise(at):
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / _SAMPLES))
        out += [
            (x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(1, steps + 1)
        ]
    return out
