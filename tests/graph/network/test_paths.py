"""Paths: they are paths, the shortest is the shortest, and the k best are all there are."""

from itertools import islice, pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.network import InvalidArgument, UnknownNode
from graph.network.calls import traverse
from tests.graph.network.invented import (
    DIFFERENT,
    NAMES,
    NODES,
    Edges,
    edges,
    iri,
    multigraph,
    network,
    number_of,
    numbers,
    simple,
)


def ask(wanted: Edges, ends: tuple[int, int], **arguments: Any) -> list[list[int]]:
    given_ = {"from": iri(ends[0]), "to": iri(ends[1]), "hubs": 0, **arguments}
    found = traverse(network(wanted), "paths", given_)
    return [[number_of(node["iri"]) for node in path["nodes"]] for path in found["paths"]]


def every_path(
    graph: "nx.Graph[int]", ends: tuple[int, int], longest: int, degree: dict[int, int]
) -> list[list[int]]:
    """All paths, from the best to the worst."""
    found = nx.all_simple_paths(graph, *ends, cutoff=longest)
    # Nodes are numbered in the order of their IRIs, not of these numbers.
    return sorted(
        found, key=lambda p: (len(p), sum(degree[n] for n in p[1:-1]), [iri(n) for n in p])
    )


@given(edges, DIFFERENT, st.integers(1, 20), st.integers(1, 5))
def test_the_k_best_are_the_best_of_all(
    wanted: Edges, ends: tuple[int, int], k: int, longest: int
) -> None:
    degree = dict(multigraph(wanted).degree())
    every = every_path(simple(wanted), ends, longest, degree)
    assert ask(wanted, ends, k=k, longest=longest) == every[:k]


@given(edges, DIFFERENT)
def test_the_first_is_shortest(wanted: Edges, ends: tuple[int, int]) -> None:
    found = ask(wanted, ends, k=1, longest=12)
    graph = simple(wanted)
    if nx.has_path(graph, *ends):
        assert len(found[0]) == nx.shortest_path_length(graph, *ends) + 1
    else:
        assert found == []


@given(edges, DIFFERENT, st.integers(0, 6), numbers)
def test_hubs_are_passed_only_if_allowed(
    wanted: Edges, ends: tuple[int, int], hubs: int, through: int
) -> None:
    graph, degree = simple(wanted), dict(multigraph(wanted).degree())
    allowed = [n for n in graph if not hubs or degree[n] <= hubs or n in {*ends, through}]
    every = every_path(nx.Graph(graph.subgraph(allowed)), ends, 5, degree)
    assert ask(wanted, ends, k=20, longest=5, hubs=hubs, through=[iri(through)]) == every[:20]


@given(edges, DIFFERENT, st.sampled_from(NAMES), st.booleans())
def test_kinds_of_edges_are_followed_or_not(
    wanted: Edges, ends: tuple[int, int], kind: str, only: bool
) -> None:
    if kind not in network(wanted).edge_kinds:
        return
    kept = [edge for edge in wanted if (NAMES[edge[2]] == kind) == only]
    degree = dict(multigraph(wanted).degree())
    arguments = {"kinds" if only else "without_kinds": [kind]}
    every = every_path(simple(kept), ends, 4, degree)
    assert ask(wanted, ends, k=20, longest=4, **arguments) == every[:20]


@given(edges, DIFFERENT)
def test_kinds_of_nodes_are_met_or_not(wanted: Edges, ends: tuple[int, int]) -> None:
    degree = dict(multigraph(wanted).degree())
    kept = [n for n in range(NODES) if n % 2 == 0 or n in ends]
    every = every_path(nx.Graph(simple(wanted).subgraph(kept)), ends, 4, degree)
    assert ask(wanted, ends, k=20, longest=4, without_node_kinds=["place"]) == every[:20]
    assert ask(wanted, ends, k=20, longest=4, node_kinds=["agent"]) == every[:20]


@given(edges, DIFFERENT)
def test_steps_have_all_edges_between_two_nodes(wanted: Edges, ends: tuple[int, int]) -> None:
    graph = multigraph(wanted)
    found = traverse(network(wanted), "paths", {"from": iri(ends[0]), "to": iri(ends[1]), "k": 9})
    for path in found["paths"]:
        nodes = [number_of(node["iri"]) for node in path["nodes"]]
        assert len(path["steps"]) == path["length"] == len(nodes) - 1
        assert len(set(nodes)) == len(nodes)
        for (start, end), edges_ in zip(pairwise(nodes), path["steps"], strict=True):
            told = {(e["kind"], e["forward"]) for e in edges_}
            assert told == {(key, True) for key in graph.get_edge_data(start, end, default={})} | {
                (key, False) for key in graph.get_edge_data(end, start, default={})
            }
            assert len(told) == len(edges_)


def test_it_says_whether_there_are_more() -> None:
    wanted = [(0, 1, 0), (1, 2, 0), (0, 3, 0), (3, 2, 0)]
    call = {"from": iri(0), "to": iri(2)}
    assert traverse(network(wanted), "paths", {**call, "k": 3})["all"]
    assert not traverse(network(wanted), "paths", {**call, "k": 1})["all"]


def test_a_dense_network_ends_too() -> None:
    every = [(a, b, k) for a in range(NODES) for b in range(NODES) for k in range(3)]
    found = ask(every, (0, 11), k=20, longest=12)
    best = islice(nx.shortest_simple_paths(simple(every), 0, 11), 20)
    assert [len(path) for path in found] == [len(path) for path in best]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"k": 0}, "`k`: 0 is no whole number from 1 to 20"),
        ({"k": True}, "`k`: True is no whole number"),
        ({"longest": 13}, "from 1 to 12"),
        ({"kinds": ["kg:nothing"]}, "`kinds`: no 'kg:nothing' is in this network; there are"),
        ({"kinds": "kg:activeIn"}, "`kinds`: is no list of texts"),
        ({"hubs": -1}, "`hubs`"),
        ({"kind": "x"}, "`kind`: is no argument here; there are from, to"),
        ({"to": iri(0)}, "`to`: is the same node"),
        ({"to": None}, "`to`: is missing"),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        traverse(network([(0, 1, 0)]), "paths", {"from": iri(0), "to": iri(1)} | arguments)
    assert words in str(caught.value)


def test_an_unknown_node_is_told() -> None:
    for unknown in ("", "zzz", "http://nowhere.example/", iri(0) + "x", "\ud800"):
        with pytest.raises(UnknownNode):
            traverse(network([]), "paths", {"from": iri(0), "to": unknown})
