"""What runs in the process that answers: the front, the engine behind it, and what watches both."""

import asyncio
import contextlib
import gc
import resource
from pathlib import Path

from graph.errors import GraphError
from graph.heap import use_one_heap
from graph.release import DataDirectory
from service.ahead import Ahead
from service.budgeting import limits_of
from service.engines import Wanted, wanted
from service.following import Follower, follows
from service.front import Front, Observers
from service.front.closing import leave_first
from service.front.proxies import Asgi, behind
from service.front.sockets import bound_slow_readers
from service.front.tenancy import Tenancy
from service.keeping import Keeping
from service.loglines import EVENTS, configure_logging
from service.logs import QueryLog, open_query_log, open_request_log
from service.mover import Mover
from service.older import OlderReleases
from service.processes.fronts import Guests
from service.processes.place import Place
from service.settings import Settings
from service.sight import SIGHT
from service.storing import told
from service.switchboard import Switchboard
from service.tenants import Tenant, start_tenant
from service.version import version

_OPEN_FILES = 65_536
_LEAVE_SECONDS = 1.0
_TASKS: set[asyncio.Task[None]] = set()


def load_front(settings: Settings, data: Path, first: Wanted, port: int) -> tuple[Asgi, str]:
    """Start the engine, and return what answers at `port`, and the memory that it may use in words.

    It begins with what is wanted now. `first` is what was when the service was started, which
    may be long ago: who answers is replaced when it dies.

    Raises TemplateFailed, DoesNotFit, InvalidSetting and the errors of graph.release.
    """
    _prepare(settings)
    switchboard = Switchboard()
    older = OlderReleases(settings, data, switchboard)
    tenant = start_tenant(settings, data, _wanted(settings, data) or first, switchboard, older)
    ahead = Ahead(
        lambda wanted: start_tenant(settings, data, wanted, switchboard, older),
        lambda: mover.release.id,
    )
    mover = Mover(settings, data, switchboard, ahead.start)
    mover.take_over(tenant)
    logs = _logs(settings, data)
    follower = Follower(settings, DataDirectory(data), ahead) if settings.follow else None

    async def start(front: Front) -> None:
        await mover.start(lambda tenant: _let(front, tenant, switchboard))
        if follower is not None:
            follower.start()
        _started(front, settings, port, tenant.release.id)

    async def stop(_: Front) -> None:
        if follower is not None:
            follower.stop()
        older.stop()
        await mover.stop()
        ahead.stop()
        _stopped(logs)

    front = Front(
        limits_of(settings),
        observer=Observers(SIGHT, *logs),
        on_start=start,
        on_stop=stop,
    )
    SIGHT.looks.register(Keeping(data, mover.checkpoints.tally))
    SIGHT.watch(
        switchboard.status,
        lambda: (len(front.cache), front.cache.held),
        lambda: follows(settings, mover.release),
    )
    return behind(front, settings.proxies), told(tenant.budget)


def load_one_of_several(settings: Settings, data: Path, place: Place, port: int) -> Asgi:
    """Return what answers at `port`, beside other processes, from the engine that they share.

    Waits for that engine. Raises InvalidSetting and the errors of graph.release.
    """
    _prepare(settings)
    guests = Guests(settings, data, place)
    guests.begin()
    logs = _logs(settings, data, place)

    async def start(front: Front) -> None:
        guests.start(front)
        _started(front, settings, port, guests.release.id)

    async def stop(_: Front) -> None:
        guests.stop()
        _stopped(logs)

    observer = Observers(SIGHT, *logs)
    front = Front(limits_of(settings), observer=observer, on_start=start, on_stop=stop)
    SIGHT.looks.register(Keeping(data, guests.tally))
    SIGHT.watch(guests.board.status, replica=lambda: follows(settings, guests.release))
    return behind(front, settings.proxies)


def _let(front: Front, tenant: Tenant, switchboard: Switchboard) -> Tenancy | None:
    release = tenant.release.id
    return front.serve(tenant.app, lambda: (release, switchboard.number))


def _prepare(settings: Settings) -> None:
    configure_logging(events=settings.log_events)
    _allow_open_files()
    use_one_heap()


def _logs(settings: Settings, data: Path, place: Place | None = None) -> list[QueryLog]:
    lock = place.log if place else None
    queries = open_query_log(settings.query_log, data, lock)
    requests = open_request_log(settings.request_log, lock)
    return [log for log in (queries, requests) if log is not None]


def _started(front: Front, settings: Settings, port: int, release: str) -> None:
    leave_first(lambda: front.leave(port, min(_LEAVE_SECONDS, settings.stop_seconds / 2)))
    ending = bound_slow_readers(port, settings.send_seconds)
    _TASKS.add(asyncio.get_running_loop().create_task(ending))
    _collect_seldom()
    event = {"event": "started", "release": release, "port": port, "version": version()}
    EVENTS.info("serving release %s", release, extra=event)


def _stopped(logs: list[QueryLog]) -> None:
    for log in logs:
        log.close()
    EVENTS.info("requests under way are answered; the service ends", extra={"event": "stopped"})


def _wanted(settings: Settings, data: Path) -> Wanted | None:
    with contextlib.suppress(GraphError):  # what is wrong is told by the start, or the mover
        return wanted(settings, data)
    return None


def _collect_seldom() -> None:
    """Let garbage collection hold up fewer requests: what is here now stays, and is left out."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _allow_open_files() -> None:
    """A connection is an open file; what shells allow at first is few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
