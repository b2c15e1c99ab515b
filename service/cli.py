"""The command `therascape`.

Modules of the graph are imported by the commands that use them, so that each starts fast.
"""

import json
import logging
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from service.answers_cli import COMMANDS
from service.export_cli import export
from service.failures import EPILOG, OK, PROBLEMS, PipeClosed, run
from service.flags import EDITIONS, FILE, FOLDER, RELEASE, TEXT_OR_JSON, settings_flags
from service.generate_command import generate
from service.import_command import import_
from service.negotiation import FORMATS
from service.releases_cli import RELEASE_COMMANDS
from service.settings import SETTINGS, InvalidSetting, load_settings

if TYPE_CHECKING:
    from graph.release import Editions

# Commands import what only they need.
# ruff: noqa: PLC0415

_LOG = logging.getLogger("therascape.service")
_ANSWERING = [[name] for name in "query landscape search ask audit forecast export".split()]
"""What reads a release with the engine, and takes as much memory as is asked for."""


def _version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    """Print the version."""
    if asked:
        from service.version import version

        click.echo(f"therascape {version()}")
        context.exit()


class _Commands(click.Group):
    """The commands; what ends one of them is told by `run`, not by click."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BrokenPipeError:
            raise PipeClosed from None


@click.group(cls=_Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Market reports about therapies as a cited knowledge graph.

    `therascape serve` serves it; `therascape query` asks it without a server.
    """


@cli.command()
@settings_flags(*(row.name for row in SETTINGS if row.flag))
def serve(**flags: Any) -> int:
    """Serve the current release; build it first when there is none or its input has changed."""
    from graph.release import DataDirectory
    from service.access import Access
    from service.engines import wanted
    from service.loglines import configure_logging
    from service.platforms import check_platform
    from service.releases import data_folder, release_to_serve
    from service.serve import CannotStart, check_processes
    from service.serve import serve as serve_release

    settings = load_settings(flags)
    check_processes(settings)
    configure_logging(events=settings.log_events)
    try:
        access = Access.of(settings)
    except InvalidSetting as error:  # the setting is right, and the file that it names is not
        raise CannotStart(str(error)) from None
    for note in (*check_platform(), *access.notes):  # once, however many answer
        _LOG.warning("%s", note)
    if settings.engine is None:
        release_to_serve(settings)
    serving = wanted(settings, data_folder(settings))
    assert serving is not None
    release = DataDirectory(data_folder(settings)).release(serving.release)
    known = f"release {release.id[:12]}, {release.manifest['counts']['statements']:,} statements"

    def say(address: str, memory: str) -> None:
        click.echo(f"{memory[:1].upper()}{memory[1:]}")
        click.echo(f"Therascape is on {address} ({known}). Ctrl-C stops it.")

    serve_release(settings, data_folder(settings), serving, say)
    return OK


@cli.command()
@click.argument("query")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *(f.name for f in FORMATS if f.shown)]),
    default="table",
    show_default=True,
    help="json and xml also write graphs, as JSON-LD and RDF/XML.",
)
@click.option("--default-graph", multiple=True, metavar="IRI", help="Ask this graph only.")
@click.option("--named-graph", multiple=True, metavar="IRI", help="What GRAPH sees.")
@RELEASE
@EDITIONS
@settings_flags("data")
def query(
    *,
    query: str,
    form: str,
    default_graph: tuple[str, ...],
    named_graph: tuple[str, ...],
    release: str | None,
    editions: "Editions",
    **flags: Any,
) -> int:
    """Answer QUERY: SPARQL text, a file that holds it, or - for standard input."""
    from service.ask import ask, read_query
    from service.releases import needed_data

    served = needed_data(load_settings(flags), release)
    ask(served, read_query(query), form, default_graph, named_graph, editions=editions)
    return OK


@cli.command()
@click.option(
    "--sources",
    multiple=True,
    type=FOLDER,
    help="A source folder of yours, or a folder of such folders; may be given several times.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="SOURCE",
    help="Leave out this source, as if its folder were not there; may be given several times.",
)
@settings_flags("data", "base")
def build(sources: tuple[Path, ...], exclude: tuple[str, ...], **flags: Any) -> int:
    """Build a release from the shipped seeds and from source folders of your own."""
    from service.ending import until_terminated
    from service.releases import build_release

    with until_terminated():
        build_release(load_settings(flags), sources, exclude=exclude)
    return OK


@cli.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@TEXT_OR_JSON
def check(folders: tuple[Path, ...], form: str) -> int:
    """Validate the shipped seeds and your own source FOLDERS; nothing is built."""
    from graph.build import check as check_seeds
    from service.reports import check_json, print_check, progress

    with progress() as listener:
        report = check_seeds(folders, listener=listener)
    if form == "json":
        _print_json(check_json(report))
    else:
        print_check(report)
    return PROBLEMS if report.problems else OK


@cli.command()
@click.argument("folder", type=FOLDER)
@click.option("--text", type=FILE, required=True, help="The text that the source was read from.")
@TEXT_OR_JSON
def coverage(folder: Path, text: Path, form: str) -> int:
    """Hold the source in FOLDER against its text: what does no row cover?"""
    from graph.coverage import coverage as cover
    from service.reports import coverage_json, print_coverage

    report = cover(folder, text)
    if form == "json":
        _print_json(coverage_json(report))
    else:
        print_coverage(report, str(text))
    return OK if report.clean else PROBLEMS


@cli.command()
@click.argument("folder", type=FOLDER)
@click.option("--write", is_flag=True, help="Put them into source.toml.")
def review(folder: Path, write: bool) -> int:
    """Print [tables] for the source in FOLDER, with a digest of each table's rows.

    Do so when you have held them against the text: a build then refuses any row that was changed
    since.
    """
    from graph.review import review as sign_off
    from graph.review import write_review

    lines = sign_off(folder)
    if write:
        write_review(folder, lines)
        click.echo(f"{folder}: source.toml lists {lines.count(chr(10))} tables as they are now")
    else:
        click.echo(lines, nl=False)
    return OK


@cli.command()
@settings_flags("data", "empty", "default_graph")
def checkpoint(**flags: Any) -> int:
    """Make a release of the current one and what was written to the service since.

    A running service moves over to it. It makes one by itself now and then.
    """
    from graph.checkpoint import checkpoint as make
    from graph.release import DataDirectory
    from service.releases import data_folder

    settings = load_settings(flags)
    release = make(DataDirectory(data_folder(settings)), strict=settings.strict)
    click.echo(f"Release {release.id} has the writes up to {release.written.journal}")
    return OK


@cli.command()
@click.argument("name")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append the line to this file, which only you may read; it is made if there is none.",
)
def token(name: str, file: Path | None) -> int:
    """Make a token for NAME: print it, once, and the line that lets a service know it.

    The line has the hash of the token only. It goes into the file that --write-token-file of
    `therascape serve` names, or --admin-token-file.
    """
    from service.minting import append_line, new_token, token_line

    made = new_token()
    try:
        line = token_line(name, made)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="NAME") from None
    if file is not None:
        append_line(file, line)
    click.echo(made)
    click.echo(line if file is None else f"{file} has the line: {line}", err=file is not None)
    return OK


@cli.command()
@TEXT_OR_JSON
@settings_flags("data", "empty")
def reported(form: str, **flags: Any) -> int:
    """List the problems with facts that readers reported, the newest first."""
    from service.releases import data_folder
    from service.reporting.command import list_reported

    return list_reported(data_folder(load_settings(flags)), form)


@cli.command()
@TEXT_OR_JSON
def settings(form: str) -> int:
    """List every setting: flag, variable, value in force and what it does."""
    from service.reports import print_settings, settings_json

    values = load_settings()
    if form == "json":
        _print_json(settings_json(values))
    else:
        print_settings(values)
    return OK


for _command in (*COMMANDS, *RELEASE_COMMANDS, export, generate, import_):
    cli.add_command(_command)


def _print_json(document: Mapping[str, Any]) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def main() -> NoReturn:
    """Run the command line and exit; the help text lists the exit codes."""
    arguments = sys.argv[1:]
    sys.exit((_contained if arguments[:1] in _ANSWERING else run)(cli, arguments))


def _contained(command: click.Command, arguments: Sequence[str]) -> int:
    from graph.template.budget import default_total
    from service.contained import contained

    work = partial(run, command, arguments)
    try:
        mib = load_settings().total_memory or default_total()
    except InvalidSetting:
        return work()  # which says so
    return contained(work, mib)
