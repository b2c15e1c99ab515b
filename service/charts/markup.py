"""SVG as text: elements, attributes and coordinates."""

from collections.abc import Mapping, Sequence

from service.charts.text import clean

Point = tuple[float, float]
Attributes = Mapping[str, str | float]

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def number(value: float) -> str:
    """A coordinate with at most two decimals, and without a needless zero or sign."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def escaped(text: str) -> str:
    """Text from anywhere as character data or an attribute value of XML 1.0."""
    return clean(text).translate(_ESCAPES)


def tag(name: str, attributes: Attributes, *content: str) -> str:
    """An element. `content` is markup; values of attributes are text or coordinates."""
    written = "".join(
        f' {key}="{escaped(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    inner = "".join(content)
    return f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"


def tooltip(text: str) -> str:
    """What a pointer over an element tells, as its first child."""
    return tag("title", {}, escaped(text)) if text else ""


def lines(points: Sequence[Point], *, closed: bool = False) -> str:
    """Path data through points."""
    data = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{data}Z" if closed else f"M{data}"
