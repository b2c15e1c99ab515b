"""The formats of tables, for the registry of exports: a file for each table, and files of all."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO

from pyoxigraph import NamedNode, Store

from graph.export.errors import NotOfThisScope
from graph.export.model import Format, Progress, Scope, What
from graph.export.tables.about import name_of
from graph.export.tables.archive import repack
from graph.export.tables.catalogue import Table, table_named, tables
from graph.export.tables.csv_file import Step, write_csv
from graph.export.tables.csvw import table_metadata
from graph.export.tables.excel import DATA, SOURCES, Workbook
from graph.export.tables.filling import Filled, filled
from graph.export.tables.frictionless import Package, as_json, sources_of
from graph.export.tables.parquet import write_parquet
from graph.release import Release

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SCOPES: tuple[What, ...] = ("release",)
_EVERY_ROWS = 1000
_SOURCES = "sources"

_One = Callable[[Filled, Release, BinaryIO, Step], None]


def table_formats() -> Iterator[Format]:
    """Every format of tables: workbook and package of all, then the files of each table."""
    yield Format("excel", _EXCEL, "xlsx", "table", "Excel", write_workbook, "tables", _SCOPES)
    yield Format(
        *("datapackage", "application/zip", "zip", "table", "Frictionless data package"),
        write_package,
        "datapackage",
        _SCOPES,
    )
    for table in tables():
        yield from _formats(table)


def write_workbook(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write one workbook with a sheet for each table, then Notes and About."""
    _refuse_parts(scope)
    store, every = current_store(release), tables()
    with TemporaryDirectory(prefix="tables-") as folder:
        path = Path(folder) / "book.xlsx"
        with Workbook(path, release, "Tables of a Therascape release") as book:
            for done, table in enumerate(every):
                progress(done, len(every))
                with filled(table, store, release.iris) as rows:
                    book.add(rows, table.title, _nothing)
        repack(path, target)
    progress(len(every), len(every))


def write_package(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write the data package of all tables as a zip file."""
    _refuse_parts(scope)
    store, every = current_store(release), tables()
    with TemporaryDirectory(prefix="tables-") as folder:
        package = Package(release, Path(folder))
        for done, table in enumerate(every):
            progress(done, len(every))
            with filled(table, store, release.iris) as rows:
                package.add(rows)
        with filled(table_named(_SOURCES), store, release.iris) as rows:
            sources = list(sources_of(rows))
        package.write(sources, target)
    progress(len(every), len(every))


def current_store(release: Release) -> Store:
    """A store of the current editions alone, also where a query asks each graph by itself."""
    store = release.store()
    for graph in release.history:
        store.remove_graph(NamedNode(graph))
    return store


def _refuse_parts(scope: Scope) -> None:
    if scope.what not in _SCOPES:
        raise NotOfThisScope(
            f"tables are of a whole release, not of a {scope.what}: take CSV from a SELECT query,"
            " or N-Quads for the part"
        )


def _formats(table: Table) -> Iterator[Format]:
    name, title = table.name, table.title
    yield Format(
        *(f"{name}-csv", "text/csv", "csv", "table", f"{title}, CSV"),
        _writer(table, _csv),
        name,
        _SCOPES,
    )
    yield Format(
        *(f"{name}-csvw", "application/csvm+json", "csv-metadata.json", "table"),
        f"{title}, CSVW metadata",
        _metadata_writer(table),
        name,
        _SCOPES,
    )
    yield Format(
        *(f"{name}-parquet", "application/vnd.apache.parquet", "parquet", "table"),
        f"{title}, Parquet",
        _writer(table, _parquet),
        name,
        _SCOPES,
    )
    yield Format(
        *(f"{name}-excel", _EXCEL, "xlsx", "table", f"{title}, Excel"),
        _sheet_writer(table),
        name,
        _SCOPES,
    )


def _writer(table: Table, write: _One) -> Callable[[Release, Scope, BinaryIO, Progress], None]:
    def written(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
        _refuse_parts(scope)
        with filled(table, current_store(release), release.iris) as rows, TemporaryFile() as spool:
            # Its own file first: writers seek, or close what they write to.
            write(rows, release, spool, _steps(rows, progress))
            spool.seek(0)
            copyfileobj(spool, target)

    return written


def _metadata_writer(table: Table) -> Callable[[Release, Scope, BinaryIO, Progress], None]:
    def written(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
        _refuse_parts(scope)
        told = table_metadata(table, f"{table.name}.csv", name_of(release))
        target.write(as_json(told).encode())
        progress(1, 1)

    return written


def _sheet_writer(table: Table) -> Callable[[Release, Scope, BinaryIO, Progress], None]:
    def written(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
        _refuse_parts(scope)
        store, iris = current_store(release), release.iris
        with TemporaryDirectory(prefix="tables-") as folder:
            path = Path(folder) / "book.xlsx"
            with Workbook(path, release, table.title) as book:
                with filled(table, store, iris) as rows:
                    book.add(rows, DATA, _steps(rows, progress))
                with filled(table_named(_SOURCES), store, iris) as rows:
                    book.add(rows, SOURCES, _nothing)
            repack(path, target)

    return written


def _csv(rows: Filled, _release: Release, target: BinaryIO, step: Step) -> None:
    write_csv(rows, target, step)


def _parquet(rows: Filled, release: Release, target: BinaryIO, step: Step) -> None:
    write_parquet(rows, name_of(release), target, step)


def _steps(rows: Filled, progress: Progress) -> Step:
    """Tell progress after some rows, and after the last."""
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % _EVERY_ROWS == 0 or done == rows.count:
            progress(done, rows.count)

    return step


def _nothing() -> None:
    """Tell nobody."""
