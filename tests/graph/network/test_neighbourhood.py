"""Counts and pages agree with a plain count over the same edges."""

from collections import Counter
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.network import InvalidArgument
from graph.network.calls import traverse
from graph.network.exchange import to_graphml, to_networkx
from tests.graph.network.invented import (
    Edges,
    edges,
    iri,
    multigraph,
    network,
    number_of,
    numbers,
    simple,
)


def kind(node: int) -> str:
    return "place" if node % 2 else "agent"


def ask(wanted: Edges, centre: int, **arguments: Any) -> dict[str, Any]:
    return traverse(network(wanted), "neighbourhood", {"node": iri(centre), **arguments})


@given(edges, numbers, st.integers(1, 3))
def test_counts_agree(wanted: Edges, centre: int, hops: int) -> None:
    graph = multigraph(wanted)
    far = nx.single_source_shortest_path_length(simple(wanted), centre, cutoff=hops)
    found = ask(wanted, centre, hops=hops, hubs=0)
    for hop, counts in enumerate(found["hops"], 1):
        level = [node for node, distance in far.items() if distance == hop]
        assert counts["hop"] == hop
        assert counts["nodes"] == len(level)
        assert counts["by_node_kind"] == Counter(kind(node) for node in level)
        leading: Counter[tuple[str, bool]] = Counter()
        for start, end, key in graph.edges(keys=True):
            ends = (far.get(start), far.get(end))
            leading[key, True] += ends == (hop - 1, hop)
            leading[key, False] += ends == (hop, hop - 1)
        told = {(e["kind"], e["forward"]): e["count"] for e in counts["by_edge_kind"]}
        assert told == {what: count for what, count in leading.items() if count}
        assert counts["edges"] == sum(told.values())
    assert found["total"] == len(far) - 1
    assert {number_of(node["iri"]) for node in found["nodes"]} == far.keys() - {centre}


@given(edges, numbers, st.sampled_from(["degree", "label"]), st.integers(1, 5))
def test_pages_join_to_the_whole(wanted: Edges, centre: int, order: str, size: int) -> None:
    whole = ask(wanted, centre, hops=2, order=order)
    key = {
        "degree": lambda n: (n["hop"], -n["degree"], n["label"]),
        "label": lambda n: (n["hop"], n["label"]),
    }[order]
    assert whole["nodes"] == sorted(whole["nodes"], key=key)
    pages: list[dict[str, Any]] = []
    while True:
        page = ask(wanted, centre, hops=2, order=order, offset=len(pages), limit=size)
        pages += page["nodes"]
        assert page["more"] == whole["total"] - len(pages)
        if not page["more"]:
            break
    assert pages == whole["nodes"]


@given(edges, numbers)
def test_a_node_next_to_it_has_its_edges(wanted: Edges, centre: int) -> None:
    graph = multigraph(wanted)
    for node in ask(wanted, centre)["nodes"]:
        other = number_of(node["iri"])
        told = [(e["kind"], e["forward"]) for e in node["edges"]]
        assert len(set(told)) == len(told)
        assert set(told) == {
            *((key, True) for key in graph.get_edge_data(centre, other, default={})),
            *((key, False) for key in graph.get_edge_data(other, centre, default={})),
        }
        assert node["degree"] == graph.degree(other)


@given(edges, numbers, st.integers(1, 4))
def test_hubs_are_counted_and_not_passed(wanted: Edges, centre: int, hubs: int) -> None:
    degree = dict(multigraph(wanted).degree())
    found = ask(wanted, centre, hops=2, hubs=hubs)
    first = {number_of(n["iri"]) for n in found["nodes"] if n["hop"] == 1}
    graph = simple(wanted)
    assert first == set(graph[centre])
    assert found["hops"][0]["not_passed"] == sum(degree[node] > hubs for node in first)
    second = {b for a in first if degree[a] <= hubs for b in graph[a]} - first - {centre}
    assert {number_of(n["iri"]) for n in found["nodes"] if n["hop"] == 2} == second


def test_a_page_may_be_of_some_kinds() -> None:
    wanted = [(0, 1, 0), (0, 2, 1), (0, 4, 1)]
    found = ask(wanted, 0, show=["agent"])
    assert [number_of(node["iri"]) for node in found["nodes"]] == [4, 2]  # in the order of labels
    assert found["total"] == 2
    assert found["hops"][0]["nodes"] == 3
    assert ask(wanted, 0, limit=0)["more"] == 3


def test_wrong_arguments_are_told() -> None:
    for arguments in ({"hops": 4}, {"order": "size"}, {"limit": 1001}, {"show": ["thing"]}):
        with pytest.raises(InvalidArgument):
            ask([], 0, **arguments)


@given(edges, numbers, st.integers(1, 3))
def test_a_subgraph_is_the_induced_one(wanted: Edges, centre: int, hops: int) -> None:
    whole = multigraph(wanted)
    far = nx.single_source_shortest_path_length(simple(wanted), centre, cutoff=hops)
    document = traverse(network(wanted), "subgraph", {"node": iri(centre), "hops": hops, "hubs": 0})
    assert document["graph"]["nodes_left_out"] == document["graph"]["edges_left_out"] == 0
    expected = {
        (iri(start), iri(end), key) for start, end, key in whole.subgraph(far).edges(keys=True)
    }
    graphs = (
        to_networkx(document),
        nx.node_link_graph(document, edges="edges"),
        nx.parse_graphml(to_graphml(document), force_multigraph=True),
    )
    for graph in graphs:
        assert set(graph) == {iri(node) for node in far}
    for graph in graphs[:2]:
        assert isinstance(graph, nx.MultiDiGraph)
        assert set(graph.edges(keys=True)) == expected
    told = {(a, b, data["kind"]) for a, b, data in graphs[2].edges(data=True)}
    assert told == expected
    by_list = traverse(network(wanted), "subgraph", {"nodes": [iri(node) for node in far]})
    assert {(e["source"], e["target"], e["key"]) for e in by_list["edges"]} == expected


def test_a_subgraph_says_what_did_not_fit() -> None:
    wanted = [(0, node, 0) for node in range(1, 6)] + [(3, 6, 0)]
    document = traverse(network(wanted), "subgraph", {"node": iri(0), "hops": 2, "most": 3})
    assert [number_of(node["id"]) for node in document["nodes"]] == [0, 3, 2]
    assert document["graph"]["nodes_left_out"] == 4
    assert len(document["edges"]) == 2
    for wrong in ({}, {"node": iri(0), "nodes": [iri(1)]}, {"nodes": [iri(0)], "hops": 2}):
        with pytest.raises(InvalidArgument):
            traverse(network(wanted), "subgraph", wrong)


def test_graphml_has_no_character_that_xml_cannot_have() -> None:
    document = {
        "graph": {"release": "0"},
        "nodes": [{"id": "urn:a", "label": "a\x00b\x1b<&>\ufffe"}, {"id": "urn:b", "label": "é"}],
        "edges": [{"source": "urn:a", "target": "urn:b", "key": "kg:x", "statement": None}] * 1,
    }
    read = nx.parse_graphml(to_graphml(document))
    assert read.nodes["urn:a"]["label"] == "a\ufffdb\ufffd<&>\ufffd"
    assert read.nodes["urn:b"]["label"] == "é"
