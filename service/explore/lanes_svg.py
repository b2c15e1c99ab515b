"""Lanes as SVG: columns of boxes that are links, and a line for each tie."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from service.charts.markup import Attributes, Point, number, tag, tooltip
from service.charts.text import clean
from service.explore.drawing import (
    COLOURS,
    GROUND,
    LINE,
    SOFT,
    aside,
    kind_words,
    link,
    picture,
    shape,
    tie_line,
    words,
)
from service.explore.model import Lane, Lanes, Line, Node, counted

WIDTH = 1280
_HEAD, _FOOT, _BOX, _ROW, _BAR = 34, 8, 38, 48, 5
_NAME, _SUB = 13.5, 12
_MOST_BOX, _LEAST_BOX, _BETWEEN = 290, 170, 110


def lanes_svg(found: Lanes, title: str, more: str) -> str:
    """Return the drawing. `more` is the address where nothing is left out for space."""
    columns = len(found.lanes)
    room = (WIDTH - _BETWEEN * (columns - 1)) / columns
    box = max(_LEAST_BOX, min(_MOST_BOX, room))
    step = (WIDTH - box) / (columns - 1)
    rows = max((len(lane.nodes) + bool(lane.left_out) for lane in found.lanes), default=0)
    height = _HEAD + rows * _ROW + _FOOT
    places = _places(found, step, height)
    about = f"{', '.join(lane.title for lane in found.lanes)}; {len(found.lines)} ties."
    lines = sorted(found.lines, key=found.on_path)  # what is in focus lies above the rest
    content = [
        tag("g", {"class": "lines"}, *(_line(found, one, places, box) for one in lines)),
        *(_lane(found, at, box, places, more) for at in range(len(found.lanes))),
    ]
    return picture("lanes", (WIDTH, height), title, about, *content)


def _places(found: Lanes, step: float, height: float) -> Mapping[tuple[str, str], Point]:
    """The upper left corners, by kind and IRI: each column is spread over the whole height."""
    places: dict[tuple[str, str], Point] = {}
    for at, lane in enumerate(found.lanes):
        number = len(lane.nodes) + bool(lane.left_out)
        # Short columns are spread, but not so far that they fall apart.
        row = min((height - _HEAD - _FOOT) / max(number, 1), _ROW * 2.2)
        top = _HEAD + (height - _HEAD - _FOOT - row * number) / 2
        for place, node in enumerate(lane.nodes):
            places[lane.kind, node.iri] = (at * step, top + row * place + (row - _BOX) / 2)
        if lane.left_out:
            last = top + row * len(lane.nodes) + (row - _BOX) / 2
            places[lane.kind, ""] = (at * step, last)
    return places


def _lane(
    found: Lanes, at: int, box: float, places: Mapping[tuple[str, str], Point], more: str
) -> str:
    lane = found.lanes[at]
    x = at * (WIDTH - box) / (len(found.lanes) - 1)
    colour = COLOURS[lane.kind]
    head = tag(
        "text",
        {
            "class": f"head of-{lane.kind}",
            "x": x + 16,
            "y": 16,
            "font-size": 13,
            "font-weight": "600",
            "fill": colour,
        },
        lane.title,
    )
    boxes = [_box(found, lane, node, places[lane.kind, node.iri], box) for node in lane.nodes]
    if lane.left_out:
        boxes.append(_stub(lane, places[lane.kind, ""], box, more))
    return tag("g", {"class": "lane"}, shape(lane.kind, x, 6.5), head, *boxes)


def _box(found: Lanes, lane: Lane, node: Node, at: Point, box: float) -> str:
    x, y = at
    on_path, current = node.iri in found.path, node.iri == found.focus
    colour = COLOURS[lane.kind]
    told = _told(found, lane, node)
    label = f"{node.label} {told}, {kind_words(lane.kind)}"
    if current:
        label += "; chosen: leads to its page"
    frame: Attributes = {
        "class": "box",
        "x": x + 0.5,
        "y": y + 0.5,
        "width": box - 1,
        "height": _BOX - 1,
        "rx": 3,
        "fill": SOFT if on_path else GROUND,
        "stroke": colour if on_path else LINE,
        "stroke-width": 2 if current else 1,
    }
    bar: Attributes = {
        "class": "bar",
        "x": x,
        "y": y,
        "width": _BAR,
        "height": _BOX,
        "rx": 2,
        "fill": colour,
    }
    room = box - 2 * _BAR - 14
    content = [
        tag("rect", frame),
        tag("rect", bar),
        words(node.label, x + 15, y + 16.5, room, _NAME, name="name", bold=True),
        words(told, x + 15, y + 31.5, room, _SUB, name="sub"),
    ]
    name = f"node of-{lane.kind}{' on' if on_path else ''}{' current' if current else ''}"
    href = node.page if current and node.page else node.href
    return link(href, label, "".join(content), name=name, current=current)


def _stub(lane: Lane, at: Point, box: float, more: str) -> str:
    x, y = at
    about = f"+{counted(lane.left_out, lane.kind)} more"
    text = words(f"+{lane.left_out:,} more", x + 15, y + 24, box - 30, _NAME, name="name")
    frame: Attributes = {
        "class": "box",
        "x": x + 0.5,
        "y": y + 0.5,
        "width": box - 1,
        "height": _BOX - 1,
        "rx": 3,
        "fill": GROUND,
        "stroke": LINE,
        "stroke-dasharray": "3 3",
    }
    return link(more, about, tag("rect", frame) + text, name="node stub")


def _told(found: Lanes, lane: Lane, node: Node) -> str:
    """The second line: how many things of the columns beside it there are."""
    return ", ".join(
        counted(number, kind) if number else f"no {kind_words(kind)} named"
        for kind, number in beside(found, lane, node)
    )


def beside(found: Lanes, lane: Lane, node: Node) -> Iterator[tuple[str, int]]:
    """Return how many things of each column beside it a thing is tied to, in the picture."""
    at = [one.kind for one in found.lanes].index(lane.kind)
    nearby = [found.lanes[place] for place in (at - 1, at + 1) if 0 <= place < len(found.lanes)]
    for other in nearby:
        members = {one.iri for one in other.nodes}
        met = {line.end for line in found.lines if line.start == node.iri and line.end in members}
        met |= {
            line.start for line in found.lines if line.end == node.iri and line.start in members
        }
        yield other.kind, len(met)


def _line(found: Lanes, line: Line, places: Mapping[tuple[str, str], Point], box: float) -> str:
    kinds = [lane.kind for lane in found.lanes]
    ends = [(places.get((k, line.start)), places.get((n, line.end))) for k, n in _pairs(kinds)]
    start, end = next((a, b) for a, b in ends if a is not None and b is not None)
    from_x, from_y, to_x, to_y = start[0] + box, start[1] + _BOX / 2, end[0], end[1] + _BOX / 2
    middle = (from_x + to_x) / 2
    points = [from_x, from_y, middle, from_y, middle, to_y, to_x, to_y]
    a, b, c, d, e, f, g, h = map(number, points)
    data = f"M{a} {b}C{c} {d} {e} {f} {g} {h}"
    on_path = found.on_path(line)
    width = 2.4 if on_path else 1.2
    both = tie_line(data, near=on_path, stated=line.stated, width=width, reach=12)
    name = "line on" if on_path else "line"
    if not line.href:
        return tag("g", {"class": name}, tooltip(clean(line.about)), both)
    return aside(line.href, line.about, both, name=name)


def _pairs(kinds: list[str]) -> Iterator[tuple[str, str]]:
    yield from pairwise(kinds)
