"""Runs the application under granian: one process that watches, and workers that listen and answer.

A single worker starts the engine; for several, a process beside them does (service.processes). Each
worker tells the parent through a pipe how its start went; the parent prints the address once all
accept connections, and stops them on SIGTERM or SIGINT.
"""

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from ctypes import c_uint64
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import GraphError
from service.listening import kept_address
from service.settings import InvalidSetting, Settings

if TYPE_CHECKING:
    from service.engines import Wanted
    from service.front.proxies import Asgi
    from service.processes.place import Place

_LOG = logging.getLogger("therascape.service")
_READY_SECONDS = 30.0
_LOOK_SECONDS = 0.01
_CONNECTIONS = 4096
_LONGEST_HEAD = 128 * 1024  # bytes, the address included
_WAITING_CONNECTIONS = 1024


class CannotStart(GraphError):
    """The worker could not load what it is to serve; the message is the worker's."""


def serve(
    settings: Settings, data: Path, wanted: "Wanted", say: Callable[[str, str], None]
) -> None:
    """Serve until SIGTERM or SIGINT; return when requests under way are answered.

    `say` is given the address once it accepts connections, and how much memory the service may
    use. Raises CannotListen and CannotStart.
    """
    with kept_address(settings.host, settings.port) as address:  # before the data are loaded
        if settings.processes == 1:
            _serve(settings, data, wanted, address, say)
            return
        from service.processes.parent import Keeper, OwnerFailed  # noqa: PLC0415 - for several

        keeper = Keeper(settings, data, wanted.release)
        try:
            memory = keeper.start()
        except OwnerFailed as error:
            raise CannotStart(str(error)) from None

        def told(url: str, _: str) -> None:
            say(url, memory)

        try:
            _serve(settings, data, wanted, address, told, place=keeper.place)
        finally:
            keeper.stop()


def _serve(
    settings: Settings,
    data: Path,
    wanted: "Wanted",
    address: tuple[str, int],
    say: Callable[[str, str], None],
    *,
    place: "Place | None" = None,
) -> None:
    from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 - takes a tenth of a second
    from granian.http import HTTP1Settings  # noqa: PLC0415

    from service.respawning import Server  # noqa: PLC0415

    host, port = address
    ours, workers = Pipe()
    server = Server(
        "therascape",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=settings.processes,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.header_seconds * 1000), max_buffer_size=_LONGEST_HEAD
        ),
        websockets=False,
        backlog=_WAITING_CONNECTIONS,
        backpressure=_CONNECTIONS,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=settings.stop_seconds,
    )
    ended = RawValue(c_uint64)
    load = partial(_load, settings, data, wanted, port, place)
    loader = partial(_load_in_worker, load, port, ended, ours, workers)
    # Closing the terminal stops the service, but for `nohup`; granian would start another worker.
    ignored = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    closed = signal.SIG_IGN if ignored else server.signal_handler_interrupt
    server.on_startup(partial(signal.signal, signal.SIGHUP, closed))
    # Until granian sets handlers in the worker, those of the parent would swallow its signals.
    os.register_at_fork(after_in_child=_default_signals)
    watch = _Watch(ours, address, settings.processes, say)
    watch.start()

    def count() -> None:
        ended.value += 1

    server.watch(watch.serving.__contains__, lambda: watch.missing <= 0, count)
    with contextlib.suppress(SystemExit):  # granian's way to say that a worker ended by itself
        server.serve(target_loader=loader, wrap_loader=False)
    if watch.failure is not None:
        raise CannotStart(watch.failure)
    if server.gave_up:
        raise CannotStart("the worker process ended again and again; the messages above say why")


def check_processes(settings: Settings) -> None:
    """Raise InvalidSetting where several processes cannot serve what is wanted."""
    if settings.processes > 1 and settings.engine is not None:
        raise InvalidSetting(
            "--processes: with --engine one process answers, since it bounds what the database is "
            "asked at the same time; start several services instead, each with its share of "
            "--workers"
        )


class _Watch(threading.Thread):
    """Waits in the parent for what workers report: `ready`, or why one cannot start.

    That ends the service, unless others answer: then it is tried again.
    """

    def __init__(
        self,
        pipe: Connection,
        address: tuple[str, int],
        processes: int,
        say: Callable[[str, str], None],
    ) -> None:
        super().__init__(daemon=True)
        self.pipe = pipe
        self.address = address
        self.processes = self.missing = processes
        self.say = say
        self.failure: str | None = None
        self.serving: set[int] = set()

    def run(self) -> None:
        while True:
            try:
                kind, text, process = self.pipe.recv()
            except (EOFError, OSError):
                return
            if kind == "failed":
                if self.processes > 1 and self.missing <= 0:
                    _LOG.error("a process that is to answer cannot start: %s", text)
                else:
                    self.failure = text
                    os.kill(os.getpid(), signal.SIGTERM)
                continue
            self.serving.add(process)
            self.missing -= 1
            if self.missing == 0 and _accepts(self.address):
                self.say(_url(*self.address), text)


def _load(
    settings: Settings, data: Path, wanted: "Wanted", port: int, place: "Place | None"
) -> "tuple[Asgi, str]":
    if place is not None:  # it is read when the module that counts is imported
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(place.metrics)
    from service import worker  # noqa: PLC0415 - only the worker loads all of it

    if place is not None:
        return worker.load_one_of_several(settings, data, place, port), ""
    return worker.load_front(settings, data, wanted, port)


def _load_in_worker(
    load: "Callable[[], tuple[Asgi, str]]",
    port: int,
    ended: c_uint64,
    parents: Connection,
    ours: Connection,
) -> "Asgi":
    """Run in the worker: load, report once it listens at `port`, and end with the parent should
    it be killed.

    `ended` is how many processes were replaced, which the parent counts.
    """
    parents.close()  # our copy of its end: end of file is to mean that the parent is gone
    try:
        front, memory = load()
    except GraphError as error:
        ours.send(("failed", str(error), os.getpid()))
        sys.exit(1)
    from service.processes.counts import Ended  # noqa: PLC0415
    from service.sight import SIGHT  # noqa: PLC0415

    SIGHT.looks.register(Ended(lambda: ended.value))
    threading.Thread(target=_stand_by, args=(ours, port, memory), daemon=True).start()
    return front


def _default_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    # A terminal tells all of them that it was closed; they end when the parent says so.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _stand_by(pipe: Connection, port: int, memory: str) -> None:
    from service.front.sockets import listens  # noqa: PLC0415

    while not listens(port):
        time.sleep(_LOOK_SECONDS)
    with contextlib.suppress(EOFError, OSError):
        pipe.send(("ready", memory, os.getpid()))
        pipe.recv()
    os.kill(os.getpid(), signal.SIGTERM)


def _accepts(address: tuple[str, int]) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address[0], address[0])  # noqa: S104
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection((host, address[1]), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return True
    return False


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
