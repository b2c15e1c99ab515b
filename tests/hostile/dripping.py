"""Many connections that are slow on purpose: at sending headers, at sending bodies, at reading."""

import contextlib
import http.client
import selectors
import socket
import threading
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

from tests.hostile.server import Program
from tests.hostile.wire import QUERY, RESULTS, connect

Kind = Literal["headers", "bodies", "readers"]
INTERVAL = 0.25  # seconds between two bytes
_BITE = 64  # bytes that a slow reader takes at a time


@dataclass(slots=True)
class Slow:
    """One connection. `answered` and `ended` are seconds from its begin."""

    plain: socket.socket
    since: float
    answered: float | None = None
    ended: float | None = None
    received: int = 0
    status: int | None = None


class Drip:
    """Keeps so many slow connections open while its block runs. Slow readers ask `query`.

    What a reader has not taken yet hides from it that the service has closed the connection:
    whether it did is seen on the side of the service, by its open files.
    """

    def __init__(self, service: Program, kind: Kind, count: int, query: str = "ASK {}") -> None:
        self._service, self._kind, self._count = service, kind, count
        self._query = query
        self._stop = threading.Event()
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.connections: list[Slow] = []

    def __enter__(self) -> Self:
        if self._kind == "readers":
            self._read_once()
        self._thread.start()
        assert self._opened.wait(30), "the slow connections could not be opened"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(30)
        for slow in self.connections:
            slow.plain.close()

    def wait(self, at_most: float) -> None:
        """Wait until the service has closed all of them, and no longer than so many seconds."""
        until = time.monotonic() + at_most
        while len(self.ended()) < self._count and time.monotonic() < until:
            time.sleep(0.05)

    def ended(self) -> list[float]:
        """After how many seconds the service closed connections."""
        return sorted(slow.ended for slow in self.connections if slow.ended is not None)

    def answered(self) -> list[float]:
        """After how many seconds the service answered."""
        return sorted(slow.answered for slow in self.connections if slow.answered is not None)

    def statuses(self) -> dict[int | None, int]:
        """How often each status came; None for a connection closed without a word."""
        found: dict[int | None, int] = {}
        for slow in self.connections:
            found[slow.status] = found.get(slow.status, 0) + 1
        return found

    def _read_once(self) -> None:
        """Ask as a good client does, so that the answer is known and only sending it is work."""
        with connect(self._service) as plain:
            plain.sendall(self._head())
            response = http.client.HTTPResponse(plain)
            response.begin()
            response.read()

    def _head(self) -> bytes:
        if self._kind == "readers":
            target = f"/sparql?query={quote(self._query)}"
            return f"GET {target} HTTP/1.1\r\nHost: x\r\nAccept: {RESULTS}\r\n\r\n".encode()
        if self._kind == "bodies":
            length = "Content-Length: 10000\r\n\r\n"
            return f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {QUERY}\r\n{length}".encode()
        return b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nX-Drip: "

    def _run(self) -> None:
        head = self._head()
        with selectors.DefaultSelector() as selector:
            for _ in range(self._count):
                plain = connect(self._service, receive=4096 if self._kind == "readers" else 0)
                plain.sendall(head)
                plain.setblocking(False)
                slow = Slow(plain, time.monotonic())
                selector.register(plain, selectors.EVENT_READ, slow)
                self.connections.append(slow)
            self._opened.set()
            while not self._stop.is_set():
                begin = time.monotonic()
                self._look(selector)
                if self._kind != "readers":
                    self._send()
                self._stop.wait(max(0.0, INTERVAL - (time.monotonic() - begin)))

    def _look(self, selector: selectors.BaseSelector) -> None:
        for key, _ in selector.select(0):
            slow: Slow = key.data
            try:
                data = slow.plain.recv(_BITE)
            except BlockingIOError:
                continue
            except OSError:
                data = b""
            if data.startswith(b"HTTP/1.1 ") and slow.status is None:
                slow.status = int(data[9:12])
                slow.answered = time.monotonic() - slow.since
            slow.received += len(data)
            if not data:
                slow.ended = time.monotonic() - slow.since
                selector.unregister(slow.plain)

    def _send(self) -> None:
        for slow in self.connections:
            if slow.ended is None:
                with contextlib.suppress(OSError):
                    slow.plain.send(b"#")
