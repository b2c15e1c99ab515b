"""The engine client over a database elsewhere: the same calls and errors as the template's own.

Every query is first given to the template, which has a store without data: it parses it as the
embedded engine does, refuses what that refuses, and says its form and variables, in a worker behind
the wall and under the deadline. Only then is it respelt and sent.
"""

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from graph.journal import Author
from graph.query import (
    Answer,
    DeadlineExceeded,
    EngineUnavailable,
    Formats,
    Job,
    QueryCancelled,
    QueryError,
    QueryIdInUse,
    QueueFull,
    Request,
)
from graph.release import Editions
from graph.remote.asking import Asking
from graph.remote.errors import DatabaseUnavailable, Maintenance
from graph.remote.pulse import Pulse, Tell, told
from graph.remote.wire import Bounds
from graph.template.client import EngineClient, Running, Written
from graph.update import Change

_JSON, _N_TRIPLES = "application/sparql-results+json", "application/n-triples"
_SHOWN_QUERY = 2000
#: A database says a thing at greater length than we do.
_LONGER = 4


@dataclass(frozen=True, slots=True)
class Allowed:
    """How many queries may be with the database and wait for a turn, and what each may take."""

    at_once: int
    waiting: int
    seconds: float
    size: int


@dataclass(slots=True)
class _Entry:
    job: Job
    query: str
    arrived: float
    running: bool = False


@dataclass(slots=True)
class RemoteClient:
    """Asks a database for one release. It can be used from several threads, and is to be closed.

    `local` is the client of a template without data. Queries get turns in the order in which they
    come.
    """

    local: EngineClient
    asking: Asking
    allowed: Allowed
    number: int = 0
    _entries: dict[int, _Entry] = field(default_factory=dict, init=False)
    _turn: threading.Condition = field(default_factory=threading.Condition, init=False)
    _running: int = field(default=0, init=False)
    _pulse: Pulse | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)

    def watch(self, tell: Tell) -> None:
        """Keep looking whether the database answers and holds the release, until `close`.

        `tell` is given what is wrong when that begins, and None when it is over.
        """
        self._pulse = Pulse(self._check, tell)
        self._pulse.start()

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:
        """Return the answer, complete. Raises the errors of graph.query and of graph.remote."""
        job = job or Job(id=os.urandom(16).hex())
        begun = time.monotonic()
        seconds = min(job.seconds or self.allowed.seconds, self.allowed.seconds)
        plain = Formats(
            _JSON if request.formats.bindings else None,
            _N_TRIPLES if request.formats.graph else None,
        )
        alone = replace(request, formats=plain, default_graphs=(), named_graphs=(), by_kind=False)
        checked = self.local.evaluate(alone, replace(job, seconds=seconds, timings={}))
        # Without data there may be rows too, of VALUES.
        variables, checked = _variables(checked), replace(checked, body=b"")
        with self._turned(job, request.query, begun + seconds, seconds):
            if self._ended:
                raise _begun_again()
            job.timings["waited"] = time.monotonic() - begun
            left = begun + seconds - time.monotonic()
            bounds = Bounds(left, self.allowed.size * _LONGER, job.cancellation)
            try:
                answer = self.asking.answer(request, checked, variables, bounds)
            except DeadlineExceeded:
                raise DeadlineExceeded(seconds, job.timings["waited"]) from None
            except (DatabaseUnavailable, Maintenance) as error:
                if self._pulse is not None:
                    self._note(error)
                    self._pulse.soon()
                raise
            job.timings["ran"] = time.monotonic() - begun - job.timings["waited"]
        return answer

    def traverse(
        self,
        call: str,
        arguments: Mapping[str, Any],
        job: Job | None = None,
        editions: Editions = "current",
    ) -> Mapping[str, Any]:
        """As `EngineClient.traverse`: networks are here, whatever engine there is."""
        return self.local.traverse(call, arguments, job, editions)

    def change(self, change: Change, author: Author, job: Job | None = None) -> Written:  # noqa: ARG002
        """Nothing is written to an engine elsewhere."""
        raise EngineUnavailable("an engine elsewhere is for reading only")

    def running(self) -> Sequence[Running]:
        """Return what waits and what runs."""
        now = time.monotonic()
        return [
            Running(
                entry.job.id,
                entry.job.client,
                entry.query[:_SHOWN_QUERY],
                "running" if entry.running else "waiting",
                round(now - entry.arrived, 3),
            )
            for entry in [*self._entries.values()]
        ] + [*self.local.running()]

    def cancel(self, id_: str) -> bool:
        """End the queries with this id; return whether there was one."""
        found = [entry for entry in [*self._entries.values()] if entry.job.id == id_]
        for entry in found:
            entry.job.cancellation.cancel()
        return bool(found) or self.local.cancel(id_)

    def catch_up(self) -> int:
        """Return the number of the last write that the release holds: there are no later ones."""
        return self.number

    def status(self) -> Mapping[str, Any]:
        """Return numbers of the template and of what is elsewhere, and the dialect; `problem`
        where the database does not answer, or not with the release.
        """
        waiting = len(self._entries) - self._running
        return {
            **self.local.status(),
            "running": self._running,
            "waiting": waiting,
            "workers": self.allowed.at_once,
            "idle": self.allowed.at_once - self._running,
            "number": self.number,
            "statements": self.asking.statements,
            "elsewhere": self.asking.told(),
            **({"problem": told(wrong)} if (wrong := self._wrong) is not None else {}),
        }

    def close(self) -> None:
        """Look no more, and close the connections that nobody uses."""
        if self._pulse is not None:
            self._pulse.stop()
        self.local.close()
        self.asking.close()

    @property
    def _wrong(self) -> QueryError | None:
        wrong = self._pulse.wrong if self._pulse is not None else None
        return _begun_again() if wrong is None and self._ended else wrong

    def _check(self, bounds: Bounds) -> None:
        asking = self.asking
        try:
            if asking.layout.held(asking.database, bounds) != asking.held:
                raise Maintenance
        except DatabaseUnavailable as error:
            self._note(error)
            raise
        if self._ended:
            asking.detect_again()
            self._ended = False

    def _note(self, error: QueryError) -> None:
        """Where the database was ended, nothing is asked until its limits are known again."""
        if isinstance(error, DatabaseUnavailable) and error.refused:
            self._ended = True

    @contextmanager
    def _turned(self, job: Job, query: str, until: float, seconds: float) -> Iterator[None]:
        """Wait for a turn, and have it. Raises QueueFull, DeadlineExceeded and QueryCancelled."""
        entry, key = _Entry(job, query, time.monotonic()), id(job)
        with self._turn:
            if any(one.job.id == job.id for one in self._entries.values()):
                raise QueryIdInUse(f"another query with the Query-Id {job.id} is under way")
            waiting = len(self._entries) - self._running
            if self._running >= self.allowed.at_once and waiting >= self.allowed.waiting:
                raise QueueFull(waiting, max(1, round(seconds / 10)))
            self._entries[key] = entry
            job.cancellation.stopping(self._look)
            try:
                self._wait(entry, until, seconds)
            except BaseException:
                del self._entries[key]
                self._turn.notify_all()
                raise
            finally:
                job.cancellation.stopping(None)
            self._running += 1
            entry.running = True
            self._turn.notify_all()
        try:
            yield
        finally:
            with self._turn:
                del self._entries[key]
                self._running -= 1
                self._turn.notify_all()

    def _is_next(self, entry: _Entry) -> bool:
        if self._running >= self.allowed.at_once:
            return False
        return next(one for one in self._entries.values() if not one.running) is entry

    def _wait(self, entry: _Entry, until: float, seconds: float) -> None:
        begun = time.monotonic()
        while not self._is_next(entry):
            if entry.job.cancellation.cancelled:
                raise QueryCancelled("nobody waits for the answer any more")
            left = until - time.monotonic()
            if left <= 0:
                raise DeadlineExceeded(seconds, time.monotonic() - begun)
            self._turn.wait(min(left, 0.25))

    def _look(self) -> None:
        # Whoever cancels may be in a signal of the event loop: it must not wait for the lock long.
        if self._turn.acquire(timeout=0.1):
            self._turn.notify_all()
            self._turn.release()


def _begun_again() -> DatabaseUnavailable:
    text = "the database behind this service was ended; it is asked again once its limits are known"
    return DatabaseUnavailable(text, text)


def _variables(checked: Answer) -> Sequence[str]:
    if checked.form != "bindings":
        return ()
    found = parse_query_results(checked.body, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return tuple(variable.value for variable in found.variables)
