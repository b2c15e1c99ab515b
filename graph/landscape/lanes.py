"""Which things stand together, column by column: companies, therapies, types, diseases, regions."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.landscape.activity import active, definitions
from graph.landscape.answers import Answer, Column, Evidence, Thing
from graph.landscape.asking import Asking, Row, filled, stored_query
from graph.landscape.completeness import completeness
from graph.landscape.errors import InvalidParameter
from graph.landscape.evidence import evidence_of, marks
from graph.landscape.named import Named, Parameter
from graph.landscape.regions import regions
from graph.landscape.ties import REPORT, report_slot
from graph.terms import Iris
from ontology.namespaces import KG

COLUMNS = ("company", "therapy", "therapy-type", "indication", "region")
"""What a column can be of. Ties lead from the former to the latter of two."""

_KIND = {"company": "agent", "therapy": "therapy", "region": "place"}
_DERIVED: Mapping[tuple[str, str], tuple[NamedNode, ...]] = {
    ("company", "therapy"): (KG.tiedTo, KG.develops),
    ("company", "region"): (KG.activeIn,),
    ("therapy", "therapy-type"): (KG.hasTherapyType,),
    ("therapy", "indication"): (KG.treats,),
}
_FIRST = ("company", "therapy", "therapy-type", "indication")
_LAST = ("therapy-type", "indication", "region")
_TYING = (
    *("ClinicalResult", "Deal", "Initiative", "Launch", "Milestone", "OrganisationActivity"),
    *("OrganisationProfile", "RegulatoryEvent", "TherapyProfile", "ValueChainRole"),
)


@dataclass(frozen=True, slots=True)
class _Tie:
    """A thing of a column and one of the next, and why they stand together."""

    columns: tuple[str, str]
    start: Thing
    end: Thing
    evidence: tuple[Evidence, ...]

    @property
    def turned(self) -> "_Tie":
        """The same from the other end."""
        return _Tie((self.columns[1], self.columns[0]), self.end, self.start, self.evidence)

    def row(self) -> dict[str, Any]:
        """Return it as a row of the answer."""
        stated = any(one.tie == "stated" for one in self.evidence)
        return {
            "start_column": self.columns[0],
            "start": self.start,
            "end_column": self.columns[1],
            "end": self.end,
            "tie": "stated" if stated else "implied",
            "marks": tuple(f"{kind}: {tie}" for kind, tie in marks(self.evidence).items()),
            "reports": tuple(dict.fromkeys(one.report for one in self.evidence)),
            "evidence": self.evidence,
        }


def choices(asking: Asking) -> dict[str, tuple[Thing, ...]]:
    """Return what ties can be narrowed to, by the name of the parameter: `therapy` and `place`.

    Of regions that are called the same, each has the report that draws it in brackets. Raises the
    errors of graph.query.
    """
    found: dict[str, list[Thing]] = {"therapy": [], "place": []}
    for row in asking.rows(stored_query("lanes-choices")):
        kind = "concept" if row["filter"] == "therapy" else "place"
        found[str(row["filter"])].append(Thing(str(row["thing"]), str(row["label"]), kind))
    told = regions(asking).drawn
    same = Counter(place.label for place in found["place"])
    for at, one in enumerate(found["place"]):
        if same[one.label] > 1 and one.iri in told:
            found["place"][at] = replace(one, label=f"{one.label} ({told[one.iri]})")
    return {name: tuple(things) for name, things in found.items()}


def lanes(asking: Asking, arguments: Mapping[str, Any]) -> Answer:
    """Return the ties of each column to the next.

    Raises InvalidParameter for columns that do not make a picture, and the errors of graph.query.
    """
    columns = _columns(arguments)
    found = [tie for pair in pairwise(columns) for tie in _between(asking, pair, arguments)]
    if arguments["place"] is not None:
        found = _leading_to(found, columns, "region")
    return Answer(
        question=LANES.name,
        columns=LANES.columns,
        rows=tuple(tie.row() for tie in found),
        understood={**arguments, "columns": columns},
        completeness=completeness(asking, _TYING, arguments["report"]),
        notes=_notes(found, columns, arguments),
    )


def _columns(arguments: Mapping[str, Any]) -> tuple[str, ...]:
    columns: tuple[str, ...] = tuple(arguments["columns"])
    if len(columns) < 2 or len(set(columns)) < len(columns):
        raise InvalidParameter("columns", "are two or more, each another one")
    if arguments["place"] is not None and "region" not in columns:
        raise InvalidParameter("place", "needs the column region")
    return columns


def _between(asking: Asking, pair: tuple[str, str], arguments: Mapping[str, Any]) -> Sequence[_Tie]:
    """The ties of two columns, by label."""
    straight = COLUMNS.index(pair[0]) < COLUMNS.index(pair[1])
    first, last = pair if straight else (pair[1], pair[0])
    slots: dict[str, Any] = {
        "reports": report_slot(arguments),
        "place": _nodes(arguments["place"]) if last == "region" else None,
        "therapy": _nodes(arguments["therapy"]),
        "any": [Literal(True)] if arguments["tie"] == "any" else None,
        "stated": [Literal(True)] if arguments["tie"] == "stated" else None,
    }
    properties = _DERIVED.get((first, last))
    find = _derived if properties else _told
    found = list(find(asking, (first, last), arguments, slots))
    ties = found if straight else [tie.turned for tie in found]
    return sorted(ties, key=lambda tie: (*_name(tie.start), *_name(tie.end)))


def _derived(
    asking: Asking, pair: tuple[str, str], arguments: Mapping[str, Any], slots: Mapping[str, Any]
) -> Iterator[_Tie]:
    kinds = None
    if pair == ("company", "region") and arguments["active"]:
        counted = active(arguments["active"])
        iris = Iris(asking.base)
        kinds = None if counted.every else [iris.thing("concept", one) for one in counted.kinds]
    query = filled(stored_query("lanes-derived"), properties=_DERIVED[pair], kinds=kinds, **slots)
    rows = asking.rows(query)
    evidence = evidence_of(asking, (str(row["statement"]) for row in rows))
    order = {statement: place for place, statement in enumerate(evidence)}
    for ends, of in _grouped(pair, rows):
        statements = sorted({str(row["statement"]) for row in of}, key=order.__getitem__)
        yield _Tie(pair, *ends, tuple(evidence[one] for one in statements))


def _told(
    asking: Asking,
    pair: tuple[str, str],
    arguments: Mapping[str, Any],  # noqa: ARG001 - what is told has no kinds of evidence
    slots: Mapping[str, Any],
) -> Iterator[_Tie]:
    def chosen(name: str, column: str) -> dict[str, Any]:
        return {f"{column.removeprefix('therapy-')}_{name}": [Literal(True)]}

    sides = {
        **{f"{one.removeprefix('therapy-')}_first": None for one in _FIRST},
        **{f"{one.removeprefix('therapy-')}_last": None for one in _LAST},
        **chosen("first", pair[0]),
        **chosen("last", pair[1]),
    }
    rows = asking.rows(filled(stored_query("lanes-facts"), **sides, **slots))
    for ends, of in _grouped(pair, rows):
        by_fact: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in of:
            by_fact[str(row["report"]), str(row["fact"])].append(row)
        yield _Tie(pair, *ends, tuple(_of_fact(rows) for rows in by_fact.values()))


def _of_fact(rows: Sequence[Row]) -> Evidence:
    first = rows[0]
    return Evidence(
        kind=str(first["kind"]),
        tie="implied" if all(row["implied"] for row in rows) else "stated",
        report=Thing(str(first["report"]), str(first["reportLabel"]), "source"),
        sections=tuple(dict.fromkeys(str(row["section"]) for row in rows)),
        facts=(str(first["fact"]),),
    )


def _grouped(
    pair: tuple[str, str], rows: Iterable[Row]
) -> Iterator[tuple[tuple[Thing, Thing], list[Row]]]:
    by_ends: dict[tuple[Thing, Thing], list[Row]] = defaultdict(list)
    for row in rows:
        start = Thing(str(row["start"]), str(row["startLabel"]), _KIND.get(pair[0], "concept"))
        end = Thing(str(row["end"]), str(row["endLabel"]), _KIND.get(pair[1], "concept"))
        by_ends[start, end].append(row)
    yield from by_ends.items()


def _leading_to(found: Sequence[_Tie], columns: Sequence[str], column: str) -> list[_Tie]:
    """The ties from which one gets to a column, going from column to column towards it."""
    at = columns.index(column)
    kept: list[_Tie] = []

    def go(pairs: Iterable[tuple[str, str]], inner: Callable[[_Tie], str], outer: str) -> None:
        reached: set[str] | None = None
        for pair in pairs:
            of = [tie for tie in found if tie.columns == pair]
            taken = [tie for tie in of if reached is None or inner(tie) in reached]
            reached = {getattr(tie, outer).iri for tie in taken}
            kept.extend(taken)

    pairs = list(pairwise(columns))
    go(reversed(pairs[:at]), lambda tie: tie.end.iri, "start")
    go(pairs[at:], lambda tie: tie.start.iri, "end")
    order = {tie: place for place, tie in enumerate(found)}
    return sorted(kept, key=order.__getitem__)


def _notes(
    found: Sequence[_Tie], columns: Sequence[str], arguments: Mapping[str, Any]
) -> tuple[str, ...]:
    things = {(tie.columns[0], tie.start.iri) for tie in found}
    things |= {(tie.columns[1], tie.end.iri) for tie in found}
    counts = ", ".join(f"{column}: {sum(c == column for c, _ in things)}" for column in columns)
    told = [
        f"Ties: {len(found)}; things with a tie, {counts}.",
        "A tie is of two things; that two ties meet in a thing is no claim of any report.",
    ]
    if arguments["tie"] == "stated":
        told.append("Only stated ties: what a report only implies does not count.")
    return tuple(told)


def _nodes(iri: str | None) -> list[NamedNode] | None:
    return None if iri is None else [NamedNode(iri)]


def _name(thing: Thing) -> tuple[str, str, str]:
    return thing.label.casefold(), thing.label, thing.iri


LANES = Named(
    "lanes",
    "What stands together with what?",
    "Ties of things in columns, such as company, therapy, region: those of each column to the next,"
    " each with its evidence. Being listed or named together is no tie.",
    (
        Parameter(
            "columns",
            "Columns",
            "What the columns are of, in their order.",
            "choice",
            choices=COLUMNS,
            many=True,
            default=("company", "therapy", "region"),
        ),
        Parameter(
            "therapy",
            "Therapy",
            "A therapy, or a therapy type with what is narrower: the evidence concerns it.",
            "entity",
            of=("therapy", "concept"),
        ),
        Parameter(
            "place",
            "Place",
            "A place with what lies in it: what has no way to it, column by column, is left out.",
            "entity",
            of=("place",),
        ),
        Parameter(
            "tie",
            "Ties",
            "All ties, or only those that a report states and does not only imply.",
            "choice",
            choices=("any", "stated"),
            default="any",
        ),
        Parameter(
            "active",
            "Active means",
            "What counts as being active in a region, of a company next to a region; of several,"
            " any is enough.",
            "choice",
            choices=tuple(one.name for one in definitions() if one.name != "stated-tie"),
            many=True,
            default=("any-tie",),
        ),
        REPORT,
    ),
    (
        Column("start_column", "Column", "text", "What the first is."),
        Column("start", "From", "thing", "The first of the two."),
        Column("end_column", "Next column", "text", "What the second is."),
        Column("end", "To", "thing", "The second of the two."),
        Column("tie", "Tie", "text", "Stated if any evidence states it, else implied."),
        Column("marks", "Evidence", "texts", "Each kind of evidence, and whether it is stated."),
        Column("reports", "Reports", "things", "Which reports say so."),
        Column("evidence", "In detail", "evidence", "Every derived statement or fact behind it."),
    ),
    lanes,
)
QUESTIONS: tuple[Named, ...] = (LANES,)
