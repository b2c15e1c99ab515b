"""Who uses a release holds a shared lock on its folder, so that nobody removes it meanwhile.

The kernel releases it when the holder ends, however it ends; nothing is written, so a release in a
read-only folder can be used too.
"""

import contextlib
import errno
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from graph.release.errors import ReleaseDamaged


class Use:
    """The use of a release, from when it is made until `end`; as a block, until the block ends.

    Raises ReleaseDamaged where the folder is gone, or is being removed.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor: int | None = _locked(path, fcntl.LOCK_SH)
        except OSError as error:
            raise ReleaseDamaged(
                f"{path}: the release is gone or being removed ({error.strerror or error}); "
                "`therascape releases` lists those that are there"
            ) from None

    def end(self) -> None:
        """Let the release be removed; nothing happens the second time."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()


@contextlib.contextmanager
def unused(path: Path) -> Iterator[bool]:
    """Whether nobody uses the release in this folder; while the block runs nobody begins to.

    Where the file system cannot tell, it is taken for used.
    """
    try:
        descriptor = _locked(path, fcntl.LOCK_EX)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


def _locked(path: Path, how: int) -> int:
    """An open folder with a lock. Raises OSError: somebody else's lock, or no folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        _check_place(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check_place(path: Path, descriptor: int) -> None:
    """It may have been moved away between opening and locking."""
    there, ours = path.stat(), os.fstat(descriptor)
    if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino):
        raise FileNotFoundError(errno.ENOENT, "it was moved away")
