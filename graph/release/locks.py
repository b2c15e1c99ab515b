"""Locks between processes. The kernel releases them when their holder ends, however it ends."""

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from graph.release.errors import PublisherBusy

_POLL_SECONDS = 0.05


class LockBusy(Exception):
    """Somebody else had the lock for all the time that we waited; the text says who."""


class Lock:
    """One lock file (`flock`), held by one `Lock` at a time, or by any number of shared holders.

    A process that forks while it holds the lock shares it with its children until one of them
    calls `unlock`. Who holds it leaves a name in the file, but for a lock that is held so shortly
    that writing it would take longer (`named`).
    """

    def __init__(self, path: Path, *, named: bool = True) -> None:
        self.path = path
        self._named = named
        self._descriptor: int | None = None

    def try_lock(self, *, shared: bool = False) -> bool:
        """Take the lock if it is free, at once; whether it is ours now and was not before.

        A shared lock is taken on a file that exists, which may be read-only; else it is made.
        """
        if self._descriptor is not None:
            return False
        flags = os.O_RDONLY if shared else os.O_RDWR | os.O_CREAT
        descriptor = os.open(self.path, flags | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, BlockingIOError):
                return False
            raise
        if self._named and not shared:
            with contextlib.suppress(OSError):  # the name is a courtesy to whoever waits
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, _name(), 0)
        self._descriptor = descriptor
        return True

    def unlock(self) -> None:
        """Give the lock back; nothing happens when it is not ours."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_UN)  # a forked child may have it open still
            finally:
                os.close(descriptor)

    @contextlib.contextmanager
    def held(
        self, wait_seconds: float, *, shared: bool = False, poll_seconds: float = _POLL_SECONDS
    ) -> Iterator[None]:
        """Hold the lock, waiting for it. Raises LockBusy, naming the holder."""
        deadline = time.monotonic() + wait_seconds
        while not self.try_lock(shared=shared):
            if time.monotonic() >= deadline:
                raise LockBusy(self._holder())
            time.sleep(poll_seconds)
        try:
            yield
        finally:
            self.unlock()

    def _holder(self) -> str:
        with contextlib.suppress(OSError):
            if name := self.path.read_bytes()[:300].decode(errors="replace"):
                return name
        return "another process"


@contextlib.contextmanager
def exclusive(path: Path, wait_seconds: float) -> Iterator[None]:
    """Be the one publisher. Raises PublisherBusy, naming the one who is, after `wait_seconds`."""
    lock = Lock(path)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(lock.held(wait_seconds))
        except LockBusy as busy:
            raise PublisherBusy(
                f"{path}: {busy} is publishing, since {wait_seconds:g} seconds or more; "
                "wait for it to end, or end it (that harms nothing), and try again"
            ) from None
        yield


def _name() -> bytes:
    return f"process {os.getpid()} on {socket.gethostname()}".encode()
