"""The shortest path between two nodes, of those the one through the least connected nodes.

A search from both ends, level by level, each level in a few operations on arrays (Pohl 1971). Where
the levels meet, the shortest paths form layers; the best of them is found from layer to layer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graph.network.arrays import Nodes
from graph.network.steps import Way, distinct, row_entries

_BLOCKED = 127
_FAR = np.iinfo(np.int64).max


@dataclass(slots=True)
class _Side:
    """What is reached from one end; `marks` holds 1 more than the distance, 0 where not reached."""

    marks: NDArray[np.int8]
    levels: list[Nodes] = field(default_factory=list)

    def begin(self, node: int, blocked: Collection[int]) -> None:
        self.levels = [np.array([node], np.int32)]
        self.marks[list(blocked)] = _BLOCKED
        self.marks[node] = 1

    def add(self, nodes: Nodes) -> None:
        self.marks[nodes] = len(self.levels) + 1
        self.levels.append(nodes)

    def clear(self, blocked: Collection[int]) -> None:
        """Have the marks as they were, in proportion to what was reached."""
        self.marks[list(blocked)] = 0
        for nodes in self.levels:
            self.marks[nodes] = 0


class Shortest:
    """Searches one after the other, on arrays of one byte a node that are made once."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._network = way.network
        self._ahead = _Side(np.zeros(len(way.network), np.int8))
        self._behind = _Side(np.zeros(len(way.network), np.int8))

    def path(
        self,
        start: int,
        end: int,
        longest: int,
        *,
        blocked: Collection[int] = (),
        not_next: Collection[int] = (),
    ) -> list[int] | None:
        """Return the nodes of the best path of at most `longest` edges (126 or less), or None.

        Shorter is better, then fewer edges of the nodes between, then smaller numbers of nodes.
        `blocked` nodes are not on the path; `not_next` ones do not come right after the start.
        """
        if longest < 1:
            return None
        self._ahead.begin(start, blocked)
        self._behind.begin(end, (*blocked, start))
        try:
            meeting = self._meet(end, longest, not_next)
            return None if meeting is None else self._best(self._layers(meeting))
        finally:
            self._ahead.clear(blocked)
            self._behind.clear((*blocked, start))

    def _meet(self, end: int, longest: int, not_next: Collection[int]) -> Nodes | None:
        """The nodes in the middle of the shortest paths."""
        near = self._near(self._ahead, end)
        if not_next:
            near = near[~np.isin(near, list(not_next))]
        self._ahead.add(near)
        ahead, behind = self._ahead, self._behind
        side = ahead
        while True:
            other = behind if side is ahead else ahead
            last = side.levels[-1]
            met = last[other.marks[last] > 0]
            if len(met) or not len(last):
                return met if len(met) else None
            if len(ahead.levels) + len(behind.levels) - 2 >= longest:
                return None
            side = ahead if self._size(ahead) <= self._size(behind) else behind
            side.add(self._near(side, end))

    def _near(self, side: _Side, end: int) -> Nodes:
        """The next level of a side: hubs are not in it, but for the end."""
        near = self._network.neighbours[self._way.entries(side.levels[-1])]
        near = distinct(near[side.marks[near] == 0], len(self._network))
        passable = self._way.passable(near)
        if side is self._ahead and len(passable) < len(near) and end in near:
            return np.union1d(passable, [end]).astype(np.int32)
        return passable

    def _size(self, side: _Side) -> int:
        return int(self._network.degree[side.levels[-1]].sum(dtype=np.int64))

    def _layers(self, meeting: Nodes) -> list[Nodes]:
        """What is on shortest paths, from start to end: one set of nodes for each place in them."""
        before, after = [meeting], [meeting]
        for distance in range(len(self._ahead.levels) - 2, -1, -1):
            before.append(self._reached(before[-1], self._ahead, distance))
        for distance in range(len(self._behind.levels) - 2, -1, -1):
            after.append(self._reached(after[-1], self._behind, distance))
        return before[:0:-1] + after

    def _reached(self, nodes: Nodes, side: _Side, distance: int) -> Nodes:
        """The nodes of a side at this distance from its end that are next to any of these."""
        level = side.levels[distance]
        places, _ = self._between(level, nodes)
        there = np.zeros(len(level), bool)
        there[places] = True
        return level[there]

    def _best(self, layers: Sequence[Nodes]) -> list[int]:
        degree = self._network.degree
        cost = np.zeros(1, np.int64)
        costs = [cost]
        for layer, after in zip(layers[-2::-1], layers[:0:-1], strict=True):
            places, ends = self._between(layer, after)
            cost = np.full(len(layer), _FAR, np.int64)
            np.minimum.at(cost, places, costs[-1][ends])
            cost[cost < _FAR] += degree[layer[cost < _FAR]]
            costs.append(cost)
        path = [int(layers[0][0])]
        for layer, cost in zip(layers[1:], costs[-2::-1], strict=True):
            _, ends = self._between(np.array(path[-1:], np.int32), layer)
            # Ends are in order of numbers within a row of one link only.
            ends = np.unique(ends)
            path.append(int(layer[ends[np.argmin(cost[ends])]]))
        return path

    def _between(self, one: Nodes, other: Nodes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The edges between two sets of nodes, both in order: places of their ends in each.

        It looks at the edges of the set that has fewer, so a hub's are looked at if need be only.
        """
        degree = self._network.degree
        if degree[other].sum(dtype=np.int64) < degree[one].sum(dtype=np.int64):
            places, ends = self._edges(other, one)
            return ends, places
        return self._edges(one, other)

    def _edges(self, rows: Nodes, others: Nodes) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        network = self._network
        entries = row_entries(network, rows)
        numbers = np.repeat(np.arange(len(rows)), network.degree[rows])
        if self._way.links is not None:
            allowed = self._way.links[network.links[entries]]
            entries, numbers = entries[allowed], numbers[allowed]
        near = network.neighbours[entries]
        places = np.minimum(np.searchsorted(others, near), len(others) - 1)
        there = others[places] == near
        return numbers[there], places[there]
