"""Steps over many edges at once: from a set of nodes to all that are next to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from graph.network.arguments import Arguments
from graph.network.arrays import Network, Nodes

Entries = NDArray[np.intp]
"""Where edges stand in the rows of a network."""
# Above this share of all nodes a set is found by marking them, below it by sorting.
_MANY = 8
_MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Way:
    """Which edges may be followed, and which nodes passed through; see `Arguments`.

    The limit of `hubs` and the kinds of nodes do not hold for where a search begins and ends.
    """

    network: Network
    links: NDArray[np.bool_] | None = None
    kinds: NDArray[np.bool_] | None = None
    hubs: int = _MOST
    through: frozenset[int] = field(default=frozenset())

    @classmethod
    def of(cls, network: Network, arguments: Arguments) -> "Way":
        """The way that arguments allow."""
        return cls(
            network,
            arguments.edge_kinds(),
            arguments.node_kinds(),
            arguments.hubs(),
            arguments.through(),
        )

    @property
    def limit(self) -> int | None:
        """The most edges of a node that is passed through; None for no limit."""
        return None if self.hubs == _MOST else self.hubs

    def entries(self, nodes: Nodes) -> Entries:
        """The edges of nodes that may be followed, in the order of the nodes and their rows."""
        found = row_entries(self.network, nodes)
        return found if self.links is None else found[self.links[self.network.links[found]]]

    def passable(self, nodes: Nodes) -> Nodes:
        """Those of these nodes that may be passed through."""
        if self.limit is None and self.kinds is None:
            return nodes
        keep = self.network.degree[nodes] <= self.hubs
        if self.through:
            keep |= np.isin(nodes, list(self.through))
        if self.kinds is not None:
            keep &= self.kinds[self.network.kinds[nodes]]
        return nodes[keep]


def row_entries(network: Network, nodes: Nodes) -> Entries:
    """The places of all edges of nodes, row after row."""
    if len(nodes) == 1:
        row = network.row(int(nodes[0]))
        return np.arange(row.start, row.stop)
    starts, sizes = network.indptr[nodes], network.degree[nodes].astype(np.int64)
    total = int(sizes.sum())
    before = np.cumsum(sizes) - sizes
    return np.repeat(starts - before, sizes) + np.arange(total)


def distinct(nodes: Nodes, count: int) -> Nodes:
    """Each node once, in order; there are `count` in the network."""
    if len(nodes) * _MANY < count:
        # numpy's own `unique` keeps a hash table, which takes several times as long.
        ordered = np.sort(nodes)
        first = np.ones(len(ordered), bool)
        np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
        return ordered[first]
    marked = np.zeros(count, bool)
    marked[nodes] = True
    return np.flatnonzero(marked).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Level:
    """What is `hop` edges from a centre and no nearer: its nodes, in order.

    `links` counts the edges that lead there from the level before, by link: by kind and direction,
    seen from that level. `held` are its nodes that are not passed through.
    """

    hop: int
    nodes: Nodes
    links: NDArray[np.intp]
    held: int


def levels(way: Way, centre: int, hops: int) -> list[Level]:
    """What is up to so many edges from a centre, level by level; the first is the centre itself.

    Hubs are reached and not passed through, but for the centre; nodes of other kinds than those
    that may be met are not reached.
    """
    network = way.network
    kinds = 2 * len(network.edge_kinds)
    reached = np.zeros(len(network), bool)
    reached[centre] = True
    frontier = np.array([centre], np.int32)
    found = [Level(0, frontier, np.zeros(kinds, np.intp), 0)]
    for hop in range(1, hops + 1):
        entries = way.entries(frontier)
        near = network.neighbours[entries]
        new = ~reached[near]
        if way.kinds is not None:
            new &= way.kinds[network.kinds[near]]
        entries, near = entries[new], distinct(near[new], len(network))
        links = np.bincount(network.links[entries], minlength=kinds)
        reached[near] = True
        frontier = way.passable(near)
        found.append(Level(hop, near, links, len(near) - len(frontier)))
    return found


def weight(network: Network, nodes: Sequence[int]) -> int:
    """How many edges those nodes have that a path passes through: with fewer it says more."""
    return int(network.degree[list(nodes[1:-1])].sum()) if len(nodes) > 2 else 0
