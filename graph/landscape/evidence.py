"""The evidence behind derived statements, and what it amounts to for each kind of evidence."""

from collections.abc import Iterable, Mapping
from typing import Literal

from pyoxigraph import NamedNode

from graph.landscape.answers import Evidence, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query

#: Statements in one query; each is one IRI of its text.
_AT_ONCE = 2_000

Tie = Literal["stated", "implied"]


def evidence_of(asking: Asking, statements: Iterable[str]) -> dict[str, Evidence]:
    """Return the evidence of each derived statement, by its IRI, ordered by report and kind.

    Evidence is of one statement: its tie says whether this statement is stated. `marks` says what
    several amount to. IRIs that are no derived statement are left out. Raises the errors of
    graph.query.
    """
    return evidence_in(evidence_rows(asking, statements))


def evidence_rows(asking: Asking, statements: Iterable[str]) -> list[Row]:
    """Return the rows of the query `evidence` for derived statements, as `evidence_in` takes them.

    They also bind subject and subjectLabel. Raises the errors of graph.query.
    """
    found: list[Row] = []
    nodes = [NamedNode(statement) for statement in dict.fromkeys(statements)]
    for first in range(0, len(nodes), _AT_ONCE):
        some = nodes[first : first + _AT_ONCE]
        found += asking.rows(filled(stored_query("evidence"), statements=some))
    return found


def evidence_in(rows: Iterable[Row]) -> dict[str, Evidence]:
    """Return the evidence that rows tell of, by the IRI of its derived statement.

    Rows bind statement, kind, rule, report, reportLabel, implied and fact, and section where the
    fact has one, as those of the query `evidence`. Several rows of a statement are its facts and
    sections.
    """
    by_statement: dict[str, list[Row]] = {}
    for row in rows:
        by_statement.setdefault(str(row["statement"]), []).append(row)
    return {statement: _evidence(statement, of) for statement, of in by_statement.items()}


def _evidence(statement: str, rows: list[Row]) -> Evidence:
    first = rows[0]
    return Evidence(
        kind=str(first["kind"]),
        tie="implied" if first["implied"] else "stated",
        report=Thing(str(first["report"]), str(first["reportLabel"]), "source"),
        sections=tuple(dict.fromkeys(str(row["section"]) for row in rows if "section" in row)),
        rule=str(first["rule"]),
        statement=statement,
        facts=tuple(dict.fromkeys(str(row["fact"]) for row in rows)),
    )


def marks(evidence: Iterable[Evidence]) -> Mapping[str, Tie]:
    """Return each kind of evidence with its mark: stated if any of it states the tie, else implied.

    Kinds are in the order of the alphabet.
    """
    found: dict[str, Tie] = {}
    for one in evidence:
        if one.tie == "stated" or one.kind not in found:
            found[one.kind] = one.tie
    return dict(sorted(found.items()))
