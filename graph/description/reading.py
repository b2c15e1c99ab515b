"""Asking the engine for triples and rows, with terms in the slots of stored queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import islice

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.landscape.asking import Asking, Row, Terms, filled
from graph.query import Engine, Formats, Job, Request
from graph.release import Editions
from graph.terms import DEFAULT_BASE, Iris

_N_TRIPLES = "application/n-triples"
#: Terms in one query; each is one IRI of its text.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What descriptions are read from: an engine, and what data IRIs begin with.

    `editions` says whether superseded editions of reports are read too, `history` whether there
    are any.
    """

    engine: Engine
    base: str = DEFAULT_BASE
    job: Job | None = None
    editions: Editions = "current"
    history: bool = False

    @property
    def iris(self) -> Iris:
        """The IRIs of the deployment."""
        return Iris(self.base)

    @property
    def asking(self) -> Asking:
        """What questions are asked of."""
        return Asking(self.engine, self.base, job=self.job, editions=self.editions)

    def triples(self, name: str, limit: str = "", /, **slots: Terms) -> list[Triple]:
        """Return what the CONSTRUCT query of this name gives. Raises the errors of graph.query."""
        formats, text = Formats(None, _N_TRIPLES), _text(name, limit, slots)
        request = Request(text, formats, base_iri=self.base, editions=self.editions)
        body = self.engine.evaluate(request, self.job).body
        return [
            Triple(found.subject, found.predicate, found.object)
            for found in parse(body, format=RdfFormat.N_TRIPLES)
        ]

    def triples_of(
        self, name: str, slot: str, terms: Iterable[NamedNode], /, **slots: Terms
    ) -> Iterator[Triple]:
        """Yield what a query gives for many terms in one of its slots, some at a time."""
        left = iter(dict.fromkeys(terms))
        while some := list(islice(left, _AT_ONCE)):
            yield from self.triples(name, **{**slots, slot: some})

    def rows(self, name: str, limit: str = "", /, **slots: Terms | None) -> list[Row]:
        """Return the rows of the SELECT query of this name. Raises the errors of graph.query."""
        return self.asking.rows(_text(name, limit, slots))

    @property
    def of_all_editions(self) -> "Reading":
        """The same of all editions."""
        return replace(self, editions="all")


def limited(most: int, offset: int = 0) -> str:
    """The solution modifiers of a part of the solutions (SPARQL 1.1, section 15.4 and 15.5)."""
    return f"LIMIT {most:d} OFFSET {offset:d}"


def _text(name: str, limit: str, slots: Mapping[str, Terms | None]) -> str:
    # Numbers after LIMIT are no terms of RDF, so they have a slot of their own.
    return filled(_stored(name).replace("$slice", limit), **slots)


@cache
def _stored(name: str) -> str:
    return files("graph.description").joinpath("queries", f"{name}.rq").read_text("utf-8")
