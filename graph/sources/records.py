"""What reading yields: checked rows with typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from graph.dates import StatedDate
from graph.numbers import Measure
from graph.problems import Problem
from ontology.description import Table


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A row of a register, by IRI kind and slug; `source` where slugs belong to one source."""

    kind: str
    slug: str
    source: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.slug}"


Value = str | int | Decimal | Measure | StatedDate | Reference


@dataclass(frozen=True, slots=True)
class Record:
    """One checked row. `source` is None for the shared registers; `key` names its subject."""

    table: Table
    source: str | None
    file: str
    line: int
    key: str
    values: Mapping[str, tuple[Value, ...]]

    def one(self, column: str) -> Value | None:
        """The value of a column, None where it is empty."""
        values = self.values.get(column, ())
        return values[0] if values else None

    def text(self, column: str) -> str:
        """The value of a text column, empty where there is none."""
        value = self.one(column)
        return "" if value is None else str(value)

    def reference(self, column: str) -> Reference:
        """The value of a column that is required and names one thing."""
        value = self.one(column)
        assert isinstance(value, Reference)
        return value

    @property
    def id(self) -> str:
        """The claim id, for tables of claims and notes."""
        return self.text("id")

    @property
    def subject(self) -> Reference:
        """What the row is about: the thing it registers, the event it tells, or the claim."""
        scoped = self.source if self.table.kind == "section" else None
        return Reference(self.table.kind, self.key, scoped)

    def problem(self, column: str | None, message: str, remedy: str) -> Problem:
        """A problem at this row."""
        return Problem(self.file, self.line, column, message, remedy)
