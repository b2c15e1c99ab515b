"""The workers as the template sees them: forked, lent out for one request, ended, replaced."""

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from graph.query import (
    EngineFailure,
    MemoryExceeded,
    QueryError,
    QueryTooDeep,
    RemoteAccessRefused,
    StoreUnreadable,
)
from graph.template.frames import Closed, Connection, Frame
from graph.template.limits import Cause, cause_of_death
from graph.template.meter import Meter
from graph.template.options import MIB, Options
from graph.template.saying import say
from graph.template.worker import OUT_OF_MEMORY, UNREADABLE, Work, fork

# A query that uses this much of a processor (in seconds) gives way to those that are over soon.
_PATIENCE = 0.1
_NICER = 10
_MOST_REQUESTS = 10_000
_LONGEST_WORDS = 65536
_REAP_SECONDS = 0.02
_CAUSES: Mapping[int | None, Cause] = {OUT_OF_MEMORY: "memory", UNREADABLE: "store"}


class Late(Exception):
    """The time that a worker was given is over; the worker was ended."""


class Unsorted(Exception):
    """The engine could not sort what a query gave, and died; sorted by kind, it may."""


@dataclass(slots=True)
class Worker:
    """A process that is idle or has one request. `worn` ones take no other; `low` ones give way to
    all that are not. One that is `gone` died, perhaps while it was idle: the kernel takes workers
    first where the machine has no memory left.
    """

    pid: int
    words: int
    generation: int
    connection: Connection | None = None
    reply: "asyncio.Future[Frame] | None" = None
    worn: bool = False
    low: bool = False
    gone: bool = False
    requests: int = 0

    def received(self, frame: Frame) -> None:
        """Take the reply to the request."""
        if self.reply is not None and not self.reply.done():
            self.reply.set_result(frame)

    def lost(self) -> None:
        """Take note that it is gone, whether it has a request or not."""
        self.gone = True
        self.fail(Closed())

    def fail(self, error: Exception) -> None:
        """Tell whoever waits for the reply that there is none."""
        if self.reply is not None and not self.reply.done():
            self.reply.set_exception(error)


@dataclass(slots=True)
class Pool:
    """Forks workers from `work` and knows which are idle.

    `renew` makes all of them outdated: those that work finish what they have, on the data that they
    began with. `deaths` counts by cause.
    """

    work: Work
    idle: list[Worker] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)
    deaths: Counter[str] = field(default_factory=Counter)
    _generation: int = 0

    @property
    def options(self) -> Options:
        """Limits."""
        return self.work.options

    async def take(self, *, quick: bool = False) -> Worker:
        """Return a worker, an idle one or a new one.

        One for what is over soon (`quick`) is not low; others are low where there is a choice.
        """
        for worker in [worker for worker in self.idle if worker.gone]:
            self.idle.remove(worker)
            await self._death(worker, None)
        self.idle.sort(key=lambda worker: worker.low != quick)
        if quick and self.idle and self.idle[-1].low:
            self.end(self.idle.pop(0))  # a new one takes its place
            worker = await self.fork()
        else:
            worker = self.idle.pop() if self.idle else await self.fork()
        self.busy.add(worker.pid)
        return worker

    async def fork(self, *, verifies: bool = False) -> Worker:
        """Return a new worker, for queries or to verify the store on the disk."""
        pid, connection, words = fork(replace(self.work, verifies=verifies))
        worker = Worker(pid, words, self._generation)
        made = asyncio.get_running_loop().create_connection(
            lambda: Connection(worker.received, worker.lost, self.options.longest + MIB),
            sock=connection,
        )
        try:
            _, worker.connection = await made
        except BaseException:
            self.end(worker)
            raise
        return worker

    async def fill(self, number: int) -> None:
        """Have at least this many idle workers."""
        while len(self.idle) < number:
            self.idle.append(await self.fork())

    def renew(self) -> None:
        """Let nobody work on the former data who has not begun."""
        self._generation += 1
        while self.idle:
            self.end(self.idle.pop())

    def give_back(self, worker: Worker) -> None:
        """Take a worker back after a request."""
        outdated = worker.generation != self._generation
        if worker.worn or outdated or worker.requests >= _MOST_REQUESTS:
            self.end(worker)
        else:
            self._raise(worker)
            self.busy.discard(worker.pid)
            self.idle.append(worker)

    def end(self, worker: Worker) -> None:
        """Kill a worker, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        self._forget(worker)
        self._reap(worker.pid)

    async def ask(
        self, worker: Worker, request: Frame, seconds: float, *, work: float | None = None
    ) -> Frame:
        """Return the reply of a worker, which stays with the caller.

        Raises Late when it takes longer than `seconds`, or uses more of a processor than `work`
        seconds, and Unsorted, or what else its death means, when it dies; it is gone then, as it is
        when this is cancelled.
        """
        assert worker.connection is not None
        loop = asyncio.get_running_loop()
        worker.requests += 1
        worker.reply = loop.create_future()
        late = partial(worker.fail, Late())
        timers: list[Meter | asyncio.TimerHandle] = [loop.call_later(seconds, late)]
        try:
            timers.append(Meter(worker.pid, _PATIENCE, partial(self._lower, worker)))
            if work is not None:
                timers.append(Meter(worker.pid, work, late))
            if worker.gone:
                worker.lost()
            worker.connection.send(request)
            reply = await worker.reply
        except Closed:
            raise await self._death(worker, request.header.get("id")) from None
        except BaseException:
            self.end(worker)
            raise
        finally:
            worker.reply = None  # it is in a cycle, and would keep the answer until a collection
            for timer in timers:
                timer.cancel()
        if reply.header.get("growth", 0) > self.options.worker_memory * MIB // 4:
            worker.worn = True
        return reply

    def _lower(self, worker: Worker) -> None:
        worker.low = True
        with contextlib.suppress(OSError):
            for thread in _threads(worker.pid):
                os.setpriority(os.PRIO_PROCESS, thread, _NICER)

    def _raise(self, worker: Worker) -> None:
        """Let it give way no more, where that is permitted; else it stays as it is.

        A new one in its place would be slow: what it reads first of the store it has to copy.
        """
        if worker.low:
            with contextlib.suppress(OSError):
                for thread in _threads(worker.pid):
                    os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, 0))
                worker.low = False

    async def _death(self, worker: Worker, id_: object) -> QueryError | Unsorted:
        """Why a worker died. Its connection is closed: the rest of its end takes no time."""
        until = time.monotonic() + 1.0
        while True:
            found, status = os.waitpid(worker.pid, os.WNOHANG)  # noqa: ASYNC222 - does not wait
            if found or time.monotonic() > until:
                break
            await asyncio.sleep(0.001)
        said = _drain(worker.words)
        if found:
            self._forget(worker)
        else:
            self.end(worker)
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else None
        cause = _CAUSES.get(code) or cause_of_death(status, said)
        self.deaths[cause] += 1
        words = said.decode(errors="replace").strip()
        event = {"event": "worker-died", "cause": cause, "id": id_}
        say("warning", f"a worker died: {cause} (status {status}) {words}", **event)
        return _meaning(cause, self.options)

    def _reap(self, pid: int) -> None:
        """Take the process out of the system's table once it is gone; freeing memory takes time."""
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(pid, os.WNOHANG)[0] == 0:
                asyncio.get_running_loop().call_later(_REAP_SECONDS, self._reap, pid)

    def _forget(self, worker: Worker) -> None:
        if worker.connection is not None:
            worker.connection.close()
        os.close(worker.words)
        self.busy.discard(worker.pid)


def _threads(pid: int) -> list[int]:
    """The threads of a process: on Linux each has a priority of its own (setpriority(2))."""
    tasks = Path(f"/proc/{pid}/task")
    return [int(task.name) for task in tasks.iterdir()] if tasks.is_dir() else [pid]


def _meaning(cause: str, options: Options) -> QueryError | Unsorted:
    match cause:
        case "unsorted":
            return Unsorted()
        case "store":
            return StoreUnreadable()
        case "memory":
            return MemoryExceeded(options.worker_memory)
        case "remote":
            message = "the query tried to reach the network or a file, and was ended"
            return RemoteAccessRefused(None, None, message)
        case "stack":
            return QueryTooDeep(None, None, "the query is nested too deeply for the engine")
        case "killed":
            end = "was killed from outside, perhaps because the machine had no more memory"
        case _:
            end = "died"
    return EngineFailure(f"the worker that had the query {end}; others were not affected")


def _drain(descriptor: int) -> bytes:
    with contextlib.suppress(BlockingIOError):
        return os.read(descriptor, _LONGEST_WORDS)
    return b""
