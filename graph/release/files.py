"""The few file operations that publishing rests on, durable ones.

POSIX only: `flock`, `fsync` on folders, symbolic links. On macOS `fsync` does not reach the
platter; a power cut there may lose the last release, never mix two.
"""

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from graph.errors import GraphError
from graph.release.errors import DataDirectoryError

_ELSEWHERE = "choose another folder with --data or THERASCAPE_DATA"
_FIRST = {
    **dict.fromkeys(
        (errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "nothing was changed; free some space there"
    ),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "ask for the permission"),
    **dict.fromkeys(
        (errno.ENOTDIR, errno.EEXIST, errno.EISDIR),
        "a file and a folder are in each other's place: move it away",
    ),
}


@contextlib.contextmanager
def explained(
    action: str,
    path: Path,
    failure: type[GraphError] = DataDirectoryError,
    elsewhere: str = _ELSEWHERE,
) -> Iterator[None]:
    """Turn an OSError into a failure that says what could not be done, where, and the remedy;
    `elsewhere` is what to do where the place cannot be mended.
    """
    try:
        yield
    except OSError as error:
        place = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else path
        first = _FIRST.get(error.errno or 0, "mend this")
        told = f"{place}: {error.strerror or error}; {first}, or {elsewhere}"
        raise failure(f"cannot {action}: {told}") from error


def make_folder(path: Path) -> None:
    """Make a folder and those above it, each one durably."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    sync_folder(path.parent)


def write_synced(path: Path, data: bytes) -> None:
    """Write a new file; when this returns, its content (not yet its name) survives a power cut."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, or another in its place, in a folder that is made for it.

    Killed at any instant, it is there as a whole or as it was before.
    """
    path.parent.mkdir(exist_ok=True)
    building = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        write_synced(building, data)
        building.replace(path)
    finally:
        building.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Make the content of a file survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some network file systems know no fsync on folders
            raise
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file, a link (not what it points to) or a folder with all in it, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
