"""Who is answered when: the queue, its lanes, fair shares, deadlines.

All workers but one answer whatever comes. The last one is the quick lane: when the others are busy
it takes queries that look cheap, each for a moment of a processor's time only; what is not done by
then goes back into the queue and is begun anew by another worker, so the lane is never held by what
only looked cheap. Time that passes would not do: on a busy machine what is cheap may get no
processor for longer than that, and would then wait for those that are dear.

Among those who wait, the client comes first that has used least of late; of one client, whoever
came first. When too many wait, the last of the client that has most of them is refused. The
deadline counts from the arrival: it is the client's patience.
"""

import asyncio
import itertools
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, partial

from graph.query import (
    DeadlineExceeded,
    EngineFailure,
    QueryCancelled,
    QueryError,
    QueryIdInUse,
    QueueFull,
)
from graph.query.lexer import lex
from graph.template.frames import Frame
from graph.template.pool import Late, Pool, Unsorted
from graph.template.saying import say
from graph.template.soundness import Soundness

_SHORT = 2000  # characters; to look at a longer query takes too long here
_FEW_TOKENS = 60
_DEAR = frozenset(
    "ORDER GROUP HAVING DISTINCT REDUCED EXISTS MINUS OPTIONAL REGEX REPLACE GROUP_CONCAT FROM "
    "DESCRIBE".split()
)
_DEAR_MARKS = frozenset("*+/|^")
_HALF_LIFE = 10.0  # seconds after which half of what a client has used is forgotten
_FORGOTTEN = 0.001


@dataclass(eq=False)
class Waiting:
    """A query from its arrival to its answer. Times are those of the loop."""

    id: str
    client: str
    request: Frame
    arrived: float
    seconds: float
    answer: "asyncio.Future[Frame]"
    number: int
    began: float | None = None
    tried: bool = False
    task: "asyncio.Task[bool] | None" = field(default=None, repr=False)

    @property
    def deadline(self) -> float:
        """When its time is over."""
        return self.arrived + self.seconds

    @cached_property
    def cheap(self) -> bool:
        """Whether it looks as if it were answered in a moment."""
        # Calls on the network are bounded, and most are over in milliseconds.
        return self.request.header["op"] == "traverse" or looks_cheap(self.request.body)


def looks_cheap(query: bytes) -> bool:
    """Whether a query is short and has nothing that is dear as a rule; it may be dear yet."""
    if len(query) > _SHORT:
        return False
    tokens = lex(query.decode(errors="replace")).tokens
    return len(tokens) <= _FEW_TOKENS and not any(
        token.word in _DEAR or (token.kind == "mark" and token.text in _DEAR_MARKS)
        for token in tokens
    )


class Queue:
    """Takes queries and gives complete replies. All methods are called on the loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._soundness = Soundness(pool)
        self._options = pool.options
        self._numbers = itertools.count()
        self._waiting: list[Waiting] = []
        self._running: dict[str, Waiting] = {}
        self._quick: Waiting | None = None
        self._used: dict[str, tuple[float, float]] = {}

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many have a worker."""
        return len(self._running)

    def everybody(self) -> Iterable[Waiting]:
        """Those that have a worker, and those that wait for one."""
        return (*self._running.values(), *self._waiting)

    async def answer(self, id_: str, client: str, request: Frame, seconds: float | None) -> Frame:
        """Return the reply; cancelling this ends the work. Raises the errors of graph.query."""
        if any(other.id == id_ for other in self.everybody()):
            raise QueryIdInUse(f"a query with the Query-Id {id_!r} is under way")
        if len(self._waiting) >= self._options.queue:
            self._make_room(client)
        loop = asyncio.get_running_loop()
        allowed = min(seconds or math.inf, self._options.deadline)
        job = Waiting(
            id_, client, request, loop.time(), allowed, loop.create_future(), next(self._numbers)
        )
        self._waiting.append(job)
        expiry = loop.call_at(job.deadline, self._expire, job)
        self._dispatch()
        try:
            return await job.answer
        finally:
            expiry.cancel()
            self._drop(job)

    def cancel(self, id_: str) -> bool:
        """End a query; whoever waits for it gets QueryCancelled. False if there is none."""
        for job in self.everybody():
            if job.id == id_:
                _fail(job, QueryCancelled("the query was cancelled by its Query-Id"))
                self._drop(job)
                return True
        return False

    def _make_room(self, client: str) -> None:
        """Refuse one query: the last of whoever has most of them waiting. Raises QueueFull."""
        full = QueueFull(len(self._waiting), self._guess())
        number = Counter(job.client for job in self._waiting)
        most = max(number, key=lambda name: number[name])
        if number[most] <= number[client] + 1:
            raise full
        job = max((job for job in self._waiting if job.client == most), key=lambda job: job.number)
        _fail(job, full)
        self._drop(job)

    def _expire(self, job: Waiting) -> None:
        loop = asyncio.get_running_loop()
        waited = (job.began or loop.time()) - job.arrived
        _fail(job, DeadlineExceeded(job.seconds, round(waited, 3)))
        self._drop(job)

    def _drop(self, job: Waiting) -> None:
        """Take a job out, wherever it is; a worker that has it is ended."""
        if job in self._waiting:
            self._waiting.remove(job)
        if job.task is not None and not job.task.done():
            job.task.cancel()

    def _dispatch(self) -> None:
        """Give work to whoever is free."""
        while self._waiting and len(self._running) < self._options.workers:
            # One worker alone takes whatever comes: no lane is kept free for quick queries.
            kept = self._quick is None and self._options.workers > 1
            free = self._options.workers - len(self._running) - kept
            if free > 0:
                job = min(self._waiting, key=self._turn)
            else:
                # Of the others only the quick lane is left. The shortest come first there.
                cheap = [job for job in self._waiting if not job.tried and job.cheap]
                if self._quick is not None or not cheap:
                    return
                job = min(cheap, key=lambda job: (len(job.request.body) // 100, self._turn(job)))
                self._quick = job
            self._waiting.remove(job)
            self._running[job.id] = job
            job.task = asyncio.create_task(self._run(job, on_trial=self._quick is job))
            # Not `finally`: a task that is cancelled before its first step never gets there.
            began = asyncio.get_running_loop().time()
            job.task.add_done_callback(partial(self._ran, job, began))

    async def _run(self, job: Waiting, *, on_trial: bool) -> bool:
        """Answer a query with a worker; whether it has to be begun anew."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        job.began = began if job.began is None else job.began
        try:
            worker = await self._pool.take(quick=on_trial)
            seconds = job.deadline - loop.time()
            work = self._options.quick_seconds if on_trial else None
            reply = await self._pool.ask(worker, job.request, seconds, work=work)
            self._pool.give_back(worker)
            if not job.answer.done():
                header = {**reply.header, "waited": began - job.arrived, "ran": loop.time() - began}
                job.answer.set_result(Frame(header, reply.body))
        except Late:
            if on_trial and loop.time() < job.deadline:
                return True
            self._expire(job)
        except Unsorted:
            asked = job.request
            if asked.header.get("by_kind") is False:
                job.request = Frame({**asked.header, "by_kind": True}, asked.body)
                return True
            _fail(job, EngineFailure("the engine could not sort the results"))
        except QueryError as error:
            _fail(job, await self._soundness.explained(error, job.deadline - loop.time()))
        return False

    def _ran(self, job: Waiting, began: float, task: "asyncio.Task[bool]") -> None:
        """Give what a job had to the next, however its work ended."""
        del self._running[job.id]
        if self._quick is job:
            self._quick = None
        self._charge(job.client, asyncio.get_running_loop().time() - began)
        if not task.cancelled():
            if (error := task.exception()) is not None:
                say("error", f"{type(error).__name__}: {error}")
                _fail(job, EngineFailure("no worker could be had for the query"))
            elif task.result():
                job.tried = True
                job.task = None
                self._waiting.append(job)
        self._dispatch()

    def _turn(self, job: Waiting) -> tuple[float, int]:
        """Who is first has the least of: what its client used, in steps of a second; arrival."""
        return (round(self._usage(job.client)), job.number)

    def _usage(self, client: str) -> float:
        used, when = self._used.get(client, (0.0, 0.0))
        now = asyncio.get_running_loop().time()
        under_way = sum(
            now - (job.began or now) for job in self._running.values() if job.client == client
        )
        return float(used * 0.5 ** ((now - when) / _HALF_LIFE)) + under_way

    def _charge(self, client: str, seconds: float) -> None:
        now = asyncio.get_running_loop().time()
        if len(self._used) > 1000:
            kept = {c: u for c, u in self._used.items() if now - u[1] < 10 * _HALF_LIFE}
            self._used = kept
        used, when = self._used.get(client, (0.0, now))
        total = used * 0.5 ** ((now - when) / _HALF_LIFE) + seconds
        if total > _FORGOTTEN:
            self._used[client] = (total, now)

    def _guess(self) -> int:
        """Seconds until it may be worth trying again."""
        return max(1, math.ceil(self._options.deadline / 10))


def _fail(job: Waiting, error: QueryError) -> None:
    if not job.answer.done():
        job.answer.set_exception(error)
