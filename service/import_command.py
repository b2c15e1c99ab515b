"""The command that makes a release of a file of N-Quads."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.ending import until_terminated
from service.failures import OK
from service.flags import settings_flags
from service.pace import Pace
from service.settings import load_settings
from service.text import visible

if TYPE_CHECKING:
    from graph.bulk.reading import Progress

# Commands import what only they need.
# ruff: noqa: PLC0415

_STANDARD_INPUT = 0
_UNITS = {"rules": "sources"}


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option(
    "--rules/--no-rules",
    "derives",
    default=True,
    help="Add what the rules derive, unless the file has that already.  [default: --rules]",
)
@click.option(
    "--shapes/--no-shapes",
    "validates",
    default=True,
    help="Hold it against the shapes (SHACL), a sample of a large file.  [default: --shapes]",
)
@settings_flags("data", "base", "store", "total_memory")
def import_(*, file: Path, derives: bool, validates: bool, **flags: Any) -> int:
    """Make a release of the N-Quads in FILE (- for standard input), and make it the current one.

    It may be compressed with gzip. Statements must be in named graphs, in canonical form. A file
    whose lines are in the order of their bytes is imported faster. Progress, and the seconds that
    each part took, are told on standard error.
    """
    from graph.bulk.importing import import_file
    from graph.bulk.spooling import plain
    from graph.release import DataDirectory, data_directory
    from graph.terms import Iris
    from service.storing import too_large

    given = None
    if str(file) == "-":
        file, given = Path("/dev/stdin"), _STANDARD_INPUT
    elif not file.exists():
        raise click.BadParameter(f"{visible(str(file))}: there is no such file", param_hint="FILE")
    settings = load_settings(flags)
    iris = Iris(settings.base)
    data = DataDirectory(data_directory(settings.data))
    with until_terminated(), plain(file, data.path, given) as lines:
        done = import_file(
            *(data, lines, iris, _begin),
            derives=derives,
            validates=validates,
            on_disk=too_large(settings, lines.stat().st_size),
            name=file,
        )
    for name, seconds in done.seconds.items():
        click.echo(f"{name}: {seconds:,.1f} s", err=True)
    if (held := done.release.manifest.get("validated")) is not None:
        told = f"{len(held['sources']):,} sources, a share of {held['share']:g}"
        click.echo(f"Shapes were validated for {told}; lines were checked in all of them", err=True)
    counts = done.release.manifest["counts"]
    click.echo(f"{counts['statements']:,} statements in {len(counts['graphs']):,} named graphs")
    begin = f"{iris.base}graph/"
    claimed = counts["graphs"].keys() - {iris.graph("derived").value}
    if not any(graph.startswith(begin) for graph in claimed):
        click.echo(
            f"Note: the file has no graph of the model, whose names begin with {begin}; pages "
            "and questions find nothing. If the file was made with another --base, import it so",
            err=True,
        )
    click.echo(f"Release {done.release.id}")
    click.echo(visible(str(done.release.path)), err=True)
    return OK


def _begin(part: str) -> "Progress":
    click.echo(f"{part} …", err=True)
    return Pace(_UNITS.get(part, "statements")).at
