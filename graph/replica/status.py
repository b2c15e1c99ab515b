"""How far a replica is: `<data>/replica/status.json`, so that every process can tell it.

Times are seconds since the epoch, by the clock of this machine.
"""

import contextlib
import json
import os
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.release import DataDirectory
from graph.release.files import explained, make_folder
from graph.replica.errors import GoesInCircles
from graph.replica.taking import FOLDER

_NAME = "status.json"
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of the publisher. `newest` is the id of its release when it answered last.

    `answered` is when that was; `behind_since`, when it first had another release than is served
    here; `name` is one of this follower alone, and `over` has those of the replicas that the
    release came over, the publisher's first; `error` is why the last attempt failed, the
    `failures` of late began at `error_since`.
    """

    publisher: str
    name: str = field(default="", compare=False)
    over: tuple[str, ...] = ()
    newest: str | None = None
    answered: float | None = None
    behind_since: float | None = None
    error: str | None = None
    error_since: float | None = None
    failures: int = 0

    def after(self, over: Sequence[str]) -> "Status":
        """The publisher's release came over these. Raises GoesInCircles."""
        if self.name in over:
            raise GoesInCircles(
                f"{self.publisher}: it follows this service itself, perhaps over others; let one "
                "of them have another --follow, or none"
            )
        return replace(self, over=tuple(over))

    def offered(self, id_: str, now: float, *, current: bool) -> "Status":
        """The publisher answered: its release has this id; `current` if it is served here."""
        since = None if current else self.behind_since or now
        return replace(self, newest=id_, answered=now, behind_since=since)

    def failed(self, error: str, now: float) -> "Status":
        """An attempt failed."""
        since = self.error_since or now
        return replace(self, error=error, error_since=since, failures=self.failures + 1)

    def succeeded(self) -> "Status":
        """The newest release is the current one here, and is served or about to be."""
        return replace(self, error=None, error_since=None, failures=0)

    def pause(self, seconds: float) -> float:
        """Seconds until the next attempt: about as many while all is well, else few, then more.

        The same number is never drawn twice, so that replicas of one publisher spread.
        """
        if not self.failures:
            return seconds * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
        longest = max(seconds, _LONGEST_PAUSE)
        pause = min(longest, _FIRST_PAUSE * 2.0 ** min(self.failures - 1, 30))
        return pause * random.uniform(0.5, 1)  # noqa: S311

    def told(self, served: str, now: float) -> dict[str, Any]:
        """The members of a JSON document: times in UTC, durations in seconds.

        `served` is the id of the release that is served.
        """
        behind = self.newest not in (None, served)
        since = self.behind_since if behind else None
        return {
            "publisher": self.publisher,
            "newest": self.newest,
            "behind": behind,
            "behind_since": _time(since),
            "behind_seconds": _seconds(since, now) or 0,
            "answered": _time(self.answered),
            "answered_seconds": _seconds(self.answered, now),
            "error": self.error,
            "error_since": _time(self.error_since),
            "failures": self.failures,
        }


def read_status(data: DataDirectory) -> Status | None:
    """What is on record; None where that is nothing, or nothing that can be read."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        said: Mapping[str, Any] = json.loads(_place(data).read_bytes())
        return Status(**{**said, "over": tuple(said.get("over", ()))})
    return None


def write_status(data: DataDirectory, status: Status) -> None:
    """Put it on record in one step. Raises DataDirectoryError."""
    place = _place(data)
    with explained("write how far the replica is", place):
        make_folder(place.parent)
        beside = place.with_name(f".{_NAME}.{os.getpid()}")
        beside.write_text(json.dumps(asdict(status)), "utf-8")
        beside.replace(place)


def _place(data: DataDirectory) -> Path:
    return data.path / FOLDER / _NAME


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _seconds(since: float | None, now: float) -> float | None:
    return None if since is None else round(max(0.0, now - since), 1)
