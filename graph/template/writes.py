"""Writes, one after the other: evaluated once in a worker, kept in the journal, then applied here.

Being in the journal is what makes a write acknowledged. Other services may write into the same data
directory: the journal's lock is held from before the evaluation to after the entry, and what they
have written meanwhile is applied first.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pyoxigraph import Store

from graph.delta import Delta, apply_delta
from graph.journal import Author, Entry, Journal, now, with_provenance
from graph.query import DeadlineExceeded
from graph.template.frames import Frame
from graph.template.messages import read_effect, read_error
from graph.template.pool import Late, Pool
from graph.update import Effect

_POLL_SECONDS = 0.01


@dataclass(slots=True)
class Writes:
    """The one place where the stores change. `number` is that of the last entry applied.

    `history` has all editions in its default graph, where the release has superseded ones; the
    merge of `store` leaves the graphs `apart` out.
    """

    store: Store
    journal: Journal
    pool: Pool
    base: str
    number: int
    made: int = 0
    history: Store | None = None
    apart: frozenset[str] = frozenset()
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def change(self, request: Frame, author: Author, seconds: float | None) -> Frame:
        """Evaluate a change, keep it, apply it; the reply says what it did.

        Raises the errors of graph.query, graph.update and graph.journal; nothing was changed then.
        Cancelling before the change is kept ends it without a trace.
        """
        options = self.pool.options
        loop = asyncio.get_running_loop()
        allowed = min(seconds or options.update_deadline, options.update_deadline)
        deadline = loop.time() + allowed
        async with self._alone(deadline, allowed):
            self.catch_up()
            effect = await self._effect(request, deadline, allowed)
            if effect.delta:
                self._keep(effect.delta, author, request)
        header = {
            "existed": effect.existed,
            "inserted": effect.inserted,
            "deleted": effect.deleted,
            "number": self.number,
        }
        return Frame(header)

    def catch_up(self) -> None:
        """Apply what the journal has and the store has not: the writes of other services.

        A store on the disk has them with the next release.
        """
        if self.pool.options.on_disk or self.journal.last == self.number:
            return
        for entry in self.journal.entries(after=self.number):
            self._apply(entry.delta, entry.number)

    async def _effect(self, request: Frame, deadline: float, allowed: float) -> Effect:
        worker = await self.pool.fork()  # never one that has answered others
        left = deadline - asyncio.get_running_loop().time()
        try:
            reply = await self.pool.ask(worker, request, max(0.0, left))
        except Late:
            raise DeadlineExceeded(allowed) from None
        self.pool.end(worker)  # what it has in memory now is of no further use
        if error := read_error(reply.header):
            raise error
        return read_effect(reply)

    def _keep(self, delta: Delta, author: Author, request: Frame) -> None:
        kind = str(request.header.get("method", "update"))
        entry = Entry(self.number + 1, now(), author, kind, delta)
        if not self.pool.options.strict:
            delta = with_provenance(entry, self.base)
        entry = self.journal.append(author, kind, delta, after=self.number, time=entry.time)
        self._apply(delta, entry.number)
        self.made += 1

    def _apply(self, delta: Delta, number: int) -> None:
        merged = not self.pool.options.strict
        apply_delta(self.store, delta, merged=merged, apart=self.apart)
        if self.history is not None:
            apply_delta(self.history, delta, merged=merged)
        self.number = number
        self.pool.work.engine.changed()
        self.pool.renew()

    @asynccontextmanager
    async def _alone(self, deadline: float, allowed: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(deadline):
                await self._turn.acquire()
        except TimeoutError:
            raise DeadlineExceeded(allowed, allowed) from None
        try:
            while not self.journal.try_lock():
                if asyncio.get_running_loop().time() > deadline:
                    raise DeadlineExceeded(allowed, allowed)
                await asyncio.sleep(_POLL_SECONDS)
            try:
                yield
            finally:
                self.journal.unlock()
        finally:
            self._turn.release()
