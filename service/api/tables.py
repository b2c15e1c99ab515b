"""Tables: their rows in order, a part of them, and as CSV.

CSV is that of RFC 4180, in UTF-8 with one line of names. A thing is its label, with its IRI in a
column `<name>_iri` after it; several values are joined by `; `.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph.landscape import Answer, Column, Evidence, InvalidParameter, Thing
from service.api.encoding import plain

Row = Mapping[str, Any]
_BETWEEN = "; "
# What a spreadsheet would take for the beginning of a formula, or leave out before one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_THINGS = ("thing", "things")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a value for each column, by its name."""

    columns: tuple[Column, ...]
    rows: Sequence[Row]

    @classmethod
    def of(cls, answer: Answer) -> "Table":
        """Return the table of an answer."""
        return cls(tuple(answer.columns), answer.rows)

    def ordered(self, order: Sequence[str], parameter: str = "sort") -> "Table":
        """Return the table with its rows sorted by columns, those with a hyphen from the end.

        Rows that are equal in all of them stay in order, and those without a value come last.
        Raises InvalidParameter for a column that there is not.
        """
        known = [column.name for column in self.columns]
        rows = list(self.rows)
        for wanted in reversed(order):
            name, falling = wanted.removeprefix("-"), wanted.startswith("-")
            if name not in known:
                raise InvalidParameter(
                    parameter, f"{name!r} is no column here; there are {', '.join(known)}"
                )
            filled = [row for row in rows if _key(row.get(name))]
            empty = [row for row in rows if not _key(row.get(name))]
            filled.sort(key=lambda row, by=name: _key(row.get(by)), reverse=falling)  # type: ignore[misc]
            rows = filled + empty
        return replace(self, rows=rows)

    def part(self, offset: int, limit: int | None) -> "Table":
        """Return `limit` rows, or all, from the one at `offset` on; the first is at 0."""
        end = None if limit is None else offset + limit
        return replace(self, rows=self.rows[offset:end])


def write_csv(table: Table) -> str:
    """Return a table as CSV.

    Text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([name for column in table.columns for name in _names(column)])
    for row in table.rows:
        writer.writerow([cell for column in table.columns for cell in _cells(column, row)])
    return file.getvalue()


def text_of(value: Any) -> str:
    """Return a value as people read it in a cell: a thing is its label, evidence its kind."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Thing():
            return value.label
        case Evidence():
            sections = "".join(f", {section}" for section in value.sections)
            return f"{value.kind} ({value.tie}: {value.report.label}{sections})"
        case list() | tuple():
            return _BETWEEN.join(text_of(one) for one in value)
        case _:
            return str(plain(value))


def _names(column: Column) -> Iterator[str]:
    yield column.name
    if column.kind in _THINGS:
        yield f"{column.name}_iri"


def _cells(column: Column, row: Row) -> Iterator[str]:
    value = row.get(column.name)
    text = text_of(value)
    number = isinstance(value, int | float) or column.kind in ("integer", "number")
    yield f"'{text}" if text.startswith(_FORMULA) and not number else text
    if column.kind in _THINGS:
        things = value if isinstance(value, list | tuple) else (value,)
        yield _BETWEEN.join(one.iri for one in things if isinstance(one, Thing))


def _key(value: Any) -> tuple[Any, ...]:
    """What values are compared by: numbers before text; nothing for a cell without a value."""
    if isinstance(value, list | tuple):
        # More things, or more evidence, is not less because of its names.
        return (2, len(value), tuple(_key(one) for one in value)) if value else ()
    shown = plain(value) if not isinstance(value, Thing | Evidence) else text_of(value)
    if shown is None or shown == "":
        return ()
    if isinstance(shown, int | float):
        return (0, shown)
    text = str(shown)
    return (1, text.casefold(), text)
