"""Where reported problems are kept: a file for each in the folder `problems` of the data directory.

A file is written beside its place and moved there when it is on disk, so one that is there is
whole. Its name ends in the hash of what was said: the same said twice is kept once.
"""

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from time import monotonic

from service.refusals import ProblemNotKept, TooManyProblems

FOLDER = "problems"
#: Files in the folder, at most: what nobody looks through is no use.
MOST_KEPT = 5_000
_PERIOD = 600.0  # seconds in which these many may be reported, by one client and by all
_OF_ONE, _OF_ALL = 5, 60
_MOST_CLIENTS = 10_000
_SMALLEST_ROOM = 16 * 1024 * 1024  # bytes that stay free on the disk
_SIGNIFICANT = 16


@dataclass(frozen=True, slots=True)
class Reported:
    """A problem: the IRI of the fact, the release that it was seen in, what is wrong, by whom."""

    about: str
    release: str
    wrong: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A problem that is kept: `id` is the name of its file, `at` when it came."""

    id: str
    at: str
    reported: Reported


class Box:
    """Keeps problems in a folder, as many and as fast as may be.

    `shared` is a file by which several processes count together.
    """

    def __init__(
        self, data: Path, now: Callable[[], float] = monotonic, shared: Path | None = None
    ) -> None:
        self._folder = data / FOLDER
        self._now = now
        self._lock = threading.Lock()
        self._shared = shared
        self._times: deque[tuple[float, str]] = deque(maxlen=_MOST_CLIENTS)

    def keep(self, reported: Reported, client: str = "") -> str:
        """Keep a problem, and return its id; one that is kept already has its own.

        Raises TooManyProblems and ProblemNotKept.
        """
        text = json.dumps(asdict(reported), sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()[:_SIGNIFICANT]
        with self._lock:
            try:
                with self._told():
                    if (known := next(self._folder.glob(f"*-{digest}.json"), None)) is not None:
                        return known.stem
                    self._admit(client)
                    return self._write(reported, digest)
            except OSError as error:
                raise ProblemNotKept(f"it could not be written: {error.strerror}") from error
            except MemoryError:
                raise ProblemNotKept("there is no memory left for it") from None

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Have what other processes of the service were told, and let them have it."""
        if self._shared is None:
            yield
            return
        with self._shared.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # until it is closed
            file.seek(0)
            self._times.clear()
            with contextlib.suppress(ValueError):  # who wrote it was killed
                self._times.extend((at, who) for at, who in json.loads(file.read() or "[]"))
            try:
                yield
            finally:
                file.seek(0)
                file.truncate()
                json.dump([*self._times], file)

    def _admit(self, client: str) -> None:
        """Raise TooManyProblems where a client, or all of them, reported much of late."""
        since = self._now() - _PERIOD
        while self._times and self._times[0][0] < since:
            self._times.popleft()
        mine = [at for at, who in self._times if who == client]
        for times, most in ((mine, _OF_ONE), ([at for at, _ in self._times], _OF_ALL)):
            if len(times) >= most:
                raise TooManyProblems(int(times[-most] - since) + 1)
        self._times.append((self._now(), client))

    def _write(self, reported: Reported, digest: str) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = sum(1 for _ in self._folder.glob("*.json"))
        if kept >= MOST_KEPT:
            raise ProblemNotKept(f"{MOST_KEPT:,} problems are kept, and none was looked through")
        disk = os.statvfs(self._folder)
        if disk.f_bavail * disk.f_frsize < _SMALLEST_ROOM:
            raise ProblemNotKept("the disk is nearly full")
        at = datetime.datetime.now(datetime.UTC)
        id_ = f"{at:%Y%m%dT%H%M%SZ}-{digest}"
        line = json.dumps({"id": id_, "at": f"{at:%Y-%m-%dT%H:%M:%SZ}", **asdict(reported)})
        place = self._folder / f"{id_}.json"
        beside = place.with_suffix(".part")
        # Whoever else uses the machine need not read who reported something.
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(f"{line}\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(place)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return id_


@cache
def box_in(data: Path, shared: Path | None = None) -> Box:
    """Return the box of a data directory: one, whichever release is served."""
    return Box(data, shared=shared)


def kept_in(data: Path) -> Iterator[Kept]:
    """Yield the problems that are kept in a data directory, the newest first.

    What is no problem of ours in the folder is passed over.
    """
    for path in sorted((data / FOLDER).glob("*.json"), reverse=True):
        try:
            found = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(found, Mapping):
            texts = {name: str(found.get(name, "")) for name in ("about", "release", "wrong")}
            reported = Reported(**texts, contact=str(found.get("contact", "")))
            yield Kept(path.stem, str(found.get("at", "")), reported)
