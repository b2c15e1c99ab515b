"""The command that writes a release, or a part of it, into a file."""

from pathlib import Path
from typing import Any

import click

from service.failures import OK
from service.flags import settings_flags
from service.settings import load_settings

# Commands import what only they need.
# ruff: noqa: PLC0415


def _format(context: click.Context, parameter: click.Parameter, value: str) -> object:
    """The format of this name; what there is is looked up only when it is needed."""
    from graph.export.formats import FORMATS, format_named

    found = format_named(value)
    if found is None:
        names = ", ".join(format_.name for format_ in FORMATS)
        raise click.BadParameter(f"{value!r} is none of {names}", context, parameter)
    return found


@click.command()
@click.option(
    "--format",
    "form",
    callback=_format,
    default="nquads",
    show_default=True,
    help="nquads, trig: with named graphs; turtle, ntriples, jsonld, rdfxml: their merge; graphml, "
    "node-link: the network. A wrong name lists all.",
)
@click.option("--source", help="What this source says only.")
@click.option("--graph", help="What this named graph has only: reference, derived …")
@click.option("--entity", help="What is around this thing: its IRI, name, alias or code.")
@click.option(
    "--hops",
    type=click.IntRange(0, 3),
    help="How many edges away from the thing.  [default: 1]",
)
@click.option("--query", help="What this CONSTRUCT or DESCRIBE makes: SPARQL text, a file, or -.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write into this file, which is there as a whole or not at all; else standard output.",
)
@click.option("--compress", type=click.Choice(["gzip"]))
@settings_flags("data")
def export(
    *,
    form: Any,
    source: str | None,
    graph: str | None,
    entity: str | None,
    hops: int | None,
    query: str | None,
    output: Path | None,
    compress: Any,
    **flags: Any,
) -> int:
    """Write the current release, or a part of it, as RDF, as a network or as tables.

    The same release always gives the same bytes. What was written to a service since the release
    is not in it; `therascape checkpoint` makes a release of that.
    """
    from service.exports.command import Wish, export_release

    given = {"source": source, "graph": graph, "entity": entity, "query": query}
    parts = {name: value for name, value in given.items() if value is not None}
    if len(parts) > 1:
        raise click.UsageError(f"give one of {', '.join(f'--{name}' for name in parts)}")
    if hops is not None and entity is None:
        raise click.UsageError("--hops is for --entity")
    what, value = next(iter(parts.items()), ("release", ""))
    wish = Wish(form, what, value, 1 if hops is None else hops, output, compress)
    export_release(load_settings(flags), wish)
    return OK
