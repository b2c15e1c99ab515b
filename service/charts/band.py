"""The forecast band: nested intervals, the median, and what is extrapolated or borrowed."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from service.charts.frame import Frame, line
from service.charts.markup import Attributes, Point, lines, tag, tooltip
from service.charts.model import LEVELS, Band, BandYear, Extrapolated, Interval
from service.charts.paint import Paint
from service.charts.summary import year_in_words

# What lies between two years is extrapolated as far as the further of them is.
_RANK: dict[Extrapolated, int] = {"none": 0, "some": 1, "all": 2}
DASHES: dict[Extrapolated, Attributes] = {
    "none": {},
    "some": {"stroke-dasharray": "8 3"},
    "all": {"stroke-dasharray": "2 3"},
}
BARE = 1.2
"""How wide a median is that has no interval around it."""
_Bounds = Callable[[BandYear], Interval | None]


def patterns(prefix: str, paint: Paint) -> str:
    """The hatchings, to be defined once in a document."""
    # Thin and wide apart: most years of a forecast are hatched, and the bands are to be seen.
    stroke: Attributes = {**paint(stroke="fan-edge"), "stroke-width": 0.7}
    size: Attributes = {"width": 9, "height": 9, "patternUnits": "userSpaceOnUse"}
    rising = tag("path", {"d": "M-1 10L10 -1M-1 1L1 -1M8 10L10 8", **stroke})
    falling = tag("path", {"d": "M-1 -1L10 10M8 -1L10 1M-1 8L1 10", **stroke})
    dot = tag("circle", {"cx": 4.5, "cy": 4.5, "r": 0.9, **paint(fill="fan-median")})
    return tag(
        "defs",
        {},
        tag("pattern", {"id": f"{prefix}-some", **size}, rising),
        tag("pattern", {"id": f"{prefix}-all", **size}, rising, falling),
        tag("pattern", {"id": f"{prefix}-borrowed", **size}, dot),
    )


def draw_band(band: Band, rows: Sequence[BandYear], frame: Frame, paint: Paint, prefix: str) -> str:
    """The intervals, widest first, the hatchings over them, and the ranges of two values."""
    out = ""
    for level in reversed(LEVELS):
        bounds = _at_level(level, frame)
        for run in _runs(rows, lambda row, get=bounds: get(row) is not None):  # type: ignore[misc]
            out += _area(run, bounds, frame, paint(fill=f"fan-{level}"))
    outer = _outermost(frame)
    for run in _runs(rows, lambda row: outer(row) is not None):
        for (status, _), part in _parts(run):
            if status != "none":
                out += _area(part, outer, frame, paint(fill=f"url(#{prefix}-{status})"))
        if band.borrowed:
            out += _area(run, outer, frame, paint(fill=f"url(#{prefix}-borrowed)"))
        out += _edges(run, outer, frame, paint, dashed=band.borrowed)
    return out + "".join(_whisker(row, frame, paint) for row in rows)


def draw_median(rows: Sequence[BandYear], frame: Frame, paint: Paint) -> str:
    """The median, broken where lines are prolonged, thin without an interval around it.

    A single year is a short stroke.
    """
    out = ""
    outer = _outermost(frame)
    for run in _runs(rows, lambda row: frame.scale.shows(row.median)):
        for (status, bare), part in _parts(run, lambda row: outer(row) is None):
            at = median_points(part, frame)
            if len(at) == 1:
                (x, y), half = at[0], _half_width(frame)
                at = [(x - half, y), (x + half, y)]
            stroke = {
                **paint(stroke="fan-median"),
                "stroke-width": BARE if bare else 2,
                **DASHES[status],
            }
            out += tag("path", {"d": lines(at), **stroke})
    return out


def year_targets(rows: Sequence[BandYear], frame: Frame) -> str:
    """Invisible columns that tell the numbers of their year to a pointer."""
    out = ""
    for row in rows:
        left = max(frame.box.left, frame.x(row.year) - frame.step / 2)
        right = min(frame.box.right, frame.x(row.year) + frame.step / 2)
        area: Attributes = {
            "x": left,
            "y": frame.box.top,
            "width": right - left,
            "height": frame.box.bottom - frame.box.top,
            "fill": "none",
            "pointer-events": "all",
        }
        out += tag("rect", area, tooltip(year_in_words(row)))
    return out


def shown_interval(row: BandYear, level: int, frame: Frame) -> Interval | None:
    """The bounds at a level, if the axis has a place for both."""
    bounds = row.interval(level)
    return bounds if bounds and all(map(frame.scale.shows, bounds)) else None


def shown_spread(row: BandYear, frame: Frame) -> Interval | None:
    """The range of two values, where it stands instead of an interval."""
    if not row.spread or _outermost(frame)(row):
        return None
    return row.spread if all(map(frame.scale.shows, row.spread)) else None


def median_points(rows: Sequence[BandYear], frame: Frame) -> list[Point]:
    """The places of the medians that are shown."""
    return frame.at([(row.year, row.median) for row in rows if row.median is not None])


def _at_level(level: int, frame: Frame) -> _Bounds:
    return lambda row: shown_interval(row, level, frame)


def _outermost(frame: Frame) -> _Bounds:
    def widest(row: BandYear) -> Interval | None:
        levels = (shown_interval(row, level, frame) for level in reversed(LEVELS))
        return next((bounds for bounds in levels if bounds), None)

    return widest


def _runs(rows: Sequence[BandYear], shown: Callable[[BandYear], bool]) -> Iterator[list[BandYear]]:
    """Years that follow each other without a gap: nothing is drawn across one."""
    run: list[BandYear] = []
    for row in rows:
        if run and (not shown(row) or row.year != run[-1].year + 1):
            yield run
            run = []
        if shown(row):
            run.append(row)
    if run:
        yield run


def _parts(
    run: Sequence[BandYear], bare: Callable[[BandYear], bool] = lambda _: False
) -> Iterator[tuple[tuple[Extrapolated, bool], list[BandYear]]]:
    """A run in parts of one status each; neighbours share the year between them."""
    if len(run) == 1:
        yield (run[0].extrapolated, bare(run[0])), list(run)
        return
    part: list[BandYear] = []
    status: tuple[Extrapolated, bool] = ("none", False)
    for left, right in pairwise(run):
        further = max(left.extrapolated, right.extrapolated, key=_RANK.__getitem__)
        here = (further, bare(left) or bare(right))
        if part and here != status:
            yield status, part
            part = []
        status = here
        part = [*part, right] if part else [left, right]
    yield status, part


def _half_width(frame: Frame) -> float:
    return min(6.0, frame.step * 0.35)


def _area(run: Sequence[BandYear], bounds: _Bounds, frame: Frame, fill: Attributes) -> str:
    lower, upper = _sides(run, bounds, frame)
    return tag("path", {"d": lines([*upper, *reversed(lower)], closed=True), **fill})


def _edges(
    run: Sequence[BandYear], bounds: _Bounds, frame: Frame, paint: Paint, *, dashed: bool
) -> str:
    stroke: Attributes = {**paint(stroke="fan-edge"), "stroke-width": 1}
    if dashed:
        stroke = {**stroke, "stroke-dasharray": "4 3"}
    sides = _sides(run, bounds, frame)
    return "".join(tag("path", {"d": lines(side), **stroke}) for side in sides)


def _sides(
    run: Sequence[BandYear], bounds: _Bounds, frame: Frame
) -> tuple[list[Point], list[Point]]:
    """The lower and the upper side of an area; that of a single year is a narrow column."""
    lower, upper = [], []
    half = _half_width(frame) if len(run) == 1 else 0.0
    for row in run:
        pair = bounds(row)
        assert pair is not None  # the run has no year without
        for x in (frame.x(row.year) - half, frame.x(row.year) + half)[: 2 if half else 1]:
            lower.append((x, frame.y(pair[0])))
            upper.append((x, frame.y(pair[1])))
    return lower, upper


def _whisker(row: BandYear, frame: Frame, paint: Paint) -> str:
    spread = shown_spread(row, frame)
    if not spread:
        return ""
    x, low, high = frame.x(row.year), frame.y(spread[0]), frame.y(spread[1])
    half = min(4.0, frame.step * 0.35)
    stroke: Attributes = {"stroke-width": 1.2}
    out = line((x, low), (x, high), paint, "fan-edge", stroke)
    for y in (low, high):
        out += line((x - half, y), (x + half, y), paint, "fan-edge", stroke)
    return out
