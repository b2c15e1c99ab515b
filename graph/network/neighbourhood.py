"""What is around a node: counts by kind for each hop, and a page of the nodes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.network.arguments import FILTERS, Arguments
from graph.network.arrays import Network, Nodes
from graph.network.bounds import MOST_HOPS, MOST_SHOWN
from graph.network.steps import Level, Way, levels, row_entries

KNOWN = ("node", "hops", "order", "show", "offset", "limit", *FILTERS)
_DEFAULT_LIMIT = 50
ORDERS = ("degree", "label")


def neighbourhood(network: Network, given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer the call `neighbourhood`; see `graph.network.calls`."""
    arguments = Arguments(network, given, KNOWN)
    centre = arguments.node("node")
    hops = arguments.integer("hops", 1, 1, MOST_HOPS)
    order = arguments.choice("order", ORDERS)
    offset = arguments.integer("offset", 0, 0, 2**31 - 1)
    limit = arguments.integer("limit", _DEFAULT_LIMIT, 0, MOST_SHOWN)
    shown = arguments.shown("show")
    way = Way.of(network, arguments)
    found = levels(way, centre, hops)[1:]
    page, total = _page(
        network, [_only(network, level.nodes, shown) for level in found], order, offset, limit
    )
    return {
        "node": network.described(centre),
        "hops": [_counts(network, level) for level in found],
        "nodes": [_as_json(way, centre, node, hop) for node, hop in page],
        "offset": offset,
        "total": total,
        "more": max(0, total - offset - len(page)),
        "hubs": way.limit,
    }


def _only(network: Network, nodes: Nodes, shown: NDArray[np.bool_] | None) -> Nodes:
    return nodes if shown is None else nodes[shown[network.kinds[nodes]]]


def _counts(network: Network, level: Level) -> dict[str, Any]:
    kinds = np.bincount(network.kinds[level.nodes], minlength=len(network.node_kinds))
    return {
        "hop": level.hop,
        "nodes": len(level.nodes),
        "edges": int(level.links.sum()),
        "by_node_kind": {
            network.node_kinds[kind]: int(kinds[kind]) for kind in np.flatnonzero(kinds)
        },
        "by_edge_kind": [
            {
                "kind": network.edge_kinds[link // 2],
                "forward": bool(link % 2 == 0),
                "count": int(level.links[link]),
            }
            for link in np.flatnonzero(level.links)
        ],
        "not_passed": level.held,
    }


def _page(
    network: Network, found: Sequence[Nodes], order: str, offset: int, limit: int
) -> tuple[list[tuple[int, int]], int]:
    """Nodes with their hops: nearer ones first; and how many there are in all."""
    page: list[tuple[int, int]] = []
    skip, left = offset, limit
    for hop, nodes in enumerate(found, 1):
        if skip < len(nodes) and left:
            taken = _least(_keys(network, nodes, order), skip, left)
            page += [(int(node), hop) for node in nodes[taken]]
            left -= len(taken)
        skip = max(0, skip - len(nodes))
    return page, sum(len(nodes) for nodes in found)


def _keys(network: Network, nodes: Nodes, order: str) -> NDArray[np.int64]:
    ranks = network.ranks[nodes].astype(np.int64)
    if order == "label":
        return ranks
    return ranks - (network.degree[nodes].astype(np.int64) << 32)


def _least(keys: NDArray[np.int64], offset: int, limit: int) -> NDArray[np.intp]:
    """The places of the keys that come after the first `offset` of them, in order."""
    last = min(offset + limit, len(keys))
    places = np.argpartition(keys, last - 1)[:last] if last < len(keys) else np.arange(last)
    return places[np.argsort(keys[places])][offset:]


def _as_json(way: Way, centre: int, node: int, hop: int) -> dict[str, Any]:
    network = way.network
    described = {**network.described(node), "hop": hop}
    if hop > 1:
        return described
    # The edges are those of the centre; the shorter row of the two has them all.
    turned = bool(network.degree[node] < network.degree[centre])
    row, other = (node, centre) if turned else (centre, node)
    entries = row_entries(network, np.array([row], np.int32))
    entries = entries[network.neighbours[entries] == other]
    if way.links is not None:
        links = network.links[entries]
        # Seen from the other end, an edge has the other direction and the same kind.
        entries = entries[way.links[links]]
    edges = [network.edge(int(place)) for place in entries]
    return {**described, "edges": [e | {"forward": e["forward"] != turned} for e in edges]}
