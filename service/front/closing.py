"""Taking leave of clients before a service stops: who has connected is heard first.

A server that is told to stop closes at once each connection over which it reads no request, also
one that was opened an instant before, whose request is still on its way. Its client cannot know
whether the request was seen. So for a moment nobody new is let in, and who is in may ask.
"""

import asyncio
import contextlib
import ctypes
import signal
import socket
import struct
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from service.front.outbox import Send
from service.front.sockets import sockets_at

_NOTICE = 0.1  # seconds in which a client that asks again and again learns that it is to reconnect
_LOOK = 0.02  # seconds
_QUIET = 3  # looks, one after the other

#: Of `struct tcp_info` (linux/tcp.h): connections nobody has accepted yet, and bytes received.
_WAITING = struct.Struct("=24xI")
_RECEIVED = struct.Struct("=128xQ")

#: Classic BPF over the head of a TCP segment: drop it if its flags have SYN, else take it whole.
_NO_SYN = b"".join(
    struct.pack("=HBBI", *instruction)
    for instruction in [(0x30, 0, 0, 13), (0x45, 0, 1, 0x02), (6, 0, 0, 0), (6, 0, 0, 0xFFFFFFFF)]
)
_SO_ATTACH_FILTER = 26

_LEAVING: set[asyncio.Task[None]] = set()


def leave_first(leave: Callable[[], Awaitable[None]]) -> None:
    """On SIGTERM, await `leave` before the server is told to stop, which SIGINT does as well.

    To be called on the server's event loop, once the server has set its own handlers.
    """
    loop = asyncio.get_running_loop()

    async def run() -> None:
        try:
            await leave()
        finally:
            signal.raise_signal(signal.SIGINT)

    def begin() -> None:
        if not _LEAVING:
            _LEAVING.add(loop.create_task(run()))

    loop.add_signal_handler(signal.SIGTERM, begin)


async def last_requests(port: int, seconds: float) -> None:
    """Accept no more connections at `port`; return once all there are have sent something.

    Returns after `seconds` at the latest. Who tries to connect meanwhile hears nothing, and is
    refused when the system tries again, after a second: refusing at once would cut off those whom
    the server has not accepted yet. Only Linux has it; elsewhere clients are given notice only.
    """
    if sys.platform != "linux":
        await asyncio.sleep(_NOTICE)
        return
    if any(not listens for _, listens in sockets_at(port)):
        await asyncio.sleep(_NOTICE)
    _let_nobody_in(port)
    until = time.monotonic() + seconds
    quiet = 0
    while quiet < _QUIET and time.monotonic() < until:
        await asyncio.sleep(_LOOK)
        quiet = 0 if _awaited(port) else quiet + 1


def parting(send: Send) -> Send:
    """Send answers after each of which the connection is closed (RFC 9112, section 9.6)."""

    async def send_last(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [h for h in message["headers"] if h[0].lower() != b"connection"]
            message = {**message, "headers": [*headers, (b"connection", b"close")]}
        await send(message)

    return send_last


def _let_nobody_in(port: int) -> None:
    program = ctypes.create_string_buffer(_NO_SYN, len(_NO_SYN))
    given = struct.pack("@HP", len(_NO_SYN) // 8, ctypes.addressof(program))
    for sock, listens in sockets_at(port):
        if listens:
            with contextlib.suppress(OSError):  # where it is forbidden, the end is less gentle
                sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, given)


def _awaited(port: int) -> bool:
    """Whether some client is not accepted yet, or has sent nothing so far."""
    for sock, listens in sockets_at(port):
        field = _WAITING if listens else _RECEIVED
        with contextlib.suppress(OSError, struct.error):  # an older system tells less
            told = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, field.size)
            if (field.unpack(told)[0] > 0) == listens:
                return True
    return False
