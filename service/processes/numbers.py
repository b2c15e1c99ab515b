"""Numbers that all processes of a service know, in a file that each of them maps into memory."""

import fcntl
import mmap
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LATEST, _MADE, _FAILED = range(3)
_BYTES = 8
_SIZE = 3 * _BYTES


class Numbers:
    """The number of the last write that was acknowledged, and how many checkpoints were made.

    To read one takes no call of the system. It can be used from several threads.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._descriptor).st_size < _SIZE:
            os.ftruncate(self._descriptor, _SIZE)
        self._map = mmap.mmap(self._descriptor, _SIZE)
        # Each is written as a whole: eight bytes in their place.
        self._numbers = memoryview(self._map).cast("Q")

    @property
    def number(self) -> int:
        """The number of the last write; 0 before the first."""
        return self._numbers[_LATEST]

    def raise_to(self, number: int) -> None:
        """Take note of a write, unless a later one is known. Others see it when this returns."""
        if number > self._numbers[_LATEST]:
            with self._alone():
                self._numbers[_LATEST] = max(number, self._numbers[_LATEST])

    @property
    def made(self) -> int:
        """Checkpoints that were made."""
        return self._numbers[_MADE]

    @made.setter
    def made(self, count: int) -> None:
        self._numbers[_MADE] = count

    @property
    def failed(self) -> int:
        """Checkpoints that failed."""
        return self._numbers[_FAILED]

    @failed.setter
    def failed(self, count: int) -> None:
        self._numbers[_FAILED] = count

    def close(self) -> None:
        """Let go of the file."""
        self._numbers.release()
        self._map.close()
        os.close(self._descriptor)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
