"""What publishers print, read from a table: one claim of a publication in each row."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from graph.figures.cells import (
    LONGEST_CELL,
    Unreadable,
    other_currency,
    read_edition,
    read_number,
    read_relation,
    read_value,
    read_year,
)
from graph.figures.errors import InvalidFigures
from graph.figures.model import Figure, Publication, Published, Rate, Scope
from graph.figures.naming import collapsed, data_group
from graph.problems import Problem, candidates, shown

COLUMNS = (
    *("publisher", "url", "market", "geography", "year", "value_usd_bn", "kind"),
    *("cagr_percent", "cagr_from", "cagr_to", "published"),
)
OPTIONAL = ("group", "group_reason", "scope", "approximation")
REQUIRED = ("publisher", "market", "year", "value_usd_bn")
UNIT = "usd-billion"
MOST_BYTES = 64 * 2**20
MOST_ROWS = 500_000
MOST_PROBLEMS = 100
_UTF8 = "Save the table as UTF-8 text, comma-separated (CSV)."
_Read = TypeVar("_Read")


def read_table(table: Path | str, name: str = "figures.csv") -> Published:
    """Read a table from a file, or from text that messages then call `name`.

    Raises InvalidFigures with every problem (no more than MOST_PROBLEMS of them), and for a file
    that cannot be read, is no text, or has more than MOST_BYTES bytes or MOST_ROWS rows.
    """
    if isinstance(table, Path):
        return _Table(str(table)).read(_text(table))
    if len(table) > MOST_BYTES:
        raise _refused(name, f"has more than {MOST_BYTES:,} characters", "Split the table.")
    return _Table(name).read(table.removeprefix("\ufeff"))


def _refused(file: str, message: str, remedy: str) -> InvalidFigures:
    return InvalidFigures([Problem(file, None, None, message, remedy)])


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise _refused(str(path), message, "Name a table that you may read.") from None
    if len(content) > MOST_BYTES:
        raise _refused(str(path), f"has more than {MOST_BYTES:,} bytes", "Split the table.")
    if b"\0" in content:
        raise _refused(str(path), "has a NUL byte, so it is no text", _UTF8)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(str(path), line, None, "is not UTF-8", _UTF8)
        raise InvalidFigures([problem]) from None


class _Table:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.notices: list[str] = []
        self.names: dict[str, str] = {}
        self.publications: dict[str, Publication] = {}
        self.figures: dict[tuple[object, ...], Figure] = {}
        self.rates: dict[tuple[object, ...], Rate] = {}
        self.repeated = 0

    def read(self, text: str) -> Published:
        records = self._records(text)
        header = self._header(next(records, None))
        rows = 0
        for line, cells in records:
            rows += 1
            if rows > MOST_ROWS:
                self._problem(line, None, f"there are more than {MOST_ROWS:,} rows", "Split it.")
            elif len(cells) != len(header):
                message = f"has {len(cells)} cells, and the header has {len(header)}"
                remedy = "Write one cell for each column; quote a cell that has a comma."
                self._problem(line, None, message, remedy)
            else:
                self._row(line, dict(zip(header, cells, strict=True)))
        if not rows:
            self._problem(None, None, "has no rows below its header", "Add figures, one a row.")
        if self.problems:
            raise InvalidFigures(self.problems)
        if self.repeated:
            self.notices.append(f"{self.repeated} rows repeat another one and count once")
        return Published(
            figures=list(self.figures.values()),
            rates=list(self.rates.values()),
            names=self.names,
            notices=self.notices,
        )

    def _records(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Each record with its first line; empty ones are passed over."""
        if "\0" in text:
            raise _refused(self.file, "has a NUL character, so it is no text", _UTF8)
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            self._problem(line, None, f"is no comma-separated text: {error}", _UTF8)

    def _header(self, first: tuple[int, list[str]] | None) -> list[str]:
        if first is None:
            self._problem(None, None, "is empty", f"Begin with the columns {', '.join(COLUMNS)}.")
            raise InvalidFigures(self.problems)
        line, cells = first
        names = [cell.strip().casefold() for cell in cells]
        known = (*COLUMNS, *OPTIONAL)
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._problem(line, shown(name), "is there more than once", "Keep one such column.")
        for name in (name for name in REQUIRED if name not in names):
            near = candidates(name, [other for other in names if other not in known])
            remedy = f"Begin the table with the columns {', '.join(COLUMNS)}. {near}".strip()
            self._problem(line, name, "is no column of this table", remedy)
        if self.problems:
            raise InvalidFigures(self.problems)
        for name in (name for name in names if name not in known):
            near = candidates(name, [other for other in known if other not in names])
            self.notices.append(f"column {shown(name)} is not read. {near}".strip())
        return names

    def _problem(self, line: int | None, column: str | None, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, line, column, message, remedy))
        if len(self.problems) >= MOST_PROBLEMS:
            more = Problem(self.file, None, None, "there may be more problems", "Mend these first.")
            raise InvalidFigures([*self.problems, more])

    def _cell(
        self, line: int, row: Mapping[str, str], column: str, read: Callable[[str], _Read]
    ) -> _Read | None:
        """What a cell says; None where it is empty or cannot be read, which is then told."""
        text = row.get(column, "")
        if not text.strip():
            return None
        try:
            return read(text)
        except Unreadable as error:
            self._problem(line, column, str(error), error.remedy)
            return None

    def _words(self, line: int, row: Mapping[str, str], column: str) -> str:
        text = row.get(column, "")
        if len(text) > LONGEST_CELL:
            message = f"is longer than {LONGEST_CELL:,} characters"
            self._problem(line, column, message, "Shorten it.")
            return ""
        words = collapsed(text)
        if not words and column in REQUIRED:
            self._problem(line, column, "is empty", f"Write the {column}.")
        return words

    def _named(self, words: str) -> str:
        """The key of a thing that is named in words: one for all spellings in capitals or not."""
        key = words.casefold()
        self.names.setdefault(key, words)
        return key

    def _row(self, line: int, row: Mapping[str, str]) -> None:
        publication = self._publication(line, row)
        market = ", ".join(
            filter(None, (self._words(line, row, c) for c in ("market", "geography")))
        )
        scope = Scope(self._named(market))
        self._figure(line, row, publication, scope)
        self._rate(line, row, publication, scope)

    def _publication(self, line: int, row: Mapping[str, str]) -> Publication:
        publisher, url = self._words(line, row, "publisher"), self._words(line, row, "url")
        told, reason = self._words(line, row, "group"), self._words(line, row, "group_reason")
        edition = self._cell(line, row, "published", read_edition)
        if told:
            group, reason = told, reason or "the column `group`"
        else:
            group, reason = data_group(publisher)
        key = " | ".join(filter(None, (publisher.casefold(), url, edition.form if edition else "")))
        made = Publication(
            key=key,
            title=publisher,
            publisher=self._named(publisher),
            group=self._named(group),
            group_reason=reason,
            edition=edition,
            url=url,
        )
        known = self.publications.setdefault(key, made)
        if known.group != made.group:
            message = f"{shown(group)} is another group than {shown(self.names[known.group])} above"
            self._problem(line, "group", message, "Write one data group for each publication.")
        self.names.setdefault(key, publisher)
        return known

    def _figure(
        self, line: int, row: Mapping[str, str], publication: Publication, scope: Scope
    ) -> None:
        year = self._cell(line, row, "year", read_year)
        cell = row["value_usd_bn"]
        currency = other_currency(cell) if len(cell) <= LONGEST_CELL else ""
        number = None if currency else self._cell(line, row, "value_usd_bn", read_value)
        figure = Figure(
            key=f"{self.file}:{line}",
            publication=publication,
            scope=scope,
            year=year,
            value=number.measure if number else None,
            unit=UNIT,
            manner=self._words(line, row, "kind"),
            approximation=self._words(line, row, "approximation")
            or (number.approximation if number else ""),
            relation=self._cell(line, row, "scope", read_relation) or "unknown",
            place_in_text=f"line {line}",
        )
        printed = figure.value.printed if figure.value else None
        same = (publication.key, scope, year, printed, figure.approximation, figure.relation)
        if same in self.figures:
            self.repeated += 1
            return
        self.figures[same] = figure
        missing = [
            *([f"its value is in {currency}, and nothing is converted"] if currency else []),
            *(["it has no value in US dollars"] if not currency and figure.value is None else []),
            *(["it has no year"] if year is None else []),
        ]
        if missing:
            what = f"{self.file}:{line}: {publication.title}, {self.names[scope.market]}"
            self.notices.append(f"{what}: never pooled, since {' and '.join(missing)}")

    def _rate(
        self, line: int, row: Mapping[str, str], publication: Publication, scope: Scope
    ) -> None:
        number = self._cell(line, row, "cagr_percent", read_number)
        years = [self._cell(line, row, column, read_year) for column in ("cagr_from", "cagr_to")]
        if number is None:
            return
        rate = Rate(
            key=f"{self.file}:{line} cagr_percent",
            publication=publication,
            scope=scope,
            from_year=years[0],
            to_year=years[1],
            value=number.measure,
            place_in_text=f"line {line}",
            approximation=number.approximation,
        )
        same = (publication.key, scope, rate.from_year, rate.to_year, rate.value.printed)
        self.rates.setdefault(same, rate)
