"""CSV files into rows of text, with the line that each row stands on."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.problems import Problem, candidates, shown
from graph.sources.files import read_text
from ontology.description import Table


@dataclass(frozen=True, slots=True)
class Row:
    """One row: cells by column name, stripped, empty ones left out.

    `ragged` says that it has more or fewer cells than the header, so that its cells may stand in
    the wrong columns; that is a problem already.
    """

    table: Table
    file: str
    line: int
    cells: Mapping[str, str]
    ragged: bool = False

    def problem(self, column: str | None, message: str, remedy: str) -> Problem:
        """A problem at this row."""
        return Problem(self.file, self.line, column, message, remedy)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one file; `whole` says whether all of it could be read."""

    rows: tuple[Row, ...]
    whole: bool


def read_rows(path: Path, table: Table, name: str, problems: list[Problem]) -> Rows:
    """The rows of one file. `name` is the path shown in problems, which are appended."""
    text = read_text(path, name, problems)
    if text is None:
        return Rows((), whole=False)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        if not _header_fits(header, table, name, problems):
            return Rows((), whole=False)
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            rows.append(_row(table, name, line, header, cells))
            if len(cells) != len(header):
                message = f"the row has {len(cells)} cells and the header has {len(header)}"
                remedy = "Quote a cell that contains a comma, or fill in the missing commas."
                problems.append(rows[-1].problem(None, message, remedy))
    except csv.Error as error:
        problems.append(_unreadable(name, reader.line_num, error))
        return Rows(tuple(rows), whole=False)
    return Rows(tuple(rows), whole=True)


def _row(table: Table, name: str, line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
    values = {c: v.strip() for c, v in zip(header, cells, strict=False) if v.strip()}
    return Row(table, name, line, values, ragged=len(cells) != len(header))


def _unreadable(name: str, line: int, error: csv.Error) -> Problem:
    remedy = 'Check the quotes: a cell with quotes in it is written "like ""this""".'
    if "field limit" in str(error):
        remedy = "Close the quote that it begins with, or shorten the cell."
    return Problem(name, line, None, f"not readable as CSV: {error}", remedy)


def _header_fits(header: list[str], table: Table, name: str, problems: list[Problem]) -> bool:
    known = set(table.columns)
    if not any(header):
        remedy = f"Write the header: {','.join(table.columns)}."
        problems.append(Problem(name, 1, None, "has no header", remedy))
        return False
    if other := next((c for c in ";\t" if len(header) == 1 and c in header[0]), None):
        message = f"its cells are parted by {'tabs' if other != ';' else 'semicolons'}"
        problems.append(Problem(name, 1, None, message, "Save it as CSV with commas."))
        return False
    before = len(problems)
    for position, heading in enumerate(header):
        if heading not in known:
            message = f"{table.name}.csv has no column {shown(heading)}"
            remedy = candidates(heading, known) or f"The columns are {', '.join(table.columns)}."
            problems.append(Problem(name, 1, heading[:100], message, remedy))
        elif heading in header[:position]:
            problems.append(Problem(name, 1, heading, "stands twice in the header", "Keep one."))
    for column in table.columns.values():
        if column.required and column.name not in header:
            message = "the column is missing"
            problems.append(Problem(name, 1, column.name, message, f"Add it: {column.comment}"))
    return len(problems) == before
