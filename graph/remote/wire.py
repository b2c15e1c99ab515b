"""HTTP to one database: kept connections, one deadline for all of a call, and a way to end it.

http.client, and neither SPARQLWrapper, rdflib's SPARQLStore nor urllib: those read an answer
without a bound of time or size, follow redirects to wherever they lead, and have no way to end a
call that is under way.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from graph.query import (
    Cancellation,
    DeadlineExceeded,
    QueryCancelled,
    ResultTooLarge,
)
from graph.remote.authorization import Answer, Credentials, answer_to, bearer
from graph.remote.errors import DatabaseUnavailable, RemoteError

_KEPT = 16
_AT_ONCE = 256 * 1024
_CONNECT_SECONDS = 10.0
_UNAVAILABLE = (429, 502, 503, 504)
_SHOWN = 300
_AWAY = "the database behind this service cannot be reached, or does not answer"
_CHALLENGES = 2  # the second one after a nonce that is no longer taken


@dataclass(frozen=True, slots=True)
class Message:
    """What is asked of a host. Where there is `take`, it is given a reply of status 200 without its
    body, and the parts of that as they come.
    """

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    take: "Callable[[Reply, Iterator[bytes]], None] | None" = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply. Names in `headers` are in small letters.

    `framed` is false where it went on until the connection ended, which may have been too early.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    framed: bool = True


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a call may take: `seconds`, `size` of the reply in bytes, and who may end it."""

    seconds: float
    size: int
    cancellation: Cancellation | None = None


class _Stopwatch:
    """Shuts the connection of a call when its time is over or when nobody waits any more."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.until = time.monotonic() + bounds.seconds
        self.why: Literal["deadline", "cancelled"] | None = None
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(bounds.seconds, self._stop, ["deadline"])
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        if self.bounds.cancellation is not None:
            self.bounds.cancellation.stopping(lambda: self._stop("cancelled"))
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self.bounds.cancellation is not None:
            self.bounds.cancellation.stopping(None)

    def watch(self, connection: http.client.HTTPConnection) -> None:
        """Have this connection shut; at once, where there is a reason already."""
        with self._lock:
            self._socket = connection.sock
            if self.why is not None:
                _shut(self._socket)

    def _stop(self, why: Literal["deadline", "cancelled"]) -> None:
        with self._lock:
            self.why = self.why or why
            if self._socket is not None:
                _shut(self._socket)

    def check(self) -> None:
        """Raise DeadlineExceeded or QueryCancelled if the call is over."""
        if self.why == "cancelled":
            raise QueryCancelled("nobody waits for the answer any more")
        if self.why == "deadline" or time.monotonic() >= self.until:
            raise DeadlineExceeded(self.bounds.seconds)


class Wire:
    """Calls to one host. It can be used from several threads, and is to be closed."""

    def __init__(self, origin: str, credentials: Credentials) -> None:
        parts = urlsplit(origin)
        assert parts.hostname is not None
        self._origin, self._host, self._port = origin, parts.hostname, parts.port
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._credentials = credentials
        self._idle: deque[http.client.HTTPConnection] = deque()
        self._answer: Answer | None = None
        if credentials.token is not None:
            self._answer = bearer(credentials.token)

    def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop().close()

    def call(self, message: Message, bounds: Bounds) -> Reply:
        """Return the reply, of status 2xx or 404.

        Raises DeadlineExceeded, QueryCancelled, ResultTooLarge, DatabaseUnavailable and
        RemoteError.
        """
        reply = self._once(message, bounds)
        for _ in range(_CHALLENGES):
            if reply.status != 401 or not self._learn(reply):
                break
            reply = self._once(message, bounds)
        return _checked(reply, self._where(message))

    def _where(self, message: Message) -> str:
        """The address, for messages: a query in it may have a secret."""
        return f"the database at {self._origin}{message.target.partition('?')[0]}"

    def _once(self, message: Message, bounds: Bounds) -> Reply:
        headers = dict(message.headers)
        if self._answer is not None:
            headers["Authorization"] = self._answer(message.method, message.target)
        with _Stopwatch(bounds) as watch:
            while True:
                connection, kept = self._connection(watch, self._where(message))
                try:
                    watch.watch(connection)
                    connection.request(message.method, message.target, message.body, headers)
                    response = connection.getresponse()
                except (OSError, http.client.HTTPException) as error:
                    connection.close()
                    watch.check()
                    # All that is asked can be asked again, and a kept connection may be dead.
                    if kept and isinstance(error, ConnectionError | http.client.HTTPException):
                        continue
                    raise DatabaseUnavailable(
                        f"{self._where(message)} does not answer: {_said(error)}", _AWAY
                    ) from None
                return self._received(connection, response, watch, message.take)

    def _received(
        self,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        watch: _Stopwatch,
        take: Callable[[Reply, Iterator[bytes]], None] | None,
    ) -> Reply:
        sound = False
        reply = _without_body(response)
        parts = _parts(response, watch)
        try:
            if take is not None and reply.status == 200:
                take(reply, parts)
                deque(parts, maxlen=0)  # an end that comes early is seen there
            else:
                reply = replace(reply, body=b"".join(parts))
            sound = True
        except (OSError, ValueError, http.client.HTTPException) as error:
            watch.check()
            told = "the database broke its answer off"
            raise RemoteError(f"{told}: {_said(error)}", told) from None
        except RemoteError:
            watch.check()  # an answer that was shut may have been taken for one that is wrong
            raise
        finally:
            if sound and not response.will_close and len(self._idle) < _KEPT and not watch.why:
                self._idle.append(connection)
            else:
                connection.close()
                response.close()
        watch.check()
        return reply

    def _connection(self, watch: _Stopwatch, where: str) -> tuple[http.client.HTTPConnection, bool]:
        with contextlib.suppress(IndexError):
            return self._idle.pop(), True
        if self._tls is not None:
            made: http.client.HTTPConnection = http.client.HTTPSConnection(
                self._host, self._port, context=self._tls
            )
        else:
            made = http.client.HTTPConnection(self._host, self._port)
        try:
            made.sock = self._connected(made.port, watch)
        except OSError as error:
            made.close()
            watch.check()
            refused = isinstance(error, ConnectionRefusedError)
            message = f"{where} cannot be reached: {_said(error)}"
            raise DatabaseUnavailable(message, _AWAY, refused=refused) from None
        made.sock.settimeout(None)  # from here on the stopwatch bounds it
        made.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made, False

    def _connected(self, port: int, watch: _Stopwatch) -> socket.socket:
        """A connection to the first address of the host that takes one, within the time of all.

        http.client gives each address all of the time.
        """
        raised = OSError("the host has no address")
        found = socket.getaddrinfo(self._host, port, type=socket.SOCK_STREAM)
        for family, kind, protocol, _, address in found:
            watch.check()
            made = socket.socket(family, kind, protocol)
            try:
                made.settimeout(min(_CONNECT_SECONDS, max(0.001, watch.until - time.monotonic())))
                made.connect(address)
                return (
                    self._tls.wrap_socket(made, server_hostname=self._host) if self._tls else made
                )
            except OSError as error:
                made.close()
                raised = error
        raise raised

    def _learn(self, reply: Reply) -> bool:
        """Whether the challenge can be met; later calls meet it at once."""
        answer = answer_to(reply.headers.get("www-authenticate", ""), self._credentials)
        self._answer = answer or self._answer
        return answer is not None


def _without_body(response: http.client.HTTPResponse) -> Reply:
    named: dict[str, str] = {}
    for name, value in response.headers.items():  # RFC 9110, 5.3: one that comes again goes on
        key = name.lower()
        named[key] = f"{named[key]}, {value}" if key in named else value
    framed = response.chunked or response.length is not None
    return Reply(response.status, named, b"", framed)


def _parts(response: http.client.HTTPResponse, watch: _Stopwatch) -> Iterator[bytes]:
    """The body in parts. Raises ResultTooLarge, and what the stopwatch does."""
    size = 0
    while part := response.read(_AT_ONCE):
        size += len(part)
        if size > watch.bounds.size:
            raise ResultTooLarge(size, watch.bounds.size)
        watch.check()  # what is done with the parts takes time too
        yield part
    if response.length:  # read() with a size does not complain of an end that comes early
        raise http.client.IncompleteRead(b"", response.length)


def _checked(reply: Reply, where: str) -> Reply:
    """The reply, if it is a good one. What others are told has nothing that the database said."""
    if 200 <= reply.status < 300 or reply.status == 404:
        return reply
    told = f"the database behind this service answers with status {reply.status}"
    if 300 <= reply.status < 400:
        raise RemoteError(
            f"{where} answers with a redirect ({reply.status}) to "
            f"{reply.headers.get('location', 'nowhere')[:_SHOWN]!r}, which is not followed; set "
            "the address that it means",
            told,
        )
    if reply.status in (401, 403):
        raise RemoteError(
            f"{where} does not let us in ({reply.status}); check the user and the password, or the "
            "token",
            told,
        )
    said = " ".join(reply.body[: 4 * _SHOWN].decode("utf-8", "replace").split())[:_SHOWN]
    message = f"{where} answers {reply.status}{': ' if said else ''}{said}"
    if reply.status in _UNAVAILABLE:
        raise DatabaseUnavailable(message, told)
    raise RemoteError(message, told)


def _shut(connection: socket.socket | None) -> None:
    with contextlib.suppress(OSError):
        if connection is not None:
            connection.shutdown(socket.SHUT_RDWR)


def _said(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(said)[:_SHOWN]  # it may be a line that the database sent
