"""The process that has the engine: it starts it, moves to other releases, makes the checkpoints.

`service.processes.parent` starts it, with what it is to serve on standard input, and it ends when
that does. It takes no requests, so nothing that clients send can end it.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from graph.errors import GraphError
from graph.release import DataDirectory
from graph.release.use import Use
from graph.template.saying import report
from service.ahead import Ahead
from service.engines import Wanted, wanted
from service.following import Follower
from service.holding import Held, start_engine
from service.loglines import configure_logging
from service.mover import Mover
from service.processes.numbers import Numbers
from service.processes.place import Announced, Place
from service.settings import Settings
from service.storing import told
from service.switchboard import Switchboard

_LEFT_SECONDS = 0.2


class Owner:
    """Has the engines, and announces them in the shared place."""

    def __init__(self, settings: Settings, data: Path, place: Place) -> None:
        self._settings = settings
        self._data = data
        self._place = place
        numbers = Numbers(place.numbers)
        switchboard = Switchboard(numbers)
        self._ahead = Ahead(self._started, lambda: self._mover.release.id)
        self._mover: Mover[Held] = Mover(settings, data, switchboard, self._ahead.start, numbers)
        self._follower = (
            Follower(settings, DataDirectory(data), self._ahead) if settings.follow else None
        )
        self._name: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, first: Wanted) -> None:
        """Serve until standard input ends."""
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), _look, ended)
        held = self._started(_wanted(self._settings, self._data) or first)
        self._mover.take_over(held)
        former = self._place.names()
        await self._mover.start(self._announce)
        for name in former:  # of one that ended before this one
            self._begin(_Left(self._place, name).ended())
        report(ready=True, memory=told(held.budget))
        if self._follower is not None:
            self._follower.start()
        await ended.wait()
        if self._follower is not None:
            self._follower.stop()
        await self._left()
        await self._mover.stop()
        self._ahead.stop()

    def _started(self, wanted: Wanted) -> Held:
        return start_engine(self._settings, self._data, wanted)

    def _announce(self, held: Held) -> "_Left | None":
        engine = Announced(held.release.id, held.template.options.socket, held.template.memory)
        former, self._name = self._name, self._place.announce(engine)
        return _Left(self._place, former) if former else None

    async def _left(self) -> None:
        """Wait for requests under way, as long as they may take when the service is stopped."""
        until = time.monotonic() + self._settings.stop_seconds
        names = self._place.names()
        while time.monotonic() < until:
            if all(self._place.forget(name) for name in names):
                return
            await asyncio.sleep(_LEFT_SECONDS)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Left:
    """A former engine, until no process uses it."""

    def __init__(self, place: Place, name: str) -> None:
        self._place = place
        self._name = name

    async def ended(self) -> None:
        """Return when nobody uses it, and nobody will."""
        while not self._place.forget(self._name):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_LEFT_SECONDS)


def _wanted(settings: Settings, data: Path) -> Wanted | None:
    with contextlib.suppress(GraphError):  # what is wrong is told by the start
        return wanted(settings, data)
    return None


def _look(ended: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 4096):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        ended.set()


def main() -> int:
    """Read what to serve from the first line of standard input, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started this
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as stream:
        told: Mapping[str, Any] = json.loads(stream.readline())
    settings = Settings(**told["settings"])
    configure_logging(events=settings.log_events)
    place = Place(Path(told["place"]))
    try:
        with Use(place.path):  # it may outlive who made it
            owner = Owner(settings, Path(told["data"]), place)
            asyncio.run(owner.run(Wanted(told["release"])))
    except (GraphError, OSError) as error:
        report(error=str(error))
        return 1
    place.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
