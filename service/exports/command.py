"""`therascape export`: a release, or a part of it, into a file or to standard output."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from graph.export.atomic import Compression, whole_file
from graph.export.errors import ExportFailed, NoSuchScope, NotOfThisScope
from graph.export.files import write
from graph.export.model import Format, Scope, What
from graph.export.model import Progress as Listener
from graph.export.results import QueryRefused
from graph.landscape import AmbiguousEntity, UnknownEntity
from graph.landscape.resolving import resolver
from graph.query import EmbeddedEngine
from graph.release import Release
from graph.search import Search
from service.ask import read_query
from service.failures import QueryFailed
from service.releases import NothingBuilt, current_release
from service.settings import Settings
from service.tables import terminal
from service.text import visible


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be exported, as what, and where to; `output` None is standard output."""

    form: Format
    what: str
    value: str
    hops: int
    output: Path | None
    compress: Compression | None


def export_release(settings: Settings, wish: Wish) -> None:
    """Write the export and tell on standard error what it is.

    Raises NothingBuilt, click.UsageError, QueryFailed, and the errors of graph.export and
    graph.release.
    """
    release = current_release(settings)
    if release is None:
        raise NothingBuilt("there is no release to export yet; run `therascape build`")
    what = cast("What", wish.what)
    if what not in wish.form.scopes:
        known = ", ".join(f"--{scope}" for scope in wish.form.scopes if scope != "release")
        raise click.UsageError(
            f"--format {wish.form.name} takes no --{what}; it takes {known or 'a whole release'}"
        )
    try:
        scope = Scope(what, _value(release, wish), wish.hops)
        said = _write(release, wish, scope)
    except (NoSuchScope, NotOfThisScope, UnknownEntity, AmbiguousEntity) as error:
        raise click.UsageError(visible(str(error))) from None
    except QueryRefused as error:
        raise QueryFailed(error.cause, error.query) from error
    click.echo(visible(f"{wish.form.title} of release {release.id}: {said}"), err=True)


def _value(release: Release, wish: Wish) -> str:
    if wish.what == "query":
        return read_query(wish.value)
    if wish.what != "entity" or wish.value.startswith(release.iris.base):
        return wish.value
    search = Search.from_engine(EmbeddedEngine.over(release), release.iris.base)
    return resolver(search)("entity", wish.value, ())


def _write(release: Release, wish: Wish, scope: Scope) -> str:
    with _progress() as listener:
        if wish.output is None:
            done = write(
                release,
                wish.form,
                scope,
                sys.stdout.buffer,
                compress=wish.compress,
                progress=listener,
            )
            where = "standard output"
        else:
            if not wish.output.parent.is_dir():
                raise ExportFailed(f"cannot write {wish.output}: there is no such folder")
            with whole_file(wish.output) as file:
                done = write(
                    release, wish.form, scope, file, compress=wish.compress, progress=listener
                )
            where = str(wish.output)
    return f"{done.size:,} bytes, SHA-256 {done.sha256}, to {where}"


@contextmanager
def _progress() -> Iterator[Listener]:
    """A bar on standard error, or in a log a line for each tenth."""
    console = terminal(error=True)
    if not console.is_terminal:
        said = -1

        def tell(done: int, total: int) -> None:
            nonlocal said
            tenth = 10 * done // total if total else 10
            if tenth > said:
                said = tenth
                click.echo(f"exporting ({10 * tenth} %)", err=True)

        yield tell
        return
    columns = (TextColumn("exporting"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("exporting", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
