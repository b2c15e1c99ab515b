"""What is in the network of the shipped seeds, and what is not."""

import numpy as np
import pytest
from pyoxigraph import NamedNode, Store

from graph.network.arrays import Network
from graph.network.edges import ALSO, LEFT_OUT, LEFT_OUT_CLASSES, NODE_KINDS, is_edge
from graph.network.reading import network_of_quads
from graph.terms import DEFAULT_BASE, KINDS, Iris
from ontology.namespaces import KG, RDF

IRIS = Iris()


@pytest.fixture(scope="module")
def shipped(landscape_store: Store) -> Network:
    found = landscape_store.quads_for_pattern(None, None, None, None)
    return network_of_quads(found, DEFAULT_BASE, "0" * 64)


def edges(network: Network) -> set[tuple[str, str, str]]:
    rows = np.repeat(np.arange(len(network)), network.degree)
    return {
        (
            network.iris[int(row)],
            network.edge_kinds[network.links[place] // 2],
            network.iris[network.neighbours[place]],
        )
        for place, row in enumerate(rows)
        if network.links[place] % 2 == 0
    }


def test_every_direct_edge_is_there_with_a_statement_that_describes_it(
    shipped: Network, landscape_store: Store
) -> None:
    active = {
        (q.subject.value, "kg:activeIn", q.object.value)
        for q in landscape_store.quads_for_pattern(None, KG.activeIn, None)
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
    }
    assert {edge for edge in edges(shipped) if edge[1] == "kg:activeIn"} == active
    number = shipped.edge_kinds.index("kg:activeIn")
    rows = np.repeat(np.arange(len(shipped)), shipped.degree)
    for place in np.flatnonzero(shipped.links == 2 * number):
        statement = NamedNode(str(shipped.edge(int(place))["statement"]))
        subject = next(landscape_store.quads_for_pattern(statement, RDF.subject, None)).object
        assert subject == NamedNode(shipped.iris[int(rows[place])])


def test_each_edge_stands_in_both_rows(shipped: Network) -> None:
    rows = np.repeat(np.arange(len(shipped)), shipped.degree)
    kinds = shipped.links // 2
    there = {*zip(rows, shipped.neighbours, kinds, shipped.links % 2 == 0, strict=True)}
    assert len(there) == 2 * shipped.size
    assert all((end, start, kind, not along) in there for start, end, kind, along in there)
    assert not (rows == shipped.neighbours).any()


def test_how_we_know_is_no_connection(shipped: Network, landscape_store: Store) -> None:
    iris = {*shipped.iris}
    for class_ in LEFT_OUT_CLASSES:
        found = landscape_store.quads_for_pattern(None, RDF.type, NamedNode(class_))
        assert not {q.subject.value for q in found if isinstance(q.subject, NamedNode)} & iris
    assert not any("#" in iri or "/source/" in iri or "/statement/" in iri for iri in iris)
    facts = [n for n in range(len(shipped)) if shipped.node_kinds[shipped.kinds[n]] == "claim"]
    assert facts
    assert all(shipped.degree[n] for n in facts)


def test_every_labelled_thing_is_there(shipped: Network, landscape_store: Store) -> None:
    organisations = landscape_store.quads_for_pattern(None, RDF.type, KG.Organisation)
    for quad in organisations:
        assert isinstance(quad.subject, NamedNode)
        assert shipped.node("node", quad.subject.value) >= 0
    brazil = shipped.described(shipped.node("node", IRIS.thing("place", "brazil").value))
    assert (brazil["label"], brazil["kind"]) == ("Brazil", "place")


def test_only_declared_properties_are_edges() -> None:
    assert {*NODE_KINDS} <= KINDS
    assert not any(is_edge(iri) for iri in (*LEFT_OUT, RDF.type.value))
    assert all(is_edge(iri) for iri in (*ALSO, KG.activeIn.value, KG.indication.value))
    assert not is_edge("https://w3id.org/therascape/ns#invented")
