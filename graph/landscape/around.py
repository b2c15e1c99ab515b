"""What is around an entity: its neighbourhood of one to three hops, counted and in pages."""

from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.answers import Answer, Column
from graph.landscape.asking import Asking, filled, stored_query
from graph.landscape.named import Named, Parameter
from graph.landscape.traversal import WAY, called, thing
from graph.network.edges import LEFT_OUT_CLASSES, NODE_KINDS, THINGS
from ontology.vocabulary import expand


def _nodes(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found = called(asking, "neighbourhood", arguments)
    rows = [
        {
            "node": thing(node),
            "hop": node["hop"],
            "degree": node["degree"],
            "relations": tuple(_words(edge) for edge in node.get("edges", ())),
        }
        for node in found["nodes"]
    ]
    return Answer(
        "neighbourhood",
        NEIGHBOURHOOD.columns,
        rows,
        dict(arguments),
        sparql=_sparql(asking, arguments, found),
        notes=_notes(found),
    )


def _counts(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found = called(asking, "neighbourhood", {**arguments, "limit": 0})
    rows: list[dict[str, Any]] = []
    for hop in found["hops"]:
        nodes = [("nodes", kind, count) for kind, count in hop["by_node_kind"].items()]
        edges = [("edges", _words(edge), edge["count"]) for edge in hop["by_edge_kind"]]
        rows += [
            {"hop": hop["hop"], "what": what, "kind": kind, "count": count}
            for what, kind, count in (*nodes, *edges)
        ]
    return Answer(
        "neighbourhood-counts", COUNTS.columns, rows, dict(arguments), notes=_notes(found)
    )


def _words(edge: Mapping[str, Any]) -> str:
    """The kind of an edge, with an arrow that tells which way it leads."""
    return f"{edge['kind']} →" if edge["forward"] else f"← {edge['kind']}"


def _notes(found: Mapping[str, Any]) -> tuple[str, ...]:
    notes = [
        f"Hop {hop['hop']}: {hop['nodes']} nodes over {hop['edges']} edges"
        + (f"; {hop['not_passed']} are not passed through" if hop["not_passed"] else "")
        for hop in found["hops"]
    ]
    if found["nodes"] and found["more"]:
        notes.append(f"+{found['more']} more")
    return tuple(notes)


def _sparql(asking: Asking, arguments: Mapping[str, Any], found: Mapping[str, Any]) -> str | None:
    """One query with the same rows: of one hop, where all of it is on the page."""
    if len(found["hops"]) > 1 or found["more"] or found["offset"]:
        return None
    edges = {str(edge["kind"]) for edge in found["hops"][0]["by_edge_kind"]}
    met = found["hops"][0]["by_node_kind"]
    kinds = [kind for kind in met if kind in (arguments["show"] or met)]
    return filled(
        stored_query("neighbourhood"),
        centre=[NamedNode(found["node"]["iri"])],
        properties=[NamedNode(expand(kind)) for kind in sorted(edges)],
        kinds=[Literal(f"{asking.base}id/{kind}/") for kind in kinds],
        apart=[NamedNode(class_) for class_ in LEFT_OUT_CLASSES],
    )


_CENTRE = (
    Parameter("node", "Entity", "What is in the middle.", "entity", of=THINGS, required=True),
    Parameter("hops", "Hops", "How far around it.", "integer", default=1, least=1, most=3),
)
NEIGHBOURHOOD = Named(
    "neighbourhood",
    "What is around it?",
    "What is one to three edges away from an entity, the nearest first, in pages.",
    (
        *_CENTRE,
        Parameter(
            "show",
            "Show",
            "Kinds of nodes to show; claim is for facts. They are counted in any case.",
            "choice",
            choices=NODE_KINDS,
            many=True,
        ),
        Parameter(
            "order",
            "Order",
            "Within a hop: the most connected first, or by name.",
            "choice",
            choices=("degree", "label"),
            default="degree",
        ),
        Parameter("offset", "Skip", "How many nodes to skip.", "integer", default=0),
        Parameter("limit", "Show at most", "Nodes.", "integer", default=50, least=0, most=1000),
        *WAY,
    ),
    (
        Column("node", "Node", "thing", "A thing, or a fact or event that ties things."),
        Column("hop", "Hops", "integer", "How many edges away it is."),
        Column("degree", "Edges", "integer", "How many edges it has in all."),
        Column("relations", "Relations", "texts", "Its edges to the entity, for the first hop."),
    ),
    _nodes,
)
COUNTS = Named(
    "neighbourhood-counts",
    "How much is around it?",
    "What is one to three edges away from an entity, counted by kind of node and of edge.",
    (*_CENTRE, *WAY),
    (
        Column("hop", "Hops", "integer", "How many edges away."),
        Column("what", "What", "text", "Nodes that are so far away, or the edges that lead there."),
        Column("kind", "Kind", "text", "Of the nodes, or of the edges with their direction."),
        Column("count", "Count", "integer", "How many."),
    ),
    _counts,
)

QUESTIONS: tuple[Named, ...] = (NEIGHBOURHOOD, COUNTS)
