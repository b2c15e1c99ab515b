"""What one of several processes that answer has: applications over engines of another process."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from graph.query import EngineUnavailable
from graph.release import DataDirectory, Release
from graph.release.use import Use
from service.budgeting import budget_of, options_of
from service.front import Front
from service.front.tenancy import Tenancy
from service.older import OlderReleases
from service.processes.board import Abreast, SharedBoard
from service.processes.numbers import Numbers
from service.processes.place import NoEngineYet, Place
from service.settings import Settings
from service.sight import SIGHT
from service.storing import as_stored, on_disk
from service.tenants import app_over

if TYPE_CHECKING:
    from flask import Flask

_LOG = logging.getLogger("therascape.service")
_POLL_SECONDS = 0.1
_RETRY_SECONDS = 1.0

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Guest:
    """An engine of another process, and the application that answers from it."""

    name: str
    release: Release
    client: Abreast
    app: "Flask"
    uses: tuple[Use, Use]

    def end(self) -> None:
        """Leave the engine; whoever has it may end it then."""
        self.client.close()
        for use in self.uses:
            use.end()


class Guests:
    """Keeps a front on the engine that is announced. All but `begin` is for the event loop."""

    def __init__(self, settings: Settings, data: Path, place: Place) -> None:
        self._settings = settings
        self._data = data
        self._place = place
        self._numbers = Numbers(place.numbers)
        self.board = SharedBoard(self._numbers, place)
        self._older = OlderReleases(settings, data, self.board)
        # One thread that lives as long as the process: an engine may be tied to who started it.
        self._aside = ThreadPoolExecutor(1, "guests")
        self._guests: list[Guest] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def release(self) -> Release:
        """What is served."""
        return self._guests[0].release

    @property
    def tally(self) -> Numbers:
        """The checkpoints of the service."""
        return self._numbers

    def begin(self) -> None:
        """Begin with the engine of the moment, waiting for it. Raises what making an application
        raises.
        """
        while True:
            try:
                guest = self._entered()
                try:
                    with self.board.moving_to(guest.client):
                        self._guests.insert(0, guest)
                except BaseException:
                    guest.end()
                    raise
            except (EngineUnavailable, NoEngineYet):
                time.sleep(_POLL_SECONDS)
            else:
                return

    def start(self, front: Front) -> None:
        """Let the front serve what there is, and look for another engine from then on."""
        self._serve(front, self._guests[0])
        self._go_on(self._watch(front))

    def stop(self) -> None:
        """Leave all engines."""
        for task in self._tasks:
            task.cancel()
        self._older.stop()
        for guest in self._guests:
            guest.end()
        self._aside.shutdown(wait=False, cancel_futures=True)

    async def _watch(self, front: Front) -> None:
        pause = _POLL_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = _POLL_SECONDS
            SIGHT.holds(len(front.cache), front.cache.held)
            if self._place.current() in (self._guests[0].name, None):
                continue
            try:
                await self._move(front)
            except (EngineUnavailable, NoEngineYet):
                pause = _RETRY_SECONDS  # it ended; there will be another one
            except Exception:  # noqa: BLE001 - the service goes on as it is
                _LOG.exception("moving to another engine failed")
                pause = _RETRY_SECONDS

    async def _move(self, front: Front) -> None:
        guest = await self._run(self._entered)
        loop = asyncio.get_running_loop()
        before = self._guests[0]

        async def swap() -> Tenancy | None:
            return self._serve(front, guest)

        def change() -> Tenancy | None:
            with self.board.moving_to(guest.client):
                return asyncio.run_coroutine_threadsafe(swap(), loop).result()

        try:
            left = await self._run(change)
        except BaseException:
            guest.end()
            raise
        self._guests.insert(0, guest)
        self._go_on(self._leave(before, left))

    async def _leave(self, guest: Guest, tenancy: Tenancy | None) -> None:
        """Let the last requests end with what they began with."""
        if tenancy is not None:
            await tenancy.ended()
        self.board.leave(guest.client)
        self._guests.remove(guest)
        guest.end()

    def _serve(self, front: Front, guest: Guest) -> Tenancy | None:
        release, numbers = guest.release.id, self._numbers
        return front.serve(guest.app, lambda: (release, numbers.number))

    def _entered(self) -> Guest:
        """The engine of the moment, with an application. Raises NoEngineYet, EngineUnavailable."""
        name = self._place.current()
        if name is None:
            raise NoEngineYet("no engine is announced")
        engine, use = self._place.using(name)
        uses = [use]
        client = Abreast(engine.socket, self._numbers)
        try:
            release = DataDirectory(self._data).release(engine.release)
            uses.append(Use(release.path))
            app = app_over(
                *(self._settings, self._data, release, client, self.board),
                reports=self._place.reports,
            )
            settings = as_stored(self._settings, disk=on_disk(self._settings, self._data, release))
            options = options_of(settings, self._data, release.id)
            self._older.beside(app, release, budget_of(self._settings, engine.memory, options))
        except BaseException:
            client.close()
            for one in uses:
                one.end()
            raise
        return Guest(name, release, client, app, (uses[0], uses[1]))

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    def _go_on(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
