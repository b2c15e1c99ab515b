"""What questions about the network have in common: their parameters, calls, and errors."""

from collections.abc import Mapping
from typing import Any

from graph.landscape.answers import Thing
from graph.landscape.asking import Asking
from graph.landscape.errors import InvalidParameter, NotAnswerable
from graph.landscape.named import Parameter
from graph.network import InvalidArgument, UnknownNode
from graph.network.bounds import DEFAULT_HUBS
from graph.network.edges import NODE_KINDS, THINGS

#: Where the network may be gone through; names are those of its calls.
WAY = (
    Parameter(
        "kinds",
        "Only these edges",
        "Properties to follow, such as activeIn; every kind of edge unless given.",
        "text",
        many=True,
    ),
    Parameter(
        "without_kinds",
        "Not these edges",
        "Properties that are not followed, such as therapyType.",
        "text",
        many=True,
    ),
    Parameter(
        "without_node_kinds",
        "Not through",
        "Kinds of nodes that are not met; claim is for facts.",
        "choice",
        choices=NODE_KINDS,
        many=True,
    ),
    Parameter(
        "hubs",
        "Hubs",
        "A node with more edges than this is a hub, and not passed through; 0 for no limit.",
        "integer",
        default=DEFAULT_HUBS,
    ),
    Parameter(
        "through",
        "Through these hubs",
        "Hubs that are passed through all the same.",
        "entity",
        of=THINGS,
        many=True,
    ),
)


def called(asking: Asking, call: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a call on the network gives.

    Raises NotAnswerable where there is no network, InvalidParameter, and the errors of graph.query.
    """
    if asking.network is None:
        raise NotAnswerable(
            "how things connect is answered from the network of a release, which this engine lacks;"
            " ask the service's own engine"
        )
    given = {name: list(v) if isinstance(v, tuple) else v for name, v in arguments.items()}
    try:
        return asking.network.traverse(call, given, asking.job, asking.editions)
    except InvalidArgument as error:
        raise InvalidParameter(error.name, error.reason) from None
    except UnknownNode as error:
        raise InvalidParameter(
            error.name, f"<{error.iri}> is no node of the network of this release"
        ) from None


def thing(node: Mapping[str, Any]) -> Thing:
    """A node of the network as a thing in a cell."""
    return Thing(str(node["iri"]), str(node["label"]), str(node["kind"]))
