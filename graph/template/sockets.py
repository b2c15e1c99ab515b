"""Folders for sockets that go with who made them, if only when the next one is made.

Who is killed cannot remove anything. So each maker has a lock on its folder, which the kernel
releases with it, and whoever makes another removes those that nobody holds.
"""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "therascape-engine-"
_YOUNG = 60.0  # seconds; a new one is not locked yet


class SocketFolder:
    """A new folder, in that for temporary files, which only this user may open."""

    def __init__(self) -> None:
        _sweep(Path(tempfile.gettempdir()))
        self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX)
        self.path = Path(self._folder.name)
        self._held = contextlib.ExitStack()
        with contextlib.suppress(OSError):  # not every file system locks folders
            self._held.enter_context(_locked(self.path))

    def remove(self) -> None:
        """Remove it, with what is in it."""
        self._folder.cleanup()
        self._held.close()


def _sweep(folder: Path) -> None:
    """Remove what those left who were killed."""
    for path in folder.glob(f"{_PREFIX}*"):
        # Another one may do the same at the same time, and others' folders are theirs.
        with contextlib.suppress(OSError):
            found = path.lstat()
            ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
            if ours and time.time() - found.st_mtime > _YOUNG:
                with _locked(path):
                    shutil.rmtree(path)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of a folder. Raises OSError where another one does."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
