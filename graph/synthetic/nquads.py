"""A synthetic landscape as statements: what a build makes of its folders, without the folders.

Rows are read, and made into statements, by the code that reads folders, so the two forms cannot
differ. The shared registers, the vocabulary and the worked questions of a release are among them;
what a build derives is not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

from pyoxigraph import Quad, Store

from graph.build import statements
from graph.lines import RUN_BYTES, in_order
from graph.problems import Problem
from graph.release.files import explained
from graph.sources.landscape import Landscape, Source, read_landscape, read_record
from graph.sources.manifest import parse_manifest
from graph.sources.records import Record
from graph.sources.rows import Row
from graph.statements import Statements
from graph.synthetic.errors import CannotGenerate
from graph.synthetic.folders import Progress
from graph.synthetic.reports import Report, report
from graph.synthetic.world import (
    Cells,
    World,
    fixed_registers,
    growing_registers,
    organisation_row,
    publisher_row,
    therapy_row,
)
from graph.terms import Iris
from ontology.description import tables

_T = TypeVar("_T")
TOGETHER = 50
"""Reports that are made into statements at a time; the shared labels are found once for them."""
_ROWSTOGETHER = 10_000


def lines(
    world: World,
    iris: Iris,
    progress: Progress,
    *,
    run_bytes: int = RUN_BYTES,
    together: int = TOGETHER,
) -> Iterator[bytes]:
    """Yield the N-Quads lines in canonical order, each once, each with its line feed.

    `progress` is told how many statements were made, which takes most of the time. Memory is that
    of a run and of the reports made `together`, however many there are. Lines are put in order in
    the folder for temporary files, which TMPDIR names. Raises CannotGenerate where that fails.
    """
    with explained(
        "put the statements in order",
        Path(gettempdir()),
        CannotGenerate,
        "name another folder for temporary files with TMPDIR",
    ):
        yield from in_order(_made(world, iris, together), run_bytes=run_bytes, progress=progress)


def _made(world: World, iris: Iris, together: int) -> Iterator[bytes]:
    shared = (*_shared(), *_records(fixed_registers()))
    yield from _written(statements(Landscape(shared, ()), iris))
    for table, rows in growing_registers(world).items():
        for some in _batched(rows, _ROWSTOGETHER):
            rowed = Landscape((*_records({table: some}),), ())
            yield from _written(Statements(rowed, iris).quads())
    for numbers in _batched(range(world.reports), together):
        reports = [report(world, number) for number in numbers]
        registers = (*shared, *_records(_named_in(reports)))
        told = Landscape(registers, tuple(map(_source, reports)))
        yield from _written(Statements(told, iris).quads())


def _shared() -> tuple[Record, ...]:
    """The shipped registers, without any source."""
    found = read_landscape()
    return tuple(record for record in found.registers if record.source is None)


def _named_in(reports: Sequence[Report]) -> Mapping[str, Iterable[Cells]]:
    """The rows of what reports name, each once."""
    publishers = sorted({one.publisher for one in reports})
    organisations = sorted({number for one in reports for number in one.organisations})
    therapies = sorted({number for one in reports for number in one.therapies})
    return {
        "organisations": chain(
            map(publisher_row, publishers), map(organisation_row, organisations)
        ),
        "therapies": map(therapy_row, therapies),
    }


def _source(made: Report) -> Source:
    problems: list[Problem] = []
    manifest = parse_manifest(made.manifest, made.slug, problems)
    assert manifest is not None
    records = tuple(_records(made.tables, made.slug))
    return Source(made.slug, made.slug, manifest, records, {})


def _records(rows: Mapping[str, Iterable[Cells]], source: str | None = None) -> Iterator[Record]:
    for name, some in rows.items():
        table = tables()[name]
        for line, cells in enumerate(some, 2):
            record, sound = read_record(Row(table, f"{name}.csv", line, cells), source, [])
            assert sound, cells
            yield record


def _written(quads: Iterable[Quad]) -> Iterator[bytes]:
    """Lines as the engine writes them, which is the form of a release."""
    store = Store()
    store.bulk_extend(quads)
    # Not splitlines(): literals may hold U+0085 or U+2028 as they are.
    return (line.encode() + b"\n" for line in str(store).split("\n")[:-1])


def _batched(things: Iterable[_T], count: int) -> Iterator[list[_T]]:
    rest = iter(things)
    while some := list(islice(rest, count)):
        yield some
