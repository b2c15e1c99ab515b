"""Figures for commands: those of the current release, or of a table that somebody brings along."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from graph.figures.errors import InvalidFigures
from graph.figures.model import Published
from graph.figures.stored import Binding, Select, read_published
from graph.figures.table import read_table
from graph.problems import candidates
from graph.query import EmbeddedEngine, Engine, Formats, Request
from graph.release import Editions
from service.api.encoding import plain
from service.failures import USAGE
from service.releases import needed_data
from service.settings import Settings
from service.text import visible

_JSON = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Brought:
    """What is published. `base` is what data IRIs begin with, empty for a table; `select` asks the
    release.
    """

    published: Published
    base: str = ""
    select: Select | None = None


def figures_of(settings: Settings, table: Path | None, editions: Editions = "current") -> Brought:
    """Return the figures of a table, or of these editions in the current release.

    Raises InvalidFigures for a table with problems, NothingBuilt where there is no release.
    """
    if table is not None:
        return Brought(read_table(table))
    served = needed_data(settings)
    base = served.release.iris.base
    engine = EmbeddedEngine.over(served.release, served.store, served.history)
    select = selecting_engine(engine, base, editions)
    return Brought(read_published(select), base, select)


def selecting_engine(engine: Engine, base: str, editions: Editions = "current") -> Select:
    """Queries of an engine, for the readers of figures; they raise the errors of graph.query."""

    def select(query: str) -> Iterable[Binding]:
        request = Request(query, Formats(_JSON, None), base_iri=base, editions=editions)
        answer = engine.evaluate(request)
        for binding in json.loads(answer.body)["results"]["bindings"]:
            yield {name: term["value"] for name, term in binding.items()}

    return select


def markets_called(published: Published, market: str | None) -> set[str] | None:
    """Return the keys of the markets that a name, a part of one, or the end of a key stands for.

    None where no market is given. Raises click.BadParameter.
    """
    if market is None:
        return None
    scopes = {figure.scope for figure in published.figures}
    scopes |= {rate.scope for rate in published.rates}
    scopes |= {share.scope for share in published.shares}
    scopes |= {superlative.scope for superlative in published.superlatives}
    names = {scope.market: published.name(scope.market) for scope in scopes}
    wanted = " ".join(market.split()).casefold()
    exact = {key for key, name in names.items() if wanted in _spelt(key, name)}
    found = exact or {key for key, name in names.items() if wanted and wanted in name.casefold()}
    if not found:
        near = candidates(wanted, [name.casefold() for name in names.values()])
        hint = near or f"There are: {'; '.join(sorted(names.values())[:20])}."
        raise click.BadParameter(
            f"no market with figures is called {market!r}. {hint}", param_hint="MARKET"
        )
    return found


def refuse(error: InvalidFigures, form: str) -> int:
    """Tell the problems of a table; return the exit code."""
    number = len(error.problems)
    if form == "json":
        problems = [problem.as_dict() for problem in error.problems]
        echo_json({"clean": False, "problems": problems})
    else:
        for problem in error.problems:
            click.echo(visible(str(problem)), err=True)
    text = "1 problem" if number == 1 else f"{number:,} problems"
    click.echo(f"therascape: {text} to mend in the figures", err=True)
    return USAGE


def echo_json(document: Mapping[str, Any]) -> None:
    """Print a document as JSON."""
    click.echo(json.dumps(plain(document), indent=2, ensure_ascii=False, allow_nan=False))


def _spelt(key: str, name: str) -> tuple[str, ...]:
    return name.casefold(), key.casefold(), key.rsplit("/", 1)[-1].casefold()
