"""Stored releases that are asked beside the one that is served: one at a time, for a while.

Such a release has an engine like any other: a template of its own with workers behind the wall, and
the same deadlines. It starts when somebody asks for the release, and ends when nobody has for a
minute, or when another release is asked for. It takes no writes.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from graph.errors import GraphError
from graph.query import QueueFull
from graph.release import DataDirectory, Release
from graph.release.finding import find_release
from graph.release.use import Use

if TYPE_CHECKING:
    from flask import Flask

IDLE_SECONDS = 60.0
_RETRY_SECONDS = 5
_WAIT_SECONDS = 20.0
_LOOK_SECONDS = 1.0


class NoRoomForRelease(GraphError):
    """There is not enough memory for another release beside the one that is served."""


class Engine(Protocol):
    """What answers from a release; `stop` ends it at once."""

    @property
    def app(self) -> "Flask":
        """The application that answers."""

    def stop(self) -> None:
        """End it."""


@dataclass(slots=True)
class _Shelf:
    """A release that is asked, and how many requests are under way. `since` nobody asks."""

    release: str
    engine: Engine
    use: Use
    asking: int = 0
    since: float = 0.0


class Archive:
    """The stored releases of a data directory. It can be used from several threads.

    `start` makes an engine over a release, and raises NoRoomForRelease or what starting raises.
    """

    def __init__(
        self, data: Path, start: Callable[[Release], Engine], idle: float = IDLE_SECONDS
    ) -> None:
        self._data = DataDirectory(data)
        self._start = start
        self._idle = idle
        self._changed = threading.Condition()
        self._shelf: _Shelf | None = None
        self._starting = False
        self._stopped = False
        # An engine ends with the thread that started it, so that one lives as long as this.
        self._aside = ThreadPoolExecutor(1, "archive")
        threading.Thread(target=self._tidy, name="archive-idle", daemon=True).start()

    def find(self, text: str) -> Release:
        """The stored release whose id begins so. Raises UnknownRelease and what opening raises."""
        return find_release(self._data, text)

    @contextlib.contextmanager
    def serving(self, release: Release) -> Iterator["Flask"]:
        """The application over a release, which is there as long as the block runs.

        Raises QueueFull while another release is asked, and what starting an engine raises.
        """
        shelf = self._taken(release)
        try:
            yield shelf.engine.app
        finally:
            with self._changed:
                shelf.asking -= 1
                shelf.since = time.monotonic()
                self._changed.notify_all()

    def stop(self) -> None:
        """End the engine, if there is one; requests under way lose theirs."""
        with self._changed:
            self._stopped = True
            shelf, self._shelf = self._shelf, None
            self._changed.notify_all()
        if shelf is not None:
            _end(shelf)
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _taken(self, release: Release) -> _Shelf:
        over = time.monotonic() + _WAIT_SECONDS
        with self._changed:
            while True:
                shelf = self._shelf
                if self._stopped:
                    raise QueueFull(1, _RETRY_SECONDS)
                if shelf is not None and shelf.release == release.id:
                    shelf.asking += 1
                    return shelf
                if not self._starting and (shelf is None or not shelf.asking):
                    self._starting, self._shelf = True, None
                    break
                left = over - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    raise QueueFull(1, _RETRY_SECONDS)
        made: _Shelf | None = None
        try:
            if shelf is not None:
                _end(shelf)
            made = self._aside.submit(self._made, release).result()
        finally:
            with self._changed:
                self._starting = False
                kept = made is not None and not self._stopped
                if kept:
                    self._shelf = made
                self._changed.notify_all()
        if not kept:
            _end(made)
            raise QueueFull(1, _RETRY_SECONDS)
        return made

    def _made(self, release: Release) -> _Shelf:
        use = Use(release.path)
        try:
            return _Shelf(release.id, self._start(release), use, asking=1)
        except BaseException:
            use.end()
            raise

    def _tidy(self) -> None:
        """End the engine that nobody has asked for a while."""
        while True:
            with self._changed:
                self._changed.wait(_LOOK_SECONDS)
                if self._stopped:
                    return
                shelf = self._shelf
                if shelf is None or shelf.asking or time.monotonic() - shelf.since < self._idle:
                    continue
                self._shelf = None
            _end(shelf)


def _end(shelf: _Shelf) -> None:
    shelf.engine.stop()
    shelf.use.end()
