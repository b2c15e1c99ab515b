"""The network at 10 million edges: neighbourhoods and paths, beside networkx and igraph.

Each call is made through JSON as a worker makes it, so labels and writing are in the figures. The
others answer the plain question alone: who is next to it, how many are within three hops, a path.
"""

import importlib
import json
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
from rich.table import Table

from bench.measure import console, machine, verdict
from bench.synthetic import HUB, synthetic
from graph.network.arrays import Network
from graph.network.calls import traverse

GOAL_MS = 50.0
_RUNS = 100
_OTHER_RUNS = 10
_MOST_FOR_NETWORKX = 1_000_000  # edges; ten times as many take 3 GB and more than a minute

Call = tuple[str, dict[str, Any]]


def run(edges: int, seed: int) -> None:
    """Measure, and fail when a goal is missed."""
    machine()
    network, hub = _timed("made", lambda: synthetic(edges, seed))
    degrees = np.sort(network.degree)
    console.print(
        f"{len(network):,} nodes, {network.size:,} edges; degrees: median "
        f"{degrees[len(degrees) // 2]}, 99th percentile {degrees[len(degrees) * 99 // 100]}, "
        f"greatest {degrees[-1]:,}; hub {HUB:,}"
    )
    wrong: list[str] = []
    table = Table("call", "median ms", "95th ms", "goal ms")
    for name, calls, goal in _calls(network, hub, seed):
        times = [_ms(partial(_answer, network, call)) for call in calls]
        middle, high = (float(np.percentile(times, part)) for part in (50, 95))
        table.add_row(name, f"{middle:.2f}", f"{high:.2f}", f"{GOAL_MS:.0f}" if goal else "")
        if goal and high > GOAL_MS:
            wrong.append(f"{name}: {high:.1f} ms at the 95th percentile, {GOAL_MS:.0f} wanted")
    console.print(table)
    _others(network, hub, seed)
    verdict(wrong)


def _calls(network: Network, hub: int, seed: int) -> list[tuple[str, list[Call], bool]]:
    """Names, calls, and whether they have a goal."""
    starts = _some(network, seed, _RUNS)
    ends = _some(network, seed + 1, _RUNS)
    iri = network.iris
    around: Call = ("neighbourhood", {"node": iri[hub], "limit": 1000})
    three = [("neighbourhood", {"node": iri[n], "hops": 3, "limit": 50}) for n in starts]
    pairs = [{"from": iri[a], "to": iri[b]} for a, b in zip(starts, ends, strict=True)]
    return [
        (f"hub of {HUB:,} edges: counts, 1,000 labels", [around] * _RUNS, True),
        ("3 hops, hubs not passed", three, True),
        ("shortest path, hubs not passed", [("paths", {**p, "k": 1}) for p in pairs], True),
        ("shortest path, no limit", [("paths", {**p, "k": 1, "hubs": 0}) for p in pairs], True),
        ("5 best paths", [("paths", {**p, "k": 5}) for p in pairs], False),
        ("3 hops, no limit", [(name, {**given, "hubs": 0}) for name, given in three], True),
        (
            "subgraph of 500 nodes",
            [("subgraph", {"node": iri[n], "hops": 2}) for n in starts],
            False,
        ),
    ]


def _answer(network: Network, call: Call) -> str:
    return json.dumps(traverse(network, *call))


def _some(network: Network, seed: int, count: int) -> list[int]:
    """Things by chance: those that people ask about, and no facts."""
    random = np.random.default_rng(seed)
    claim = network.node_kinds.index("claim")
    things = np.flatnonzero((network.kinds != claim) & (network.degree > 0))
    return [int(node) for node in random.choice(things, count)]


def _others(network: Network, hub: int, seed: int) -> None:
    table = Table("library", "edges", "made s", "next to hub ms", "3 hops ms", "path ms")
    starts = _some(network, seed, _OTHER_RUNS)
    ends = _some(network, seed + 1, _OTHER_RUNS)
    if (igraph := _igraph()) is not None:
        begun = time.perf_counter()
        graph = igraph.Graph(n=len(network), edges=_pairs(network))
        table.add_row(
            *("igraph", f"{network.size:,}", f"{time.perf_counter() - begun:.1f}"),
            _each([hub], graph.neighbors),
            _each(starts, lambda node: graph.neighborhood_size(node, order=3)),
            _each([*zip(starts, ends, strict=True)], lambda pair: graph.get_shortest_path(*pair)),
        )
    else:
        console.print("igraph is not installed (pip install igraph), so it is left out")
    if network.size > _MOST_FOR_NETWORKX:
        network, hub = synthetic(_MOST_FOR_NETWORKX, seed)
        console.print(f"networkx is measured on {network.size:,} edges: more take too much memory")
        starts, ends = _some(network, seed, _OTHER_RUNS), _some(network, seed + 1, _OTHER_RUNS)
    begun = time.perf_counter()
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from(range(len(network)))
    plain.add_edges_from(_pairs(network).tolist())
    table.add_row(
        *("networkx", f"{network.size:,}", f"{time.perf_counter() - begun:.1f}"),
        _each([hub], lambda node: list(plain[node])),
        _each(
            starts, lambda node: len(nx.single_source_shortest_path_length(plain, node, cutoff=3))
        ),
        _each([*zip(starts, ends, strict=True)], lambda pair: _path(plain, *pair)),
    )
    console.print(table)


def _path(graph: "nx.Graph[int]", start: int, end: int) -> object:
    try:
        return nx.bidirectional_shortest_path(graph, start, end)
    except nx.NetworkXNoPath:
        return None


def _igraph() -> Any:
    try:
        return importlib.import_module("igraph")
    except ImportError:
        return None


def _pairs(network: Network) -> np.ndarray[Any, Any]:
    """Start and end of each edge."""
    rows = np.repeat(np.arange(len(network), dtype=np.int32), network.degree)
    along = network.links % 2 == 0
    return np.stack((rows[along], network.neighbours[along]), axis=1)


def _each(given: Sequence[Any], work: Callable[[Any], object]) -> str:
    return f"{np.median([_ms(partial(work, one)) for one in given]):.1f}"


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def _timed(what: str, work: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    found = work()
    console.print(f"{what} in {time.perf_counter() - begun:.1f} s")
    return found
