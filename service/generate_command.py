"""The command that makes a synthetic landscape."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import click

from service.ending import until_terminated
from service.failures import OK
from service.flags import settings_flags
from service.pace import Pace
from service.settings import load_settings

# Commands import what only they need.
# ruff: noqa: PLC0415


@click.command()
@click.argument("out", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--reports", type=int, required=True, help="How many reports.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another one: other numbers.")
@click.option(
    "--form",
    type=click.Choice(["folders", "nquads"]),
    default="folders",
    show_default=True,
    help="Source folders, for `therascape build --sources`; or one file of sorted N-Quads, for "
    "`therascape import`.",
)
@settings_flags("base")
def generate(*, out: Path, reports: int, seed: int, form: str, **flags: Any) -> int:
    """Make a synthetic landscape in OUT: a new folder, or a new file (- for standard output).

    The same numbers make the same bytes, on every machine. All names in it are invented.

    N-Quads are put in order in the folder for temporary files (TMPDIR), which takes as much room
    there as the file, and for a moment twice that from some 8 GB on.
    """
    from graph.synthetic.errors import CannotGenerate
    from graph.synthetic.folders import write_folders
    from graph.synthetic.nquads import lines
    from graph.synthetic.world import World
    from graph.terms import Iris

    try:
        world = World.of(reports, seed)
    except CannotGenerate as error:
        raise click.UsageError(str(error)) from None
    if form == "folders":
        if str(out) == "-":
            raise click.UsageError("folders need a place: name a new folder instead of -")
        with until_terminated(), Pace("reports") as pace:
            write_folders(world, out, partial(_at, pace, reports))
        return OK
    iris = Iris(load_settings(flags).base)
    number = 0
    with until_terminated(), _opened(out) as file, Pace("statements made") as pace:
        for number, line in enumerate(lines(world, iris, pace.at), 1):  # noqa: B007
            file.write(line)
    click.echo(
        f"{number:,} lines: what is stated again, such as registered things, stands once", err=True
    )
    return OK


def _at(pace: Pace, reports: int, done: int) -> None:
    pace.at(done, reports)


@contextmanager
def _opened(out: Path) -> Iterator[BinaryIO]:
    from graph.export.atomic import whole_file
    from graph.release.files import explained
    from graph.synthetic.errors import CannotGenerate
    from graph.synthetic.folders import ACTION, ELSEWHERE, refuse_taken

    if str(out) == "-":
        yield sys.stdout.buffer
        return
    refuse_taken(out)
    with explained(ACTION, out, CannotGenerate, ELSEWHERE):
        out.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(out, ACTION, ELSEWHERE) as file:
        yield file
