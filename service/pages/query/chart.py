"""A result as a chart: bars for names, lines and marks for years. One row is one bar or mark.

Nothing is added up: where a name comes twice, it has two bars.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from service.charts.markup import escaped, lines, number, tag, tooltip
from service.charts.scale import Scale, is_shown, make_scale, year_ticks
from service.charts.shapes import SHAPES
from service.pages.query.columns import Columns, Told, time_of
from service.pages.query.network import fitted
from service.results import Term

MOST_BARS, MOST_SERIES = 60, 6
_WIDE, _NAMES, _VALUES, _BAR = 760, 250, 90, 26
_HIGH, _LEFT, _RIGHT, _TOP, _BOTTOM = 360, 70, 190, 16, 34
_MARK = 4.5


@dataclass(frozen=True, slots=True)
class Point:
    """One bar or mark: what it is of, its height as a number and as the result has it.

    `href` is where what it is of leads.
    """

    name: str
    height: float
    text: str
    series: str = ""
    along: float = 0.0
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`columns` and `points` are for the table below; `left_out` says what is not drawn."""

    picture: Markup
    columns: tuple[str, ...]
    points: tuple[Point, ...]
    title: str
    left_out: str


def chart_of(told: Told, chosen: Columns) -> Chart | None:
    """Return the chart; None where no row has what it takes."""
    timed = bool(told.timed) and told.timed[chosen.first]
    points, skipped = _points(told, chosen, timed=timed)
    if not points:
        return None
    first = told.rows.columns[chosen.first]
    value = "rows" if chosen.value is None else told.rows.columns[chosen.value]
    said = [f"{skipped:,} rows without a number or a date"] if skipped else []
    names = [told.rows.columns[chosen.second]] if chosen.second is not None else []
    if timed:
        common = [name for name, _ in Counter(p.series for p in points).most_common()]
        kept = set(common[:MOST_SERIES])
        if len(common) > MOST_SERIES:
            said.append(f"all but {MOST_SERIES} of {len(common):,} series")
        drawn = [point for point in points if point.series in kept]
        picture = _lines_of(drawn, value)
    else:
        drawn = points[:MOST_BARS]
        if len(points) > MOST_BARS:
            said.append(f"all but the first {MOST_BARS} of {len(points):,} bars")
        picture = _bars_of(drawn, value)
    title = f"{value} by {first}{f' and {names[0]}' if names else ''}"
    columns = (first, *names, value)
    return Chart(Markup(picture), columns, tuple(points), title, " and ".join(said))  # noqa: S704 - escaped


def _points(told: Told, chosen: Columns, *, timed: bool) -> tuple[list[Point], int]:
    rows = told.rows.rows
    if chosen.value is None:
        counted = Counter((row[chosen.first], _series(told, row, chosen)) for row in rows)
        found = [
            _point(told, term, series, float(n), f"{n:,}", timed=timed)
            for (term, series), n in counted.items()
        ]
    else:
        found = []
        for row in rows:
            height = _height(row[chosen.value])
            if height is None:
                found.append(None)
                continue
            text = told.text(row[chosen.value])
            series = _series(told, row, chosen)
            found.append(_point(told, row[chosen.first], series, height, text, timed=timed))
    points = [point for point in found if point is not None]
    return points, len(found) - len(points)


def _point(
    told: Told, term: Term | None, series: str, height: float, text: str, *, timed: bool
) -> Point | None:
    along = time_of(term) if timed and term is not None else 0.0
    if along is None or (timed and term is None):
        return None
    return Point(told.text(term), height, text, series, along, told.href(term))


def _series(told: Told, row: Sequence[Term | None], chosen: Columns) -> str:
    return "" if chosen.second is None else told.text(row[chosen.second])


def _height(term: Term | None) -> float | None:
    try:
        height = float(term.value) if term else None
    except ValueError:
        return None
    return height if height is not None and is_shown(height) else None


def _bars_of(points: Sequence[Point], value: str) -> str:
    scale = make_scale([point.height for point in points], "linear", 5)
    high = len(points) * _BAR + 40
    room = _WIDE - _NAMES - _VALUES

    def across(height: float) -> float:
        return _NAMES + room * scale.height(height)

    parts = [
        _grid(across(tick), label, high)
        for tick, label in zip(scale.ticks, scale.labels(), strict=True)
    ]
    for at, point in enumerate(points):
        y = at * _BAR + 4
        start, end = sorted((across(0), across(point.height)))
        name = f"{point.name} · {point.series}" if point.series else point.name
        shape = {"x": start, "y": y + 3, "width": max(end - start, 1), "height": _BAR - 10}
        parts.append(
            tag(
                "g",
                {},
                tooltip(f"{name}: {point.text}"),
                tag(
                    "text",
                    {"x": _NAMES - 8, "y": y + 14, "text-anchor": "end"},
                    escaped(fitted(name, _NAMES - 24)),
                ),
                tag("rect", {"class": "bar", **shape}),
                tag(
                    "text",
                    {"class": "value", "x": end + 6, "y": y + 14},
                    escaped(fitted(point.text, _VALUES)),
                ),
            )
        )
    return _svg(
        _WIDE, high, f"Bars: {value}", f"{len(points)} bars, also in the table below.", parts
    )


def _grid(x: float, label: str, high: float) -> str:
    line = tag("path", {"class": "grid", "d": lines([(x, 2), (x, high - 30)])})
    return line + tag(
        "text", {"class": "tick", "x": x, "y": high - 14, "text-anchor": "middle"}, escaped(label)
    )


def _lines_of(points: Sequence[Point], value: str) -> str:
    scale = make_scale([point.height for point in points], "linear", 6)
    first, last = min(p.along for p in points), max(p.along for p in points)
    span = (last - first) or 1.0
    room = _WIDE - _LEFT - _RIGHT

    def place(point: Point) -> tuple[float, float]:
        x = _LEFT + room * ((point.along - first) / span if last > first else 0.5)
        return x, _TOP + (_HIGH - _TOP - _BOTTOM) * (1 - scale.height(point.height))

    parts = [
        _level(scale, tick, label) for tick, label in zip(scale.ticks, scale.labels(), strict=True)
    ]
    for year in year_ticks(int(first), int(last), room, 44):
        if year < first:
            continue
        x = _LEFT + room * ((year - first) / span if last > first else 0.5)
        parts.append(
            tag(
                "text",
                {"class": "tick", "x": x, "y": _HIGH - 10, "text-anchor": "middle"},
                str(year),
            )
        )
    series: dict[str, list[Point]] = {}
    for point in points:
        series.setdefault(point.series, []).append(point)
    ends: list[tuple[float, float, str, int]] = []
    for index, name in enumerate(sorted(series)):
        own = sorted(series[name], key=lambda point: point.along)
        parts.append(_one_line(own, index, [place(point) for point in own]))
        x, y = place(own[-1])
        ends.append((x, y, name, index))
    parts += _end_names(ends)
    about = f"{len(points)} marks in {len(series)} series, also in the table below."
    return _svg(_WIDE, _HIGH, f"Over time: {value}", about, parts)


def _level(scale: Scale, tick: float, label: str) -> str:
    y = _TOP + (_HIGH - _TOP - _BOTTOM) * (1 - scale.height(tick))
    line = tag("path", {"class": "grid", "d": lines([(_LEFT - 8, y), (_WIDE - _RIGHT + 8, y)])})
    return line + tag(
        "text", {"class": "tick", "x": _LEFT - 14, "y": y + 4, "text-anchor": "end"}, escaped(label)
    )


def _one_line(own: Sequence[Point], index: int, places: Sequence[tuple[float, float]]) -> str:
    parts = []
    # Several values for one time: a line through them would say something that nobody says.
    if len({point.along for point in own}) == len(own) > 1:
        parts.append(tag("path", {"class": "line", "d": lines(places)}))
    shape = list(SHAPES.values())[index]
    for point, (x, y) in zip(own, places, strict=True):
        told = tooltip(": ".join(filter(None, (point.series, point.name, point.text))))
        if shape:
            corners = [(x + _MARK * dx, y + _MARK * dy) for dx, dy in shape]
            parts.append(tag("path", {"class": "dot", "d": lines(corners, closed=True)}, told))
        else:
            parts.append(tag("circle", {"class": "dot", "cx": x, "cy": y, "r": _MARK}, told))
    return tag("g", {"class": f"series-{index}"}, *parts)


def _end_names(ends: list[tuple[float, float, str, int]]) -> list[str]:
    """The names of series at the ends of their lines, moved apart where they would touch."""
    out, lowest = [], 0.0
    for _, y, name, index in sorted(ends, key=lambda end: (end[1], end[2])):
        if not name:
            continue
        lowest = max(y, lowest + 17)
        x = _WIDE - _RIGHT + 16
        out.append(
            tag(
                "g",
                {"class": f"series-{index}"},
                tooltip(name),
                tag("text", {"x": x, "y": lowest + 4}, escaped(fitted(name, _RIGHT - 24))),
            )
        )
    return out


def _svg(wide: float, high: float, title: str, about: str, parts: Sequence[str]) -> str:
    return tag(
        "svg",
        {
            "class": "plot",
            "viewBox": f"0 0 {number(wide)} {number(high)}",
            "width": number(wide),
            "height": number(high),
            "role": "img",
            "aria-labelledby": "picture-title picture-about",
        },
        tag("title", {"id": "picture-title"}, escaped(title)),
        tag("desc", {"id": "picture-about"}, escaped(about)),
        *parts,
    )
