"""Whether what publishers print fits: stated rates, parts and wholes, one publisher and another."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode

from graph.audit import KINDS
from graph.landscape.answers import Answer, Column, Evidence, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.figures import completeness_with_figures
from graph.landscape.named import Named, Parameter

_AT_ONCE = 1_000
_NOTES = (
    (
        "Bounds are those of rounding, half a unit of the last printed digit to either side. "
        'Nothing is corrected, and a word that blurs a number ("nearly") widens nothing.'
    ),
    (
        "A rate is contradicted only where both years of its period are printed. Weak: the growth "
        "between the figures is known within more than two points, so that agreement says little."
    ),
)


def _run(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    kinds = [f"{asking.base}id/concept/{kind}" for kind in arguments["kind"]]
    query = filled(
        stored_query("findings"),
        kinds=_nodes(kinds),
        markets=_nodes([arguments["market"]] if arguments["market"] else []),
        reports=_nodes(arguments["report"]),
    )
    rows = asking.rows(query)
    evidence = _evidence(asking, [str(row["finding"]) for row in rows])
    return Answer(
        question="findings",
        columns=_COLUMNS,
        rows=[_row(row, evidence.get(str(row["finding"]), [])) for row in rows],
        understood=dict(arguments),
        completeness=completeness_with_figures(asking, (), arguments["report"]),
        sparql=query,
        notes=_NOTES,
    )


def _nodes(iris: Iterable[str]) -> list[NamedNode] | None:
    return [NamedNode(iri) for iri in iris] or None


def _row(row: Row, evidence: list[Evidence]) -> dict[str, Any]:
    told = {name: row.get(name) for name in ("agrees", "value", "lowest", "highest", "severity")}
    return {
        "kind": str(row["kind"]).rsplit("/", 1)[-1],
        "title": str(row["kindLabel"]),
        "text": str(row["text"]),
        **told,
        "weak": bool(row.get("weak", False)),
        "unit": str(row.get("unit", "")),
        "needed": row.get("needed"),
        "needed_year": _year(row, "neededYear"),
        "from_year": _year(row, "from"),
        "to_year": _year(row, "to"),
        "about": Thing(str(row["about"]), str(row["aboutLabel"]), "claim"),
        "finding": Thing(str(row["finding"]), str(row["kindLabel"]), "statement"),
        "reports": list({one.report.iri: one.report for one in evidence}.values()),
        "evidence": evidence,
    }


def _year(row: Row, name: str) -> int | None:
    return int(str(row[name])) if name in row else None


def _evidence(asking: Asking, findings: list[str]) -> dict[str, list[Evidence]]:
    found: dict[str, dict[str, tuple[Thing, dict[str, None], dict[str, None]]]] = {}
    for first in range(0, len(findings), _AT_ONCE):
        some = [NamedNode(iri) for iri in findings[first : first + _AT_ONCE]]
        for row in asking.rows(filled(stored_query("finding-premises"), findings=some)):
            report = Thing(str(row["report"]), str(row["reportLabel"]), "source")
            of_finding = found.setdefault(str(row["finding"]), {})
            _, facts, sections = of_finding.setdefault(report.iri, (report, {}, {}))
            facts[str(row["fact"])] = None
            if "section" in row:
                sections[str(row["section"])] = None
    return {
        finding: [
            Evidence("Premise", "stated", report, tuple(sections), facts=tuple(facts))
            for report, facts, sections in of_finding.values()
        ]
        for finding, of_finding in found.items()
    }


_COLUMNS = (
    Column("kind", "Kind", "text", "The kind of finding, by its short name."),
    Column("title", "Finding", "text", "The kind in words."),
    Column("text", "In words", "text", "The finding in a sentence, with its numbers."),
    Column("agrees", "Agrees", "boolean", "Whether what was compared fits; empty if nothing was."),
    Column("weak", "Weak", "boolean", "Agreement says little, since the digits are few."),
    Column("value", "Value", "number", "What was computed."),
    Column("lowest", "Lowest", "number", "Its lower bound by rounding."),
    Column("highest", "Highest", "number", "Its upper bound by rounding."),
    Column("unit", "Unit", "text", "Of the value."),
    Column("severity", "Severity", "number", "The end at the stated rate, by the printed one."),
    Column("needed", "Needed", "number", "What an unprinted figure would have to be."),
    Column("needed_year", "Needed for", "integer", "The year of that figure."),
    Column("from_year", "From", "integer", "The first year of what was computed."),
    Column("to_year", "To", "integer", "The last year of what was computed."),
    Column("about", "About", "thing", "The fact that it is about."),
    Column("reports", "Reports", "things", "Whose facts it rests on."),
    Column("finding", "Node", "thing", "The finding in the graph."),
    Column("evidence", "Evidence", "evidence", "The facts that it rests on."),
)

FINDINGS = Named(
    name="findings",
    title="Do the figures fit?",
    doc="What was computed from printed figures and compared: stated growth rates with the growth "
    "of the figures, parts with wholes, shares with totals, editions and publishers with each "
    "other. Nothing is corrected.",
    parameters=(
        Parameter(
            "kind", "Kind", "only findings of these kinds", "choice", choices=KINDS, many=True
        ),
        Parameter("market", "Market", "only those on this market", "entity", of=("market",)),
        Parameter(
            "report", "Report", "only those on these reports", "entity", of=("source",), many=True
        ),
    ),
    columns=_COLUMNS,
    run=_run,
)
QUESTIONS: tuple[Named, ...] = (FINDINGS,)
