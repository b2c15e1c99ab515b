"""The commands on releases: listing, citing, comparing and pruning them."""

import json
from typing import Any

import click

from service.failures import OK
from service.flags import TEXT_OR_JSON, settings_flags
from service.settings import load_settings

# Commands import what only they need.
# ruff: noqa: PLC0415

_MOST_DIGITS = 5  # of a number of releases; what begins an id has more


@click.command()
@TEXT_OR_JSON
@settings_flags("data", "empty")
def releases(form: str, **flags: Any) -> int:
    """List the stored releases, the one whose data were written last first."""
    from graph.release import DataDirectory
    from service.releases import data_folder
    from service.stored_releases import listed
    from service.tables import print_table, terminal

    found = listed(DataDirectory(data_folder(load_settings(flags))))
    if form == "json":
        click.echo(json.dumps({"releases": found}, indent=2, ensure_ascii=False))
        return OK
    cells = (
        (
            one["id"],
            f"{one['statements']:,}",
            str(len(one["sources"])),
            ", ".join(name for name in ("current", "pinned") if one[name]),
        )
        for one in found
    )
    columns = ("release", "statements", "sources", "")
    print_table(terminal(), columns, cells, (False, True, True, False))
    return OK


@click.command()
@click.argument("release", default="current")
@click.option(
    "--format", "form", type=click.Choice(["cff", "bibtex"]), default="cff", show_default=True
)
@settings_flags("data", "empty")
def cite(release: str, form: str, **flags: Any) -> int:
    """Print how to cite RELEASE: an id or its beginning, or the current release."""
    from graph.citation import bibtex, cff, citation
    from service.releases import named_release

    found = citation(named_release(load_settings(flags), release))
    click.echo(cff(found) if form == "cff" else bibtex(found), nl=False)
    return OK


@click.command()
@click.argument("before")
@click.argument("after", default="current")
@click.option(
    "--format",
    "form",
    type=click.Choice(["sentences", "table", "csv", "json", "triples"]),
    default="sentences",
    show_default=True,
    help="triples: a patch of N-Quads (RDF Patch) that leads from the one to the other.",
)
@settings_flags("data", "empty")
def diff(before: str, after: str, form: str, **flags: Any) -> int:
    """Tell what differs between the releases BEFORE and AFTER, and why.

    Releases are given by their ids, or what these begin with. What is computed from a difference
    is told with it.
    """
    from service.diff_command import print_diff
    from service.releases import named_release

    settings = load_settings(flags)
    print_diff(named_release(settings, before), named_release(settings, after), form)
    return OK


@click.command()
@click.option(
    "--keep",
    "kept",
    multiple=True,
    metavar="N|ID",
    help="How many of the newest releases stay; or a release that is to stay from now on, by its "
    "id. May be given several times.  [default: 5]",
)
@click.option("--unpin", multiple=True, metavar="ID", help="Take back that a release is to stay.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, and change nothing.")
@settings_flags("data", "empty")
def prune(kept: tuple[str, ...], unpin: tuple[str, ...], dry_run: bool, **flags: Any) -> int:
    """Remove old releases.

    The current one stays, and what it was built from, what is pinned and what is in use.
    """
    from graph.pruning import KEPT
    from graph.pruning import prune as prune_releases
    from graph.release import DataDirectory
    from service.releases import data_folder

    numbers = [text for text in kept if text.isascii() and _is_number(text)]
    if len(numbers) > 1:
        raise click.UsageError("--keep has several numbers; give one")
    fates = prune_releases(
        DataDirectory(data_folder(load_settings(flags))),
        newest=int(numbers[0]) if numbers else KEPT,
        pin=[text for text in kept if text not in numbers],
        unpin=unpin,
        dry_run=dry_run,
    )
    going = "would go" if dry_run else "is gone"
    for fate in fates:
        click.echo(f"{fate.id}  {f'stays: {fate.why}' if fate.why else going}")
    freed = sum(fate.size for fate in fates if fate.why is None)
    gone = sum(fate.why is None for fate in fates)
    click.echo(f"{gone} of {len(fates)} {going}, {freed / 1e6:,.1f} MB")
    return OK


def _is_number(text: str) -> bool:
    return text.isdigit() and len(text) <= _MOST_DIGITS


@click.command()
@click.argument("release", default="current")
@settings_flags("data", "engine", "engine_update", "engine_store", "engine_graphs", "engine_user")
def publish(release: str, **flags: Any) -> int:
    """Load RELEASE into the database elsewhere that --engine names, and serve it from there.

    Of two databases the one that does not answer now is loaded. A publication that was interrupted
    goes on where it ended. What is loaded is read back before it counts. What was written to a
    service since the release is not in it; `therascape checkpoint` makes a release of that.
    """
    from service.publish_command import publish_release
    from service.releases import data_folder, named_release

    settings = load_settings(flags)
    publish_release(settings, data_folder(settings), named_release(settings, release))
    return OK


RELEASE_COMMANDS = (releases, cite, diff, prune, publish)
