"""A line below a picture that is a file of its own: what it rests on, wherever it is put."""

import re

from service.charts.markup import Attributes, escaped, number, tag
from service.charts.text import wrap

_ROOT = re.compile(
    r'(<svg\b[^>]*?\bviewBox="0 0 )([\d.]+) ([\d.]+)("[^>]*?\bheight=")[\d.]+("[^>]*>)'
)
_PAD, _SIZE, _LINE = 8.0, 12.0, 16.0


def with_footnote(svg: str, line: str, *, ink: str, ground: str) -> str:
    """Return an SVG with a line of text below what it shows, broken where it is too long."""
    root = _ROOT.match(svg)
    assert root, "a picture begins with its size"
    width, height = float(root[2]), float(root[3])
    lines = wrap(line, width - 2 * _PAD, _SIZE)
    more = _LINE * len(lines) + 2 * _PAD
    high = number(height + more)
    strip: Attributes = {"y": height, "width": width, "height": more, "fill": ground}
    told = (
        tag(
            "text",
            {"x": _PAD, "y": height + _PAD + _LINE * at + _SIZE, "font-size": _SIZE, "fill": ink},
            escaped(text),
        )
        for at, text in enumerate(lines)
    )
    head = f"{root[1]}{root[2]} {high}{root[4]}{high}{root[5]}"
    rest = svg[root.end() :].removesuffix("</svg>")
    return f"{head}{rest}{tag('rect', strip)}{''.join(told)}</svg>"
