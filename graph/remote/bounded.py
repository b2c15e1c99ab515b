"""Bytes that come in parts as a file, and bytes that are written up to a limit."""

from collections.abc import Iterator
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any, BinaryIO

from graph.query import ResultTooLarge

_AT_ONCE = 64 * 1024


def file_of(parts: Iterator[bytes]) -> BinaryIO:
    """What comes in parts, as a file that can be read once. Reading raises what the parts do."""
    return BufferedReader(_Parts(parts), _AT_ONCE)


class _Parts(RawIOBase):
    def __init__(self, parts: Iterator[bytes]) -> None:
        super().__init__()
        self._parts = parts
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # whatever can be written to
        while not self._left:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._left = memoryview(part)
        with memoryview(buffer) as into:
            size = min(len(into), len(self._left))
            into[:size] = self._left[:size]
        self._left = self._left[size:]
        return size


class Bounded(BytesIO):
    """Bytes that are written in memory; `write` raises ResultTooLarge beyond `most`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, part: bytes, /) -> int:  # type: ignore[override]
        """Write. Raises ResultTooLarge."""
        written = super().write(part)
        if self.tell() > self._most:
            raise ResultTooLarge(self.tell(), self._most)
        return written
