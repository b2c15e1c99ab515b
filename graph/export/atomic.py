"""A file that is there as a whole or not at all, also when its writer is killed."""

import contextlib
import errno
import gzip
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from graph.export.errors import ExportFailed
from graph.release.files import explained, sync_folder

Compression = Literal["gzip"]
_LEVEL = 6
_NO_UNNAMED = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)


class Hashed:
    """A file to append to that knows the size and the SHA-256 of what it was given."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Append the bytes."""
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def writelines(self, pieces: Iterable[bytes]) -> None:
        """Append each of them."""
        for piece in pieces:
            self.write(piece)

    def flush(self) -> None:
        """Hand over what is held."""
        self._file.flush()

    @property
    def sha256(self) -> str:
        """The hash so far, in hexadecimal."""
        return self._digest.hexdigest()


@contextlib.contextmanager
def compressed(target: BinaryIO, compress: Compression | None) -> Iterator[BinaryIO]:
    """What is written to it reaches `target` compressed, without name and time in the header."""
    if compress is None:
        yield target
        return
    with gzip.GzipFile("", "wb", _LEVEL, target, mtime=0) as file:
        yield cast("BinaryIO", file)


@contextlib.contextmanager
def whole_file(
    path: Path, action: str = "write an export", elsewhere: str | None = None
) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when the block is over, and not if it raises.

    On Linux it has no name before that, so not even a killed writer leaves one. Raises
    ExportFailed, which says that the `action` failed, and what to do as `explained` does.
    """
    with explained(action, path, ExportFailed, *filter(None, (elsewhere,))):
        # A link stays one: what it leads to is replaced.
        path = path.resolve()
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
        beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}")
        try:
            with _opened(path.parent, beside) as file:
                yield cast("BinaryIO", file)
                file.flush()
                os.fchmod(file.fileno(), 0o666 & ~_umask())
                os.fsync(file.fileno())
                if not beside.exists():
                    _name(file, beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        sync_folder(path.parent)


def _opened(folder: Path, beside: Path) -> IO[bytes]:
    unnamed = getattr(os, "O_TMPFILE", None)
    if unnamed is not None and Path("/proc/self/fd").is_dir():
        try:
            return os.fdopen(os.open(folder, unnamed | os.O_RDWR, 0o600), "w+b")
        except OSError as error:
            if error.errno not in _NO_UNNAMED or not folder.is_dir():
                raise
    return beside.open("x+b")


def _name(file: IO[bytes], path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # A folder's descriptor makes Python call linkat, which follows the link in /proc.
        os.link(f"/proc/self/fd/{file.fileno()}", path.name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(folder)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
