"""A subgraph for other programs: networkx in Python, GraphML as text.

Both take what the call `subgraph` gives. networkx is meant for up to about 100,000 edges.
"""

import re
from collections.abc import Mapping
from typing import Any

import networkx as nx

# What XML 1.0 cannot have (section 2.2), by no means whatever.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_networkx(subgraph: Mapping[str, Any]) -> "nx.MultiDiGraph[str]":
    """Return a multigraph: nodes are IRIs, keys of edges their kinds; what is null is left out."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(**subgraph["graph"])
    for node in subgraph["nodes"]:
        graph.add_node(node["id"], **_filled(node, "id"))
    for edge in subgraph["edges"]:
        attributes = _filled(edge, "source", "target", "key")
        graph.add_edge(
            edge["source"], edge["target"], key=edge["key"], kind=edge["key"], **attributes
        )
    return graph


def to_graphml(subgraph: Mapping[str, Any]) -> str:
    """Return GraphML, as Gephi, Cytoscape, igraph and networkx read it.

    A character that XML cannot have becomes U+FFFD.
    """
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    whole = to_networkx(subgraph)
    graph.graph.update(whole.graph)
    for node, data in whole.nodes(data=True):
        graph.add_node(_written(node), **{name: _written(value) for name, value in data.items()})
    for number, (start, end, data) in enumerate(whole.edges(data=True)):
        attributes = {name: _written(value) for name, value in data.items()}
        # The key becomes the id of the edge, of which there is one in a document.
        graph.add_edge(_written(start), _written(end), key=f"e{number}", **attributes)
    lines = nx.generate_graphml(graph, named_key_ids=False)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n"


def _filled(values: Mapping[str, Any], *without: str) -> dict[str, Any]:
    return {
        name: value for name, value in values.items() if name not in without and value is not None
    }


def _written(value: Any) -> Any:
    return _NOT_IN_XML.sub("\ufffd", value) if isinstance(value, str) else value
