"""Having files of a release made by another process, one at a time.

So a service stays small and quick while one is made, and whoever asks for a file does not take the
time of those who ask questions.
"""

import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic

from graph.export.errors import ExportError, ExportFailed
from graph.export.files import Export, Made, made
from graph.release import Release
from graph.release.files import explained

_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_LONGEST_REASON = 2000
_RETRY_SECONDS = 5


class ExportUnderWay(ExportError):
    """The file is being made, or waits for another; `retry_after` is in seconds."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is being made; ask again in {_RETRY_SECONDS} seconds")
        self.retry_after = _RETRY_SECONDS


@dataclass(slots=True)
class _Work:
    """The making of one file; `failure` says why there is none when it is `over`."""

    over: threading.Event = field(default_factory=threading.Event)
    failure: str = ""


class Maker:
    """Makes files of releases. It can be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._one = threading.Lock()
        self._works: dict[Path, _Work] = {}

    def make(self, release: Release, export: Export, seconds: float) -> Made:
        """Return the file, made where there is none.

        What takes longer than `seconds` goes on: raises ExportUnderWay, and ExportFailed where it
        could not be made.
        """
        until = monotonic() + seconds
        if (found := made(release, export)) is not None:
            return found
        place = release.path / export.name  # no file: it names the work
        with self._lock:
            work = self._works.get(place)
            if work is None:
                if self._works:
                    raise ExportUnderWay(export.name)
                work = self._works[place] = _Work()
                threading.Thread(
                    target=self._work, args=(release, export, place, work), daemon=True
                ).start()
        if not work.over.wait(max(0.0, until - monotonic())):
            raise ExportUnderWay(export.name)
        if (found := made(release, export)) is None:
            changed = f"{export.name} is not there: was the program changed while it runs?"
            raise ExportFailed(work.failure or changed)
        return found

    def _work(self, release: Release, export: Export, place: Path, work: _Work) -> None:
        try:
            work.failure = _made_elsewhere(release, export)
        except (OSError, ExportError) as error:
            work.failure = f"{export.name} could not be made: {error}"
        finally:
            with self._lock:
                del self._works[place]
            work.over.set()


def _made_elsewhere(release: Release, export: Export) -> str:
    """Have it made, and return what went wrong."""
    with explained("make an export", release.path, ExportFailed), TemporaryFile() as said:
        done = subprocess.run(  # noqa: S603 - a program of ours, and no shell
            [
                *(sys.executable, "-m", "graph.export", "--data", str(release.path.parents[1])),
                *("--release", release.id, "--name", export.name),
            ],
            env=os.environ | _ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            check=False,
        )
        said.seek(0)
        text = said.read().decode("utf-8", "replace").strip()
        if done.returncode == 0:
            return ""
        return text[-_LONGEST_REASON:] or f"{export.name}: its maker ended with {done.returncode}"
