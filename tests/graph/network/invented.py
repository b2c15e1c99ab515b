"""Small networks of chance, and the same as networkx has them."""

import networkx as nx
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from graph.network.arrays import Network
from graph.network.reading import network_of_quads
from graph.terms import Iris
from ontology.namespaces import KG, RDF, RDFS

IRIS = Iris()
GRAPH = IRIS.graph("invented")
PROPERTIES = (KG.activeIn, KG.collaboratesWith, KG.develops)
NAMES = ("kg:activeIn", "kg:collaboratesWith", "kg:develops")
Edges = list[tuple[int, int, int]]
"""Start, end, and place in PROPERTIES."""
NODES = 12
numbers = st.integers(0, NODES - 1)
edges = st.lists(st.tuples(numbers, numbers, st.integers(0, len(PROPERTIES) - 1)), max_size=40)
DIFFERENT = st.tuples(numbers, numbers).filter(lambda ends: ends[0] != ends[1])


def iri(number: int) -> str:
    """Even nodes are organisations, odd ones places."""
    return IRIS.thing("place" if number % 2 else "agent", f"n{number:02}").value


def number_of(found: str) -> int:
    return int(found.rpartition("/n")[2])


def quads(wanted: Edges) -> list[Quad]:
    found = []
    for node in range(NODES):
        # Labels are in the order opposite to that of the numbers.
        found += [Quad(NamedNode(iri(node)), RDFS.label, Literal(f"L{NODES - node:02}"), GRAPH)]
        found += [Quad(NamedNode(iri(node)), RDF.type, KG.Organisation, GRAPH)]
    found += [
        Quad(NamedNode(iri(start)), PROPERTIES[kind], NamedNode(iri(end)), GRAPH)
        for start, end, kind in wanted
    ]
    return found


def network(wanted: Edges) -> Network:
    return network_of_quads(quads(wanted), IRIS.base, "0" * 64)


def multigraph(wanted: Edges) -> "nx.MultiDiGraph[int]":
    """Each edge once, none from a node to itself."""
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(range(NODES))
    for start, end, kind in set(wanted):
        if start != end:
            graph.add_edge(start, end, key=NAMES[kind])
    return graph


def simple(wanted: Edges) -> "nx.Graph[int]":
    """Who is next to whom."""
    return nx.Graph(multigraph(wanted).to_undirected())
