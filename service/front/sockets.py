"""What the system does for connections whose clients are slow to take an answer."""

import asyncio
import contextlib
import os
import socket
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

_DESCRIPTORS = Path("/proc/self/fd")
_WAIT = 0.02  # seconds
_UNSENT = 128 * 1024


async def bound_slow_readers(port: int, seconds: float) -> None:
    """Let connections to `port` end when the client takes nothing for so long (RFC 5482).

    The system then also takes little of an answer that it cannot send yet: without a bound, it
    would be megabytes for each connection. What is on its way to the client does not count.

    Waits until this process listens there: what does so hands it on to each connection. Nobody else
    can end one that waits for its client to read. Only Linux has it; elsewhere nothing is done.
    """
    if sys.platform == "linux":
        while not _set(port, max(1, int(seconds * 1000))):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_WAIT)


def _set(port: int, milliseconds: int) -> bool:
    done = False
    for sock in _sockets():
        with contextlib.suppress(OSError):
            if (
                sock.family in (socket.AF_INET, socket.AF_INET6)
                and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
                and sock.getsockname()[1] == port
            ):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
                done = True
    return done


def _sockets() -> Iterator[socket.socket]:
    for number in [int(entry.name) for entry in _DESCRIPTORS.iterdir()]:
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as found:
                    yield found
