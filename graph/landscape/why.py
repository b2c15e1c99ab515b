"""Why an edge stands: the smallest sets of claims that each suffice for it, and where they are."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pyoxigraph import NamedNode

from graph.landscape.answers import Answer, Column, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.errors import InvalidParameter
from graph.landscape.named import Named, Parameter
from graph.rules import rules
from ontology.vocabulary import NAMESPACE

_KIND = re.compile(r"/id/([a-z]+)/[a-z0-9-]+$")
_PREMISE = re.compile(r"\?premise\d* a kg:(\w+)")
_ENDS = (
    *("agent", "place", "therapy", "technology", "concept", "event", "segment", "market"),
    *("source", "section"),
)


def thing(iri: str, label: str) -> Thing:
    """Return an entity for a cell, with the kind that its IRI tells."""
    if match := _KIND.search(iri):
        return Thing(iri, label, match[1])
    if "/source/" in iri:
        return Thing(iri, label, "section" if "#" in iri else "source")
    return Thing(iri, label)


@cache
def edges() -> Mapping[str, tuple[str, ...]]:
    """Every property that rules derive, with the classes of the facts that they derive it from.

    Names are those of the vocabulary without its prefix.
    """
    found: dict[str, set[str]] = {}
    for rule in rules():
        classes = found.setdefault(rule.edge.value.removeprefix(NAMESPACE), set())
        classes.update(_PREMISE.findall(rule.query))
    return {name: tuple(sorted(classes)) for name, classes in sorted(found.items())}


def why(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    """Return the sets of claims that each suffice for an edge, a row for each of their mentions.

    Removing one claim of every set would remove the edge. Raises InvalidParameter where no edge is
    given, and the errors of graph.query.
    """
    subject, name, object_ = _edge(asking, arguments)
    nodes = [NamedNode(subject), NamedNode(f"{NAMESPACE}{name}"), NamedNode(object_)]
    query = filled(stored_query("why"), edge=nodes)
    rows = _numbered(asking.rows(query))
    told = asking.rows(
        filled(stored_query("why-elsewhere"), edge=nodes, subject=nodes[:1], object=nodes[2:])
    )
    ends = (
        thing(subject, str(told[0].get("subjectLabel", subject))),
        thing(object_, str(told[0].get("objectLabel", object_))),
    )
    return Answer(
        question=WHY.name,
        columns=WHY.columns,
        rows=rows,
        understood={
            "statement": arguments.get("statement"),
            "subject": ends[0],
            "property": name,
            "object": ends[1],
        },
        completeness=completeness(asking, edges().get(name, ())),
        sparql=query,
        notes=_notes(ends, name, rows, told),
    )


def _edge(asking: Asking, arguments: Mapping[str, Any]) -> tuple[str, str, str]:
    parts = [arguments.get(name) for name in ("subject", "property", "object")]
    statement = arguments.get("statement")
    if statement is None:
        for name, value in zip(("subject", "property", "object"), parts, strict=True):
            if value is None:
                raise InvalidParameter(
                    name, "is missing: give subject, property and object, or a derived statement"
                )
        return str(parts[0]), str(parts[1]), str(parts[2])
    if any(part is not None for part in parts):
        raise InvalidParameter(
            "statement", "is an edge already; leave out subject, property, object"
        )
    found = asking.rows(filled(stored_query("why-statement"), statement=[NamedNode(statement)]))
    if not found:
        raise InvalidParameter("statement", f"{statement} is no derived statement of this release")
    row = found[0]
    return str(row["subject"]), str(row["property"]).removeprefix(NAMESPACE), str(row["object"])


def _numbered(found: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows for people, with the sets numbered: what states the edge comes first."""
    by_statement: dict[tuple[str, str], list[Row]] = {}
    for row in found:
        by_statement.setdefault((str(row["statement"]), str(row["report"])), []).append(row)
    sets: dict[frozenset[str], list[list[Row]]] = {}
    for of_statement in by_statement.values():
        claims = frozenset(str(row["claim"]) for row in of_statement)
        sets.setdefault(claims, []).append(of_statement)
    ordered = sorted(sets.values(), key=lambda derivations: all(map(_is_implied, derivations)))
    return [
        _shown(number, row, "implied" if _is_implied(derivation) else "stated")
        for number, derivations in enumerate(ordered, 1)
        for derivation in sorted(derivations, key=_is_implied)
        for row in derivation
    ]


def _is_implied(derivation: Sequence[Row]) -> bool:
    return any(row["implied"] for row in derivation)


def _shown(number: int, row: Row, tie: str) -> dict[str, Any]:
    return {
        "set": number,
        "tie": tie,
        "evidence": thing(str(row["evidence"]), str(row["evidenceLabel"])),
        "rule": row["rule"],
        "rule_doc": row["comment"],
        "statement": thing(str(row["statement"]), str(row["rule"])),
        "report": thing(str(row["report"]), str(row["reportLabel"])),
        "claim": thing(str(row["claim"]), str(row["factLabel"])),
        "fact": thing(str(row["fact"]), str(row["factLabel"])),
        "section": thing(str(row["section"]), str(row["sectionLabel"])),
        "line": row.get("line"),
        "manner": row["manner"],
        "approximation": row.get("approximation"),
        "printed": _lines(row["printed"]),
        "implied": _lines(row["implied"]),
    }


def _lines(text: object) -> tuple[str, ...]:
    return tuple(sorted(line for line in str(text).split("\n") if line))


def _notes(
    ends: tuple[Thing, Thing], name: str, rows: Sequence[Mapping[str, Any]], told: Sequence[Row]
) -> list[str]:
    edge = f"{ends[0].label}, kg:{name}, {ends[1].label}"
    notes = []
    if rows:
        count, stated = rows[-1]["set"], len({r["set"] for r in rows if r["tie"] == "stated"})
        enough = (
            "1 set of claims suffices" if count == 1 else f"{count} sets of claims suffice alone"
        )
        notes.append(f"{edge}: {enough}; stated by {stated}, only implied by {count - stated}.")
    for graph in (str(row["graph"]) for row in told if "graph" in row):
        if graph.endswith("/graph/reference"):
            notes.append(f"{edge}: recorded in the shared registers too; no report is behind that.")
        else:
            notes.append(f"{edge}: stands in the graph {graph} as it was written there, too.")
    return notes or [f"{edge}: nothing supports this edge, so it does not stand; ask why-not."]


WHY = Named(
    name="why",
    title="Why does this edge stand?",
    doc=(
        "The smallest sets of claims that each suffice for a direct edge, with the rule that"
        " derives it from them and each place where a claim is made. A set that contains another"
        " is left out."
    ),
    parameters=(
        Parameter(
            "statement",
            "Derived statement",
            "IRI of a derived statement; it stands for the edge that it describes.",
            "entity",
            of=("statement",),
        ),
        Parameter("subject", "Subject", "What the edge begins at.", "entity", of=_ENDS),
        Parameter(
            "property",
            "Property",
            "The property of the edge, of those that rules derive.",
            "choice",
            choices=tuple(edges()),
        ),
        Parameter("object", "Object", "What the edge leads to.", "entity", of=_ENDS),
    ),
    columns=(
        Column("set", "Set", "integer", "Number of the set; rows of one number suffice together."),
        Column(
            "tie", "Tie", "text", "Whether the report states or only implies it: stated, implied."
        ),
        Column("evidence", "Evidence", "thing", "The kind of evidence."),
        Column("rule", "Rule", "text", "Name of the rule that derives the edge."),
        Column("rule_doc", "What the rule says", "text", "The rule in words."),
        Column("statement", "Derived statement", "thing", "What the rule derived from the set."),
        Column("report", "Report", "thing", "The report that makes the claim."),
        Column("claim", "Claim", "thing", "The claim, one of the set."),
        Column("fact", "Fact", "thing", "The fact that it tells; an event is told by any report."),
        Column("section", "Section", "thing", "Where the claim is made."),
        Column(
            "line",
            "Line",
            "integer",
            "Line of the section with text on it; 0 is the heading. None where none are counted.",
        ),
        Column("manner", "Manner", "text", "How the report puts it: stated, reported, expected …"),
        Column("approximation", "Blurred by", "text", "The word that blurs a number, as printed."),
        Column("printed", "As printed", "texts", "The words and figures it rests on, as printed."),
        Column(
            "implied",
            "Only implied",
            "texts",
            "What the report only implies here, of what leads to the edge.",
        ),
    ),
    run=why,
)

QUESTIONS: tuple[Named, ...] = (WHY,)
