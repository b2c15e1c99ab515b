"""A release as a network for other programs: GraphML, and node-link JSON as networkx reads it.

Which properties are edges is decided in `graph.network.edges`. Nodes stand in the order of their
IRIs and edges in that of their rows; both are written one at a time, so the text is never held.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graph.export.around import found_around, network_of
from graph.export.lines import Lines, blocks, selected
from graph.export.model import Progress, Scope, silent
from graph.export.results import result
from graph.network.arrays import Network
from graph.network.reading import network_of_quads
from graph.release import Release

_LABEL = b" <http://www.w3.org/2000/01/rdf-schema#label> "
_NODE_KEYS = ("label", "kind", "degree")
_EDGE_KEYS = ("kind", "statement")
_SCHEMA = "http://graphml.graphdrawing.org/xmlns"

# What XML 1.0 cannot have (section 2.2), by no means whatever.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Attributes = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Part:
    """What is written of a network; `inside` tells for each node whether it is."""

    network: Network
    inside: NDArray[np.bool_]
    labels: Mapping[str, str]

    def nodes(self) -> Iterator[tuple[str, Attributes]]:
        """The nodes, with their labels, kinds and degrees in the whole network."""
        for number in np.flatnonzero(self.inside):
            described = self.network.described(int(number))
            iri = str(described["iri"])
            label = self.labels.get(iri, str(described["label"]))
            degree = int(self.network.degree[number])
            yield iri, {"label": label, "kind": str(described["kind"]), "degree": degree}

    def edges(self) -> Iterator[tuple[str, str, Attributes]]:
        """The edges between them: from, to, the kind, and the derived statement that tells why."""
        network = self.network
        for number in np.flatnonzero(self.inside):
            row = network.row(int(number))
            start = network.iris[int(number)]
            for place in range(row.start, row.stop):
                end = int(network.neighbours[place])
                edge = network.edge(place)
                if not edge["forward"] or not self.inside[end]:
                    continue
                attributes: dict[str, str | int] = {"kind": str(edge["kind"])}
                if edge["statement"] is not None:
                    attributes["statement"] = str(edge["statement"])
                yield start, network.iris[end], attributes


def write_node_link(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write node-link JSON: `networkx.node_link_graph(document, edges="edges")` reads it."""
    part = part_of(release, scope, progress)
    graph = json.dumps({"release": release.id})
    target.write(f'{{"directed": true, "multigraph": true, "graph": {graph}, "nodes": ['.encode())
    nodes = ({"id": iri, **attributes} for iri, attributes in part.nodes())
    _write_listed(target, nodes)
    target.write(b'], "edges": [')
    edges = (
        {"source": start, "target": end, "key": attributes["kind"], **attributes}
        for start, end, attributes in part.edges()
    )
    _write_listed(target, edges)
    target.write(b"]}\n")


def write_graphml(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write GraphML, as Gephi, Cytoscape, igraph and networkx read it.

    A character that XML cannot have becomes U+FFFD.
    """
    part = part_of(release, scope, progress)
    keys = [("node", name) for name in _NODE_KEYS] + [("edge", name) for name in _EDGE_KEYS]
    ids = {key: f"d{number}" for number, key in enumerate(keys)}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<graphml xmlns="{_SCHEMA}">']
    for (of, name), id_ in ids.items():
        type_ = "long" if name == "degree" else "string"
        lines.append(f'  <key id="{id_}" for="{of}" attr.name="{name}" attr.type="{type_}"/>')
    lines.append('  <key id="g0" for="graph" attr.name="release" attr.type="string"/>')
    lines.append('  <graph edgedefault="directed">')
    lines.append(f'    <data key="g0">{release.id}</data>')
    target.write("".join(f"{line}\n" for line in lines).encode())

    def data(of: str, attributes: Attributes) -> str:
        return "".join(
            f'<data key="{ids[of, name]}">{_text(str(value))}</data>'
            for name, value in attributes.items()
        )

    for iri, attributes in part.nodes():
        text = f'    <node id="{_text(iri)}">{data("node", attributes)}</node>\n'
        target.write(text.encode())
    for number, (start, end, attributes) in enumerate(part.edges()):
        ends = f'source="{_text(start)}" target="{_text(end)}"'
        text = f'    <edge id="e{number}" {ends}>{data("edge", attributes)}</edge>\n'
        target.write(text.encode())
    target.write(b"  </graph>\n</graphml>\n")


def part_of(release: Release, scope: Scope, progress: Progress) -> Part:
    """What is to be written of the network. Raises the errors of graph.export and graph.release."""
    if scope.what == "release":
        network = network_of(release)
        return Part(network, np.ones(len(network), bool), {})
    if scope.what == "entity":
        network, nodes, _ = found_around(release, scope)
        inside = np.zeros(len(network), bool)
        inside[nodes] = True
        return Part(network, inside, {})
    if scope.what == "query":
        text = result(release, scope, "application/n-triples")
        quads: Iterator[Quad] = iter(parse(text, format=RdfFormat.N_TRIPLES))
    else:
        quads = _parsed(selected(release, scope, progress))
    network = network_of_quads(quads, release.iris.base, release.id)
    labels = _labels(release, set(network.iris))
    return Part(network, np.ones(len(network), bool), labels)


def _parsed(lists: Iterator[Lines]) -> Iterator[Quad]:
    for lines in lists:
        yield from parse(b"\n".join(lines), format=RdfFormat.N_QUADS)


def _labels(release: Release, wanted: set[str]) -> Mapping[str, str]:
    """The labels that the whole release has for these nodes, the least of several.

    A source names things that are labelled in the registers.
    """
    found: dict[str, str] = {}
    lines = chain.from_iterable(block.split(b"\n") for block in blocks(release, silent))
    named = [
        line for line in lines if _LABEL in line and line[1 : line.index(b"> ")].decode() in wanted
    ]
    for quad in parse(b"\n".join(named), format=RdfFormat.N_QUADS):
        assert isinstance(quad.subject, NamedNode)
        if isinstance(quad.object, Literal) and quad.predicate.value.endswith("#label"):
            iri, text = quad.subject.value, quad.object.value
            found[iri] = min(text, found.get(iri, text))
    return found


def _write_listed(target: BinaryIO, items: Iterator[Mapping[str, str | int]]) -> None:
    for number, item in enumerate(items):
        comma = b",\n" if number else b"\n"
        target.write(comma + json.dumps(item, ensure_ascii=False).encode("utf-8", "replace"))


def _text(text: str) -> str:
    return escape(_NOT_IN_XML.sub("\ufffd", text), {'"': "&quot;", "\r": "&#13;"})
