"""Asking an engine in SPARQL: rows of Python values, and values in the slots of a query.

A query file has slots: a line with `$name` is filled with terms, or left out when there is nothing
to fill in. Terms are written by the engine's own serialiser and never by formatting text.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from pyoxigraph import Literal, NamedNode

from graph.query import Engine, Formats, Job, Request
from graph.release import Editions

_JSON = "application/sparql-results+json"
_SLOT = re.compile(r"\$(\w+)")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {f"{_XSD}{name}" for name in ("decimal", "double", "float")}


class Iri(str):
    """An IRI in a row, to be told from text."""

    __slots__ = ()


Value = Iri | str | int | bool | Decimal
Row = Mapping[str, Value]
"""What a query binds, by variable; a variable that is not bound is not there."""

Terms = Iterable[NamedNode | Literal]


class Traversal(Protocol):
    """Answers calls on the network of a release; see `graph.network`."""

    def traverse(
        self,
        call: str,
        arguments: Mapping[str, Any],
        job: Job | None = None,
        editions: Editions = "current",
    ) -> Mapping[str, Any]:
        """Return what the call gives. Raises the errors of graph.query and graph.network."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a question is asked of. `base` is what data IRIs begin with.

    `editions` says whether superseded editions of reports are asked too.
    """

    engine: Engine
    base: str
    network: Traversal | None = None
    job: Job | None = None
    editions: Editions = "current"

    @property
    def of_all_editions(self) -> "Asking":
        """The same of all editions: for what compares them, or chooses among them itself."""
        return replace(self, editions="all")

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a SELECT, in order. Raises the errors of graph.query."""
        formats = Formats(_JSON, None)
        request = Request(query, formats, base_iri=self.base, editions=self.editions)
        found = json.loads(self.engine.evaluate(request, self.job).body)
        return [
            {name: _value(term) for name, term in binding.items()}
            for binding in found["results"]["bindings"]
        ]


@cache
def stored_query(name: str) -> str:
    """Return the text of `queries/<name>.rq`, which may have slots."""
    return files("graph.landscape").joinpath("queries", f"{name}.rq").read_text("utf-8")


def filled(query: str, **slots: Terms | None) -> str:
    """Return a query with terms in its slots; a line whose slot has None is left out.

    A slot after IN is a list of expressions (SPARQL 1.1, 17.4.1.9); others are data.
    A slot without any term matches nothing. Raises KeyError for a slot that is not given.
    """
    written = {
        name: None if terms is None else _written(terms, ", " if f"IN (${name})" in query else " ")
        for name, terms in slots.items()
    }
    lines = []
    for line in query.split("\n"):
        names = [] if line.lstrip().startswith("#") else _SLOT.findall(line)
        if all(written[name] is not None for name in names):
            lines.append(_SLOT.sub(lambda m: str(written[m[1]]), line) if names else line)
    return "\n".join(lines)


def ordered(rows: Iterable[Row], *names: str) -> list[Row]:
    """Return rows by the texts of some columns, whatever the order of the engine."""
    return sorted(rows, key=lambda row: [str(row.get(name, "")) for name in names])


def _written(terms: Terms, between: str) -> str:
    return between.join(str(term) for term in terms)


def _value(term: Mapping[str, str]) -> Value:
    text, kind = term["value"], term.get("datatype", "")
    if term["type"] == "uri":
        return Iri(text)
    if kind == f"{_XSD}boolean":
        return text in ("true", "1")
    if kind == f"{_XSD}integer":
        return int(text)
    if kind in _NUMBERS:
        return Decimal(text)
    return text
