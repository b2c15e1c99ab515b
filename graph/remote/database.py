"""One SPARQL 1.1 database: where it is asked, and where it is written to."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import TypeVar
from urllib.parse import quote, urlencode, urlsplit

from graph.errors import GraphError
from graph.remote.authorization import Credentials
from graph.remote.bounded import file_of
from graph.remote.errors import RemoteError
from graph.remote.rows import Rows, RowsAsTheyCome, read_document, read_rows
from graph.remote.wire import Bounds, Message, Reply, Wire

T = TypeVar("T")

_JSON = "application/sparql-results+json"
_N_TRIPLES = "application/n-triples, text/plain;q=0.5"
_FORM = "application/x-www-form-urlencoded"
#: Said by Virtuoso of a result that it gave up to complete, with status 200 or 206.
_STATE = "x-sql-state"
_LONGEST_STATE = 300
#: What RFC 3986 has in no address, and a percent sign that begins no escape.
_FOREIGN = re.compile(r"[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]|%(?![0-9A-Fa-f]{2})")
#: A comma is a letter of paths, but not where it stands between addresses, or in a host.
_SEVERAL = re.compile(r",(?=[a-zA-Z]+:|$)|^[a-zA-Z]+://[^/?#]*,")
_PASSWORD = re.compile(r"//[^/]*@")
_DEFAULT_SECONDS = 60.0
_DEFAULT_SIZE = 256 * 1024 * 1024
_WITHOUT_END = 1 << 62
_LONGEST_NUMBER = 64


class InvalidAddress(GraphError):
    """What was given is no address of a database; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database answers queries and takes updates (SPARQL 1.1 Protocol), and where its
    graphs are written (SPARQL 1.1 Graph Store HTTP Protocol). To publish needs one of these two.
    """

    query: str
    update: str | None = None
    store: str | None = None

    def __post_init__(self) -> None:
        for url in {self.query, *self.all}:
            _check(url)

    @property
    def all(self) -> tuple[str, ...]:
        """The addresses that are given."""
        return tuple(url for url in (self.query, self.update, self.store) if url)

    @property
    def shown(self) -> str:
        """Where it is asked, for messages."""
        return shown(self.query)


@dataclass(frozen=True, slots=True)
class Asked:
    """A query for a database, with the graphs of its dataset by IRI."""

    text: str
    default: Sequence[str] = ()
    named: Sequence[str] = ()


@dataclass(slots=True)
class Database:
    """Asks and writes. It can be used from several threads, and is to be closed."""

    address: Address
    credentials: Credentials = field(default_factory=Credentials)
    _wires: dict[str, Wire] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for origin in {_origin(url) for url in self.address.all}:
            self._wires[origin] = Wire(origin, self.credentials)

    def close(self) -> None:
        """Close the connections that are kept."""
        for wire in self._wires.values():
            wire.close()

    def select(self, asked: Asked, bounds: Bounds | None = None) -> Rows:
        """Return the rows of a SELECT that has few. Raises what `Wire.call` does."""
        return read_rows(self._query(asked, _JSON, bounds).body)

    def rows(self, asked: Asked, read: Callable[[Iterator[bytes]], T], bounds: Bounds) -> T:
        """Return what `read` makes of the result of a SELECT in JSON, which it is given as it
        comes. Raises what that and `Wire.call` do.
        """
        return self._read(asked, _JSON, lambda _, parts: read(parts), bounds)

    def ask(self, asked: Asked, bounds: Bounds | None = None) -> bool:
        """Return the answer to an ASK. Raises what `Wire.call` does."""
        answer = read_document(self._query(asked, _JSON, bounds).body).get("boolean")
        if not isinstance(answer, bool):
            raise RemoteError("the database's answer is no result of ASK")
        return answer

    def construct(
        self, asked: Asked, read: Callable[[Iterator[bytes]], T], bounds: Bounds | None = None
    ) -> T:
        """Return what `read` makes of the N-Triples of a CONSTRUCT, which it is given as they come.

        Raises what that and `Wire.call` do.
        """

        def whole(reply: Reply, parts: Iterator[bytes]) -> T:
            if not reply.framed:  # nothing else tells a graph from one cut between two lines
                raise RemoteError(
                    "the database tells neither the length of a graph nor its end (RFC 9112, "
                    "section 6.3), so nobody knows whether it is whole"
                )
            return read(parts)

        return self._read(asked, _N_TRIPLES, whole, bounds)

    def length(self, asked: Asked, bounds: Bounds | None = None) -> int:
        """Return the number of rows of a SELECT of one variable, whose values are whole numbers.

        CSV is quick to write; JSON is taken where a database has no CSV. Raises what `Wire.call`
        does.
        """
        return self._read(asked, f"text/csv, {_JSON};q=0.5", _length, bounds)

    def count(self, graph: str, bounds: Bounds | None = None) -> int:
        """Return how many triples a graph has."""
        counted = self.select(Asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", [graph]), bounds)
        found = counted.values("n")
        if len(found) != 1 or not found[0].isdecimal():
            raise RemoteError("the database does not count the triples of a graph")
        return int(found[0])

    def read_graph(self, graph: str, sink: Callable[[bytes], None], seconds: float) -> None:
        """Give the N-Triples of a whole graph to `sink`, as they come."""
        if self.address.store is None:
            bounds = Bounds(seconds, _WITHOUT_END)
            asked = Asked("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", [graph])
            self.construct(asked, lambda parts: _given(parts, sink), bounds)
            return
        headers = {"Accept": _N_TRIPLES}
        message = Message("GET", graph, headers, take=lambda _, parts: _given(parts, sink))
        self._store(message, seconds)

    def write_graph(
        self, graph: str, triples: bytes, *, replace: bool = False, seconds: float = 600.0
    ) -> None:
        """Add N-Triples to a graph, or have it hold just those."""
        if self.address.store is None:
            drop = f"DROP SILENT GRAPH <{graph}> ;\n" if replace else ""
            self._change(
                f"{drop}INSERT DATA {{ GRAPH <{graph}> {{\n".encode() + triples + b"} }", seconds
            )
            return
        # N-Triples is Turtle, which every store has to read.
        headers = {"Content-Type": "text/turtle"}
        self._store(Message("PUT" if replace else "POST", graph, headers, triples), seconds)

    def drop_graph(self, graph: str, seconds: float = 600.0) -> None:
        """Remove a graph; one that is not there is no fault."""
        if self.address.store is None:
            self._change(f"DROP SILENT GRAPH <{graph}>".encode(), seconds)
            return
        self._store(Message("DELETE", graph), seconds)

    def _read(
        self,
        asked: Asked,
        accept: str,
        read: Callable[[Reply, Iterator[bytes]], T],
        bounds: Bounds | None,
    ) -> T:
        made: list[T] = []

        def take(reply: Reply, parts: Iterator[bytes]) -> None:
            _check_complete(reply)
            made.append(read(reply, parts))

        self._query(asked, accept, bounds, take)
        return made[0]

    def _query(
        self,
        asked: Asked,
        accept: str,
        bounds: Bounds | None,
        take: Callable[[Reply, Iterator[bytes]], None] | None = None,
    ) -> Reply:
        fields = [("query", asked.text)]
        fields += [("default-graph-uri", iri) for iri in asked.default]
        fields += [("named-graph-uri", iri) for iri in asked.named]
        reply = self._wires[_origin(self.address.query)].call(
            Message(
                "POST",
                _target(self.address.query),
                {"Accept": accept, "Content-Type": _FORM},
                urlencode(fields).encode(),
                take,
            ),
            bounds or Bounds(_DEFAULT_SECONDS, _DEFAULT_SIZE),
        )
        if reply.status != 200:
            raise RemoteError(
                f"the database at {shown(self.address.query)} answers {reply.status} to a query",
                f"the database behind this service answers with status {reply.status}",
            )
        _check_complete(reply)
        return reply

    def _store(self, message: Message, seconds: float) -> None:
        """Send a message about a graph, which is its target, to the graph store."""
        assert self.address.store is not None
        target = _target(self.address.store)
        target += f"{'&' if '?' in target else '?'}graph={quote(message.target, safe='')}"
        wire = self._wires[_origin(self.address.store)]
        reply = wire.call(replaced(message, target=target), Bounds(seconds, _WITHOUT_END))
        if reply.status == 404 and message.method in ("PUT", "POST"):
            raise RemoteError(f"there is nothing at {shown(self.address.store)} (404)")

    def _change(self, update: bytes, seconds: float) -> None:
        if self.address.update is None:
            raise RemoteError(
                "the database has no address for writing: set --engine-store or --engine-update"
            )
        headers = {"Content-Type": "application/sparql-update"}
        message = Message("POST", _target(self.address.update), headers, update)
        wire = self._wires[_origin(self.address.update)]
        reply = wire.call(message, Bounds(seconds, _DEFAULT_SIZE))
        if reply.status == 404:
            raise RemoteError(f"there is nothing at {shown(self.address.update)} (404)")


def _check_complete(reply: Reply) -> None:
    if reply.headers.get("content-encoding", "identity").lower() != "identity":
        raise RemoteError("the database's answer has a coding that nobody asked for")
    if reply.headers.get(_STATE):
        told = "the database gave up to complete its answer"
        raise RemoteError(f"{told} ({reply.headers[_STATE][:_LONGEST_STATE]})", told)


def _length(reply: Reply, parts: Iterator[bytes]) -> int:
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in (_JSON, "application/json"):
        return sum(1 for _ in RowsAsTheyCome(parts))
    if kind == "text/csv":
        file, number = file_of(parts), 0
        file.readline(_LONGEST_NUMBER)  # the name of the variable
        while line := file.readline(_LONGEST_NUMBER):
            if not line.rstrip(b"\r\n").isdigit():
                break
            number += 1
        else:
            return number
    raise RemoteError("the database's answer is no result in CSV or JSON")


def _given(parts: Iterator[bytes], sink: Callable[[bytes], None]) -> None:
    for part in parts:
        sink(part)


def _check(url: str) -> None:
    told = repr(_PASSWORD.sub("//…@", url))
    if _SEVERAL.search(url):
        raise InvalidAddress(f"{told} is no address: name two with a space between, and no comma")
    if (foreign := _FOREIGN.search(url)) is not None:
        raise InvalidAddress(
            f"{told} is no address: it has {foreign[0]!r}, a letter that no address has; write it "
            "percent-encoded"
        )
    try:
        parts = urlsplit(url)
        sound = bool(parts.scheme in ("http", "https") and parts.hostname and parts.port != 0)
    except ValueError as error:
        raise InvalidAddress(f"{told} is no address: {error}") from None
    if not sound:
        raise InvalidAddress(f"{told} is no http or https address of a database")
    if "@" in parts.netloc:
        raise InvalidAddress(
            f"{parts.hostname}: an address must not hold a password; set user and password in the "
            "environment"
        )
    if parts.fragment:
        raise InvalidAddress(f"{told} ends in a fragment, which no database sees")


def shown(url: str) -> str:
    """An address for messages: a query in it may have a secret."""
    return url.partition("?")[0]


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
