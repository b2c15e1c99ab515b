"""Keeps the service on the current release: moves over when there is another, and starts an engine
again that died.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from graph.errors import GraphError
from graph.release import DataDirectory, Release
from service.checkpoints import Checkpoints
from service.engines import Wanted, wanted
from service.front import Front
from service.front.tenancy import Tenancy
from service.older import OlderReleases
from service.settings import Settings
from service.switchboard import Switchboard
from service.tenants import Tenant, start_tenant

_LOG = logging.getLogger("therascape.service")
_POLL_SECONDS = 1.0
_RETRY_SECONDS = 10.0

_Result = TypeVar("_Result")


class Mover:
    """Has a tenant move in and out of the front. All but `take_over` is for the event loop."""

    def __init__(
        self, settings: Settings, data: Path, switchboard: Switchboard, older: OlderReleases
    ) -> None:
        self._settings = settings
        self._data = DataDirectory(data)
        self._switchboard = switchboard
        self._older = older
        self.checkpoints = Checkpoints(settings, self._data)
        # One thread that lives as long as the process: an engine may be tied to who started it.
        self._aside = ThreadPoolExecutor(1, "mover")
        self._tenants: list[Tenant] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: Wanted | None = None
        self._not_before = 0.0

    def take_over(self, tenant: Tenant) -> None:
        """Begin with this tenant."""
        with self._switchboard.moving_to(tenant.client):
            self._tenants.insert(0, tenant)

    @property
    def release(self) -> Release:
        """What is served."""
        return self._tenants[0].release

    async def start(self, front: Front) -> None:
        """Let the front serve what there is, and keep looking for something later."""
        self._let(front, self._tenants[0])
        self._begin(self._watch(front))

    async def stop(self, _: Front) -> None:
        """End the engines. Requests that are under way lose theirs."""
        for task in self._tasks:
            task.cancel()
        self.checkpoints.stop()
        self._older.stop()
        for tenant in self._tenants:
            tenant.stop()
        self._aside.shutdown(wait=False, cancel_futures=True)

    async def _watch(self, front: Front) -> None:
        while True:
            await asyncio.sleep(_POLL_SECONDS)
            try:
                await self._look(front)
            except GraphError as error:
                _LOG.warning("%s", error)
            except Exception:  # noqa: BLE001 - the service goes on as it is
                _LOG.exception("looking for another release failed")

    async def _look(self, front: Front) -> None:
        tenant = self._tenants[0]
        loop = asyncio.get_running_loop()
        if not tenant.template.alive:
            if loop.time() >= self._not_before:
                self._not_before = loop.time() + _RETRY_SECONDS
                event = {"event": "engine-ended", "release": tenant.release.id}
                _LOG.error("the engine's process ended; starting another one", extra=event)
                current = await self._run(self._current)
                await self._move(front, current or tenant.wanted)
            return
        current = await self._run(self._current)
        if current is not None and current not in (tenant.wanted, self._refused):
            await self._move(front, current)
            return
        await self._run(self._switchboard.catch_up)
        await self._run(lambda: self.checkpoints.look(tenant.release, self._switchboard.number))

    async def _move(self, front: Front, wanted: Wanted) -> None:
        release_id = wanted.release
        try:
            tenant = await self._run(lambda: self._start(wanted))
        except GraphError as error:
            self._refused = wanted
            event = {"event": "release-refused", "release": release_id}
            text = "release %s cannot be served, the former one is: %s"
            _LOG.error(text, release_id, error, extra=event)
            return
        loop = asyncio.get_running_loop()
        before = self._tenants[0]

        async def swap() -> Tenancy | None:
            return self._let(front, tenant)

        def change() -> Tenancy | None:
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

    async def _leave(self, tenant: Tenant, tenancy: Tenancy | None) -> None:
        """Let the last requests end with what they began with."""
        if tenancy is not None:
            await tenancy.ended()
        self._switchboard.leave(tenant.client)
        self._tenants.remove(tenant)
        tenant.drain()

    def _let(self, front: Front, tenant: Tenant) -> Tenancy | None:
        release, switchboard = tenant.release.id, self._switchboard
        return front.serve(tenant.app, lambda: (release, switchboard.number))

    def _start(self, wanted: Wanted) -> Tenant:
        data = self._data.path
        return start_tenant(self._settings, data, wanted, self._switchboard, self._older)

    def _current(self) -> Wanted | None:
        return wanted(self._settings, self._data.path)

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._aside, work)

    def _begin(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
