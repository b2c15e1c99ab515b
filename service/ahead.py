"""Engines that are started before the release that they serve is made the current one.

Whether a release can be served is known for sure when there is an engine over it. So whoever is
about to make one the current has its engine started first, which the mover takes then.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from graph.errors import GraphError
from service.engines import Wanted
from service.mover import Tenant

_Tenant = TypeVar("_Tenant", bound=Tenant)


class Ending(GraphError):
    """The service is being stopped, so nothing is started any more."""


class Ahead(Generic[_Tenant]):
    """Starts tenants, one of them ahead at most. It can be used from several threads.

    `start` makes a tenant, or raises a GraphError; `served` gives the release that is served.
    """

    def __init__(self, start: Callable[[Wanted], _Tenant], served: Callable[[], str]) -> None:
        self._start = start
        self.served = served
        self._lock = threading.Lock()
        self._ready: _Tenant | None = None
        self._stopped = threading.Event()
        # One thread that lives as long as the process: an engine may be tied to who started it.
        self._aside = ThreadPoolExecutor(1, "ahead")

    def prepare(self, release: str) -> None:
        """Have a tenant ready for a release, unless that is served.

        Raises what starting raises, and Ending.
        """
        wanted = Wanted(release)
        with self._lock:
            if release == self.served() or _fits(self._ready, wanted):
                return
            if self._stopped.is_set():
                raise Ending("the service is being stopped")
            starting = self._aside.submit(self._instead, self._ready, wanted)
            self._ready = None
        tenant = starting.result()
        with self._lock:
            if not self._stopped.is_set():
                self._ready = tenant
                return
        tenant.stop()
        raise Ending("the service is being stopped")

    def start(self, wanted: Wanted) -> _Tenant:
        """The tenant for what is wanted: the one that is ready, or a new one."""
        with self._lock:
            ready = self._ready
            if ready is not None and _fits(ready, wanted):
                self._ready = None
                return ready
        return self._start(wanted)

    def stop(self) -> None:
        """End the one that nobody took."""
        with self._lock:
            self._stopped.set()
            ready, self._ready = self._ready, None
        if ready is not None:
            ready.stop()
        self._aside.shutdown(wait=False, cancel_futures=True)

    def _instead(self, former: _Tenant | None, wanted: Wanted) -> _Tenant:
        if former is not None:
            former.stop()
        return self._start(wanted)


def _fits(tenant: Tenant | None, wanted: Wanted) -> bool:
    return tenant is not None and tenant.wanted == wanted and tenant.template.alive
