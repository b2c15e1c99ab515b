"""Keeps the service on the current release: moves over when there is another, and starts an engine
again that died.
"""

import asyncio
import logging
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from graph.errors import GraphError
from graph.release import DataDirectory, Release
from graph.template.client import Template
from service.checkpoints import Checkpoints, Tally
from service.engines import Wanted, wanted
from service.settings import Settings
from service.switchboard import Client, Switchboard

_LOG = logging.getLogger("therascape.service")
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 10.0
# A database elsewhere may be away just now, and what was served before may be gone.
_FIRST_PAUSE = 2.0
_LONGEST_PAUSE = 60.0

_Result = TypeVar("_Result")


class Tenant(Protocol):
    """A release that can be served, and the engine over it."""

    @property
    def wanted(self) -> Wanted:
        """What it was started for."""

    @property
    def release(self) -> Release:
        """The release."""

    @property
    def template(self) -> Template:
        """The engine's process."""

    @property
    def client(self) -> Client:
        """Whom writes and looks go to."""

    def stop(self) -> None:
        """End the engine, and what it works on."""

    def drain(self) -> None:
        """Let the engine end once it has answered what it has; return at once."""


class Former(Protocol):
    """What was served before, and may have requests under way."""

    async def ended(self) -> None:
        """Return when no request is left in it."""


_Tenant = TypeVar("_Tenant", bound=Tenant)
Serve = Callable[[_Tenant], Former | None]


class Mover(Generic[_Tenant]):
    """Has a tenant move in and out. All but `take_over` is for the event loop.

    `start` makes a tenant, or raises a GraphError. What is given to `start` of this class lets
    requests be answered by a tenant from then on, and returns what was there before.
    """

    def __init__(
        self,
        settings: Settings,
        data: Path,
        switchboard: Switchboard,
        start: Callable[[Wanted], _Tenant],
        tally: Tally | None = None,
    ) -> None:
        self._settings = settings
        self._data = DataDirectory(data)
        self._switchboard = switchboard
        self._start = start
        self.checkpoints = Checkpoints(settings, self._data, tally)
        # One thread that lives as long as the process: an engine may be tied to who started it.
        self._aside = ThreadPoolExecutor(1, "mover")
        self._tenants: list[_Tenant] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: Wanted | None = None
        self._pause = 0.0
        self._again = math.inf
        self._not_before = 0.0
        self._said = ""

    def take_over(self, tenant: _Tenant) -> None:
        """Begin with this tenant."""
        with self._switchboard.moving_to(tenant.client):
            self._tenants.insert(0, tenant)

    @property
    def release(self) -> Release:
        """What is served."""
        return self._tenants[0].release

    async def start(self, serve: Serve[_Tenant]) -> None:
        """Serve what there is, and keep looking for something later."""
        serve(self._tenants[0])
        self._begin(self._watch(serve))

    async def stop(self) -> None:
        """End the engines. Requests that are under way lose theirs."""
        for task in self._tasks:
            task.cancel()
        self.checkpoints.stop()
        for tenant in self._tenants:
            tenant.stop()
        self._aside.shutdown(wait=False, cancel_futures=True)

    async def _watch(self, serve: Serve[_Tenant]) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            try:
                await self._look(serve)
                self._said = ""
            except GraphError as error:
                if str(error) != self._said:  # once, and not each second
                    _LOG.warning("%s", error)
                self._said = str(error)
            except Exception:  # noqa: BLE001 - the service goes on as it is
                _LOG.exception("looking for another release failed")

    async def _look(self, serve: Serve[_Tenant]) -> None:
        tenant = self._tenants[0]
        loop = asyncio.get_running_loop()
        if not tenant.template.alive:
            if loop.time() >= self._not_before:
                self._not_before = loop.time() + _RETRY_SECONDS
                event = {"event": "engine-ended", "release": tenant.release.id}
                _LOG.error("the engine's process ended; starting another one", extra=event)
                current = await self._run(self._current)
                await self._move(serve, current or tenant.wanted)
            return
        current = await self._run(self._current)
        if current is not None and self._is_to_be_tried(current, tenant.wanted, loop.time()):
            await self._move(serve, current)
            return
        await self._run(self._switchboard.catch_up)
        await self._run(lambda: self.checkpoints.look(tenant.release, self._switchboard.number))

    def _is_to_be_tried(self, current: Wanted, served: Wanted, now: float) -> bool:
        return current != served and (current != self._refused or now >= self._again)

    async def _move(self, serve: Serve[_Tenant], wanted: Wanted) -> None:
        release_id = wanted.release
        try:
            tenant = await self._run(lambda: self._start(wanted))
        except GraphError as error:
            self._refuse(wanted, error)
            return
        loop = asyncio.get_running_loop()
        before = self._tenants[0]

        async def swap() -> Former | None:
            return serve(tenant)

        def change() -> Former | None:
            with self._switchboard.moving_to(tenant.client):
                return asyncio.run_coroutine_threadsafe(swap(), loop).result()

        try:
            left = await self._run(change)
        except BaseException:
            tenant.stop()
            raise
        self._tenants.insert(0, tenant)
        self._refused = None
        event = {"event": "moved", "release": release_id}
        _LOG.info("moved to release %s", release_id, extra=event)
        self._begin(self._leave(before, left))

    def _refuse(self, wanted: Wanted, error: GraphError) -> None:
        event = {"event": "release-refused", "release": wanted.release}
        if wanted.pointer is None:
            self._again = math.inf
            text = "release %s cannot be served, the former one is: %s"
            _LOG.error(text, wanted.release, error, extra=event)
        else:
            longer = min(2 * self._pause, _LONGEST_PAUSE) if wanted == self._refused else 0.0
            self._pause = max(_FIRST_PAUSE, longer)
            self._again = asyncio.get_running_loop().time() + self._pause
            text = "release %s cannot be served yet: %s; it is tried again after %d seconds"
            _LOG.error(text, wanted.release, error, self._pause, extra=event)
        self._refused = wanted

    async def _leave(self, tenant: _Tenant, former: Former | None) -> None:
        """Let the last requests end with what they began with."""
        if former is not None:
            await former.ended()
        self._switchboard.leave(tenant.client)
        self._tenants.remove(tenant)
        tenant.drain()

    def _current(self) -> Wanted | None:
        return wanted(self._settings, self._data.path, self._tenants[0].wanted)

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    def _begin(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
