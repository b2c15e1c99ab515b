"""A worker: a forked copy of the template that answers one request after the other.

It has one connection, to the template, and behind the wall cannot get another. It never returns
from here, and never runs anything that the template left to do.
"""

import contextlib
import faulthandler
import gc
import os
import resource
import signal
import socket
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from pyoxigraph import Store

from graph.network import NetworkError
from graph.network.arrays import Network
from graph.network.calls import traverse
from graph.query import (
    EmbeddedEngine,
    MemoryExceeded,
    QueryError,
    ResultTooLarge,
    StoreUnreadable,
)
from graph.stores.files import damage, open_store
from graph.template.frames import Closed, Frame, receive, send
from graph.template.limits import (
    be_first_to_go,
    close_other_files,
    die_with_parent,
    leave_no_core,
    limit_memory,
)
from graph.template.messages import (
    answer_frame,
    effect_frame,
    error_frame,
    found_frame,
    read_change,
    read_request,
    read_traversal,
)
from graph.template.options import MIB, Options
from graph.template.wall import raise_wall
from graph.update import Ownership, evaluate_change


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker works on. `growth` in a reply's header is in bytes.

    `network` is that of the release, and `history` that of all its editions; what was written
    since is in neither. `apart` are the graphs that the merge of the store leaves out. With a
    `place` the store is on the disk there, with so many statements as `counted`; `store` is empty.
    Who `verifies` it opens its files only.
    """

    store: Store
    engine: EmbeddedEngine
    network: Network
    history: Network
    ownership: Ownership
    prefixes: dict[str, str]
    options: Options
    apart: frozenset[str] = frozenset()
    place: Path | None = None
    counted: int | None = None
    verifies: bool = False

    def opened(self) -> "Work":
        """The same with the store of `place`: it has threads, so no process may fork after.

        Raises StoreUnreadable.
        """
        if self.place is None or self.verifies:
            return self
        store = open_store(self.place)
        return replace(self, store=store, engine=self.engine.on(store))


def fork(work: Work) -> tuple[int, socket.socket, int]:
    """Start a worker; return its process id, the connection to it, and where its last words come.

    The calling process must have one thread.
    """
    ours, theirs = socket.socketpair()
    words, their_words = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _work(work, theirs, their_words, parent)
    theirs.close()
    os.close(their_words)
    os.set_blocking(words, False)
    return pid, ours, words


def _work(work: Work, connection: socket.socket, words: int, parent: int) -> NoReturn:
    status = 1
    try:
        _serve(_enclosed(work, connection, words, parent), connection)
    except Closed:
        status = 0
    except MemoryError:
        # The reply may not fit either; the template knows what this status means.
        status = OUT_OF_MEMORY
    except StoreUnreadable as error:
        # What is open is of no use any more; the words have paths, and are for the log alone.
        status = UNREADABLE
        with contextlib.suppress(BaseException):
            os.write(2, str(error.__cause__)[:500].encode(errors="replace"))
    except BaseException as error:  # noqa: BLE001 - nothing may go on in a copy of the template
        with contextlib.suppress(BaseException):
            os.write(2, f"{type(error).__name__}: {error}"[:500].encode(errors="replace"))
    os._exit(status)


OUT_OF_MEMORY = 77
"""Exit status of a worker that ran out of memory where Python noticed."""
UNREADABLE = 78
"""Exit status of a worker that could not read the store on the disk; it has said why."""


def _enclosed(work: Work, connection: socket.socket, words: int, parent: int) -> Work:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    faulthandler.disable()
    os.dup2(words, 2)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    os.dup2(0, 1)
    close_other_files({0, 1, 2, connection.fileno()})
    sys.stdin = sys.stdout = sys.stderr = None
    die_with_parent(parent)
    be_first_to_go()
    work = work.opened()
    limit_memory(work.options.worker_memory * MIB)
    leave_no_core()
    # The engine opens the files of a store when it needs them.
    raise_wall(reading=work.place is not None)
    gc.enable()
    return work


def _serve(work: Work, connection: socket.socket) -> NoReturn:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while True:
        request = receive(connection)
        reply = _reply(work, request)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        header = {**reply.header, "growth": (peak - before) * 1024}
        send(connection, Frame(header, reply.body))


def _reply(work: Work, request: Frame) -> Frame:
    try:
        if request.header["op"] == "verify":
            assert work.place is not None
            return Frame({"damage": damage(work.place)})
        if request.header["op"] == "query":
            return _bounded(answer_frame(work.engine.evaluate(read_request(request))), work)
        if request.header["op"] == "traverse":
            network = work.history if request.header["editions"] == "all" else work.network
            return _bounded(found_frame(traverse(network, *read_traversal(request))), work)
        effect = evaluate_change(
            work.store,
            read_change(request),
            work.ownership,
            work.prefixes,
            merged=not work.options.strict,
            apart=work.apart,
        )
        return effect_frame(effect)
    except StoreUnreadable:
        raise
    except (QueryError, NetworkError) as error:
        return error_frame(error)
    except MemoryError:
        return error_frame(MemoryExceeded(work.options.worker_memory))


def _bounded(reply: Frame, work: Work) -> Frame:
    if len(reply.body) > work.options.longest:
        raise ResultTooLarge(len(reply.body), work.options.longest)
    return reply
