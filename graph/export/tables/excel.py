"""Tables as an Excel workbook: a sheet for each, then Notes and About.

A real date is only what a source gives to the day; every other date is text in ISO 8601-2, so that
"January 2025" never becomes 1 January. Rows go to disk as they come.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from graph.export.tables.about import CONVENTIONS, columns, facts
from graph.export.tables.csv_file import Step
from graph.export.tables.errors import TooManyRows
from graph.export.tables.filling import Filled
from graph.export.tables.sheets import Forms, Sheet
from graph.release import Release

MOST_ROWS = 1_048_576
"""Of a sheet, its header included."""

DATA, SOURCES, NOTES, ABOUT = "Data", "Sources", "Notes", "About"

_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same in every file
_WIDTHS = {"iri": 24, "text": 32}
_WIDE, _OTHER_WIDTH = 80, 12
_NOTED = ("Table", "Column", "Meaning", "Unit", "Property")
_CONVENTIONS = (
    "Texts that begin like a formula (=, +, -, @) are marked as text and never calculated.",
    "Only columns of days have dates that Excel counts with; every other date is text.",
)


class Workbook:
    """A workbook at a path, complete after the block. What it needs until then lies beside it."""

    def __init__(self, path: Path, release: Release, title: str) -> None:
        import xlsxwriter  # noqa: PLC0415 - only needed where a workbook is written

        self._release = release
        self._noted: list[Sequence[str]] = []
        self._remarks: list[Sequence[str]] = [
            ("", "", text) for text in (*CONVENTIONS, *_CONVENTIONS)
        ]
        # An IRI is text: Excel takes no more than 65,530 links in a sheet.
        options = {"constant_memory": True, "strings_to_urls": False, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties(
            {"title": title, "subject": f"release {release.id}", "created": _CREATED}
        )
        self._forms = Forms(self._book)

    def add(self, table: Filled, name: str, step: Step) -> None:
        """Add the sheet of a table. Raises TooManyRows, before a row of it is read."""
        if table.count >= MOST_ROWS:
            raise TooManyRows(table.table.name, table.count, MOST_ROWS - 1)
        fields = table.table.fields
        widths = [_WIDTHS.get(field.datatype, _OTHER_WIDTH) for field in fields]
        sheet = self._sheet(name, [field.name for field in fields], widths)
        for row in table.rows():
            sheet.add(row, fields)
            step()
        sheet.close()
        self._noted.extend(columns(table.table))
        self._remarks += [(name, "", text) for text in (*table.remarks, *sheet.remarks())]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        try:
            if failure is None:
                self._texts(NOTES, _NOTED, self._notes())
                self._texts(ABOUT, ("What", "Value"), facts(self._release))
        finally:
            self._book.close()  # also of a broken one: it has open files

    def _notes(self) -> Iterator[Sequence[str]]:
        yield from self._remarks
        yield from self._noted

    def _texts(self, name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        widths = [_WIDE if title in ("Meaning", "Value") else _WIDTHS["iri"] for title in head]
        sheet = self._sheet(name, head, widths)
        for row in rows:
            sheet.add_texts(row)

    def _sheet(self, name: str, head: Sequence[str], widths: Sequence[int]) -> Sheet:
        return Sheet(self._book.add_worksheet(name), self._forms, head, widths)
