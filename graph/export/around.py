"""The neighbourhood of an entity as statements.

It is what the network has within so many hops, followed in both directions, with every statement
about these things and their parts (a mention is a part of its claim), and the labels of what else
these statements point to, so that it can be read by itself.
"""

from collections.abc import Iterator

import numpy as np

from graph.export.errors import NoSuchScope, NotOfThisScope
from graph.export.lines import Lines, blocks, graph_of
from graph.export.model import Progress, Scope
from graph.network.arguments import Arguments
from graph.network.arrays import Network, Nodes
from graph.network.bounds import MOST_HOPS
from graph.network.errors import UnknownNode
from graph.network.files import stored_network
from graph.network.reading import read_network
from graph.network.steps import Way, levels
from graph.problems import shown
from graph.release import DataDirectory, Editions, Release

_LABEL = b" <http://www.w3.org/2000/01/rdf-schema#label> "


def around(release: Release, scope: Scope, progress: Progress) -> Iterator[Lines]:
    """The lines of a neighbourhood, in order, in lists.

    It is one of current editions, unless only superseded ones know the entity. Raises NoSuchScope,
    NotOfThisScope for hops that are too many, and what `blocks` does.
    """
    network, nodes, editions = found_around(release, scope)
    near = {network.iris[int(node)].encode() for node in nodes}
    apart = frozenset[bytes]()
    if editions == "current":
        apart = frozenset(iri.encode() for iri in release.history)
    pointed: set[bytes] = set()

    def half(done: int, total: int) -> None:
        progress(done // 2, total)

    for block in blocks(release, half):
        for line in block.split(b"\n"):
            if line and _subject(line) in near and graph_of(line) not in apart:
                pointed.add(line.split(b" ", 3)[2])

    def rest(done: int, total: int) -> None:
        progress(total // 2 + done // 2 if done < total else total, total)

    for block in blocks(release, rest):
        found = [
            line
            for line in block.split(b"\n")
            if line
            and graph_of(line) not in apart
            and (_subject(line) in near or (_LABEL in line and line.split(b" ", 1)[0] in pointed))
        ]
        if found:
            yield found


def network_of(release: Release, editions: Editions = "current") -> Network:
    """The network of a release: its files, or else made in memory. Nothing is written."""
    # `releases/<id>` is where a data directory has it.
    data = DataDirectory(release.path.parent.parent)
    return stored_network(data, release, editions) or read_network(release, editions)


def found_around(release: Release, scope: Scope) -> tuple[Network, Nodes, Editions]:
    """The network that knows the entity of a scope, the nodes around it, and of which editions.

    Raises as `nodes_around` does.
    """
    network = network_of(release)
    try:
        return network, nodes_around(network, scope), "current"
    except NoSuchScope:
        if not release.history:
            raise
    whole = network_of(release, "all")
    return whole, nodes_around(whole, scope), "all"


def nodes_around(network: Network, scope: Scope) -> Nodes:
    """The nodes within the hops of a scope, the entity first, then the nearest.

    A node with very many edges is reached, and not passed through, unless it is the entity.
    """
    if not 0 <= scope.hops <= MOST_HOPS:
        raise NotOfThisScope(f"{scope.hops} hops are not from 0 to {MOST_HOPS}")
    arguments = Arguments(network, {"node": scope.value}, ("node",))
    try:
        centre = arguments.node("node")
    except UnknownNode:
        place = "Give the IRI of a thing in the network, such as an organisation, as it is."
        raise NoSuchScope("entity", shown(scope.value), place) from None
    found = [level.nodes for level in levels(Way.of(network, arguments), centre, scope.hops)]
    return np.concatenate(found)


def _subject(line: bytes) -> bytes:
    """The IRI of the thing that a line is about, or that what it is about is a part of."""
    return line[1 : line.index(b"> ")].partition(b"#")[0]
