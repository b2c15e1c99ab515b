"""`therascape query`: one query, answered without a server."""

import sys
from pathlib import Path

import click

from graph.errors import GraphError
from graph.query import Answer, EmbeddedEngine, Formats, NotAcceptable, Request, StoreUnreadable
from graph.release import Editions
from graph.written import Served
from service.failures import QueryFailed
from service.negotiation import Form, named_format
from service.results import JSON_RESULTS, N_TRIPLES, is_true, read_rows

_FILE_ENDINGS = (".rq", ".sparql")


def read_query(argument: str) -> str:
    """Return the query that the argument is, names, or stands for. Raises click.UsageError."""
    if argument == "-":
        return _decode(sys.stdin.buffer.read(), "standard input")
    path = Path(argument)
    try:
        if path.is_file():
            return _decode(path.read_bytes(), argument)
    except (OSError, ValueError) as error:
        if argument.endswith(_FILE_ENDINGS):
            raise click.UsageError(f"{argument}: the file cannot be read ({error})") from None
    if argument.endswith(_FILE_ENDINGS) and not argument.strip().count("\n"):
        raise click.UsageError(f"{argument}: there is no such file")
    return argument


def ask(
    served: Served,
    query: str,
    form: str,
    default_graphs: tuple[str, ...],
    named_graphs: tuple[str, ...],
    *,
    editions: Editions = "current",
) -> None:
    """Print the answer. Raises QueryFailed, StoreUnreadable, click.UsageError, and the errors of
    graph.release.
    """
    request = Request(
        query=query,
        formats=Formats(bindings=_media_type(form, "bindings"), graph=_media_type(form, "graph")),
        default_graphs=default_graphs,
        named_graphs=named_graphs,
        base_iri=served.release.iris.base,
        editions=editions,
    )
    engine = EmbeddedEngine.over(served.release, served.store, served.history)
    try:
        answer = engine.evaluate(request)
    except NotAcceptable:
        raise click.UsageError(f"the answer to this query cannot be written as {form}") from None
    except StoreUnreadable:
        raise
    except GraphError as error:
        raise QueryFailed(error, query) from error
    for notice in answer.notices:
        click.echo(f"Note: {notice}", err=True)
    if form == "table":
        _print_table(answer, served.release.iris.base)
    else:
        sys.stdout.buffer.write(answer.body)


def _media_type(form: str, wanted: Form) -> str | None:
    if form == "table":
        return JSON_RESULTS if wanted == "bindings" else N_TRIPLES
    choice = named_format(form, wanted)
    return choice.media_type if choice else None


def _print_table(answer: Answer, base: str) -> None:
    if answer.form == "boolean":
        click.echo("true" if is_true(answer) else "false")
        return
    from service.tables import print_rows, terminal  # noqa: PLC0415 - other formats need no rich

    print_rows(terminal(), read_rows(answer), base)


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{name}: byte {error.start} is not UTF-8") from None
