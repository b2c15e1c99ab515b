"""A database that answers what it is told to, byte for byte."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from graph.remote import Credentials
from graph.remote.wire import Bounds, Message, Wire

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BOUNDS = Bounds(5.0, 1000)


class Scripted:
    """A server that answers each request with the next reply, or as a function does."""

    def __init__(self, *replies: bytes | Callable[[socket.socket], None]) -> None:
        self.replies = list(replies)
        self.requests: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._threads.append(threading.Thread(target=self._answer, args=[connection]))
            self._threads[-1].start()

    def _answer(self, connection: socket.socket) -> None:
        received = b""
        while self.replies:
            try:
                part = connection.recv(65536)
            except OSError:
                return
            if not part:
                return
            received += part
            head, found, body = received.partition(b"\r\n\r\n")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            if not found or len(body) < length:
                continue
            self.requests.append(received)
            received = b""
            reply = self.replies.pop(0)
            try:
                if callable(reply):
                    reply(connection)
                else:
                    connection.sendall(reply)
            except OSError:
                return
        connection.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()
        for connection in self._open:
            connection.close()


@contextmanager
def wire_to(
    *replies: bytes | Callable[[socket.socket], None], credentials: Credentials | None = None
) -> Iterator[tuple[Wire, Scripted]]:
    server = Scripted(*replies)
    wire = Wire(server.origin, credentials or Credentials())
    try:
        yield wire, server
    finally:
        wire.close()
        server.close()


def get(wire: Wire, bounds: Bounds = BOUNDS) -> bytes:
    return wire.call(Message("GET", "/sparql"), bounds).body
