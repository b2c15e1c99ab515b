"""The network around a thing: what is near it, how it is tied, and what is left out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from graph.landscape import Asking, Evidence, NotAnswerable
from graph.landscape.evidence import evidence_of
from graph.landscape.traversal import called
from graph.network.edges import THINGS
from ontology.terms import terms
from ontology.vocabulary import contract, expand
from service.explore.model import OF_IRI, Network, Node, Placed, Tie

USUAL, MOST = 60, 300
"""Nodes in a picture, unless all are asked for, and at most."""
HUB = 100
"""A node with more ties than this is told by their number, and nothing is sought behind it."""
_BEYOND = 600
_RELATIONS = {
    "broader": "narrower than",
    "related": "related to",
    "exactMatch": "the same as",
    "closeMatch": "close to",
    "broadMatch": "within",
    "narrowMatch": "wider than",
    "relatedMatch": "related to",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What is asked for: the network around a thing.

    `unfolded` are things whose neighbours are drawn too; `without` are kinds of ties to leave out;
    `facts` says whether facts are nodes; `pins` are places by IRI; `most` is how many nodes there
    may be besides those that are unfolded.
    """

    focus: str
    hops: int = 1
    unfolded: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    facts: bool = False
    most: int = USUAL
    pins: Mapping[str, tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things of a network lead: to themselves in focus, unfolded, and to their pages."""

    focus: Callable[[str], str]
    unfold: Callable[[str], str]
    page: Callable[[str], str]


def around(asking: Asking, wanted: Around, to: Addresses) -> Network:
    """Return the network around a thing, its ties with their evidence.

    Raises NotAnswerable where there is no network, InvalidParameter, and the errors of graph.query.
    """
    if asking.network is None:
        raise NotAnswerable("this release has no network; build it with this version")
    near = _Near(asking, wanted)
    near.seek()
    drawn = near.drawn()
    among = near.call({"nodes": sorted(drawn), "most": len(drawn)})
    edges = among["edges"]
    pages = {iri: _node(of, to) for iri, of in drawn.items()}
    evidence = evidence_of(asking, sorted({e["statement"] for e in edges if e["statement"]}))
    ties = sorted((_tie(edge, pages, evidence, to) for edge in edges), key=_order)
    beyond = near.beyond(drawn)
    pins = wanted.pins or {}
    nodes = [
        Placed(
            pages[iri],
            more=beyond.get(iri, 0),
            unfold=to.unfold(iri) if beyond.get(iri) and _unfolds(drawn[iri]) else "",
            hub=_is_hub(drawn[iri]),
            pinned=pins.get(iri),
        )
        for iri in sorted(drawn, key=near.rank)
    ]
    return Network(nodes, ties, wanted.focus, near.left_out(drawn), near.kinds(edges))


@cache
def kind_words() -> Mapping[str, str]:
    """Return the words of our properties by their CURIEs."""
    return {contract(one.iri): one.label for one in terms() if not one.is_class}


def words_of(key: str) -> str:
    """Return the words of a kind of tie, which is a CURIE."""
    prefix, _, local = key.partition(":")
    return _RELATIONS.get(local, local) if prefix == "skos" else kind_words().get(key, local)


class _Near:
    """What is found around the focus and around what is unfolded, a step farther than is drawn."""

    def __init__(self, asking: Asking, wanted: Around) -> None:
        self._asking, self._wanted = asking, wanted
        self._found: dict[str, Mapping[str, Any]] = {}
        self._beside: dict[str, set[str]] = defaultdict(set)
        self._kinds: Counter[str] = Counter()
        self._hops: dict[str, int] = {}
        self._missing = 0

    def call(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        way: dict[str, Any] = {"hubs": HUB}
        if not self._wanted.facts:
            way["without_node_kinds"] = ["claim"]
        if self._wanted.without:
            way["without_kinds"] = [contract(expand(key)) for key in self._wanted.without]
        return called(self._asking, "subgraph", {**way, **arguments})

    def seek(self) -> None:
        for centre in (self._wanted.focus, *self._wanted.unfolded):
            deep = self._wanted.hops if centre == self._wanted.focus else 1
            found = self.call({"node": centre, "hops": deep + 1, "most": _BEYOND})
            self._missing += found["graph"]["nodes_left_out"]
            self._found.update((node["id"], node) for node in found["nodes"])
            for edge in found["edges"]:
                self._beside[edge["source"]].add(edge["target"])
                self._beside[edge["target"]].add(edge["source"])
            self._measure(centre, deep)

    def _measure(self, centre: str, deep: int) -> None:
        """How far what is to be drawn is from the focus, or from what is unfolded."""
        first = 0 if centre == self._wanted.focus else self._hops.get(centre, 1)
        level = {centre}
        for hop in range(deep + 1):
            for iri in level:
                self._hops[iri] = min(self._hops.get(iri, first + hop), first + hop)
            inner = [i for i in level if i == centre or not _is_hub(self._found[i])]
            level = {other for iri in inner for other in self._beside[iri]}

    def rank(self, iri: str) -> tuple[object, ...]:
        node = self._found[iri]
        asked = iri != self._wanted.focus and iri not in self._wanted.unfolded
        label = str(node["label"])
        return (asked, self._hops[iri], str(node["kind"]), label.casefold(), label, iri)

    def drawn(self) -> dict[str, Mapping[str, Any]]:
        def nearest(iri: str) -> tuple[object, ...]:
            first, hops, *rest = self.rank(iri)
            return (first, hops, -int(self._found[iri]["degree"]), *rest)

        room = min(MOST, self._wanted.most + len(self._wanted.unfolded) * 12)
        return {iri: self._found[iri] for iri in sorted(self._hops, key=nearest)[:room]}

    def beyond(self, drawn: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        """How many neighbours of each are not drawn; of a hub, all that it has."""
        return {
            iri: int(node["degree"]) if _is_hub(node) else len(self._beside[iri] - drawn.keys())
            for iri, node in drawn.items()
        }

    def left_out(self, drawn: Mapping[str, object]) -> int:
        return len(self._hops.keys() - drawn.keys())

    def kinds(self, edges: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, int]]:
        """Kinds of ties with their numbers; those that were left out can be had again."""
        counts = Counter(str(edge["key"]) for edge in edges)
        for key in self._wanted.without:
            counts.setdefault(contract(expand(key)), 0)
        return sorted(
            ((key, words_of(key), number) for key, number in counts.items()),
            key=lambda one: (-one[2], one[1], one[0]),
        )


def _is_hub(node: Mapping[str, Any]) -> bool:
    return int(node["degree"]) > HUB


def _unfolds(node: Mapping[str, Any]) -> bool:
    """Whether what is beside it can be drawn: of a thing, unless it is a hub; a fact has a page."""
    return node["kind"] in THINGS and not _is_hub(node)


def _node(found: Mapping[str, Any], to: Addresses) -> Node:
    iri = str(found["id"])
    kind, what = OF_IRI.get(str(found["kind"]), ("statement", "thing"))
    page = to.page(iri)
    href = to.focus(iri) if found["kind"] in THINGS else page
    return Node(iri, str(found["label"]), kind, href, page, what)


def _tie(
    edge: Mapping[str, Any],
    nodes: Mapping[str, Node],
    evidence: Mapping[str, Evidence],
    to: Addresses,
) -> Tie:
    statement = edge["statement"]
    found = evidence.get(statement) if statement else None
    return Tie(
        nodes[edge["source"]],
        words_of(str(edge["key"])),
        nodes[edge["target"]],
        str(edge["key"]),
        (found,) if found else (),
        to.page(statement) if statement else "",
    )


def _order(tie: Tie) -> tuple[str, ...]:
    return (
        *(tie.start.label.casefold(), tie.start.iri, tie.words),
        *(tie.end.label.casefold(), tie.end.iri, tie.why),
    )
