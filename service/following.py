"""Follows a publisher: asks it now and then, and lets a process of its own take over what is new.

The process loads what it fetched before it publishes it, so what is wrong with that, and the memory
that it takes, are no matter of the service, which moves over as it does after every build.
"""

import contextlib
import logging
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any

from graph.errors import GraphError
from graph.release import DataDirectory, Release, ReleaseDamaged
from graph.replica.asking import Publisher
from graph.replica.offer import Offer, ask
from graph.replica.status import Status, read_status, write_status
from graph.replica.taking import check_replica, is_current
from graph.template.budget import DoesNotFit
from service.settings import Settings

if TYPE_CHECKING:
    from service.ahead import Ahead

_LOG = logging.getLogger("therascape.service")
_LONGEST_MESSAGE = 2000


class NotTaken(GraphError):
    """The newest release was not taken over; the message is that of the process that tried."""


class Follower:
    """Keeps the data directory on the publisher's release; there is one for a directory.

    A release that the settings do not allow is not taken over; it becomes the current one when
    `ahead` has an engine over it, or at once without.
    """

    def __init__(
        self, settings: Settings, data: DataDirectory, ahead: "Ahead[Any] | None" = None
    ) -> None:
        assert settings.follow is not None
        self._settings = settings
        self._data = data
        self._ahead = ahead
        self._refused: tuple[Offer, GraphError] | None = None
        self._told: str | None = None
        self._publisher = Publisher(settings.follow)
        known = read_status(data)
        same = known is not None and known.publisher == settings.follow
        former = known if known is not None and same else Status(settings.follow)
        self.status = replace(former, name=secrets.token_hex(16))
        self._stopped = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Follow, in a thread, until `stop`."""
        self._note(self.status)  # who asks this service is told its name
        threading.Thread(target=self._follow, name="follower", daemon=True).start()

    def stop(self) -> None:
        """Follow no more. What has arrived of a release is there the next time."""
        with self._lock:
            self._stopped.set()
            if self._process is not None:
                self._process.kill()

    def once(self) -> float:
        """Ask, and take over what is new; return the seconds until the next time."""
        try:
            offer = ask(self._publisher, self._settings.follow_max_bytes)
            self.status = self.status.after(offer.over)
            current = is_current(self._data, offer)
            self._offered(offer.id, current=current)
            if not current:
                self._take_over(offer)
        except GraphError as error:
            if not self._stopped.is_set():
                self._failed(str(error))
        else:
            if self.status.failures:
                _LOG.info("%s is followed again", self.status.publisher)
            self._told = None
            self._note(self.status.succeeded())
        return self.status.pause(self._settings.follow_seconds)

    def _take_over(self, offer: Offer) -> None:
        """Make what is offered the current release. Raises NotTaken, and why it cannot be served.

        What was too large for the memory stays so, and is not loaded again and again.
        """
        if self._refused is not None and self._refused[0] == offer:
            raise self._refused[1]
        taken = self._take()
        try:
            if self._ahead is not None:
                self._ahead.prepare(taken)
        except DoesNotFit as error:
            if taken == offer.id:
                self._refused = offer, error
            raise
        self._data.make_current(taken)
        self._offered(taken, current=True)

    def _offered(self, release: str, *, current: bool) -> None:
        """Take note of the publisher's release, and since when another one is served."""
        served = current and (self._ahead is None or self._ahead.served() == release)
        self._note(self.status.offered(release, time.time(), current=served))

    def _failed(self, error: str) -> None:
        if error != self._told:
            self._told = error
            text = "the publisher's release was not taken over: %s; trying again"
            _LOG.warning(text, error, extra={"event": "not-followed"})
        self._note(self.status.failed(error, time.time()))

    def _follow(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            try:
                pause = self.once()
            except Exception:  # noqa: BLE001 - the service goes on with what it has
                _LOG.exception("following failed")
                pause = self._settings.follow_seconds

    def _take(self) -> str:
        """Return the id of the release that was taken over. Raises NotTaken."""
        settings = self._settings
        command = [sys.executable, "-m", "graph.replica", "--data", str(self._data.path)]
        command += ["--publisher", self.status.publisher, "--most", str(settings.follow_max_bytes)]
        command += ["--on-disk"] if settings.store == "disk" else []
        command += ["--strict"] if settings.strict else []
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as wrong:
            with self._lock:
                if self._stopped.is_set():
                    raise NotTaken("the service is being stopped")
                # It ends when its standard input does: with this process, however that ends.
                self._process = subprocess.Popen(  # noqa: S603 - no shell, and checked settings
                    command, stdin=subprocess.PIPE, stdout=said, stderr=wrong
                )
            try:
                code = self._process.wait()
            finally:
                assert self._process.stdin is not None
                self._process.stdin.close()
            message = _text(wrong)
            if code != 0:
                raise NotTaken(message or f"the process that fetches ended with code {code}")
            return _text(said)

    def _note(self, status: Status) -> None:
        self.status = status
        with contextlib.suppress(GraphError):  # the disk is full: that is told elsewhere
            write_status(self._data, status)


def first_release(settings: Settings, data: DataDirectory) -> Release:
    """Return the current release; where there is none, the publisher's, however long that takes.

    It is one that an engine was started over, to see that it can be served. Why an attempt failed
    is logged. Raises NotAReplica.
    """
    from service.ahead import Ahead  # noqa: PLC0415 - only the first start needs it
    from service.holding import start_engine  # noqa: PLC0415

    check_replica(data)
    ahead = Ahead(lambda wanted: start_engine(settings, data.path, wanted), lambda: "")
    follower = Follower(settings, data, ahead)
    try:
        while True:
            with contextlib.suppress(ReleaseDamaged):  # it is fetched anew
                if (current := data.current()) is not None:
                    return current
            pause = follower.once()
            if follower.status.error:
                time.sleep(pause)
    finally:
        ahead.stop()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_LONGEST_MESSAGE).decode(errors="replace").strip()


def came_over(settings: Settings, data: DataDirectory) -> list[str]:
    """The names of the replicas that the release came over, this one first; none elsewhere."""
    status = read_status(data) if settings.follow is not None else None
    return [status.name, *status.over] if status is not None and status.name else []


def follows(settings: Settings, release: Release) -> dict[str, Any] | None:
    """Return how far a replica is that serves a release, as `/health` tells it; None for others."""
    if settings.follow is None:
        return None
    status = read_status(DataDirectory(release.path.parents[1])) or Status(settings.follow)
    return status.told(release.id, time.time())
