"""Tables as CSV (RFC 4180): UTF-8, a header, lines that end with CR LF, nothing for no value."""

import csv
from collections.abc import Callable
from io import TextIOWrapper
from typing import BinaryIO

from graph.export.tables.filling import Filled
from graph.export.tables.values import cell_text

Step = Callable[[], None]
"""Told after each row."""

ENCODING, NEWLINE = "utf-8", "\r\n"


def write_csv(table: Filled, target: BinaryIO, step: Step) -> None:
    """Write the table. Text is as it is: what a spreadsheet would take for a formula is not changed
    here, but in the Excel file.
    """
    fields = table.table.fields
    text = TextIOWrapper(target, ENCODING, newline="")
    writer = csv.writer(text, lineterminator=NEWLINE)
    writer.writerow(field.name for field in fields)
    for row in table.rows():
        writer.writerow(cell_text(cell, field) for cell, field in zip(row, fields, strict=True))
        step()
    text.flush()
    text.detach()  # the file stays open
