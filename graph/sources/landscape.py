"""All sources and shared registers, read and checked together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from graph.problems import InvalidSeeds, Problem
from graph.sources.cells import parse_cell
from graph.sources.checks import Part, check_all
from graph.sources.folders import Folder, find_folders, printable
from graph.sources.index import Unread
from graph.sources.manifest import FILE, Manifest, read_manifest
from graph.sources.records import Record, Value
from graph.sources.retired import Merges
from graph.sources.review import Reviewed, as_it_is, changed_since
from graph.sources.rows import Row, read_rows
from ontology.description import tables


@dataclass(frozen=True, slots=True)
class Source:
    """One source folder. `records` are all its rows but those of shared registers.

    `reviewed` tells of each table in the folder how it was before any merge decision.
    """

    slug: str
    name: str
    manifest: Manifest
    records: tuple[Record, ...]
    reviewed: Mapping[str, Reviewed]

    def of(self, role: str) -> tuple[Record, ...]:
        """The records of the tables with one role."""
        return tuple(record for record in self.records if record.table.role == role)

    def further_mentions(self) -> Mapping[str, Sequence[Record]]:
        """The rows of mentions.csv by claim id, in the order of the text.

        The order of rows and files does not count, so a mention keeps its number.
        """
        sections = {record.key: n for n, record in enumerate(self.of("register"))}

        def position(record: Record) -> tuple[int, int, str]:
            section = sections[record.reference("section").slug]
            return section, int(record.text("paragraph") or 0), repr(sorted(record.values.items()))

        further = defaultdict[str, list[Record]](list)
        for record in sorted(self.of("mentions"), key=position):
            further[record.reference("claim").slug].append(record)
        return further


@dataclass(frozen=True, slots=True)
class Landscape:
    """Everything that was read, merge decisions applied. `registers` has the shared rows."""

    registers: tuple[Record, ...]
    sources: tuple[Source, ...]


@dataclass(slots=True)
class _Reading:
    """What was read so far. `faulty` rows have a problem: they only count and can be named."""

    problems: list[Problem] = field(default_factory=list)
    registers: list[Record] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    faulty: list[Record] = field(default_factory=list)
    unread: set[Unread] = field(default_factory=set)

    def rows_of(self, part: Part) -> list[Record]:
        """All sound rows in the folder of a source, as they stand there."""
        return [*part.records, *(r for r in self.registers if r.source == part.slug)]

    def unsound(self, source: str) -> set[str]:
        """The tables of a source that could not be read, or not all of them."""
        faulty = {record.table.name for record in self.faulty if record.source == source}
        return faulty | {table for slug, table in self.unread if slug == source}


def shipped() -> Path:
    """The folder of the seeds that come with Therascape."""
    return Path(str(files("seeds")))


def read_landscape(
    extra: Sequence[Path] = (), *, seeds: Path | None = None, exclude: Sequence[str] = ()
) -> Landscape:
    """Read the shipped seeds and the user's folders; raises InvalidSeeds with every problem.

    Sources in `exclude` are as if their folders were not there.
    """
    landscape, problems = read_what_is_sound(extra, seeds=seeds, exclude=exclude)
    if problems:
        raise InvalidSeeds(problems)
    return landscape


def read_what_is_sound(
    extra: Sequence[Path] = (), *, seeds: Path | None = None, exclude: Sequence[str] = ()
) -> tuple[Landscape, list[Problem]]:
    """Read the same; return the rows that are sound by themselves, and every problem."""
    reading = _Reading()
    for folder in find_folders(seeds or shipped(), extra, reading.problems, exclude):
        _read(folder, reading)
    tables_now = {}
    for part in reading.parts:
        rows = reading.rows_of(part)
        tables_now[part.slug] = as_it_is(rows)
        if part.manifest is not None:
            unsound = reading.unsound(part.slug)
            reading.problems += changed_since(part.manifest, rows, part.name, unsound)
    merges = Merges(reading.registers, reading.problems)
    registers = merges.apply(reading.registers)
    parts = [part.merged(merges) for part in reading.parts]
    unread = frozenset(reading.unread)
    reading.problems += check_all(registers, parts, merges, reading.faulty, unread)
    registers.sort(key=lambda r: (r.table.name, r.key, r.file, r.line))
    sources = [
        Source(part.slug, part.name, part.manifest, tuple(part.records), tables_now[part.slug])
        for part in sorted(parts, key=lambda part: part.slug)
        if part.manifest is not None
    ]
    return Landscape(tuple(registers), tuple(sources)), reading.problems


def _read(folder: Folder, reading: _Reading) -> None:
    own: list[Record] = []
    for path in folder.tables(reading.problems):
        name = f"{folder.name}/{printable(path.name)}"
        table = tables()[path.name.split(".")[0]]
        found = read_rows(path, table, name, reading.problems)
        if not found.whole:
            reading.unread.add((folder.source, table.name))
        for row in found.rows:
            record, sound = read_record(row, folder.source, reading.problems)
            if not sound:
                reading.faulty.append(record)
            elif table.is_shared:
                reading.registers.append(record)
            else:
                own.append(record)
    if folder.source is not None:
        manifest = read_manifest(folder.path / FILE, f"{folder.name}/{FILE}", reading.problems)
        reading.parts.append(Part(folder.source, folder.name, manifest, own))


def read_record(row: Row, source: str | None, problems: list[Problem]) -> tuple[Record, bool]:
    """The row as far as its cells can be read, and whether all of it can.

    What is wrong with a cell is appended to the problems.
    """
    values: dict[str, tuple[Value, ...]] = {}
    found: list[Problem] = []
    for column in row.table.columns.values():
        text = row.cells.get(column.name)
        if text is None:
            if column.required:
                found.append(row.problem(column.name, "is empty", f"Fill it in: {column.comment}"))
            continue
        try:
            values[column.name] = parse_cell(text, column, row.table, source)
        except ValueError as error:
            found.append(row.problem(column.name, str(error), f"It is: {column.comment}"))
    if not row.ragged:  # else its cells may stand in the wrong columns, which is reported
        problems += found
    key = str(values[row.table.key][0]) if row.table.key in values else ""
    sound = not found and not row.ragged
    return Record(row.table, source, row.file, row.line, key, values), sound
