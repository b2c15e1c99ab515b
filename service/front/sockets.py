"""The connections of this process, and what the system does for those of slow clients."""

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


def listens(port: int) -> bool:
    """Whether this process listens at `port`; true where nobody tells."""
    return sys.platform != "linux" or any(listening for _, listening in sockets_at(port))


def sockets_at(port: int) -> Iterator[tuple[socket.socket, bool]]:
    """Each TCP socket of this process at its port `port`, and whether it is one that listens.

    They are open until the next one is asked for. Only Linux tells.
    """
    for sock in _sockets():
        with contextlib.suppress(OSError):
            if (
                sock.family in (socket.AF_INET, socket.AF_INET6)
                and sock.type == socket.SOCK_STREAM
                and sock.getsockname()[1] == port
            ):
                yield sock, bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _set(port: int, milliseconds: int) -> bool:
    done = False
    for sock, listens in sockets_at(port):
        if listens:
            done = True
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
    return done


def _sockets() -> Iterator[socket.socket]:
    for number in [int(entry.name) for entry in _DESCRIPTORS.iterdir()]:
        with contextlib.suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as found:
                    yield found
