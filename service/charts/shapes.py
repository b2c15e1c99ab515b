"""Marks that can be told apart without colour: shapes, filled, hollow or with a dot."""

import math
from dataclasses import dataclass
from typing import Literal

from service.charts.markup import Point, lines, number, tag
from service.charts.paint import Paint

Filling = Literal["filled", "hollow", "dotted"]
FILLINGS: tuple[Filling, ...] = ("filled", "hollow", "dotted")


def _regular(corners: int, size: float, turn: float = -90.0) -> tuple[Point, ...]:
    angles = [math.radians(turn + 360 * n / corners) for n in range(corners)]
    return tuple((size * math.cos(a), size * math.sin(a)) for a in angles)


def _star(rays: int, inner: float, size: float, turn: float = -90.0) -> tuple[Point, ...]:
    between = _regular(rays, inner, turn + 180 / rays)
    outer = _regular(rays, size, turn)
    return tuple(p for pair in zip(outer, between, strict=True) for p in pair)


_PLUS = tuple(
    (x * sx, y * sy)
    for sx, sy, corner in (
        (1, -1, ((0.36, 1.1), (0.36, 0.36), (1.1, 0.36))),
        (1, 1, ((1.1, 0.36), (0.36, 0.36), (0.36, 1.1))),
        (-1, 1, ((0.36, 1.1), (0.36, 0.36), (1.1, 0.36))),
        (-1, -1, ((1.1, 0.36), (0.36, 0.36), (0.36, 1.1))),
    )
    for x, y in corner
)
_TURNED = tuple(((x - y) * math.sqrt(0.5), (x + y) * math.sqrt(0.5)) for x, y in _PLUS)

# Corners around (0, 0), with about the same weight to the eye; the circle has none. The first ones
# differ most: few charts need more than six.
SHAPES: dict[str, tuple[Point, ...]] = {
    "circle": (),
    "square": ((-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)),
    "triangle": ((0, -1.1), (1.1, 0.85), (-1.1, 0.85)),
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "cross": _PLUS,
    "inverted triangle": ((0, 1.1), (1.1, -0.85), (-1.1, -0.85)),
    "saltire": _TURNED,
    "star": _star(5, 0.52, 1.3),
    "hourglass": ((-0.95, -1.1), (0.95, -1.1), (0, 0), (0.95, 1.1), (-0.95, 1.1), (0, 0)),
    "pentagon": _regular(5, 1.12),
    "bow tie": ((-1.1, -0.95), (0, 0), (1.1, -0.95), (1.1, 0.95), (0, 0), (-1.1, 0.95)),
    "four-pointed star": _star(4, 0.45, 1.4),
    "triangle to the right": ((1.1, 0), (-0.85, 1.1), (-0.85, -1.1)),
    "triangle to the left": ((-1.1, 0), (0.85, 1.1), (0.85, -1.1)),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A shape with a filling."""

    shape: str
    filling: Filling

    @property
    def name(self) -> str:
        """The mark in words."""
        prefix = {"filled": "", "hollow": "hollow ", "dotted": "dotted "}[self.filling]
        return prefix + self.shape


def mark(index: int) -> Mark:
    """The mark of the publisher at a place in the list; the first 42 differ, then they return."""
    round_, place = divmod(index, len(SHAPES))
    return Mark(list(SHAPES)[place], FILLINGS[round_ % len(FILLINGS)])


def draw(mark: Mark, at: Point, radius: float, paint: Paint, colour: str) -> str:
    """A mark with a rim of the background, so that it stands off what lies below it."""
    x, y = at
    corners = [(x + radius * dx, y + radius * dy) for dx, dy in SHAPES[mark.shape]]

    def shape(attributes: dict[str, str | float]) -> str:
        if not corners:
            return tag("circle", {"cx": x, "cy": y, "r": radius, **attributes})
        return tag("path", {"d": lines(corners, closed=True), **attributes})

    rim = {"stroke-linejoin": "round"}
    if mark.filling == "filled":
        return shape(
            {**paint(fill=colour, stroke="bg"), "stroke-width": 1.4, "paint-order": "stroke", **rim}
        )
    out = shape({**paint(stroke="bg"), "stroke-width": 4, **rim})
    out += shape({**paint(fill="bg", stroke=colour), "stroke-width": 1.5, **rim})
    if mark.filling == "dotted":
        out += tag("circle", {"cx": x, "cy": y, "r": number(radius * 0.3), **paint(fill=colour)})
    return out
