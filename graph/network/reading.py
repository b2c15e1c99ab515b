"""The network of a release, from its statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from pyoxigraph import Literal, NamedNode, Quad

from graph.network.arrays import Network, Texts
from graph.network.assemble import EdgeList, NodeList, assembled, ranks_of
from graph.network.edges import FACTS, LEFT_OUT_CLASSES, NODE_KINDS, THINGS, is_edge
from graph.release import Editions, Release
from ontology.namespaces import RDF, RDFS
from ontology.vocabulary import contract

_DESCRIBING = {RDF.subject.value: 0, RDF.predicate.value: 1, RDF.object.value: 2}
_LABEL, _TYPE = RDFS.label.value, RDF.type.value


@dataclass(slots=True)
class _Read:
    """What is read of the statements. An edge is (subject, property, object)."""

    base: str
    edges: set[tuple[str, str, str]] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    things: set[str] = field(default_factory=set)
    left_out: set[str] = field(default_factory=set)
    described: dict[str, list[str]] = field(default_factory=dict)

    def kind(self, iri: str) -> str:
        """The kind of a node's IRI; empty for other IRIs. A fragment is a part, and no node."""
        if not iri.startswith(self.base) or "#" in iri:
            return ""
        kind = iri[len(self.base) :].partition("/")[0]
        return kind if kind in NODE_KINDS else ""

    def take(self, quad: Quad) -> None:
        """Read one statement."""
        if not isinstance(quad.subject, NamedNode):
            return
        subject, predicate = quad.subject.value, quad.predicate.value
        if isinstance(quad.object, Literal):
            if predicate == _LABEL and self.kind(subject):
                # The least of several, so that their order does not matter.
                text = quad.object.value
                self.labels[subject] = min(text, self.labels.get(subject, text))
            return
        if not isinstance(quad.object, NamedNode):
            return
        target = quad.object.value
        if predicate in _DESCRIBING:
            self.described.setdefault(subject, ["", "", ""])[_DESCRIBING[predicate]] = target
        elif predicate == _TYPE:
            if target in LEFT_OUT_CLASSES:
                self.left_out.add(subject)
            elif self.kind(subject) in THINGS:
                self.things.add(subject)
        elif is_edge(predicate) and self.kind(subject) and self.kind(target):
            self.edges.add((subject, predicate, target))


def read_network(release: Release, editions: Editions = "current") -> Network:
    """Return the network of a release, built in memory. Raises the errors of graph.release."""
    apart = frozenset[str]() if editions == "all" else release.history
    quads = release.quads()
    if apart:
        quads = (quad for quad in quads if str(quad.graph_name)[1:-1] not in apart)
    return network_of_quads(quads, release.iris.base, release.id)


def network_of_quads(quads: Iterable[Quad], base: str, release: str) -> Network:
    """Return the network of statements; `base` is what data IRIs begin with."""
    read = _Read(f"{base}id/")
    for quad in quads:
        read.take(quad)
    edges = sorted(edge for edge in read.edges if not {edge[0], edge[2]} & read.left_out)
    nodes = _nodes(read, edges)
    numbers = {iri: number for number, iri in enumerate(nodes)}
    labels = [read.labels.get(iri) or iri.rpartition("/")[2] for iri in nodes]
    kinds = [NODE_KINDS.index(read.kind(iri)) for iri in nodes]
    node_list = NodeList(
        Texts.of(nodes), Texts.of(labels), np.array(kinds, np.uint8), NODE_KINDS, ranks_of(labels)
    )
    return assembled(release, node_list, _edges(read, edges, numbers))


def _nodes(read: _Read, edges: Iterable[tuple[str, str, str]]) -> list[str]:
    found = {iri for iri in (read.things | read.labels.keys()) if read.kind(iri) not in FACTS}
    for subject, _, target in edges:
        found |= {subject, target}
    return sorted(found - read.left_out, key=lambda iri: iri.encode("utf-8", "surrogatepass"))


def _edges(read: _Read, edges: list[tuple[str, str, str]], numbers: dict[str, int]) -> EdgeList:
    properties = sorted({predicate for _, predicate, _ in edges})
    kinds = {predicate: number for number, predicate in enumerate(properties)}
    describing: dict[tuple[str, ...], str] = {}
    for statement in sorted(read.described):
        describing.setdefault(tuple(read.described[statement]), statement)
    used = sorted({describing[edge] for edge in edges if edge in describing})
    places = {statement: number for number, statement in enumerate(used)}
    statements = [places[describing[e]] if e in describing else -1 for e in edges]
    return EdgeList(
        np.array([numbers[subject] for subject, _, _ in edges], np.int32),
        np.array([numbers[target] for _, _, target in edges], np.int32),
        np.array([kinds[predicate] for _, predicate, _ in edges], np.uint16),
        tuple(contract(predicate) for predicate in properties),
        np.array(statements, np.int32),
        Texts.of(used),
    )
