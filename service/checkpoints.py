"""Now and then, what was written becomes a part of a new release; made by a process of its own."""

import logging
import subprocess
import sys
import tempfile
import time
from typing import IO, Protocol

from graph.release import DataDirectory, Release
from service.loglines import EVENTS
from service.settings import Settings

_LOG = logging.getLogger("therascape.service")
_RETRY_SECONDS = 60.0
_LONGEST_MESSAGE = 2000


class Tally(Protocol):
    """How many checkpoints were made, and how many failed."""

    made: int
    failed: int


class Counted:
    """A tally of one process."""

    def __init__(self) -> None:
        self.made = self.failed = 0


class Checkpoints:
    """Starts one when there are many writes, or old ones, that no release contains.

    `tally` counts them.
    """

    def __init__(self, settings: Settings, data: DataDirectory, tally: Tally | None = None) -> None:
        self.tally: Tally = tally or Counted()
        self._settings = settings
        self._data = data
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None
        self._since: float | None = None
        self._not_before = 0.0
        self._contained: tuple[str, int] = ("", 0)

    def look(self, release: Release, number: int) -> None:
        """Start one if it is time. `number` is that of the last write, `release` what is served."""
        now = time.monotonic()
        if self._process is not None:
            self._bury(now)
            return
        contained = self._contained_in(release)
        if number <= contained:
            self._since = None
            return
        self._since = self._since or now
        due = (
            number - contained >= self._settings.checkpoint_writes
            or now - self._since >= self._settings.checkpoint_seconds
        )
        if due and now >= self._not_before and not self._settings.read_only:
            self._start()

    def stop(self) -> None:
        """End the one that is being made, which then was never begun."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _contained_in(self, release: Release) -> int:
        known, number = self._contained
        return number if known == release.id else release.written.journal

    def _start(self) -> None:
        EVENTS.info("a checkpoint was begun", extra={"event": "checkpoint-begun"})
        command = [sys.executable, "-m", "graph.checkpoint", "--data", str(self._data.path)]
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process has ended
        self._process = subprocess.Popen(  # noqa: S603 - no part of it is from outside
            [*command, "--default-graph", self._settings.default_graph],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
        )

    def _bury(self, now: float) -> None:
        assert self._process is not None
        assert self._said is not None
        code = self._process.poll()
        if code is None:
            return
        self._process = self._since = None
        with self._said as said:
            said.seek(0)
            message = said.read(_LONGEST_MESSAGE).decode(errors="replace").strip()
        if code != 0:
            self._not_before = now + _RETRY_SECONDS
            self.tally.failed += 1
            reason, event = message or f"exit code {code}", {"event": "checkpoint-failed"}
            _LOG.error("no checkpoint was made: %s", reason, extra=event)
            return
        self.tally.made += 1
        # The release may be the same as before, and contain more writes than it did.
        current = self._data.current()
        if current is not None:
            self._contained = id_, number = current.id, current.written.journal
            made: dict[str, object] = {"event": "checkpoint", "release": id_, "write": number}
            _LOG.info("release %s has the writes up to %d", id_, number, extra=made)
