"""Where the things of a network stand: distances as in the network, no two labels on each other.

The same network gives the same places on every machine. Nothing is used that processors do
differently: no trigonometry, no sums of a library, which may add in any order; products, roots and
sums one after the other are exact to the last bit everywhere. Places are whole pixels.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

Place = tuple[int, int]
Places = list[Place]
_Array = NDArray[np.float64]

WIDTH, GAP, GRID, EDGE = 1020, 10, 2, 16
_SEED = 20_250_101
_STEPS, _APART = 80, 60
_LEAST = 1e-3


def laid_out(
    sizes: Sequence[Place],
    edges: Sequence[tuple[int, int]],
    pinned: Mapping[int, Place] | None = None,
    centre: int | None = None,
) -> Places:
    """Return the middle of each box of these sizes, so that no two of them overlap.

    `edges` are pairs of their numbers. What is pinned stays there; the centre is put in the middle.
    """
    number = len(sizes)
    if number == 0:
        return []
    pinned = pinned or {}
    far = _distances(number, edges)
    x, y = _relaxed(*_start(number, far, centre), far)
    x, y = _stretched(x, number, WIDTH), _stretched(y, number, _height(number))
    widths = np.array([size[0] for size in sizes], dtype=np.float64)
    heights = np.array([size[1] for size in sizes], dtype=np.float64)
    x, y = _pushed(x, y, widths, heights)
    # The first of each side stands at the edge, so that what is pinned means the same again.
    x, y = x - float((x - widths / 2).min()) + EDGE, y - float((y - heights / 2).min()) + EDGE
    rough = [_on_grid(float(a), float(b)) for a, b in zip(x, y, strict=True)]
    return _apart([pinned.get(place, at) for place, at in enumerate(rough)], sizes, pinned)


def overlapping(one: Place, other: Place, size: Place, beside: Place) -> bool:
    """Whether boxes of these middles and sizes are nearer to each other than the gap."""
    return (
        abs(one[0] - other[0]) * 2 < size[0] + beside[0] + 2 * GAP
        and abs(one[1] - other[1]) * 2 < size[1] + beside[1] + 2 * GAP
    )


def _height(number: int) -> int:
    return max(200, min(1600, 80 + 13 * number))


def _distances(number: int, edges: Sequence[tuple[int, int]]) -> _Array:
    """How many edges lie between any two; what is not connected is a little farther than all is."""
    near: list[set[int]] = [set() for _ in range(number)]
    for start, end in edges:
        near[start].add(end)
        near[end].add(start)
    far = np.full((number, number), -1.0)
    for begin in range(number):
        far[begin, begin] = 0.0
        waiting = deque([begin])
        while waiting:
            here = waiting.popleft()
            for there in sorted(near[here]):
                if far[begin, there] < 0:
                    far[begin, there] = far[begin, here] + 1
                    waiting.append(there)
    far[far < 0] = far.max() + 1
    return far


def _start(number: int, far: _Array, centre: int | None) -> tuple[_Array, _Array]:
    """Rings around the centre, in the order in which things are given, a little off each point."""
    random = Random(_SEED)  # noqa: S311 - it only puts things a little off each point
    middle = 0 if centre is None else centre
    x, y = np.zeros(number), np.zeros(number)
    for ring in sorted(set(far[middle].tolist())):
        members = [one for one in range(number) if far[middle, one] == ring and one != middle]
        for place, one in enumerate(members):
            across, up = _on_circle(place / len(members))
            x[one] = (ring or 1.0) * across + random.random() * 0.01
            y[one] = (ring or 1.0) * up + random.random() * 0.01
    return x, y


def _on_circle(turn: float) -> tuple[float, float]:
    """A point of the circle, after so much of a turn; evenly enough, and without a sine."""
    quarter = int(turn * 4)
    t = turn * 4 - quarter
    across, up = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    for _ in range(quarter):
        across, up = -up, across
    return across, up


def _relaxed(x: _Array, y: _Array, far: _Array) -> tuple[_Array, _Array]:
    """Places whose distances are as near to those of the network as they get (stress)."""
    number = len(x)
    wanted = np.where(far > 0, far, 1.0)
    weight = np.where(far > 0, 1.0 / (wanted * wanted), 0.0)
    whole = _summed(weight)
    if number < 2:
        return x, y
    for _ in range(_STEPS):
        across, up = x[:, None] - x[None, :], y[:, None] - y[None, :]
        apart = np.sqrt(across * across + up * up)
        pull = weight * wanted / np.where(apart > _LEAST, apart, _LEAST)
        x = _step(x, weight, pull, across, whole)
        y = _step(y, weight, pull, up, whole)
    return x, y


def _step(at: _Array, weight: _Array, pull: _Array, offset: _Array, whole: _Array) -> _Array:
    """One step of majorisation along one axis: the mean of where each other wants a thing."""
    # Row `j` and column `i`: what `j` says of `i`. `offset[i, j]` is at[i] - at[j].
    return _summed(weight * at[:, None] - pull * offset) / whole


def _summed(matrix: _Array) -> _Array:
    """The sums of columns, added from top to bottom."""
    total: _Array = np.add.accumulate(matrix, axis=0)[-1]
    return total


def _stretched(at: _Array, number: int, length: int) -> _Array:
    span = float(at.max() - at.min())
    if number < 2 or span < _LEAST:
        return np.zeros(number)
    result: _Array = (at - at.min()) / span * length
    return result


def _pushed(x: _Array, y: _Array, widths: _Array, heights: _Array) -> tuple[_Array, _Array]:
    """Boxes that lie on each other move apart, each a little, the shorter way."""
    wide = (widths[:, None] + widths[None, :]) / 2 + GAP
    high = (heights[:, None] + heights[None, :]) / 2 + GAP
    own = np.eye(len(x), dtype=bool)
    numbers = np.arange(len(x))
    tie = np.where(numbers[:, None] < numbers[None, :], -1.0, 1.0)
    for _ in range(_APART):
        across, up = x[:, None] - x[None, :], y[:, None] - y[None, :]
        over_x, over_y = wide - np.abs(across), high - np.abs(up)
        over = (over_x > 0) & (over_y > 0) & ~own
        if not over.any():
            break
        sideways = over & (over_x < over_y)
        upright = over & ~sideways
        along_x = np.where(sideways, over_x * np.where(across == 0, tie, np.sign(across)), 0.0)
        along_y = np.where(upright, over_y * np.where(up == 0, tie, np.sign(up)), 0.0)
        # Row `i`, column `j`: how `i` moves away from `j`; sums run over `j`.
        x = x + _summed(along_x.T.copy()) * 0.3
        y = y + _summed(along_y.T.copy()) * 0.3
    return x, y


def _on_grid(x: float, y: float) -> Place:
    return round(x / GRID) * GRID, round(y / GRID) * GRID


def _apart(places: Places, sizes: Sequence[Place], pinned: Mapping[int, Place]) -> Places:
    """The last overlaps are undone from top to bottom; what is pinned does not move."""
    found = list(places)
    order = sorted(range(len(found)), key=lambda one: (one not in pinned, found[one][1], one))
    done: list[int] = []
    for one in order:
        x, y = found[one]
        while one not in pinned and (
            on := [at for at in done if overlapping((x, y), found[at], sizes[one], sizes[at])]
        ):
            below = max(2 * found[at][1] + sizes[at][1] for at in on) + sizes[one][1] + 2 * GAP
            y = -(-below // (2 * GRID)) * GRID
        found[one] = (x, y)
        done.append(one)
    return found
