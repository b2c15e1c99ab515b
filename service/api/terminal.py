"""Questions with a name, search and questions in words on the command line, without a server."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import click

from graph.landscape import (
    Asking,
    Column,
    InvalidParameter,
    Named,
    Parameter,
    Traversal,
    read_arguments,
)
from graph.landscape.catalogue import QUESTIONS
from graph.network.arrays import Network
from graph.network.calls import LocalTraversal
from graph.network.files import stored_network
from graph.network.reading import read_network
from graph.query import EmbeddedEngine, Job
from graph.release import DataDirectory, Editions
from graph.search import Search
from graph.wording import understand
from graph.written import Served
from service.api.encoding import plain
from service.api.naming import hits_table, resolver
from service.api.paging import (
    EDITIONS,
    LIMIT,
    OFFSET,
    SORT,
    page_of,
    read_editions,
    read_wish,
    shared_with,
    split,
)
from service.api.questions import after_rows, before_rows, takes
from service.api.responses import page_members
from service.api.tables import Table, text_of, write_csv
from service.releases import data_folder, needed_data
from service.settings import Settings
from service.tables import print_table, terminal
from service.text import visible

_SHARED = (LIMIT, OFFSET, SORT, EDITIONS)
_NUMBERS = ("integer", "number")
Given = Mapping[str, list[str]]


@dataclass(frozen=True)
class Desk:
    """What answers in this process: the engine over a release, its names and its network.

    It is a traversal too, so that the network is only opened for a question that needs it.
    """

    served: Served
    data: DataDirectory

    @cached_property
    def engine(self) -> EmbeddedEngine:
        """The engine."""
        served = self.served
        return EmbeddedEngine.over(served.release, served.store, served.history)

    @property
    def base(self) -> str:
        """What data IRIs begin with."""
        return self.served.release.iris.base

    @cached_property
    def search(self) -> Search:
        """The search over names."""
        return Search.from_engine(self.engine, self.base)

    @cached_property
    def search_all(self) -> Search:
        """The search over the names of all editions."""
        if self.served.history is None:
            return self.search
        return Search.from_engine(self.engine, self.base, "all")

    def search_of(self, editions: Editions) -> Search:
        """The search over the names that these editions know."""
        return self.search_all if editions == "all" else self.search

    @cached_property
    def network(self) -> Traversal:
        """The network of the release: from its files, or else made for the moment."""
        return LocalTraversal(self._network("current"))

    @cached_property
    def network_all(self) -> Traversal:
        """The network of all editions."""
        return LocalTraversal(self._network("all"))

    def _network(self, editions: Editions) -> Network:
        release = self.served.release
        found = stored_network(self.data, release, editions)
        return found or read_network(release, editions)

    def traverse(
        self,
        call: str,
        arguments: Mapping[str, Any],
        job: Job | None = None,
        editions: Editions = "current",
    ) -> Mapping[str, Any]:
        """Return what a call on the network gives. Raises the errors of graph.network."""
        network = self.network_all if editions == "all" else self.network
        return network.traverse(call, arguments, job)


def open_desk(settings: Settings, release: str | None = None) -> Desk:
    """Return what answers from the current release, or the one named so.

    Raises NothingBuilt and UnknownRelease.
    """
    return Desk(needed_data(settings, release), DataDirectory(data_folder(settings)))


def print_questions(form: str) -> None:
    """Print every question with a name, and what it takes."""
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "parameters": [f"--{parameter.name}" for parameter in one.parameters],
        }
        for one in QUESTIONS
    ]
    columns = (
        Column("name", "Name", "text", "Its name on the command line."),
        Column("title", "Question", "text", "The question in words."),
        Column("parameters", "Options", "texts", "What it takes."),
    )
    _print(Table(columns, rows), form)


def print_help(name: str) -> None:
    """Print what a question answers, and what it takes. Raises click.UsageError."""
    found = _named(name)
    click.echo(f"{found.title}\n\n{found.doc}\n")
    rows = [(f"--{one.name}", takes(one), one.doc) for one in (*found.parameters, *_shared(found))]
    print_table(terminal(), ("option", "takes", "what"), rows)


def print_answer(desk: Desk, name: str, options: Sequence[str], form: str) -> None:
    """Print the answer to a question. Raises click.UsageError, and what the question raises."""
    found = _named(name)
    try:
        own, shared = split(_options(options), found.parameters, _shared(found))
        _answer(desk, found, own, shared, form)
    except InvalidParameter as error:
        raise click.UsageError(
            f"{error}; `therascape landscape {name} --help` tells more"
        ) from None


def print_hits(
    desk: Desk,
    text: str,
    kinds: tuple[str, ...],
    limit: int,
    form: str,
    *,
    editions: Editions = "current",
) -> None:
    """Print what is called so, or nearly so."""
    _print(hits_table(desk.search_of(editions).find(text, kinds, limit)), form)


def print_understood(desk: Desk, text: str, form: str, editions: Editions = "current") -> bool:
    """Print how a question in words is understood, and the answer where it is; whether it is."""
    understanding = understand(text, desk.search_of(editions), QUESTIONS)
    if understanding.status == "understood":
        (reading,) = understanding.readings
        click.echo(f"Understood as: {reading.sentence}", err=True)
        shared: Given = {"editions": [editions]}
        _answer(desk, _named(reading.question), reading.arguments, shared, form)
        return True
    click.echo(f"{understanding.status.capitalize()}: {understanding.reason}", err=True)
    for unknown in understanding.unknown:
        near = f"; did you mean {', '.join(unknown.near)}?" if unknown.near else ""
        click.echo(f"Nothing is called {unknown.text!r}{near}", err=True)
    for reading in understanding.readings:
        click.echo(f"Perhaps: {reading.sentence}", err=True)
    return False


def _answer(desk: Desk, found: Named, own: Given, shared: Given, form: str) -> None:
    wish = read_wish(shared)
    editions = "all" if found.editions == "all" else read_editions(shared)
    arguments = read_arguments(found.parameters, own, resolver(lambda: desk.search_of(editions)))
    answer = found.run(Asking(desk.engine, desk.base, desk, editions=editions), arguments)
    page = page_of(Table.of(answer), wish, "", {}, whole=True)
    release = {"release": desk.served.release.id}
    if form == "json":
        members = page_members(page) | {"next": None, "previous": None}
        _echo_json({**release, **before_rows(found, answer), **members, **after_rows(answer)})
        return
    _print(page.table, form, page.total)
    if form == "table":
        for one in answer.completeness:
            click.echo(visible(f"{one.report.label}: {one.no}. {one.why}"))
    for note in answer.notes:
        click.echo(visible(f"Note: {note}"), err=True)


def _print(table: Table, form: str, total: int | None = None) -> None:
    if form == "json":
        _echo_json({"columns": table.columns, "rows": table.rows})
    elif form == "csv":
        click.echo(write_csv(table), nl=False)
    else:
        console = terminal()
        # In words, every statement behind a row is longer than any line: JSON and CSV have them.
        columns = [one for one in table.columns if one.kind != "evidence"]
        numeric = [column.kind in _NUMBERS for column in columns]
        cells = ([text_of(row.get(one.name)) for one in columns] for row in table.rows)
        print_table(console, [column.title for column in columns], cells, numeric)
        shown = len(table.rows)
        part = f"{shown:,} of " if total not in (None, shown) else ""
        all_ = shown if total is None else total
        console.print(f"{part}{all_:,} {'row' if all_ == 1 else 'rows'}", style="dim")


def _echo_json(document: Mapping[str, Any]) -> None:
    click.echo(json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False))


def _named(name: str) -> Named:
    found = next((one for one in QUESTIONS if one.name == name), None)
    if found is None:
        near = get_close_matches(name, [one.name for one in QUESTIONS])
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise click.UsageError(
            f"no question is called {name!r}{hint}; `therascape landscape` lists them"
        )
    return found


def _shared(found: Named) -> tuple[Parameter, ...]:
    return tuple(one for one in shared_with(found.parameters) if one in _SHARED)


def _options(words: Sequence[str]) -> dict[str, list[str]]:
    """Return `--name value` and `--name=value` as parameters, each as often as it is there."""
    found: dict[str, list[str]] = {}
    rest = iter(words)
    for word in rest:
        if not word.startswith("--"):
            raise click.UsageError(f"{word!r} belongs to no option; write --parameter value")
        name, mark, value = word[2:].partition("=")
        if not mark:
            following = next(rest, None)
            if following is None:
                raise click.UsageError(f"--{name} has no value")
            value = following
        found.setdefault(name, []).append(value)
    return found
