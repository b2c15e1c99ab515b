"""Why a table cannot be written."""

from graph.export.errors import ExportError


class TooManyRows(ExportError):
    """An Excel sheet holds no more than 1,048,576 rows; the message names other formats."""

    def __init__(self, table: str, rows: int, most: int) -> None:
        super().__init__(
            f"the table {table!r} has {rows:,} rows, and a sheet of Excel takes {most:,} below its"
            f" header: take {table}.csv or {table}.parquet instead"
        )
