"""What runs in the process that answers: the front, the engine behind it, and what watches both."""

import asyncio
import contextlib
import gc
import resource
from pathlib import Path

from graph.errors import GraphError
from graph.heap import use_one_heap
from graph.release import DataDirectory
from service.engines import Wanted, wanted
from service.following import Follower, follows
from service.front import Front, Observers
from service.front.proxies import Asgi, behind
from service.front.sockets import bound_slow_readers
from service.keeping import Keeping
from service.logs import EVENTS, configure_logging, open_query_log, open_request_log
from service.mover import Mover
from service.older import OlderReleases
from service.settings import Settings
from service.sight import SIGHT
from service.storing import limits_of
from service.switchboard import Switchboard
from service.tenants import start_tenant
from service.version import version

_OPEN_FILES = 65_536


def load_front(settings: Settings, data: Path, first: Wanted, port: int) -> tuple[Asgi, str]:
    """Start the engine, and return what answers at `port`, and the memory that it may use in words.

    It begins with what is wanted now. `first` is what was when the service was started, which
    may be long ago: who answers is replaced when it dies.

    Raises TemplateFailed, DoesNotFit, InvalidSetting and the errors of graph.release.
    """
    configure_logging(events=settings.log_events)
    _allow_open_files()
    use_one_heap()

    switchboard = Switchboard()
    older = OlderReleases(settings, data, switchboard)
    tenant = start_tenant(settings, data, _wanted(settings, data) or first, switchboard, older)
    mover = Mover(settings, data, switchboard, older)
    mover.take_over(tenant)
    opened = (open_query_log(settings.query_log, data), open_request_log(settings.request_log))
    logs = [log for log in opened if log is not None]
    follower = Follower(settings, DataDirectory(data)) if settings.follow else None
    tasks: set[asyncio.Task[None]] = set()

    async def start(front: Front) -> None:
        await mover.start(front)
        if follower is not None:
            follower.start()
        ending = bound_slow_readers(port, settings.send_seconds)
        tasks.add(asyncio.get_running_loop().create_task(ending))
        _collect_seldom()
        event = {
            "event": "started",
            "release": tenant.release.id,
            "port": port,
            "version": version(),
        }
        EVENTS.info("serving release %s", tenant.release.id, extra=event)

    async def stop(front: Front) -> None:
        if follower is not None:
            follower.stop()
        await mover.stop(front)
        for log in logs:
            log.close()
        EVENTS.info("requests under way are answered; the service ends", extra={"event": "stopped"})

    front = Front(
        limits_of(settings),
        observer=Observers(SIGHT, *logs),
        on_start=start,
        on_stop=stop,
    )
    SIGHT.registry.register(Keeping(data, mover.checkpoints))
    SIGHT.watch(
        switchboard.status,
        lambda: (len(front.cache), front.cache.held),
        lambda: follows(settings, mover.release),
    )
    return behind(front, settings.proxies), tenant.budget


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
