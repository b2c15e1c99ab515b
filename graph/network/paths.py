"""The k best paths between two nodes that pass no node twice: Yen (1971), as Lawler (1972)."""

import heapq
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from graph.network.arguments import FILTERS, Arguments
from graph.network.arrays import Network
from graph.network.errors import InvalidArgument
from graph.network.shortest import Shortest
from graph.network.steps import Way, weight

KNOWN = ("from", "to", "k", "longest", *FILTERS)
MOST_PATHS = 20
MOST_EDGES = 12
_DEFAULT_PATHS, _DEFAULT_EDGES = 3, 6

Path = tuple[int, ...]
"""Numbers of nodes, from start to end."""
_Candidate = tuple[int, int, Path, int]
"""Edges, weight, path, and where it departs from the path that it was made of."""


def best_paths(way: Way, start: int, end: int, k: int, longest: int) -> tuple[Path, ...]:
    """Return up to k paths of at most `longest` edges without a node twice, the best first.

    Shorter is better, then fewer edges of the nodes that are passed through, then smaller numbers
    of nodes. At most `k * longest` searches are made.
    """
    search = Shortest(way)
    first = search.path(start, end, longest)
    found: list[Path] = []
    waiting: list[_Candidate] = []
    if first is not None:
        waiting.append(_candidate(way.network, tuple(first), 0))
    while waiting and len(found) < k:
        _, _, path, departs = heapq.heappop(waiting)
        found.append(path)
        if len(found) == k:
            break
        for place in range(departs, len(path) - 1):
            # What is longer than the candidates that suffice already need not be found.
            bound = _bound(waiting, k - len(found), longest)
            head = path[: place + 1]
            taken = {other[place + 1] for other in found if other[: place + 1] == head}
            rest = search.path(path[place], end, bound - place, blocked=head[:-1], not_next=taken)
            if rest is not None:
                heapq.heappush(waiting, _candidate(way.network, (*head[:-1], *rest), place))
    return tuple(found)


def paths(network: Network, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the call `paths`; see `graph.network.calls`."""
    arguments = Arguments(network, given, KNOWN)
    start, end = arguments.node("from"), arguments.node("to")
    if start == end:
        raise InvalidArgument("to", "is the same node as `from`; give two different ones")
    k = arguments.integer("k", _DEFAULT_PATHS, 1, MOST_PATHS)
    longest = arguments.integer("longest", _DEFAULT_EDGES, 1, MOST_EDGES)
    way = Way.of(network, arguments)
    found = best_paths(way, start, end, k, longest)
    return {
        "from": network.described(start),
        "to": network.described(end),
        "paths": [_as_json(way, path) for path in found],
        "all": len(found) < k,
        "longest": longest,
        "hubs": way.limit,
    }


def _candidate(network: Network, path: Path, departs: int) -> _Candidate:
    return len(path) - 1, weight(network, path), path, departs


def _bound(waiting: list[_Candidate], wanted: int, longest: int) -> int:
    if len(waiting) < wanted:
        return longest
    return heapq.nsmallest(wanted, waiting)[-1][0]


def _as_json(way: Way, path: Path) -> dict[str, Any]:
    network = way.network
    return {
        "length": len(path) - 1,
        "nodes": [network.described(node) for node in path],
        "steps": [
            [network.edge(int(place)) | {"forward": forward} for place, forward in edges]
            for edges in _edges(way, path)
        ],
    }


def _edges(way: Way, path: Path) -> Iterator[list[tuple[int, bool]]]:
    """For each step of a path the edges that may be followed: places, and whether along them."""
    network = way.network
    for start, end in pairwise(path):
        # The shorter row of the two has the same edges.
        turned = bool(network.degree[end] < network.degree[start])
        row, other = (end, start) if turned else (start, end)
        entries = way.entries(np.array([row], np.int32))
        places = entries[network.neighbours[entries] == other]
        yield [(int(p), (int(network.links[p]) % 2 == 0) != turned) for p in places]
