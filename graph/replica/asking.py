"""Asks a publisher: one GET at a time, over connections that are always closed.

Redirects are never followed, no proxy of the environment is used, and an answer that comes in drops
is given up: an attempt ends, whatever the other side does.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from graph.replica.errors import OfferRefused, PublisherRefused, PublisherUnreachable

_WAIT_SECONDS = 20.0
_HEAD_SECONDS = 60.0
_PIECE = 128 * 1024
_WINDOW_SECONDS = 30.0
_LEAST_BYTES = 64 * 1024  # that arrive in a window; slower is taken for standing still
_LONGEST_REASON = 200
_ASKING = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "therascape-replica"}


class Publisher:
    """A service that is followed. `address` is that of its first page (publisher_address)."""

    def __init__(self, address: str, wait_seconds: float = _WAIT_SECONDS) -> None:
        self.address = address
        self._parts = urlsplit(address)
        self._wait = wait_seconds

    @contextlib.contextmanager
    def answer(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[HTTPResponse]:
        """The answer to a GET of a path below the address, which has no slash at its begin.

        Raises PublisherRefused for a redirect or a coded body, PublisherUnreachable where the
        connection fails, also in the block.
        """
        connection = self._connection()
        try:
            with _bounded(connection):
                connection.request(
                    "GET", self._parts.path + path, headers={**_ASKING, **(headers or {})}
                )
                response = connection.getresponse()
            with response:
                self._check(path, response)
                yield response
        except (OSError, HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise PublisherUnreachable(
                f"{self.address}{path}: {_shown(reason)}; is the publisher running, and --follow "
                "its address?"
            ) from None
        finally:
            connection.close()

    def document(self, path: str, most: int) -> bytes:
        """The body of a small answer. Raises as `answer`, and OfferRefused beyond `most` bytes."""
        with self.answer(path) as response:
            if response.status != 200:
                raise self.refused(path, response.status)
            body = b""
            for piece in pieces(response):
                body += piece
                if len(body) > most:
                    raise OfferRefused(f"{self.address}{path}: it has more than {most} bytes")
            if response.length:  # what is still to come
                raise PublisherUnreachable(f"{self.address}{path}: the answer ended too early")
        return body

    def refused(self, path: str, status: int) -> PublisherRefused:
        """The error for an answer with a status that is not expected."""
        return PublisherRefused(
            f"{self.address}{path}: the answer is {status}; is this the address of a service of "
            "the same version or a newer one?"
        )

    def _check(self, path: str, response: HTTPResponse) -> None:
        if 300 <= response.status < 400:
            raise PublisherRefused(
                f"{self.address}{path}: the answer leads elsewhere ({response.status}), and "
                "redirects are not followed; give --follow the address that it leads to"
            )
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise PublisherRefused(
                f"{self.address}{path}: the answer is coded, which was not asked for; let the "
                "proxy before the publisher pass on Accept-Encoding"
            )

    def _connection(self) -> HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "https":
            return HTTPSConnection(host, port, timeout=self._wait)
        return HTTPConnection(host, port, timeout=self._wait)


@contextlib.contextmanager
def _bounded(connection: HTTPConnection) -> Iterator[None]:
    """End the connection when the block takes too long: each byte of a head may be in time.

    Raises TimeoutError then, since a head that is cut passes for a whole one.
    """
    late = threading.Event()

    def end() -> None:
        late.set()
        with contextlib.suppress(OSError):
            if connection.sock is not None:
                connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(_HEAD_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError(f"the head of the answer took more than {_HEAD_SECONDS:g} s")


def _shown(reason: str) -> str:
    """What the other side may have sent, as a part of one line: no control character is left."""
    text = reason.strip()[:_LONGEST_REASON]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def pieces(response: HTTPResponse) -> Iterator[bytes]:
    """The body, piece by piece as it arrives. Raises TimeoutError where hardly anything does."""
    begin, arrived = time.monotonic(), 0
    while piece := response.read1(_PIECE):
        yield piece
        arrived += len(piece)
        now = time.monotonic()
        if now - begin >= _WINDOW_SECONDS:
            if arrived < _LEAST_BYTES:
                raise TimeoutError(f"only {arrived} bytes arrived in {now - begin:.0f} s")
            begin, arrived = now, 0
