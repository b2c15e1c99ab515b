"""A network from lists of nodes and edges."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.network.arrays import Network, Nodes, Texts


@dataclass(frozen=True, slots=True)
class NodeList:
    """Nodes in the order of the bytes of their IRIs; `kinds` are numbers in `kind_names`."""

    iris: Texts
    labels: Texts
    kinds: NDArray[np.uint8]
    kind_names: tuple[str, ...]
    ranks: Nodes


@dataclass(frozen=True, slots=True)
class EdgeList:
    """Edges from `starts` to `ends`, numbers of nodes; `kinds` are numbers in `kind_names`.

    `statements` are numbers in `statement_iris`, or -1. An edge that is given several times, or
    begins where it ends, may be in it.
    """

    starts: Nodes
    ends: Nodes
    kinds: NDArray[np.uint16]
    kind_names: tuple[str, ...]
    statements: NDArray[np.int32]
    statement_iris: Texts


def assembled(release: str, nodes: NodeList, edges: EdgeList) -> Network:
    """Return the network: each edge once, in the rows of both ends; none from a node to itself.

    A row is in the order of links, then neighbours; of an edge that is given several times the
    least statement remains.
    """
    kept = np.flatnonzero(edges.starts != edges.ends)
    kept = kept[_once(edges, kept)]
    starts, ends = edges.starts[kept], edges.ends[kept]
    links = edges.kinds[kept].astype(np.uint16) * 2
    rows = np.concatenate((starts, ends))
    neighbours = np.concatenate((ends, starts)).astype(np.int32)
    both = np.concatenate((links, links + 1)).astype(np.uint16)
    statements = np.tile(edges.statements[kept].astype(np.int32), 2)
    order = np.lexsort((neighbours, both, rows))
    count = len(nodes.kinds)
    degree = np.bincount(rows, minlength=count).astype(np.int32)
    indptr = np.zeros(count + 1, np.int64)
    np.cumsum(degree, out=indptr[1:])
    return Network(
        release=release,
        node_kinds=nodes.kind_names,
        edge_kinds=edges.kind_names,
        iris=nodes.iris,
        labels=nodes.labels,
        kinds=nodes.kinds,
        ranks=nodes.ranks,
        degree=degree,
        indptr=indptr,
        neighbours=neighbours[order],
        links=both[order],
        statements=statements[order],
        statement_iris=edges.statement_iris,
    )


def ranks_of(labels: Sequence[str]) -> Nodes:
    """The place of each label in their order: letters alike in both cases, then as they are."""
    order = sorted(range(len(labels)), key=lambda node: (labels[node].casefold(), labels[node]))
    ranks = np.empty(len(labels), np.int32)
    ranks[order] = np.arange(len(labels), dtype=np.int32)
    return ranks


def _once(edges: EdgeList, kept: NDArray[np.intp]) -> NDArray[np.intp]:
    """Places in `kept` of one of each edge."""
    starts, ends, kinds = edges.starts[kept], edges.ends[kept], edges.kinds[kept]
    # As unsigned, -1 is the greatest: an edge with a statement comes before one without.
    statements = edges.statements[kept].astype(np.uint32)
    order = np.lexsort((statements, kinds, ends, starts))
    if not len(order):
        return order
    starts, ends, kinds = starts[order], ends[order], kinds[order]
    first = np.ones(len(order), bool)
    first[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1]) | (kinds[1:] != kinds[:-1])
    return order[first]
