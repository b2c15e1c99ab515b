"""Sending large answers: in pieces, each within a deadline, and not too many from memory."""

import asyncio
import logging
import os
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from concurrent.futures import Executor
from contextlib import aclosing
from pathlib import Path
from typing import IO, Any, TypeVar

from service.filepart import FilePart
from service.front.quota import Quota

_LOG = logging.getLogger("therascape.front")

Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_Made = TypeVar("_Made")

_SMALL = 128 * 1024  # sent as one piece
_PIECE = 32 * 1024  # the server holds several for each slow reader
_LARGE = 1024 * 1024
_ON_DISK = 64  # times what is sent from memory


class Stalled(Exception):
    """The client did not take a piece of the answer in time, or not before the service stopped."""


class NoRoom(Exception):
    """Too many large answers are being sent; nothing of this one was."""


class Outbox:
    """Sends answers, those of more than one piece within a deadline for each piece.

    The large ones count against a quota, each once however many read it; beyond it, they wait for
    their readers in a temporary file that has no name. `executor` does what blocks.
    """

    def __init__(
        self, limit: int, seconds: float, executor: Executor, folder: Path | None = None
    ) -> None:
        self.memory = Quota(limit)
        self.disk = Quota(limit * _ON_DISK)
        self._seconds = seconds
        self._executor = executor
        self._folder = folder
        self._readers: Counter[int] = Counter()

    async def send(self, send: Send, start: Mapping[str, Any], bodies: list[bytes]) -> None:
        """Send the only one of `bodies`, which is taken out of the list. Raises Stalled, NoRoom.

        A small one is handed over at once: the system buffers it, and `front.sockets` ends the
        connection of a client that takes none of it.
        """
        size = len(bodies[0])
        if size <= _SMALL:
            await send(start)
            await send({"type": "http.response.body", "body": bodies.pop()})
        elif size <= _LARGE:
            await self._send(send, start, _in_memory(bodies.pop()), size)
        elif self._hold(bodies[0]):
            body = bodies.pop()
            try:
                await self._send(send, start, _in_memory(body), size)
            finally:
                self._release(body)
        elif self.disk.take(size):
            try:
                with await self._spool(bodies) as file:
                    await self._send(send, start, self._on_disk(file, size), size)
            finally:
                self.disk.give(size)
        else:
            raise NoRoom

    async def send_file(self, send: Send, start: Mapping[str, Any], file: FilePart) -> None:
        """Send what is in a file, read as the client takes it. Raises Stalled, OSError.

        It takes no room, neither in memory nor on disk; who calls closes the file.
        """
        if not file.size:
            await send(start)
            await send({"type": "http.response.body", "body": b""})
            return
        await self._send(send, start, self._read(file), file.size)

    async def _read(self, file: FilePart) -> AsyncGenerator[bytes, None]:
        loop = asyncio.get_running_loop()
        at = 0
        while at < file.size:
            piece = await loop.run_in_executor(self._executor, file.read, at)
            at += len(piece)
            yield piece

    def _hold(self, body: bytes) -> bool:
        """Count one more reader; False if this is the first and there is no room for the body."""
        if not self._readers[id(body)] and not self.memory.take(len(body)):
            return False
        self._readers[id(body)] += 1
        return True

    def _release(self, body: bytes) -> None:
        self._readers[id(body)] -= 1
        if not self._readers[id(body)]:
            del self._readers[id(body)]
            self.memory.give(len(body))

    async def _send(
        self, send: Send, start: Mapping[str, Any], pieces: AsyncGenerator[bytes, None], size: int
    ) -> None:
        async with aclosing(pieces):
            await self._within(send(start))
            sent = 0
            async for piece in pieces:
                sent += len(piece)
                more = sent < size
                message = {"type": "http.response.body", "body": piece, "more_body": more}
                await self._within(send(message))

    async def _within(self, sending: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await sending
        except TimeoutError:
            raise Stalled from None

    async def _apart(self, work: Callable[..., _Made], *given: Any) -> _Made:
        """What blocks, in a thread. Raises Stalled once the service has stopped."""
        try:
            done = self._executor.submit(work, *given)
        except RuntimeError:
            raise Stalled from None
        return await asyncio.wrap_future(done)

    async def _spool(self, bodies: list[bytes]) -> IO[bytes]:
        try:
            return await self._apart(_spooled, bodies, self._folder)
        except OSError as error:
            _LOG.warning("a large answer could not be put into a temporary file: %s", error)
            raise NoRoom from None

    async def _on_disk(self, file: IO[bytes], size: int) -> AsyncGenerator[bytes, None]:
        for at in range(0, size, _PIECE):
            yield await self._apart(os.pread, file.fileno(), _PIECE, at)


async def _in_memory(body: bytes) -> AsyncGenerator[bytes, None]:
    for at in range(0, len(body), _PIECE):
        yield body[at : at + _PIECE]


def _spooled(bodies: list[bytes], folder: Path | None) -> IO[bytes]:
    file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - the caller closes it
    try:
        view = memoryview(bodies.pop())
        while view:
            view = view[file.write(view) :]
    except BaseException:
        file.close()
        raise
    return file
