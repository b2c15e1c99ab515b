"""A query to a database, and what it takes for its answer to be that of the embedded engine."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from graph.query import Answer, QueryError, Request, ResultTooLarge
from graph.query.checks import Admitted, admit
from graph.query.dataset import graph_names
from graph.query.hints import unknown_terms
from graph.query.iris import Resolver
from graph.release import Release
from graph.remote.database import Asked, Database
from graph.remote.dialect import PROBED_ROWS, PROBED_TRIPLES, Dialect, detect, triples_given
from graph.remote.errors import CutShort, Maintenance, NotMerged, RemoteError
from graph.remote.graphs import Graph, Graphs
from graph.remote.layout import Held, Layout
from graph.remote.results import bindings, boolean, iris, triples, triples_of_rows
from graph.remote.terms import TermsOfDatabase
from graph.remote.text import Dataset, Sendable, sendable
from graph.remote.wire import Bounds
from ontology.vocabulary import NAMESPACE, prefixes

T = TypeVar("T")

_DESCRIBED_AT_ONCE = 200
_HINT_SECONDS = 5.0
_LITTLE = 1024 * 1024
_LONGEST_PROBE = 200
"""Bytes of a triple that the database is asked for to find where it cuts graphs."""


@dataclass(frozen=True, slots=True)
class _Resolved:
    """The dataset of a request, and what its reader should know about it."""

    dataset: Dataset
    notices: Sequence[str] = ()
    missing: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Call:
    """One query on its way: how it is sent, and what is left of its time."""

    sent: Sendable
    resolver: Resolver
    until: float
    bounds: Bounds

    @property
    def left(self) -> Bounds:
        seconds = max(0.001, self.until - time.monotonic())
        return Bounds(seconds, self.bounds.size, self.bounds.cancellation)

    @property
    def little(self) -> Bounds:
        """For what is read as a whole."""
        return replace(self.left, size=_LITTLE)


@dataclass(slots=True)
class Asking:
    """A release in a database: since `held` says so, and as long as it still does."""

    database: Database
    layout: Layout
    held: Held
    dialect: Dialect
    release: Release
    longest: int
    _given: int = field(init=False)
    _held: Graphs = field(init=False)
    _terms: TermsOfDatabase = field(init=False)
    _graphs: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self._given = PROBED_TRIPLES
        self._held = Graphs(self.longest)
        counts: Mapping[str, int] = self.release.manifest["counts"]["graphs"]
        self._graphs = tuple(sorted({*counts, *self.release.written.graphs}))
        everything = self.layout.merged(self.release, "all")
        self._terms = TermsOfDatabase(self.database, everything, self._graphs)

    @property
    def statements(self) -> int:
        """How many statements the release has."""
        return int(self.release.manifest["counts"]["statements"])

    def told(self) -> Mapping[str, Any]:
        """What `/health` says of the database."""
        parts = urlsplit(self.database.address.query)
        address = f"{parts.scheme}://{parts.netloc}{parts.path}"
        return {"address": address, "publication": self.held.publication, **self.dialect.told()}

    def detect_again(self) -> None:
        """Find out anew what the database does: it may be another version, or have other limits.

        Raises what `detect` does.
        """
        self.dialect = detect(self.database, self.layout)
        self._given = PROBED_TRIPLES

    def close(self) -> None:
        """Close the connections that nobody uses."""
        self.database.close()

    def answer(
        self, request: Request, checked: Answer, variables: Sequence[str], bounds: Bounds
    ) -> Answer:
        """Return the answer to a query that the embedded engine has `checked`.

        `variables` are those of its result. Raises the errors of graph.query and of graph.remote.
        """
        names = prefixes()
        query = admit(request.query, names)
        resolver = Resolver(query.outline.prologue, request.base_iri, names)
        resolved = self._resolved(request, query, resolver)
        sent = sendable(query, request.base_iri, names, resolved.dataset)
        call = _Call(sent, resolver, time.monotonic() + bounds.seconds, bounds)
        try:
            media_type, body = self._body(request, call, variables)
            hints = self._hints(query, call)
        except RemoteError:
            self._check_held(call)
            raise
        self._check_held(call)
        if len(body) > self.longest:
            raise ResultTooLarge(len(body), self.longest)
        notices = (*resolved.notices, *hints)
        return Answer(
            checked.form,
            media_type,
            body,
            notices,
            tuple(resolved.missing),
            repeatable=checked.repeatable,
        )

    def _body(self, request: Request, call: _Call, variables: Sequence[str]) -> tuple[str, bytes]:
        sent, media_type = call.sent, str(request.formats.bindings)
        match sent.form:
            case "SELECT":
                body = self._read(
                    sent.text,
                    sent.rows,
                    call,
                    lambda parts: bindings(parts, variables, media_type, self.longest),
                )
                return media_type, body
            case "ASK":
                value = self.database.ask(Asked(sent.text), call.little)
                return media_type, boolean(value, media_type)
        media_type = str(request.formats.graph)
        with self._held.one(call.until, call.bounds.cancellation) as graph:
            if sent.form == "CONSTRUCT":
                self._construct(call, graph)
            else:
                self._describe(call, graph)
            return media_type, graph.written(
                media_type, prefixes() | sent.namespaces(call.resolver)
            )

    def _read(
        self,
        text: str,
        counting: str,
        call: _Call,
        read: Callable[[Iterator[bytes]], tuple[T, int]],
    ) -> T:
        """What `read` makes of the result of a SELECT; it tells how many rows there were, so that
        it is of all of them. Raises CutShort, and what `read` does.
        """
        made, found = self.database.rows(Asked(text), read, call.left)
        cap = self.dialect.row_cap
        if cap is not None and found >= cap:
            raise CutShort(cap)
        if found >= PROBED_ROWS and self._number(counting, call) > found:
            raise CutShort(found)
        return made

    def _construct(self, call: _Call, graph: Graph) -> None:
        cap = self.dialect.row_cap
        if cap is not None and self._number(call.sent.solutions, call) >= cap:
            raise CutShort(cap)
        asked = Asked(call.sent.text)
        found = self.database.construct(asked, lambda parts: graph.add(triples(parts)), call.left)
        # What ends results after so many rows may end graphs after as many triples.
        if found == cap or found >= self._triple_cap(found, call):
            raise CutShort(found, "triples")

    def _triple_cap(self, found: int, call: _Call) -> float:
        """Where the database ends graphs: a number above `found` where it does so later, or never.

        What was found out at the start goes up to PROBED_TRIPLES; for a larger graph a still larger
        one is asked for, and from then on so much is known.
        """
        if self.dialect.triple_cap is None and found >= self._given:
            more = 10_000 * (found // 8_000 + 1)
            left = call.left
            bounds = Bounds(left.seconds, max(left.size, more * _LONGEST_PROBE), left.cancellation)
            given = triples_given(self.database, more, bounds)
            if given < more:
                self.dialect = replace(self.dialect, triple_cap=given)
            else:
                self._given = more
        return math.inf if self.dialect.triple_cap is None else self.dialect.triple_cap

    def _describe(self, call: _Call, graph: Graph) -> None:
        """Add the triples with the resources as subjects, as the embedded engine has it: what a
        database describes is its own choice (SPARQL 1.1, 16.4).
        """
        names, query = call.sent.described()
        found = dict.fromkeys(call.resolver.graphs(names))
        if query is not None:
            most = self.longest // 4
            found |= dict.fromkeys(self._read(*query, call, lambda parts: iris(parts, most)))
        among = [f"<{iri}>" for iri in found if _is_iri(iri)]
        del found
        for start in range(0, len(among), _DESCRIBED_AT_ONCE):
            some = " ".join(among[start : start + _DESCRIBED_AT_ONCE])
            pattern = f"{{ VALUES ?s {{ {some} }} ?s ?p ?o }}"
            asked = f"SELECT ?s ?p ?o {call.sent.dataset} {pattern}"
            counting = call.sent.counting(f"SELECT ?s ?p ?o {pattern}")
            self._read(asked, counting, call, lambda parts: (None, _added(graph, parts)))

    def _number(self, text: str, call: _Call) -> int:
        counted = self.database.select(Asked(text), call.little).values("n")
        if len(counted) != 1 or not counted[0].isdecimal():
            raise RemoteError("the database does not count the rows of a result")
        return int(counted[0])

    def _check_held(self, call: _Call) -> None:
        """What was answered is of one release only if the database still holds it, since the same
        publication: it says nothing while it is loaded.
        """
        if self.layout.held(self.database, call.little) != self.held:
            raise Maintenance

    def _resolved(self, request: Request, query: Admitted, resolver: Resolver) -> _Resolved:
        default: Sequence[str] = request.default_graphs
        named: Sequence[str] = request.named_graphs
        outline = query.outline
        if not (default or named) and (outline.default_graphs or outline.named_graphs):
            default = resolver.graphs(outline.default_graphs)
            named = resolver.graphs(outline.named_graphs)
        nothing = [self.layout.nothing]
        if not (default or named):
            merged = self.layout.merged(self.release, request.editions)
            named_too = any(token.word == "GRAPH" for token in query.tokens)
            return _Resolved(Dataset([merged], self._graphs if named_too else nothing))
        notices: list[str] = []

        def there_is(graph: NamedNode) -> bool:
            return graph.value in self._graphs

        defaults = [g.value for g in graph_names(default, there_is, notices) if there_is(g)]
        # A database may hold more than the release, and fetch what it has not: none of it is named.
        names = [g.value for g in graph_names(named, there_is, notices) if there_is(g)]
        missing = [iri for iri in dict.fromkeys((*default, *named)) if iri not in self._graphs]
        if len(defaults) > 1 and not self.dialect.merges:
            raise NotMerged
        return _Resolved(Dataset(defaults or nothing, names or nothing), notices, missing)

    def _hints(self, query: Admitted, call: _Call) -> tuple[str, ...]:
        """What is told of names that the database does not know, if it tells so soon enough."""
        left = call.left
        few = replace(call, until=time.monotonic() + min(_HINT_SECONDS, left.seconds / 2))
        terms = self._terms.within(lambda: few.left)
        ours = (NAMESPACE, *self.release.iris.namespaces)
        try:
            return tuple(unknown_terms(terms, query, call.resolver, ours))
        except QueryError:  # the answer is complete without them
            return ()


def _added(graph: Graph, parts: Iterator[bytes]) -> int:
    return graph.add(triples_of_rows(parts))


def _is_iri(text: str) -> bool:
    try:
        return bool(NamedNode(text))
    except ValueError:
        return False
