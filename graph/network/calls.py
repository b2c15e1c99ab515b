"""The calls on a network: names and arguments as JSON has them, answers as JSON has them.

Each call also takes what says where it may go:

kinds, without_kinds            edges to follow, or not: `kg:activeIn`, or `activeIn`
node_kinds, without_node_kinds  kinds of nodes to meet, or not: `agent`, `claim` …; where a search
                                begins and ends does not count
hubs                            the most edges that a node may have to be passed through, 1000
                                unless given; 0 for no limit
through                         IRIs of hubs that are passed through all the same

A node has `iri`, `label`, `kind` and `degree`; an edge has `kind`, `forward` (whether it leads the
way that it is told) and `statement`, the IRI of the derived statement that describes it, or null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.network.arrays import Network
from graph.network.errors import UnknownCall
from graph.network.neighbourhood import neighbourhood
from graph.network.paths import paths
from graph.network.subgraph import subgraph
from graph.release import Editions

_CALLS: Mapping[str, Callable[[Network, Mapping[str, Any]], dict[str, Any]]] = {
    "paths": paths,
    "neighbourhood": neighbourhood,
    "subgraph": subgraph,
}


def traverse(network: Network, call: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a call; the answer names the release.

    `paths`: `from`, `to` (IRIs), `k` (1-20, else 3), `longest` (edges, 1-12, else 6). The best
    paths: shorter first, then through less connected nodes. Each has `nodes` and, for each step, a
    list of the edges there. `all` tells that there are no more up to that length.

    `neighbourhood`: `node`, `hops` (1-3, else 1), `order` (degree or label), `show` (kinds of
    nodes in the page), `offset`, `limit` (up to 1000, else 50). For each hop its nodes and the
    edges that lead to it from the hop before, counted by kind, and how many nodes were not passed
    through (`not_passed`); then a page of `nodes`, nearer ones first, those next to the node with
    their `edges`; `total` and `more` count what `show` lets through.

    `subgraph`: `nodes` (IRIs), or `node` and `hops`; `most` nodes (up to 5000, else 500), the
    nearest and most connected ones. Node-link JSON; what did not fit is counted in `graph`.

    Raises UnknownCall, InvalidArgument and UnknownNode.
    """
    if call not in _CALLS:
        raise UnknownCall(call, tuple(_CALLS))
    return {"release": network.release, **_CALLS[call](network, arguments)}


@dataclass(frozen=True, slots=True)
class LocalTraversal:
    """Answers calls in this process. There is no deadline; a call's work is bounded.

    `history` is the network of all editions, where that is another one.
    """

    network: Network
    history: Network | None = None

    def traverse(
        self,
        call: str,
        arguments: Mapping[str, Any],
        job: object = None,  # noqa: ARG002 - nothing ends a call in one process
        editions: Editions = "current",
    ) -> Mapping[str, Any]:
        """Answer a call as `traverse` does."""
        whole = self.history if editions == "all" else None
        return traverse(self.network if whole is None else whole, call, arguments)
