"""A query to a database, and what it takes for its answer to be that of the embedded engine."""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from graph.query import Answer, QueryError, Request, ResultTooLarge
from graph.query.checks import Admitted, admit
from graph.query.dataset import graph_names
from graph.query.hints import unknown_terms
from graph.query.iris import Resolver
from graph.query.results import write_graph
from graph.release import Release
from graph.remote.database import Asked, Database
from graph.remote.dialect import PROBED_ROWS, PROBED_TRIPLES, Dialect, detect, triples_given
from graph.remote.errors import CutShort, Maintenance, NotMerged, RemoteError
from graph.remote.layout import Held, Layout
from graph.remote.results import bindings, boolean, triples, triples_of_rows
from graph.remote.rows import Rows
from graph.remote.terms import TermsOfDatabase
from graph.remote.text import Dataset, Sendable, sendable
from graph.remote.wire import Bounds
from ontology.vocabulary import NAMESPACE, prefixes

_DESCRIBED_AT_ONCE = 200
_HINT_SECONDS = 5.0
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
    _terms: TermsOfDatabase = field(init=False)
    _graphs: Sequence[str] = field(init=False)

    def __post_init__(self) -> None:
        self._given = PROBED_TRIPLES
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
                rows = self._rows(sent.text, sent.rows, call)
                if not set(variables) <= set(rows.variables):
                    raise RemoteError("the database's answer has other variables than the query")
                return media_type, bindings(rows, variables, media_type)
            case "ASK":
                value = self.database.ask(Asked(sent.text), call.left)
                return media_type, boolean(value, media_type)
            case "CONSTRUCT":
                text = self._constructed(call)
            case _:
                text = self._described(call)
        media_type = str(request.formats.graph)
        return media_type, write_graph(
            text, media_type, prefixes() | sent.namespaces(call.resolver)
        )

    def _rows(self, text: str, counting: str, call: _Call) -> Rows:
        """The rows of a SELECT, all of them. Raises CutShort."""
        rows = self.database.select(Asked(text), call.left)
        found, cap = len(rows.bindings), self.dialect.row_cap
        if cap is not None and found >= cap:
            raise CutShort(cap)
        if found >= PROBED_ROWS and self._number(counting, call) > found:
            raise CutShort(found)
        return rows

    def _constructed(self, call: _Call) -> bytes:
        cap = self.dialect.row_cap
        if cap is not None and self._number(call.sent.solutions, call) >= cap:
            raise CutShort(cap)
        text = self.database.construct(Asked(call.sent.text), call.left)
        found = len(text.splitlines())
        # What ends results after so many rows may end graphs after as many triples.
        if found == cap or found >= self._triple_cap(found, call):
            raise CutShort(found, "triples")
        return triples(text)

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

    def _described(self, call: _Call) -> bytes:
        """The triples with the resources as subjects, as the embedded engine has it: what a
        database describes is its own choice (SPARQL 1.1, 16.4).
        """
        names, query = call.sent.described()
        found = dict.fromkeys(call.resolver.graphs(names))
        if query is not None:
            for row in self._rows(*query, call).bindings:
                found |= {t["value"]: None for t in row.values() if t.get("type") == "uri"}
        iris = [f"<{iri}>" for iri in found if _is_iri(iri)]
        text = b""
        for start in range(0, len(iris), _DESCRIBED_AT_ONCE):
            among = " ".join(iris[start : start + _DESCRIBED_AT_ONCE])
            pattern = f"{{ VALUES ?s {{ {among} }} ?s ?p ?o }}"
            asked = f"SELECT ?s ?p ?o {call.sent.dataset} {pattern}"
            counting = call.sent.counting(f"SELECT ?s ?p ?o {pattern}")
            text += triples_of_rows(self._rows(asked, counting, call))
        return text

    def _number(self, text: str, call: _Call) -> int:
        counted = self.database.select(Asked(text), call.left).values("n")
        if len(counted) != 1 or not counted[0].isdecimal():
            raise RemoteError("the database does not count the rows of a result")
        return int(counted[0])

    def _check_held(self, call: _Call) -> None:
        """What was answered is of one release only if the database still holds it, since the same
        publication: it says nothing while it is loaded.
        """
        if self.layout.held(self.database, call.left) != self.held:
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


def _is_iri(text: str) -> bool:
    try:
        return bool(NamedNode(text))
    except ValueError:
        return False
