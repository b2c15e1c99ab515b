"""One sheet of a workbook: which cell becomes a number, a date, a truth value or text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from graph.export.tables.catalogue import Field
from graph.export.tables.cells import MOST_CHARACTERS, SIGNIFICANT, is_exact, text_cell
from graph.export.tables.values import Cell, cell_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
_REPLACED = "{n} cells of the column {name} have U+FFFD for characters that XML cannot have."
_CUT = "{n} cells of the column {name} are cut after {most:,} characters; CSV and Parquet are not."
_AS_TEXT = "{n} numbers of the column {name} are text: they have more than {most} digits."


class Forms:
    """The cell formats of a workbook."""

    def __init__(self, book: "Workbook") -> None:
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.quoted = book.add_format({"quote_prefix": True})
        self.date = book.add_format({"num_format": "yyyy-mm-dd"})


class Sheet:
    """A sheet with a frozen header, written row by row. It counts what it had to change."""

    def __init__(
        self, sheet: "Worksheet", forms: Forms, head: Sequence[str], widths: Sequence[int]
    ) -> None:
        self._sheet = sheet
        self._forms = forms
        self._head = head
        self._row = 0
        self._replaced: Counter[str] = Counter()
        self._cut: Counter[str] = Counter()
        self._as_text: Counter[str] = Counter()
        sheet.freeze_panes(1, 0)
        for position, (title, width) in enumerate(zip(head, widths, strict=True)):
            sheet.set_column(position, position, max(width, len(title) + 2))
            sheet.write_string(0, position, title, forms.head)

    def add(self, row: Sequence[Cell], fields: Sequence[Field]) -> None:
        """Add a row of a table."""
        self._row += 1
        for position, (cell, field) in enumerate(zip(row, fields, strict=True)):
            if cell is not None:
                self._write(position, cell, field)

    def add_texts(self, row: Sequence[str]) -> None:
        """Add a row of texts."""
        self._row += 1
        for position, text in enumerate(row):
            self._text(position, text)

    def close(self) -> None:
        """Let the header filter the rows."""
        self._sheet.autofilter(0, 0, max(1, self._row), len(self._head) - 1)

    def remarks(self) -> Iterator[str]:
        """What was changed in its cells, in sentences."""
        for name, n in sorted((+self._replaced).items()):
            yield _REPLACED.format(n=n, name=name)
        for name, n in sorted((+self._cut).items()):
            yield _CUT.format(n=n, name=name, most=MOST_CHARACTERS)
        for name, n in sorted(self._as_text.items()):
            yield _AS_TEXT.format(n=n, name=name, most=SIGNIFICANT)

    def _write(self, position: int, cell: Cell, field: Field) -> None:
        if isinstance(cell, bool):
            self._sheet.write_boolean(self._row, position, cell)
        elif isinstance(cell, int | Decimal) and is_exact(cell):
            self._sheet.write_number(self._row, position, float(cell))
        elif isinstance(cell, date) and field.exact and cell >= _FIRST_DAY:
            self._sheet.write_datetime(self._row, position, cell, self._forms.date)
        else:
            self._as_text.update([field.name] if isinstance(cell, int | Decimal) else ())
            self._text(position, cell_text(cell, field))

    def _text(self, position: int, text: str) -> None:
        made = text_cell(text)
        self._replaced[self._head[position]] += made.replaced
        self._cut[self._head[position]] += made.cut
        form = self._forms.quoted if made.quoted else None
        if made.text.startswith("<r>") and made.text.endswith("</r>"):
            # The writer would take it for XML of its own; in pieces, of which it wants three, it is
            # text.
            pieces = (made.text[0], made.text[1], made.text[2:])
            self._sheet.write_rich_string(self._row, position, *pieces)
        elif made.text:
            self._sheet.write_string(self._row, position, made.text, form)
