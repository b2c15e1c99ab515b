"""Asks a publisher: one GET at a time, over connections that are always closed.

Redirects are never followed, no proxy of the environment is used, and an answer that comes in drops
is given up: an attempt ends, whatever the other side does.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse
from urllib.parse import urlsplit

from graph.replica.errors import OfferRefused, PublisherRefused, PublisherUnreachable

_WAIT_SECONDS = 20.0
_PIECE = 128 * 1024
_WINDOW_SECONDS = 30.0
_LEAST_BYTES = 64 * 1024  # of a body that arrive in a window; slower is taken for standing still
_LONGEST_REASON = 200
_ASKING = {"Accept-Encoding": "identity", "Connection": "close", "User-Agent": "therascape-replica"}


@dataclass
class Answer:
    """An answer whose body is on its way."""

    _response: HTTPResponse
    _progress: "_Progress"

    @property
    def status(self) -> int:
        """The status."""
        return self._response.status

    @property
    def headers(self) -> HTTPMessage:
        """The headers."""
        return self._response.headers

    @property
    def cut(self) -> bool:
        """Whether less of the body has arrived than was announced."""
        return bool(self._response.length)

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece as it arrives."""
        while piece := self._response.read1(_PIECE):
            self._progress.arrived += len(piece)
            yield piece


class Publisher:
    """A service that is followed. `address` is that of its first page (publisher_address)."""

    def __init__(self, address: str, wait_seconds: float = _WAIT_SECONDS) -> None:
        self.address = address
        self._parts = urlsplit(address)
        self._host = self._parts.hostname or ""
        self._port = self._parts.port or (443 if self._parts.scheme == "https" else 80)
        self._wait = wait_seconds

    @contextlib.contextmanager
    def answer(self, path: str, headers: Mapping[str, str] | None = None) -> Iterator[Answer]:
        """The answer to a GET of a path below the address, which has no slash at its begin.

        Raises PublisherRefused for a redirect or a coded body, PublisherUnreachable where the
        connection fails or hardly anything arrives, also in the block.
        """
        connection = HTTPConnection(self._host, self._port)
        try:
            with contextlib.ExitStack() as stack:
                line = socket.create_connection((self._host, self._port), self._wait)
                stack.callback(line.close)
                progress = stack.enter_context(_watched(line.dup()))
                connection.sock = self._secured(line)
                asking = {**_ASKING, "Host": self._parts.netloc, **(headers or {})}
                connection.request("GET", self._parts.path + path, headers=asking)
                response = stack.enter_context(connection.getresponse())
                self._check(path, response)
                yield Answer(response, progress)
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
        with self.answer(path) as answer:
            if answer.status != 200:
                raise self.refused(path, answer.status)
            body = b""
            for piece in answer.pieces():
                body += piece
                if len(body) > most:
                    raise OfferRefused(f"{self.address}{path}: it has more than {most} bytes")
            if answer.cut:
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

    def _secured(self, line: socket.socket) -> socket.socket:
        if self._parts.scheme != "https":
            return line
        return ssl.create_default_context().wrap_socket(line, server_hostname=self._host)


@dataclass
class _Progress:
    """How many bytes of a body have arrived."""

    arrived: int = 0


@contextlib.contextmanager
def _watched(line: socket.socket) -> Iterator[_Progress]:
    """End a connection over which hardly anything arrives, whatever the block waits for.

    Each byte may be in time, and none of them be of the body: of a greeting, a head, the length of
    a chunk. `line` is closed in the end. Raises TimeoutError, since what is cut may pass for whole.
    """
    progress, over, late = _Progress(), threading.Event(), threading.Event()

    def watch() -> None:
        before = 0
        while not over.wait(_WINDOW_SECONDS):
            before, last = progress.arrived, before
            if before - last < _LEAST_BYTES:
                late.set()
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)
                return

    watcher = threading.Thread(target=watch, name="watching a publisher", daemon=True)
    watcher.start()
    try:
        yield progress
    except Exception:
        if not late.is_set():
            raise
    finally:
        over.set()
        watcher.join()
        line.close()
    if late.is_set():
        raise TimeoutError(f"hardly anything arrived in {_WINDOW_SECONDS:g} s")


def _shown(reason: str) -> str:
    """What the other side may have sent, as a part of one line: no control character is left."""
    text = reason.strip()[:_LONGEST_REASON]
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
