"""What travels between the processes: a JSON header and a body of bytes, each with its length.

Nothing that a worker sends is ever executed: there is no pickle, and lengths are bounded.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_LENGTHS = struct.Struct("!IQ")
_LONGEST_HEADER = 64 * 1024 * 1024
_PIECE = 1024 * 1024


class Closed(ConnectionError):
    """The other side is gone, or sent what is no frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One message. `header` holds what JSON can; `body` whatever is long."""

    header: Mapping[str, Any]
    body: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """The bytes that come before the body."""
        header = json.dumps(self.header, separators=(",", ":")).encode()
        return _LENGTHS.pack(len(header), len(self.body)) + header


def send(connection: socket.socket, frame: Frame) -> None:
    """Send a frame over a blocking socket. Raises Closed."""
    try:
        start = frame.encode()
        if len(frame.body) < _PIECE:
            connection.sendall(start + frame.body)
        else:
            connection.sendall(start)
            connection.sendall(frame.body)
    except OSError as error:
        raise Closed(str(error)) from None


def receive(connection: socket.socket) -> Frame:
    """Receive a frame from a blocking socket. Raises Closed, also at the end of the stream."""
    try:
        header, body = _lengths(bytes(_exactly(connection, _LENGTHS.size)))
        return _frame(bytes(_exactly(connection, header)), bytes(_exactly(connection, body)))
    except OSError as error:
        raise Closed(str(error)) from None


class Connection(asyncio.Protocol):
    """One end of a connection on a loop: calls `received` for each frame, `closed` when it ends.

    A body of more than `longest` bytes, or what is no frame, ends the connection.
    """

    def __init__(
        self, received: Callable[[Frame], None], closed: Callable[[], None], longest: int
    ) -> None:
        self._received = received
        self._closed = closed
        self._longest = longest
        self._data = bytearray()
        self._needed = _LENGTHS.size
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """Tell that it is over."""
        self._transport = None
        self._data.clear()
        self._closed()

    def data_received(self, data: bytes) -> None:
        """Take what came, and give on the frames that are whole."""
        self._data += data
        try:
            while len(self._data) >= self._needed:
                self._next()
        except Closed:
            self.close()

    def send(self, frame: Frame) -> None:
        """Send a frame; nothing happens when the other side is gone."""
        if self._transport is not None:
            self._transport.writelines((frame.encode(), frame.body))

    def close(self) -> None:
        """End the connection; what was sent arrives."""
        if self._transport is not None:
            self._transport.close()

    def _next(self) -> None:
        start = _LENGTHS.size
        header, body = _lengths(bytes(self._data[:start]))
        if body > self._longest:
            raise Closed(f"a body of {body} bytes; {self._longest} are the limit")
        self._needed = start + header + body
        if len(self._data) < self._needed:
            return
        view = memoryview(self._data)
        frame = _frame(
            bytes(view[start : start + header]), bytes(view[start + header : self._needed])
        )
        view.release()
        del self._data[: self._needed]
        self._needed = start
        self._received(frame)


def _lengths(data: bytes) -> tuple[int, int]:
    header, body = _LENGTHS.unpack(data)
    if header > _LONGEST_HEADER:
        raise Closed(f"a header of {header} bytes")
    return header, body


def _frame(header: bytes, body: bytes) -> Frame:
    try:
        document = json.loads(header)
    except ValueError:
        raise Closed("a header that is not JSON") from None
    if not isinstance(document, dict):
        raise Closed("a header that is no object")
    return Frame(document, body)


def _exactly(connection: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    at = 0
    while at < size:
        count = connection.recv_into(view[at:], min(size - at, _PIECE))
        if not count:
            raise Closed("the stream ended")
        at += count
    return data
