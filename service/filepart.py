"""A body that is a part of a file: sent from the disk, never held as a whole.

Under the front it is sent piece by piece as the client takes it; other WSGI servers iterate.
"""

import os
from collections.abc import Iterator
from pathlib import Path

_PIECE = 128 * 1024


class FilePart:
    """The bytes of a file from `offset`, `size` of them. It is open until `close`."""

    def __init__(self, path: Path, offset: int, size: int) -> None:
        self._descriptor = -1
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._offset = offset
        self.size = size

    def read(self, at: int) -> bytes:
        """Return the next bytes, counted from the begin of the part; none at its end.

        Raises OSError, also where the file has become shorter.
        """
        wanted = min(_PIECE, self.size - at)
        found = os.pread(self._descriptor, wanted, self._offset + at)
        if wanted and not found:
            raise OSError("the file has become shorter")
        return found

    def __iter__(self) -> Iterator[bytes]:
        at = 0
        while at < self.size:
            piece = self.read(at)
            at += len(piece)
            yield piece

    def __del__(self) -> None:
        self.close()  # an answer that nobody waits for any more is just dropped

    def close(self) -> None:
        """Close the file; once is enough."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
