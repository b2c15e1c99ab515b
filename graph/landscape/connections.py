"""How two entities connect: the best paths between them, step by step, each with its sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.answers import Answer, Column, Evidence, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.evidence import evidence_of
from graph.landscape.named import Named, Parameter
from graph.landscape.traversal import WAY, called, thing
from graph.network.edges import TELLING, THINGS
from ontology.vocabulary import expand

#: Facts that tie players, therapies and places; what is not said in these is nowhere to be found.
_TYING = (
    *("ClinicalResult", "Deal", "Initiative", "Launch", "Milestone", "OrganisationActivity"),
    *("OrganisationProfile", "OrganisationRelation", "RegulatoryEvent", "TechnologyProfile"),
    *("TherapyProfile", "ValueChainRole"),
)
_REGISTER = "registers"


@dataclass(frozen=True, slots=True)
class _Edge:
    """An edge of a step. `statement` is the derived statement that describes it, if one does."""

    path: int
    step: int
    start: Thing
    end: Thing
    predicate: str
    forward: bool
    statement: str | None

    @property
    def ends(self) -> tuple[Thing, Thing]:
        """Subject and object."""
        return (self.start, self.end) if self.forward else (self.end, self.start)

    @property
    def fact(self) -> str | None:
        """The fact that tells the edge, where one does itself."""
        subject = self.ends[0]
        return subject.iri if self.statement is None and subject.type in TELLING else None


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    found = called(asking, "paths", arguments)
    edges = [edge for number, path in enumerate(found["paths"], 1) for edge in _edges(number, path)]
    query = _sparql(edges)
    words = {
        str(row["property"]): str(row["words"])
        for row in (asking.rows(query) if edges else ())
        if "words" in row
    }
    evidence = _evidence(asking, edges)
    return Answer(
        "connections",
        CONNECTIONS.columns,
        [_row(edge, words, evidence[edge]) for edge in edges],
        dict(arguments),
        completeness(asking, _TYING),
        query,
        _notes(found, arguments),
    )


def _edges(number: int, path: Mapping[str, Any]) -> Iterator[_Edge]:
    nodes = [thing(node) for node in path["nodes"]]
    for step, ((start, end), between) in enumerate(
        zip(pairwise(nodes), path["steps"], strict=True), 1
    ):
        for edge in between:
            kind = expand(str(edge["kind"]))
            yield _Edge(number, step, start, end, kind, edge["forward"], edge["statement"])


def _row(edge: _Edge, words: Mapping[str, str], evidence: Sequence[Evidence]) -> dict[str, Any]:
    subject, target = edge.ends
    said = words.get(edge.predicate) or edge.predicate.rpartition("#")[2]
    # What a fact says of a thing is read from the fact; what a tie says is read along the tie.
    told = f"“{subject.label}”" if edge.fact else subject.label
    sentence = f"{told}: {said} {target.label}"
    places = (
        f"{one.report.label}: {', '.join(one.sections)}" if one.sections else one.report.label
        for one in evidence
    )
    where = "; ".join(dict.fromkeys(places))
    stated = any(one.tie == "stated" for one in evidence)
    return {
        "path": edge.path,
        "step": edge.step,
        "start": edge.start,
        "relation": said,
        "forward": edge.forward,
        "end": edge.end,
        "sentence": f"{sentence} ({where or _REGISTER})",
        "tie": "" if not evidence else "stated" if stated else "implied",
        "evidence": tuple(evidence),
    }


def _evidence(asking: Asking, edges: Iterable[_Edge]) -> dict[_Edge, list[Evidence]]:
    by_edge: dict[_Edge, list[Evidence]] = {}
    described = _describing(asking, edges)
    derived = evidence_of(asking, (one for several in described.values() for one in several))
    facts = _facts(asking, edges)
    for edge in edges:
        if edge.statement is not None:
            subject, target = edge.ends
            names = described.get((subject.iri, edge.predicate, target.iri), [])
            by_edge[edge] = [derived[name] for name in names if name in derived]
        else:
            by_edge[edge] = list(_told(facts.get(edge.fact or "", []), edge.predicate))
    return by_edge


def _describing(asking: Asking, edges: Iterable[_Edge]) -> dict[tuple[str, str, str], list[str]]:
    """Every derived statement of each edge that has one, by subject, property and object."""
    some = dict.fromkeys(edge.statement for edge in edges if edge.statement)
    if not some:
        return {}
    query = filled(stored_query("connection-ties"), statements=[NamedNode(one) for one in some])
    found: dict[tuple[str, str, str], list[str]] = {}
    for row in asking.rows(query):
        key = (str(row["subject"]), str(row["property"]), str(row["object"]))
        found.setdefault(key, []).append(str(row["statement"]))
    return found


def _facts(asking: Asking, edges: Iterable[_Edge]) -> dict[str, list[Row]]:
    names = dict.fromkeys(edge.fact for edge in edges if edge.fact)
    if not names:
        return {}
    query = filled(stored_query("connection-facts"), facts=[NamedNode(name) for name in names])
    found: dict[str, list[Row]] = {}
    for row in asking.rows(query):
        found.setdefault(str(row["fact"]), []).append(row)
    return found


def _told(rows: Sequence[Row], predicate: str) -> Iterator[Evidence]:
    """What each report says of a property of a fact: implied if no mention there says it."""
    reports = {str(row["report"]): str(row["reportLabel"]) for row in rows}
    for report, label in reports.items():
        own = [row for row in rows if row["report"] == report]
        mentions = {str(row["mention"]) for row in own}
        implied = {str(row["mention"]) for row in own if row.get("implied") == predicate}
        yield Evidence(
            kind=" / ".join(dict.fromkeys(str(row["kind"]) for row in own)).capitalize(),
            tie="implied" if mentions <= implied else "stated",
            report=Thing(report, label, "source"),
            sections=tuple(dict.fromkeys(str(row["section"]) for row in own)),
            facts=(str(own[0]["fact"]),),
        )


def _sparql(edges: Iterable[_Edge]) -> str:
    rows = []
    for edge in edges:
        subject, target = edge.ends
        terms = [NamedNode(iri) for iri in (subject.iri, edge.predicate, target.iri)]
        rows.append(filled("($row)", row=[Literal(edge.path), Literal(edge.step), *terms]))
    return stored_query("connections").replace("# edges", "\n    ".join(rows))


def _notes(found: Mapping[str, Any], arguments: Mapping[str, Any]) -> tuple[str, ...]:
    notes = []
    longest, hubs, k = found["longest"], found["hubs"], len(found["paths"])
    within = f"of at most {longest} steps"
    if hubs is not None:
        within += f" that pass through nothing with more than {hubs} edges"
    if not k:
        notes.append(f"There is no path {within}. A longer one, or one through hubs, may be there.")
    elif found["all"]:
        notes.append(f"These are all paths {within}.")
    else:
        notes.append(f"These are the {k} best of the paths {within}; there may be more.")
    if any(arguments.get(name) for name in ("kinds", "without_kinds", "without_node_kinds")):
        notes.append("Only the kinds of edges and nodes that were asked for are looked at.")
    return tuple(notes)


_COLUMNS = (
    Column("path", "Path", "integer", "Which path: 1 is the best, that is the shortest."),
    Column("step", "Step", "integer", "Which step of the path; a step may have several rows."),
    Column("start", "From", "thing", "Where the step begins; it may be a fact or an event."),
    Column("relation", "Relation", "text", "The words of the property."),
    Column("forward", "Forward", "boolean", "Whether the property leads from here to there."),
    Column("end", "To", "thing", "Where the step ends."),
    Column("sentence", "In words", "text", "The step in words, with reports and sections."),
    Column("tie", "Tie", "text", "Stated or implied; empty where the registers relate the two."),
    Column("evidence", "Evidence", "evidence", "Why the edge is there: facts, sections, reports."),
)
CONNECTIONS = Named(
    "connections",
    "How do they connect?",
    "The best paths between two entities: shorter ones first, then those through less connected"
    " things. Being listed or named together is no connection.",
    (
        Parameter("from", "From", "Where paths begin.", "entity", of=THINGS, required=True),
        Parameter("to", "To", "Where paths end.", "entity", of=THINGS, required=True),
        Parameter("k", "Paths", "How many.", "integer", default=3, least=1, most=20),
        Parameter("longest", "Longest", "Most steps.", "integer", default=6, least=1, most=12),
        *WAY,
    ),
    _COLUMNS,
    _run,
)
QUESTIONS: tuple[Named, ...] = (CONNECTIONS,)
