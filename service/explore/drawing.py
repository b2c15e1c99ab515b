"""What both pictures are drawn with: boxes that are links, colours, and a frame that tells of it.

Colours stand as attributes, for files and programs that know no styles of pages; in a page the
classes decide, in the light and in the dark.
"""

from collections.abc import Mapping

from service.charts.markup import Attributes, escaped, number, tag, tooltip
from service.charts.text import clean, cut, width
from service.explore.model import WORDS

COLOURS: Mapping[str, str] = {
    "company": "#1d5fae",
    "therapy": "#b8401a",
    "region": "#0b6570",
    "therapy-type": "#6f46b8",
    "indication": "#8a6100",
    "event": "#4d5f6c",
    "statement": "#4d5f6c",
}
INK, INK2, LINE, GROUND, SOFT, ACCENT = (
    *("#12212b", "#4d5f6c", "#72838f", "#ffffff", "#e3f1f1", "#0b6570"),
)
FONT = "'IBM Plex Sans', system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# The shapes of the pages, 10 by 10; a colour alone would say nothing to many.
_SHAPES: Mapping[str, str] = {
    "company": "M1 1h8v8h-8z",
    "therapy": "M5 0.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z",
    "region": "M5 0l5 5l-5 5l-5-5z",
    "therapy-type": "M5 0.5l5 9h-10z",
    "indication": "M2.7 0.5h4.6l2.7 4.5l-2.7 4.5h-4.6l-2.7-4.5z",
    "event": "M5 0.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9zM5 3a2 2 0 1 0 0 4a2 2 0 1 0 0-4z",
    "statement": "M3.7 0.5h2.6v3.2h3.2v2.6h-3.2v3.2h-2.6v-3.2h-3.2v-2.6h3.2z",
    "derived": "M0.5 0.5h9v9h-9zM2.5 2.5v5h5v-5z",
}


def shape(kind: str, x: float, y: float, size: float = 10, *, colour: str = "") -> str:
    """The mark of a kind, with its upper left corner there."""
    place = f"translate({number(x)} {number(y)}) scale({number(size / 10)})"
    return tag(
        "path",
        {
            "class": f"shape of-{kind}",
            "d": _SHAPES.get(kind, _SHAPES["statement"]),
            "transform": place,
            "fill": colour or COLOURS.get(kind, INK2),
            "fill-rule": "evenodd",
        },
    )


def words(
    text: str, x: float, y: float, room: float, size: float, *, name: str, bold: bool = False
) -> str:
    """A line of text, cut to its room, that begins there whichever way it runs."""
    shown = cut(clean(text)[:400], room, size, bold=bold)
    given: dict[str, str | float] = {"class": name, "x": x, "y": y, "font-size": size}
    given |= {"fill": INK2 if name == "sub" else INK, "unicode-bidi": "isolate"}
    if bold:
        given["font-weight"] = "500"
    return tag("text", given, escaped(shown))


def room_of(text: str, size: float, most: float) -> float:
    """How wide a text is drawn, when it may be so wide at most."""
    text = clean(text)[:400]
    return min(most, width(text, size))


def link(href: str, label: str, content: str, *, name: str, current: bool = False) -> str:
    """A link; its title, and so its name, is the whole of it, however much of that has room."""
    about = clean(label)
    given: dict[str, str | float] = {"href": href, "class": name}
    if current:
        given["aria-current"] = "true"
    return tag("a", given, tooltip(about), content)


def aside(href: str, label: str, content: str, *, name: str) -> str:
    """A link for pointers alone: the keyboard has it in the table, without hundreds of stops."""
    about = clean(label)
    given = {"href": href, "class": name, "tabindex": "-1", "aria-hidden": "true"}
    return tag("a", given, tooltip(about), content)


def picture(name: str, size: tuple[float, float], title: str, about: str, *content: str) -> str:
    """An SVG that can stand in a page and in a file; its ids begin with `name`."""
    wide, high = size
    given: Attributes = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": name,
        "viewBox": f"0 0 {number(wide)} {number(high)}",
        "width": wide,
        "height": high,
        "role": "group",
        "aria-labelledby": f"{name}-title {name}-about",
        "font-family": FONT,
    }
    ground = tag("rect", {"class": "ground", "width": wide, "height": high, "fill": GROUND})
    return tag(
        "svg",
        given,
        tag("title", {"id": f"{name}-title"}, escaped(title)),
        tag("desc", {"id": f"{name}-about"}, escaped(about)),
        ground,
        *content,
    )


def tie_line(path: str, *, near: bool, stated: bool, width: float, reach: float) -> str:
    """A line between two things, and around it what can be pointed at: a line alone is thin."""
    drawn: dict[str, str | float] = {
        "class": "tie",
        "d": path,
        "fill": "none",
        "stroke": ACCENT if near else LINE,
        "stroke-width": width,
    }
    if not stated:
        drawn["stroke-dasharray"] = "6 4"
    around: Attributes = {
        "class": "reach",
        "d": path,
        "fill": "none",
        "stroke": INK,
        "stroke-opacity": 0,
        "stroke-width": reach,
    }
    return tag("path", around) + tag("path", drawn)


def kind_words(kind: str) -> str:
    """What one of a kind is called."""
    return WORDS.get(kind, ("thing", "things"))[0]
