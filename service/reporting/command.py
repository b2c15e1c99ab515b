"""`therascape reported`: the problems that readers reported."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from service.failures import OK
from service.reporting.box import FOLDER, Kept, kept_in
from service.tables import print_table, terminal

_RELEASE = 12


def list_reported(data: Path, form: str) -> int:
    """Print the problems that are kept in a data directory, the newest first."""
    found = list(kept_in(data))
    if form == "json":
        rows = [{"id": one.id, "at": one.at, **asdict(one.reported)} for one in found]
        click.echo(json.dumps(rows, indent=2))
        return OK
    if not found:
        click.echo(f"No problems are reported in {data / FOLDER}.")
        return OK
    print_table(
        terminal(), ("When", "Fact", "Release", "What is wrong", "Contact"), map(_row, found)
    )
    many = "1 problem" if len(found) == 1 else f"{len(found):,} problems"
    click.echo(f"{many}, each a file in {data / FOLDER}; remove those that are done.")
    return OK


def _row(kept: Kept) -> tuple[str, ...]:
    one = kept.reported
    return kept.at, one.about, one.release[:_RELEASE], one.wrong, one.contact
