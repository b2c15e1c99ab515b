"""`therascape diff`: two releases compared, on the command line."""

import sys

import click

from graph.diff import compare, patch_between, write_patch
from graph.release import Release
from graph.release.use import Use
from service.differences import COLUMNS, as_json, as_text, rows, write_rows
from service.tables import print_table, terminal
from service.text import visible


def print_diff(before: Release, after: Release, form: str) -> None:
    """Print what differs. Raises the errors of graph.diff and graph.release."""
    with Use(before.path), Use(after.path):
        if form == "triples":
            for line in write_patch(patch_between(before, after)):
                sys.stdout.buffer.write(line.encode())
            sys.stdout.buffer.flush()
            return
        comparison = compare(before, after)
    if form == "json":
        click.echo(as_json(comparison), nl=False)
    elif form == "csv":
        click.echo(write_rows(comparison), nl=False)
    elif form == "table":
        print_table(terminal(), COLUMNS, rows(comparison))
    else:
        for line in as_text(comparison).split("\n")[:-1]:
            click.echo(visible(line))
