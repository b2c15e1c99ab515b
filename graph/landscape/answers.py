"""What a question with a name is answered with: a table, its evidence, and what it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from graph.release import Editions

ColumnKind = Literal[
    "text", "integer", "number", "boolean", "date", "thing", "things", "texts", "evidence"
]
No = Literal["not stated", "not yet recorded", "announced for the full report"]


@dataclass(frozen=True, slots=True)
class Thing:
    """An entity of the graph in a cell; `type` is the kind of its IRI, such as agent or place."""

    iri: str
    label: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a row is there. `tie` is stated if any of the facts states it, else implied.

    `kind` is a kind of evidence of the vocabulary in words (`Launched there`), `rule` the name of
    the rule that derived the edge, `statement` the IRI of the derived statement, `facts` the IRIs
    of its premises, `sections` where the report tells them.
    """

    kind: str
    tie: Literal["stated", "implied"]
    report: Thing
    sections: tuple[str, ...] = ()
    rule: str = ""
    statement: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `name` in JSON and CSV, `title` for people, `doc` what it holds.

    In CSV a `thing` is its label, with its IRI in a column `<name>_iri`; several are joined with
    semicolons.
    """

    name: str
    title: str
    kind: ColumnKind
    doc: str


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a report is on a question: what its silence means.

    `no` is the kind of "no" that an absence is for this report, `why` says so in words.
    """

    report: Thing
    no: No
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question with a name. Each row has a value for each column, by its name.

    `understood` has every parameter with the value that was used, defaults included; `sparql` is
    one query that gives the same rows, where there is one, asked of these `editions`;
    `completeness` has every report that was asked; `notes` is what a reader must know.
    """

    question: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]
    understood: Mapping[str, Any]
    completeness: Sequence[Completeness] = ()
    sparql: str | None = None
    notes: Sequence[str] = field(default=())
    editions: Editions = "current"
