"""Rows of a table, from one query: sorted, and in constant memory.

The query gives a binding for each value of each cell. They are sorted on disk, not by the engine,
which would hold all of them; so a table may be larger than what is free.
"""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple, Variable

from graph.export.tables.catalogue import Column, Table
from graph.export.tables.values import Cell, Row, Scalar, read_value
from graph.terms import Iris
from ontology.vocabulary import prefixes

_BATCH = 10_000
_CREATE = "CREATE TABLE cell (row TEXT, col INTEGER, label TEXT, value TEXT)"
_SORTED = "SELECT row, col, label, value FROM cell ORDER BY row, col, label, value"
_COUNT = "SELECT COUNT(DISTINCT row) FROM cell"
_UNREADABLE = "{n} values of the column {name} are left out: they are no {type}."
_SEVERAL = "{n} cells of the column {name} have several values where one is due: the first is kept."

_Stored = tuple[str, int, str, str]


@dataclass
class Filled:
    """The rows of a table. `count` is known before the first; `remarks` after the last."""

    table: Table
    count: int
    _connection: sqlite3.Connection = field(repr=False)
    _unreadable: Counter[str] = field(default_factory=Counter)
    _several: Counter[str] = field(default_factory=Counter)

    def rows(self) -> Iterator[Row]:
        """The rows, in the order of their keys by code points; to be read once."""
        for row, cells in groupby(self._connection.execute(_SORTED), itemgetter(0)):
            yield self._row(row, cells)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was left out of the rows that were read, in sentences."""
        types = {one.name: one.fields[-1].datatype for one in self.table.columns}
        return (
            *(
                _UNREADABLE.format(n=n, name=name, type=types[name])
                for name, n in sorted(self._unreadable.items())
            ),
            *(_SEVERAL.format(n=n, name=name) for name, n in sorted(self._several.items())),
        )

    def _row(self, row: str, stored: Iterator[_Stored]) -> Row:
        cells: dict[int, dict[str, str]] = {}
        for _, col, label, value in stored:
            # Sorted by label: of several labels of one thing, the first is kept.
            cells.setdefault(col, {}).setdefault(value, label)
        made: list[Cell] = []
        for position, column in enumerate(self.table.columns):
            found = {row: ""} if column.name == self.table.key else cells.get(position, {})
            made.extend(self._cells(column, found))
        return tuple(made)

    def _cells(self, column: Column, found: dict[str, str]) -> Iterator[Cell]:
        """The cells of a column: one, or for a thing its name and its IRI."""
        last = column.fields[-1]
        read: list[tuple[str, Scalar]] = []
        for text, label in found.items():
            value = read_value(text, last.datatype)
            if value is None:
                self._unreadable[column.name] += 1
            else:
                read.append((label or text, value))
        if not last.many and len(read) > 1:
            self._several[column.name] += 1
        for one in column.fields:
            values = [value if one is last else label for label, value in read]
            if not values:
                yield None
            else:
                yield tuple(values) if one.many else values[0]


@contextlib.contextmanager
def filled(table: Table, store: Store, iris: Iris) -> Iterator[Filled]:
    """The rows of a table from a store whose default graph is the merge of its others.

    They are to be read inside the block; what they take on disk is gone after it.
    """
    with TemporaryDirectory(prefix="tables-") as folder:
        connection = sqlite3.connect(Path(folder) / "cells")
        try:
            # Nothing here outlives the block, so nothing needs to survive a crash.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            connection.execute(_CREATE)
            bindings = _bindings(table, store, iris)
            while batch := list(islice(bindings, _BATCH)):
                connection.executemany("INSERT INTO cell VALUES (?, ?, ?, ?)", batch)
            count = connection.execute(_COUNT).fetchone()[0]
            yield Filled(table, count, connection)
        finally:
            connection.close()


def _bindings(table: Table, store: Store, iris: Iris) -> Iterator[_Stored]:
    declared = {"": iris.base, **prefixes()}
    solutions = store.query(table.query, prefixes=declared, base_iri=iris.base)
    assert isinstance(solutions, QuerySolutions)
    positions = {column.name: place for place, column in enumerate(table.columns)}
    row, column, value, label = (Variable(name) for name in "row column value label".split())
    for solution in solutions:
        of = _text(solution[column], iris)
        yield (
            _text(solution[row], iris),
            positions[of],
            _text(solution[label], iris) if label in solutions.variables else "",
            _text(solution[value], iris),
        )


def _text(term: NamedNode | BlankNode | Literal | Triple | None, iris: Iris) -> str:
    """The IRI or lexical form; a blank node of a written graph by its Skolem IRI."""
    if term is None:
        return ""
    if isinstance(term, BlankNode):
        return iris.skolem(term).value
    return str(term) if isinstance(term, Triple) else term.value
