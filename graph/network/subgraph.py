"""A part of the network as node-link JSON, which networkx and others read."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.network.arguments import FILTERS, Arguments
from graph.network.arrays import Network, Nodes
from graph.network.bounds import MOST_HOPS, MOST_NODES
from graph.network.errors import InvalidArgument
from graph.network.steps import Way, levels, row_entries

MOST_EDGES = 50_000
KNOWN = ("nodes", "node", "hops", "most", *FILTERS)
_DEFAULT_MOST = 500
_AT_ONCE = 4_000_000  # edges looked at in one operation, which bounds memory


def subgraph(network: Network, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the call `subgraph`; see `graph.network.calls`."""
    arguments = Arguments(network, given, KNOWN)
    most = arguments.integer("most", _DEFAULT_MOST, 1, MOST_NODES)
    way = Way.of(network, arguments)
    if arguments.has("node") == arguments.has("nodes"):
        raise InvalidArgument("node", "give either `node`, a centre, or `nodes`, a list")
    if arguments.has("nodes"):
        if arguments.has("hops"):
            raise InvalidArgument("hops", "is for a centre, `node`; a list has none")
        nodes = np.array(arguments.nodes("nodes", MOST_NODES), np.int32)
        if len(nodes) > most:
            raise InvalidArgument("nodes", f"{len(nodes)} are more than `most`, {most}")
        left = 0
    else:
        hops = arguments.integer("hops", 1, 1, MOST_HOPS)
        nodes, left = _around(way, arguments.node("node"), hops, most)
    entries, rows, cut = _edges(way, np.sort(nodes))
    return {
        "directed": True,
        "multigraph": True,
        "graph": {
            "release": network.release,
            "nodes_left_out": left,
            "edges_left_out": cut,
        },
        "nodes": [_node(network, int(node)) for node in nodes],
        "edges": [
            _edge(network, int(row), int(entry)) for row, entry in zip(rows, entries, strict=True)
        ],
    }


def _around(way: Way, centre: int, hops: int, most: int) -> tuple[Nodes, int]:
    """The nodes nearest to a centre, of those that are as near the most connected first."""
    found: list[Nodes] = []
    room, total = most, 0
    for level in levels(way, centre, hops):
        total += len(level.nodes)
        order = np.lexsort((level.nodes, -way.network.degree[level.nodes]))[:room]
        found.append(level.nodes[order])
        room -= len(order)
    return np.concatenate(found), total - (most - room)


def _edges(way: Way, nodes: Nodes) -> tuple[NDArray[np.intp], Nodes, int]:
    """The edges among nodes, each at the row where it begins; the rows; how many were too many.

    `nodes` are in order.
    """
    network = way.network
    before = np.cumsum(network.degree[nodes], dtype=np.int64)
    parts = np.searchsorted(
        before, np.arange(_AT_ONCE, int(before[-1]) if len(nodes) else 0, _AT_ONCE)
    )
    entries, rows = [np.empty(0, np.intp)], [np.empty(0, np.int32)]
    for part in np.split(nodes, np.unique(parts)):
        if not len(part):
            continue
        places = row_entries(network, part)
        starts = np.repeat(part, network.degree[part])
        keep = network.links[places] % 2 == 0
        if way.links is not None:
            keep &= way.links[network.links[places]]
        places, starts = places[keep], starts[keep]
        near = network.neighbours[places]
        there = nodes[np.minimum(np.searchsorted(nodes, near), len(nodes) - 1)] == near
        entries.append(places[there])
        rows.append(starts[there])
    whole, starts = np.concatenate(entries), np.concatenate(rows)
    return whole[:MOST_EDGES], starts[:MOST_EDGES], max(0, len(whole) - MOST_EDGES)


def _node(network: Network, node: int) -> dict[str, Any]:
    described = network.described(node)
    return {"id": described.pop("iri"), **described}


def _edge(network: Network, row: int, entry: int) -> dict[str, Any]:
    described = network.edge(entry)
    return {
        "source": network.iris[row],
        "target": network.iris[int(network.neighbours[entry])],
        "key": described["kind"],
        "statement": described["statement"],
    }
