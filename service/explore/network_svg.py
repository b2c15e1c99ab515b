"""A network as SVG: boxes with their names that are links, and a line for what ties two of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.charts.markup import Attributes, number, tag, tooltip
from service.charts.text import clean
from service.explore.drawing import (
    ACCENT,
    COLOURS,
    GROUND,
    LINE,
    SOFT,
    aside,
    link,
    picture,
    room_of,
    shape,
    tie_line,
    words,
)
from service.explore.layout import EDGE, Place, laid_out
from service.explore.model import Line, Network, Placed

_TEXT, _MOST, _HIGH = 12.5, 180, 28
_MARK, _BOLD = 26, 1.13
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A thing at its place: the middle of its box, and the size of that."""

    placed: Placed
    at: Place
    size: Size
    count: str = ""

    @property
    def left(self) -> float:
        """The left side."""
        return self.at[0] - self.size[0] / 2

    @property
    def top(self) -> float:
        """The upper side."""
        return self.at[1] - self.size[1] / 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A network with places: the boxes, and how large the picture is."""

    boxes: Sequence[Box]
    size: Size
    markup: str


def drawn(found: Network, title: str) -> Drawn:
    """Return the network as a drawing, and where everything is in it."""
    boxes, size = _boxes(found)
    at = {box.placed.node.iri: box for box in boxes}
    lines = found.lines
    about = f"{len(boxes)} things, {len(lines)} lines between them."
    if found.left_out:
        about += f" {found.left_out:,} more are not drawn."
    content = [
        tag(
            "g",
            {"class": "lines"},
            *(_line(found, one, at[one.start], at[one.end]) for one in lines),
        ),
        *(_box(found, box) for box in boxes),
    ]
    return Drawn(boxes, size, picture("network", size, title, about, *content))


def _boxes(found: Network) -> tuple[list[Box], Size]:
    counts = [_count(one) for one in found.nodes]
    sizes = [
        (_even(_MARK + _room(found, one) + 10 + _extra(count)), _HIGH)
        for one, count in zip(found.nodes, counts, strict=True)
    ]
    numbers = {one.node.iri: place for place, one in enumerate(found.nodes)}
    edges = sorted({(numbers[one.start], numbers[one.end]) for one in found.lines})
    pinned = {numbers[p.node.iri]: p.pinned for p in found.nodes if p.pinned is not None}
    places = laid_out(sizes, edges, pinned, numbers.get(found.focus))
    if not places:
        return [], (200, 100)
    boxes = [
        Box(one, places[place], sizes[place], counts[place])
        for place, one in enumerate(found.nodes)
    ]
    wide = max(box.at[0] + box.size[0] // 2 for box in boxes) + EDGE
    high = max(box.at[1] + box.size[1] // 2 for box in boxes) + EDGE
    return boxes, (wide, high)


def _room(found: Network, one: Placed) -> float:
    room = room_of(one.node.label, _TEXT, _MOST)
    return room * _BOLD if one.node.iri == found.focus else room


def _count(one: Placed) -> str:
    if one.hub:
        return f"{one.more:,} ties"
    return f"+{one.more:,}" if one.more else ""


def _extra(count: str) -> float:
    return room_of(count, _TEXT, _MOST) + 14 if count else 0


def _even(width: float) -> int:
    return 2 * round(width / 2)


def _line(found: Network, line: Line, start: Box, end: Box) -> str:
    near = found.focus in (line.start, line.end)
    ends = [*start.at, *end.at]
    a, b, c, d = map(number, ends)
    data = f"M{a} {b}L{c} {d}"
    width = 1.8 if near else 1.1
    both = tie_line(data, near=near, stated=line.stated, width=width, reach=10)
    name = "line on" if near else "line"
    if not line.href:
        return tag("g", {"class": name}, tooltip(clean(line.about)), both)
    middle = ((start.at[0] + end.at[0]) / 2 - 3.5, (start.at[1] + end.at[1]) / 2 - 3.5)
    mark = shape("derived", *middle, 7, colour=ACCENT if near else LINE)
    return aside(line.href, line.about, both + mark, name=f"{name} derived-tie")


def _box(found: Network, box: Box) -> str:
    placed, node = box.placed, box.placed.node
    current = node.iri == found.focus
    wide, high = box.size
    extra = _extra(box.count)
    frame: Attributes = {
        "class": "box",
        "x": box.left + 0.5,
        "y": box.top + 0.5,
        "width": wide - 1,
        "height": high - 1,
        "rx": 3,
        "fill": SOFT if current else GROUND,
        "stroke": COLOURS.get(node.kind, LINE),
        "stroke-width": 2 if current else 1,
    }
    label = f"{node.label}, {node.what}"
    if placed.hub:
        label += f", {box.count}: too many to follow"
    if current:
        label += "; in focus: leads to its page"
    room = wide - _MARK - 8 - extra
    inner = (
        tag("rect", frame)
        + shape(node.kind, box.left + 9, box.at[1] - 5)
        + words(
            node.label, box.left + _MARK, box.at[1] + 4.5, room, _TEXT, name="name", bold=current
        )
    )
    place = wide - extra + 4 + box.left
    count = words(box.count, place, box.at[1] + 4.5, extra, _TEXT, name="sub") if box.count else ""
    if count and not placed.unfold:
        inner, count = inner + count, ""
    name = f"node of-{node.kind}{' current on' if current else ''}"
    main = link(node.page if current else node.href, label, inner, name=name, current=current)
    if not count:
        return main
    # A target of its own, as high as the box: the count unfolds what it counts.
    area: Attributes = {
        "class": "more",
        "x": place - 6,
        "y": box.top + 2,
        "width": extra,
        "height": high - 4,
        "fill": GROUND,
    }
    said = f"{placed.more:,} more beside {node.label}: unfold"
    return main + link(placed.unfold, said, tag("rect", area) + count, name="unfold")
