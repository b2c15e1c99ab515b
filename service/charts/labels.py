"""Labels that do not lie upon each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; `top` is above `bottom`, so its number is the smaller one."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: "Box") -> bool:
        """Whether this one lies inside the other."""
        return (
            other.left <= self.left
            and self.right <= other.right
            and other.top <= self.top
            and self.bottom <= other.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left < x < self.right and self.top < y < self.bottom


def repel(targets: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions as little as can be, until each is `gap` from the next and all are in bounds.

    Their order stays (that of the list among equals). Least squares under an order, by pooling
    adjacent violators (Barlow, Bartholomew, Bremner and Brunk 1972). ValueError without room.
    """
    if len(targets) > 1 and (len(targets) - 1) * gap > high - low:
        raise ValueError(f"{len(targets)} labels, {gap} apart, have no room from {low} to {high}")
    order = sorted(range(len(targets)), key=lambda i: targets[i])
    pools: list[tuple[float, int]] = []  # the mean of a run that moves as one, and its length
    for rank, i in enumerate(order):
        mean, count = targets[i] - rank * gap, 1
        while pools and pools[-1][0] > mean:
            before, size = pools.pop()
            mean = (before * size + mean * count) / (size + count)
            count += size
        pools.append((mean, count))
    # The bounded solution is the free one, held to the bounds.
    last = high - max(0, len(targets) - 1) * gap
    shifts = [min(max(mean, low), last) for mean, count in pools for _ in range(count)]
    out = [0.0] * len(targets)
    for rank, i in enumerate(order):
        out[i] = shifts[rank] + rank * gap
    return out


@dataclass(frozen=True, slots=True)
class Wish:
    """A point to be labelled: the texts that would do, best first, with their widths."""

    x: float
    y: float
    texts: Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A text and its box."""

    text: str
    box: Box


def place(
    wishes: Sequence[Wish],
    *,
    height: float,
    distance: float,
    area: Box,
    taken: Iterable[Box],
    crowd: Sequence[tuple[float, float]],
) -> list[Placed | None]:
    """Give each point the best text that has room beside it, first come, first served.

    A box lies in the area and off all that is taken. A text that is not the last choice must also
    be clear of `crowd` (points of lines); the last takes the place with the fewest. None: no room.
    """
    blocked = list(taken)
    out: list[Placed | None] = []
    for wish in wishes:
        placed = _best(wish, (height, distance), area, blocked, crowd)
        if placed:
            blocked.append(placed.box)
        out.append(placed)
    return out


def _best(
    wish: Wish,
    size: tuple[float, float],
    area: Box,
    blocked: Sequence[Box],
    crowd: Sequence[tuple[float, float]],
) -> Placed | None:
    for choice, (text, length) in enumerate(wish.texts):
        free = [
            box
            for box in _around(wish.x, wish.y, length, *size)
            if box.within(area) and not any(map(box.overlaps, blocked))
        ]
        hits = [sum(box.holds(x, y) for x, y in crowd) for box in free]
        if hits and (min(hits) == 0 or choice == len(wish.texts) - 1):
            return Placed(text, free[hits.index(min(hits))])
    return None


def _around(x: float, y: float, length: float, height: float, distance: float) -> list[Box]:
    """Where a text may stand around a point, best first."""
    half = height / 2
    corners = (
        (x + distance, y - half),
        (x + distance * 0.7, y - distance * 0.5 - height),
        (x + distance * 0.7, y + distance * 0.5),
        (x - length / 2, y - distance - height),
        (x - length / 2, y + distance),
        (x - distance - length, y - half),
        (x - distance * 0.7 - length, y - distance * 0.5 - height),
        (x - distance * 0.7 - length, y + distance * 0.5),
    )
    return [Box(left, top, left + length, top + height) for left, top in corners]
