"""An invented network in the shape of the real one, of any size, the same for the same seed.

Two thirds of the edges lead from facts to what they are about, one third from thing to thing, as in
the shipped landscape; things are met as often as Zipf's law has it, so some are hubs.
"""

import numpy as np
from numpy.typing import NDArray

from graph.network.arrays import Network, Texts
from graph.network.assemble import EdgeList, NodeList, assembled
from graph.network.edges import NODE_KINDS
from graph.terms import Iris

HUB = 10_000
"""Edges of the node that the benchmark asks about."""
#: Nodes of each kind in 1,000 edges.
_SHARES = {
    "agent": 60,
    "therapy": 15,
    "technology": 10,
    "place": 1,
    "market": 2,
    "segment": 30,
    "event": 25,
    "concept": 5,
    "claim": 250,
}
#: Kinds of edges: from, to, share.
_EDGES = {
    "kg:organisation": ("claim", "agent", 14),
    "kg:place": ("claim", "place", 14),
    "kg:market": ("claim", "market", 10),
    "kg:segment": ("claim", "segment", 9),
    "kg:therapyType": ("claim", "concept", 7),
    "kg:indication": ("claim", "concept", 6),
    "kg:therapy": ("claim", "therapy", 6),
    "kg:party": ("event", "agent", 5),
    "kg:activeIn": ("agent", "place", 8),
    "kg:collaboratesWith": ("agent", "agent", 6),
    "kg:tiedTo": ("agent", "therapy", 5),
    "kg:treats": ("therapy", "concept", 4),
    "kg:owns": ("agent", "technology", 2),
    "kg:concept": ("segment", "concept", 3),
    "kg:placeWithin": ("place", "place", 1),
}
_SKEW = 0.8


def synthetic(edges: int, seed: int = 1) -> tuple[Network, int]:
    """Return a network of about so many edges, and the number of a node with `HUB` of them."""
    random = np.random.default_rng(seed)
    counts = {kind: max(2, share * edges // 1000) for kind, share in _SHARES.items()}
    nodes, first = _nodes(counts)
    starts, ends, kinds = [], [], []
    whole = sum(share for _, _, share in _EDGES.values())
    for number, (from_, to, share) in enumerate(_EDGES.values()):
        size = edges * share // whole
        starts.append(first[from_] + random.integers(counts[from_], size=size))
        ends.append(first[to] + _skewed(random, counts[to], size))
        kinds.append(np.full(size, number, np.uint16))
    hub = first["agent"] + counts["agent"] // 2
    # The edges that chance gave it go elsewhere: it has just as many as are wanted.
    for part in (*starts, *ends):
        part[part == hub] -= 1
    starts.append(first["claim"] + random.choice(counts["claim"], HUB, replace=False))
    ends.append(np.full(HUB, hub))
    kinds.append(np.zeros(HUB, np.uint16))
    list_ = EdgeList(
        np.concatenate(starts).astype(np.int32),
        np.concatenate(ends).astype(np.int32),
        np.concatenate(kinds),
        tuple(_EDGES),
        np.full(sum(map(len, starts)), -1, np.int32),
        Texts.of(()),
    )
    return assembled("0" * 64, nodes, list_), int(hub)


def _skewed(random: np.random.Generator, count: int, size: int) -> NDArray[np.int64]:
    """Numbers below `count`; the n-th is drawn as often as n ** -skew, spread over the range."""
    drawn = (count * random.random(size) ** (1 / (1 - _SKEW))).astype(np.int64)
    return drawn * _coprime(count) % count


def _coprime(count: int) -> int:
    """A factor that spreads numbers over a range, each to a place of its own."""
    factor = int(count * 0.618) | 1
    while np.gcd(factor, count) != 1:
        factor += 2
    return factor


def _nodes(counts: dict[str, int]) -> tuple[NodeList, dict[str, int]]:
    """Nodes in the order of their IRIs, and the number of the first of each kind."""
    first, kinds = {}, []
    iris, labels = [], []
    base = f"{Iris().base}id/"
    total = 0
    for kind in sorted(counts):
        first[kind] = total
        total += counts[kind]
        kinds.append(np.full(counts[kind], NODE_KINDS.index(kind), np.uint8))
        iris.append(_texts(f"{base}{kind}/n", counts[kind]))
        labels.append(_texts(f"{kind.capitalize()} ", counts[kind]))
    ranks = np.arange(total, dtype=np.int32)
    return NodeList(_join(iris), _join(labels), np.concatenate(kinds), NODE_KINDS, ranks), first


def _texts(begin: str, count: int) -> tuple[bytes, int, int]:
    """Texts of one length, with a number each, written one after the other."""
    written = "".join([f"{begin}{number:09}" for number in range(count)]).encode()
    return written, len(begin) + 9, count


def _join(parts: list[tuple[bytes, int, int]]) -> Texts:
    lengths = np.concatenate([np.full(count, length) for _, length, count in parts])
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return Texts(offsets, np.frombuffer(b"".join(part for part, _, _ in parts), np.uint8))
