"""A result as a network: things in lanes by where links begin and end, drawn without a layout.

What only has links that leave stands at the left, what they only lead to at the right, and what
has both between them. So nothing overlaps, every name can be read, and the picture of one result
is always the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from service.charts.markup import escaped, number, tag, tooltip
from service.charts.text import width
from service.pages.query.columns import Columns, Told
from service.results import Term

MOST_LINKS, MOST_IN_LANE = 400, 60
_ROW, _TOP, _MARK = 24, 16, 4
_SIZE, _LONGEST = 13.0, 210.0
_LANE, _GAP = 240, 120
_PASSES = 4


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """What links lead from and to. Two things may be called the same: `id` tells them apart."""

    text: str
    id: str
    href: str | None = field(compare=False, default=None)


@dataclass(frozen=True, slots=True)
class Link:
    """A link from one thing to another; `text` is what it says, empty where nothing is said."""

    start: Thing
    end: Thing
    text: str = ""


@dataclass(frozen=True, slots=True)
class Network:
    """`links` are for the table below the picture, in the order of the result."""

    picture: Markup
    links: tuple[Link, ...]
    things: int
    cut: str


_Places = dict[Thing, tuple[float, float, int]]


@dataclass(slots=True)
class _Lanes:
    links: Sequence[Link]
    lanes: list[list[Thing]] = field(default_factory=list)
    left_out: int = 0

    def __post_init__(self) -> None:
        starts, ends = {x.start for x in self.links}, {x.end for x in self.links}
        groups = (starts - ends, starts & ends, ends - starts)
        degree: defaultdict[Thing, int] = defaultdict(int)
        for link in self.links:
            degree[link.start] += 1
            degree[link.end] += 1
        for group in filter(None, groups):
            best = sorted(group, key=lambda thing: (-degree[thing], thing))
            self.left_out += max(0, len(best) - MOST_IN_LANE)
            self.lanes.append(sorted(best[:MOST_IN_LANE]))
        self._untangle()

    def _untangle(self) -> None:
        """Order each lane by where its neighbours are, a few times; ties stay by name."""
        near: defaultdict[Thing, list[Thing]] = defaultdict(list)
        for link in self.links:
            near[link.start].append(link.end)
            near[link.end].append(link.start)
        for turn in range(_PASSES):
            for lane in self.lanes if turn % 2 else reversed(self.lanes):
                place = {one: at / len(own) for own in self.lanes for at, one in enumerate(own)}
                own = set(lane)
                middles = {}
                for thing in lane:
                    found = [place[n] for n in near[thing] if n in place and n not in own]
                    middles[thing] = sum(found) / len(found) if found else place[thing]
                lane.sort(key=lambda thing: (middles[thing], thing))


def network_of(told: Told, chosen: Columns | None) -> Network | None:
    """Return the network of two columns, or of the triples of a graph (`chosen` None).

    None where nothing leads from one thing to another.
    """
    links = list(dict.fromkeys(_links(told, chosen)))
    if not links:
        return None
    drawn = links[:MOST_LINKS]
    lanes = _Lanes(drawn)
    things = {thing for link in links for thing in (link.start, link.end)}
    said = []
    if len(links) > MOST_LINKS:
        said.append(f"the first {MOST_LINKS:,} of {len(links):,} links")
    if lanes.left_out:
        said.append(
            f"the {MOST_IN_LANE} best linked things of a lane, {lanes.left_out:,} more are left out"
        )
    return Network(Markup(_draw(lanes)), tuple(drawn), len(things), " and ".join(said))  # noqa: S704 - escaped


def _links(told: Told, chosen: Columns | None) -> list[Link]:
    found = []
    for row in told.rows.rows:
        if chosen is None:
            start, said, end = row
            if _is_thing(start) and _is_thing(end):
                found.append(Link(_thing(told, start), _thing(told, end), told.text(said)))
        elif chosen.second is not None:
            start, end = row[chosen.first], row[chosen.second]
            if start is not None and end is not None:
                found.append(Link(_thing(told, start), _thing(told, end)))
    return found


def _is_thing(term: Term | None) -> bool:
    return term is not None and term.kind in ("iri", "blank")


def _thing(told: Told, term: Term | None) -> Thing:
    return Thing(told.text(term), repr(term), told.href(term))


def _draw(lanes: _Lanes) -> str:
    number_of = len(lanes.lanes)
    tallest = max(len(lane) for lane in lanes.lanes)
    wide, high = number_of * _LANE + (number_of - 1) * _GAP, tallest * _ROW + 2 * _TOP
    places: _Places = {}
    for at, lane in enumerate(lanes.lanes):
        step = tallest * _ROW / len(lane)  # spread out, so that links lead across
        for row, thing in enumerate(lane):
            places[thing] = (at * (_LANE + _GAP), _TOP + (row + 0.5) * step, at)
    lines = "".join(
        _line(link, places) for link in lanes.links if {link.start, link.end} <= places.keys()
    )
    names = "".join(_name(thing.text, *place, number_of) for thing, place in places.items())
    about = f"{len(places):,} things and {len(lanes.links):,} links, also in the table below."
    return tag(
        "svg",
        {
            "class": "lanes",
            "viewBox": f"0 0 {number(wide)} {number(high)}",
            "width": number(wide),
            "height": number(high),
            "role": "img",
            "aria-labelledby": "picture-title picture-about",
        },
        tag("title", {"id": "picture-title"}, "Network of the result"),
        tag("desc", {"id": "picture-about"}, escaped(about)),
        tag("g", {"class": "links"}, lines),
        tag("g", {"class": "things"}, names),
    )


def _line(link: Link, places: _Places) -> str:
    x1, y1, from_lane = places[link.start]
    x2, y2, to_lane = places[link.end]
    told = tooltip(" → ".join(filter(None, (link.start.text, link.text, link.end.text))))
    start, end = x1 + _LANE, x2
    if from_lane == to_lane:  # back into the same lane, around its right edge
        end = x2 + _LANE
        bend = min(_GAP * 0.8, 24 + abs(y2 - y1) / 3)
        controls = (start + bend, y1, end + bend, y2)
    else:
        bend = (end - start) / 2
        controls = (start + bend, y1, end - bend, y2)
    curve = " ".join(map(number, (*controls, end, y2)))
    return tag("path", {"d": f"M{number(start)} {number(y1)}C{curve}"}, told)


def _name(name: str, x: float, y: float, lane: int, lanes: int) -> str:
    shown = fitted(name, _LONGEST)
    whole = tooltip(name) if shown != name else ""
    last = lane == lanes - 1 and lanes > 1
    # Names stand at the side where links leave or arrive, with the mark between.
    anchor, at, mark = (
        ("start", x + 12, x + _MARK) if last else ("end", x + _LANE - 12, x + _LANE - _MARK)
    )
    circle = tag("circle", {"cx": mark, "cy": y, "r": _MARK})
    text = tag("text", {"x": at, "y": y + 4, "text-anchor": anchor}, escaped(shown))
    return tag("g", {}, whole, circle, text)


def fitted(text: str, room: float) -> str:
    """Return a text cut to a width in a picture, with an ellipsis where it is."""
    if len(text) <= 200 and width(text, _SIZE) <= room:
        return text
    text = text[:200]
    while text and width(f"{text}…", _SIZE) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
