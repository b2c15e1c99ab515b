"""Folders for sockets and the like that go with who made them, if only when the next one is made.

Who is killed cannot remove anything. So whoever uses such a folder has a lock on it, which the
kernel releases with the last of them, and whoever makes another removes those that nobody holds.
"""

import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from graph.release.errors import ReleaseDamaged
from graph.release.use import Use, unused

_YOUNG = 60.0  # seconds; a new one is not locked yet


class HeldFolder:
    """A new folder, in that for temporary files, which only this user may open.

    `kind` is a part of its name; those of the same kind that nobody uses are removed. Who is forked
    from its maker uses it too; others say so themselves (`graph.release.use.Use`).
    """

    def __init__(self, kind: str) -> None:
        prefix = f"therascape-{kind}-"
        _sweep(Path(tempfile.gettempdir()), prefix)
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._held = contextlib.ExitStack()
        with contextlib.suppress(ReleaseDamaged):  # not every file system locks folders
            self._held.enter_context(Use(self.path))

    def remove(self) -> None:
        """Remove it, with what is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._held.close()


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what those left who were killed."""
    for path in folder.glob(f"{prefix}*"):
        # Another one may do the same at the same time, and others' folders are theirs.
        with contextlib.suppress(OSError):
            found = path.lstat()
            ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
            if ours and time.time() - found.st_mtime > _YOUNG:
                with unused(path) as free:
                    if free:
                        shutil.rmtree(path)
