"""The part of the network around a thing, for algorithms of a client's own."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort

from graph.landscape import NotAnswerable, Parameter
from graph.network.bounds import DEFAULT_HUBS, MOST_HOPS, MOST_NODES
from graph.network.edges import NODE_KINDS
from graph.terms import InvalidIri, Iris
from service.api.answering import steps_of
from service.api.lists import read_given, repeatable
from service.api.paging import EDITIONS, TIMEOUT, read_parameters
from service.api.responses import json_response
from service.evaluation import note
from service.served import served

GRAPHML = "application/graphml+xml"
NETWORK_PARAMETERS = (
    Parameter(
        *("hops", "Hops", "How many edges away from the thing the farthest may be."),
        kind="integer",
        default=1,
        least=1,
        most=MOST_HOPS,
    ),
    Parameter(
        *("most", "Nodes", "How many nodes there may be: the nearest, then the most connected."),
        kind="integer",
        least=1,
        most=MOST_NODES,
    ),
    Parameter(
        *("kinds", "Edges", "Follow edges of this kind only, such as kg:develops."),
        kind="text",
        many=True,
    ),
    Parameter(
        *("without_kinds", "No edges", "Follow no edges of this kind."), kind="text", many=True
    ),
    Parameter(
        *("node_kinds", "Nodes of", "Meet nodes of this kind only."),
        kind="choice",
        choices=NODE_KINDS,
        many=True,
    ),
    Parameter(
        *("without_node_kinds", "No nodes of", "Meet no nodes of this kind."),
        kind="choice",
        choices=NODE_KINDS,
        many=True,
    ),
    Parameter(
        *("hubs", "Hubs", "Pass through no node with more edges than this; 0 is no limit."),
        kind="integer",
        default=DEFAULT_HUBS,
    ),
)


def network_json(kind: str, slug: str) -> Response:
    """The part of the network around a thing, as node-link JSON."""
    return repeatable(json_response(_around(kind, slug)))


def network_graphml(kind: str, slug: str) -> Response:
    """The part of the network around a thing, as GraphML."""
    from graph.network.exchange import to_graphml  # noqa: PLC0415 - brings networkx

    response = Response(to_graphml(_around(kind, slug)), content_type=GRAPHML)
    response.headers["Content-Disposition"] = f'inline; filename="{slug}.graphml"'
    return repeatable(response)


def _around(kind: str, slug: str) -> Mapping[str, Any]:
    own, shared = read_given(NETWORK_PARAMETERS, (TIMEOUT, EDITIONS))
    given = read_parameters(own, NETWORK_PARAMETERS)
    arguments = {name: value for name, value in given.items() if value not in (None, ())}
    if served().network is None:
        raise NotAnswerable("this release has no network; build it with this version")
    try:
        node = Iris(served().base).thing(kind, slug).value
    except InvalidIri as error:
        abort(404, str(error))
    note("question", f"network of {node}")
    steps = steps_of(shared)
    return steps.traverse("subgraph", {"node": node, **arguments}, editions=steps.editions)
