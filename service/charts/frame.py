"""Where years and values lie in a picture, and the axes around the plot."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.charts.labels import Box
from service.charts.markup import Attributes, Point, escaped, tag, tooltip
from service.charts.model import BandYear, FanData
from service.charts.paint import Paint
from service.charts.scale import Scale, year_ticks
from service.charts.text import width

SMALL = 12.0
NORMAL = 13.0
_INSIDE = 12.0  # between the frame and the first and last year: room for half a mark
YEARS_BELOW = 20.0
K_BELOW = 40.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot: a box in pixels, the years `first` to `last`, and the scale of values."""

    box: Box
    first: int
    last: int
    scale: Scale

    @property
    def room(self) -> float:
        """Pixels from the first year to the last, if they differ."""
        return self.box.right - self.box.left - 2 * _INSIDE

    @property
    def step(self) -> float:
        """Pixels from one year to the next."""
        return self.room / max(1, self.last - self.first)

    def x(self, year: int) -> float:
        """Where a year lies; a single one lies in the middle."""
        if self.first == self.last:
            return (self.box.left + self.box.right) / 2
        return self.box.left + _INSIDE + (year - self.first) * self.step

    def y(self, value: float) -> float:
        """Where a value lies that the scale shows."""
        return self.box.bottom - self.scale.height(value) * (self.box.bottom - self.box.top)

    def at(self, points: Sequence[tuple[int, float]]) -> list[Point]:
        """Years and values as places, in order of year, without what the scale does not show."""
        shown = sorted(point for point in points if self.scale.shows(point[1]))
        return [(self.x(year), self.y(value)) for year, value in shown]


def values(data: FanData) -> list[float]:
    """Every number of a chart that is to have a place on its axis."""
    out: list[float] = []
    for publisher in data.publishers:
        out += [point.value for point in publisher.points]
        out += [value for line in (publisher.path, *publisher.prolonged) for _, value in line]
    for row in data.rows():
        pairs = [row.spread, *row.intervals.values()]
        out += [bound for pair in pairs if pair for bound in pair]
        out += [] if row.median is None else [row.median]
    return out


def years(data: FanData) -> list[int]:
    """Every year of a chart; a year may come more than once."""
    out = [row.year for row in data.rows()]
    for publisher in data.publishers:
        out += [point.year for point in publisher.points]
        out += [year for line in (publisher.path, *publisher.prolonged) for year, _ in line]
    return out


def words(
    at: Point,
    text: str,
    paint: Paint,
    *,
    size: float = NORMAL,
    colour: str = "ink",
    anchor: str = "start",
    bold: bool = False,
    full: str = "",
    halo: bool = False,
) -> str:
    """A line of text on its baseline; `full` is told where `text` is cut from it."""
    attributes: dict[str, str | float] = {"x": at[0], "y": at[1], "font-size": size}
    if anchor != "start":
        attributes["text-anchor"] = anchor
    if bold:
        attributes["font-weight"] = "600"
    if halo:
        attributes |= {"stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke"}
    attributes |= paint(fill=colour, stroke="bg" if halo else "none")
    cut_from = full if full != text else ""
    return tag("text", attributes, tooltip(cut_from), escaped(text))


def line(start: Point, end: Point, paint: Paint, colour: str, stroke: Attributes) -> str:
    """A straight line."""
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    return tag("line", {**ends, **paint(stroke=colour), **stroke})


def value_axis(frame: Frame, paint: Paint) -> str:
    """Rules across the plot, with their values at the left."""
    box = frame.box
    out = ""
    for tick, label in zip(frame.scale.ticks, frame.scale.labels(), strict=True):
        y = frame.y(tick)
        out += line((box.left, y), (box.right, y), paint, "line", {"stroke-width": 1})
        out += words((box.left - 8, y + 4), label, paint, size=SMALL, colour="ink2", anchor="end")
    return out


def year_axis(frame: Frame, paint: Paint) -> str:
    """The base line, with years below it as far as they have room."""
    box = frame.box
    out = line((box.left, box.bottom), (box.right, box.bottom), paint, "ink2", {"stroke-width": 1})
    widest = width(str(frame.last), SMALL) + 12
    for year in year_ticks(frame.first, frame.last, frame.room, widest):
        x = frame.x(year)
        out += line((x, box.bottom), (x, box.bottom + 5), paint, "ink2", {"stroke-width": 1})
        out += words(
            (x, box.bottom + YEARS_BELOW),
            str(year),
            paint,
            size=SMALL,
            colour="ink2",
            anchor="middle",
        )
    return out


def k_row(frame: Frame, rows: Sequence[BandYear], paint: Paint) -> str:
    """The number of data groups below each year, or below those of `k_years`."""
    if not rows:
        return ""
    y = frame.box.bottom + K_BELOW
    out = words((frame.box.left - 8, y), "k", paint, size=SMALL, anchor="end", bold=True)
    shown = set(k_years(frame, rows))
    for row in rows:
        if row.year in shown:
            out += words((frame.x(row.year), y), str(row.k), paint, size=SMALL, anchor="middle")
    return out


def k_years(frame: Frame, rows: Sequence[BandYear]) -> list[int]:
    """The years whose number of data groups has room below the axis."""
    widest = max((width(str(row.k), SMALL) for row in rows), default=0.0) + 6
    return year_ticks(frame.first, frame.last, frame.room, widest)
