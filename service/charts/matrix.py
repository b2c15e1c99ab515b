"""A matrix as a picture: rows by columns, a level and marks in each cell, with its key.

Columns that have no room beside each other go on in a block below, so that the same picture is made
for a page and for a phone. Colours follow the reader, as in `service.charts.paint`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.charts.markup import Attributes, Point, escaped, number, tag, tooltip
from service.charts.text import clean, cut, wrap

_LIGHT = {
    "bg": "#fff",
    "ink": "#12212b",
    "ink2": "#4d5f6c",
    "line": "#b3c0c8",
    "edge": "#4d5f6c",
    "level-0": "#f4f7f8",
    "level-1": "#c9e3e0",
    "level-2": "#7dbab5",
    "level-3": "#2a8a87",
    "on-0": "#12212b",
    "on-1": "#12212b",
    "on-2": "#12212b",
    "on-3": "#000",
}
_DARK = {
    "bg": "#0f171c",
    "ink": "#e6edf1",
    "ink2": "#9db0bc",
    "line": "#435763",
    "edge": "#9db0bc",
    "level-0": "#172229",
    "level-1": "#1d4148",
    "level-2": "#2a6c70",
    "level-3": "#4fb3b0",
    "on-0": "#e6edf1",
    "on-1": "#e6edf1",
    "on-2": "#fff",
    "on-3": "#06222a",
}
#: The shapes of marks, in a square of 10; those of the pages.
SHAPES = {
    "event": ("M5 0.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9zM5 3a2 2 0 1 0 0 4a2 2 0 1 0 0-4z"),
    "activity": "M5 0l5 5l-5 5l-5-5z",
    "presence": "M0 1.5h10l-5 8z",
    "statement": "M3.7 0.5h2.6v3.2h3.2v2.6h-3.2v3.2h-2.6v-3.2h-3.2v-2.6h3.2z",
}
_PAD, _ROW, _GAP, _MARK = 16.0, 30.0, 2.0, 8.0
_TITLE, _SMALL = 18.0, 12.0
_NARROW = 600  # below, columns are slim and their heads stand upright
_FONT = "'IBM Plex Sans', system-ui, 'Segoe UI', Roboto, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A cell; without a number nothing stands in it. `stated` False gives it a dashed edge."""

    number: int = 0
    level: int = 0
    marks: Sequence[str] = ()
    stated: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a matrix shows. `rows` are labels with their cells and totals; `totals` of columns.

    `about` tells the whole in a sentence or two, `key` is of levels and marks (a name of a level
    or a shape, and a text), `footnote` stands below.
    """

    title: str
    about: str
    rows_are: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[PictureCell], int]]
    totals: Sequence[int]
    key: Sequence[tuple[str, str]]
    footnote: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """Widths in pixels: of the whole, the labels of rows, and a column; `upright` heads."""

    width: float
    labels: float
    column: float
    heads: float
    upright: bool
    blocks: Sequence[range]

    def x(self, at: int) -> float:
        return _PAD + self.labels + at * self.column


def matrix_chart(picture: Picture, width: int = 1160) -> str:
    """Return the picture as SVG that stands alone."""
    layout = _layout(picture, width)
    parts: list[str] = []
    y = _PAD
    for line in wrap(picture.title, width - 2 * _PAD, _TITLE, most=3, bold=True):
        y += _TITLE + 2
        parts.append(_text((_PAD, y), line, size=_TITLE, weight="600"))
    y += 12
    for block in layout.blocks:
        y = _block(parts, picture, layout, block, y)
    y = _key(parts, picture, layout, y)
    for line in wrap(picture.footnote, width - 2 * _PAD, _SMALL):
        y += _SMALL + 4
        parts.append(_text((_PAD, y), line, colour="ink2"))
    height = y + _PAD
    named = {"aria-labelledby": "matrix-title matrix-desc", "role": "img", "id": "matrix"}
    size: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        **named,
        "width": float(width),
        "height": height,
        "viewBox": f"0 0 {width} {number(height)}",
        "font-family": _FONT,
        "font-size": _SMALL,
    }
    return tag(
        "svg",
        size,
        tag("title", {"id": "matrix-title"}, escaped(picture.title)),
        tag("desc", {"id": "matrix-desc"}, escaped(picture.about)),
        tag("style", {}, _style()),
        tag("rect", {"width": float(width), "height": height, **_fill("bg")}),
        *parts,
    )


def _layout(picture: Picture, width: int) -> _Layout:
    upright = width < _NARROW
    labels, least, most = (128.0, 30.0, 40.0) if upright else (230.0, 58.0, 84.0)
    room = width - 2 * _PAD - labels
    count = len(picture.columns) + 1  # and the total
    fitting = max(1, int(room // least))
    blocks = -(-count // fitting)
    per_block = -(-count // blocks)
    ranges = [range(at, min(at + per_block, count)) for at in range(0, count, per_block)]
    column = min(most, room / per_block)
    return _Layout(width, labels, column, 112.0 if upright else 46.0, upright, ranges)


def _block(parts: list[str], picture: Picture, layout: _Layout, block: range, y: float) -> float:
    """Draw some of the columns; return where the next thing may begin."""
    last = len(picture.columns)
    bottom = y + layout.heads
    parts.append(_text((_PAD, bottom - 6), picture.rows_are, colour="ink2"))
    for at, column in enumerate(block):
        title = picture.columns[column] if column < last else "Places"
        parts.extend(_head(layout, at, title, bottom))
    y = bottom
    for label, cells, total in picture.rows:
        middle = y + _ROW / 2 + 4
        short = cut(clean(label), layout.labels - 10, _SMALL)
        parts.append(_text((_PAD, middle), short, full=clean(label)))
        for at, column in enumerate(block):
            if column < last:
                parts.append(_cell(layout, at, y, cells[column]))
            else:
                parts.append(_total(layout, at, middle, total))
        y += _ROW
    middle = y + _ROW / 2 + 4
    parts.append(_text((_PAD, middle), "Players", colour="ink2"))
    for at, column in enumerate(block):
        if column < len(picture.totals):
            parts.append(_total(layout, at, middle, picture.totals[column]))
    return y + _ROW + 8


def _head(layout: _Layout, at: int, title: str, bottom: float) -> Iterator[str]:
    middle = layout.x(at) + layout.column / 2
    if layout.upright:
        short = cut(clean(title), layout.heads - 12, _SMALL)
        turned: Attributes = {"transform": f"rotate(-90 {number(middle + 4)} {number(bottom - 6)})"}
        yield _text((middle + 4, bottom - 6), short, full=clean(title), more=turned)
        return
    lines = wrap(title, layout.column, _SMALL, most=3)
    for index, line in enumerate(lines):
        y = bottom - 6 - (len(lines) - 1 - index) * 14
        yield _text((middle, y), line, full=clean(title), more={"text-anchor": "middle"})


def _cell(layout: _Layout, at: int, y: float, cell: PictureCell) -> str:
    x, width = layout.x(at) + _GAP / 2, layout.column - _GAP
    box: dict[str, str | float] = {
        "x": x,
        "y": y + _GAP / 2,
        "width": width,
        "height": _ROW - _GAP,
        "rx": 3.0,
        **_fill(f"level-{cell.level}"),
    }
    if not cell.number:
        return tag("rect", box)
    if not cell.stated:
        box |= {"stroke": _LIGHT["edge"], "stroke-dasharray": "3 2", "stroke-width": 1.5}
        box["class"] = f"f-level-{cell.level} s-edge"
    on = f"on-{cell.level}"
    text = str(cell.number)
    if layout.upright:
        inside = _marks(x + (width - _wide(cell)) / 2, y + 16, cell.marks, on)
        at_: Point = (x + width / 2, y + 13)
    else:
        left = x + (width - 11 * len(text) - _wide(cell)) / 2
        inside = _marks(left + 8 * len(text) + 5, y + (_ROW - _MARK) / 2, cell.marks, on)
        at_ = (left + 4 * len(text), y + _ROW / 2 + 4)
    told = _text(at_, text, colour=on, more={"text-anchor": "middle"})
    return tag("g", {}, tooltip(cell.label), tag("rect", box), told, inside)


def _wide(cell: PictureCell) -> float:
    return len(cell.marks) * (_MARK + 2) - 2 if cell.marks else 0.0


def _marks(x: float, y: float, names: Sequence[str], colour: str) -> str:
    return "".join(
        _mark(x + index * (_MARK + 2), y, name, colour) for index, name in enumerate(names)
    )


def _mark(x: float, y: float, name: str, colour: str) -> str:
    place = f"translate({number(x)} {number(y)}) scale({number(_MARK / 10)})"
    shape: Attributes = {"d": SHAPES[name], "fill-rule": "evenodd", "transform": place}
    return tag("path", {**shape, **_fill(colour)})


def _total(layout: _Layout, at: int, y: float, value: int) -> str:
    x = layout.x(at) + layout.column / 2
    return _text((x, y), f"{value:,}", colour="ink2", more={"text-anchor": "middle"})


def _key(parts: list[str], picture: Picture, layout: _Layout, y: float) -> float:
    """Draw a line for each thing that the picture means something by."""
    room = layout.width - 2 * _PAD - 34
    y += 6
    for name, text in picture.key:
        if name in SHAPES:
            parts.append(_mark(_PAD + 7, y + 3, name, "ink2"))
        else:
            level, _, dashed = name.partition(" ")
            swatch: dict[str, str | float] = {
                "x": _PAD,
                "y": y,
                "width": 22.0,
                "height": 14.0,
                "rx": 2.0,
                **_fill(level, "edge" if dashed else "line"),
            }
            parts.append(tag("rect", swatch | ({"stroke-dasharray": "3 2"} if dashed else {})))
        for line in wrap(text, room, _SMALL, most=3):
            parts.append(_text((_PAD + 32, y + 11), line, colour="ink2"))
            y += 16
        y += 4
    return y


def _fill(token: str, stroke: str = "") -> dict[str, str | float]:
    if not stroke:
        return {"class": f"f-{token}", "fill": _LIGHT[token]}
    classes = f"f-{token} s-{stroke}"
    return {"class": classes, "fill": _LIGHT[token], "stroke": _LIGHT[stroke]}


def _text(
    at: Point,
    text: str,
    *,
    colour: str = "ink",
    size: float = _SMALL,
    weight: str = "",
    full: str = "",
    more: Attributes | None = None,
) -> str:
    attributes: dict[str, str | float] = {"x": at[0], "y": at[1], **_fill(colour), **(more or {})}
    if size != _SMALL:
        attributes["font-size"] = size
    if weight:
        attributes["font-weight"] = weight
    return tag("text", attributes, tooltip(full if full != text else ""), escaped(text))


def _style() -> str:
    def rules(colours: dict[str, str]) -> str:
        return "".join(
            f"#matrix .f-{name}{{fill:{colour}}}#matrix .s-{name}{{stroke:{colour}}}"
            for name, colour in colours.items()
        )

    printed = "#matrix rect{print-color-adjust:exact}"
    return (
        f"{rules(_LIGHT)}@media screen and (prefers-color-scheme:dark){{{rules(_DARK)}}}{printed}"
    )
