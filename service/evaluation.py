"""Having the engine work for a request: its job, and what the log is to say about it."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

from flask import request

from graph.journal import Author
from graph.query import Answer, DeadlineExceeded, Job, QueueFull, Request
from graph.update import Change
from service.exchange import Exchange, exchange
from service.refusals import WritesOff
from service.seams import Written
from service.served import served

_LONGEST_LOGGED = 10_000
# Writes come one at a time anyway; this lets a condition be checked just before.
_writing = threading.Lock()
# Each that waits holds a thread, and most threads are for those who read.
_MOST_WRITES, _RETRY_SECONDS = 16, 5
_places = threading.BoundedSemaphore(_MOST_WRITES)
# What may stand before the form of a query, and the form.
_FORM = re.compile(
    r"(?:\s+|\#[^\r\n]*|BASE\s*<[^>]*>|PREFIX\s*[^\s:<]*:\s*<[^>]*>)*+"
    r"(SELECT|CONSTRUCT|DESCRIBE|ASK)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An answer, and how long it took, waiting included."""

    answer: Answer
    milliseconds: float


def here() -> Exchange:
    """Return the exchange of the request that is being answered."""
    return exchange(request.environ)


def ask(asked: Request, seconds: float | None = None) -> Evaluated:
    """Return the answer of the engine. Raises the errors of graph.query."""
    return _timed_answer(asked, job_within(seconds))


def job_within(seconds: float | None = None) -> Job:
    """Return the job of this request, for what reads; a client may give it less time."""
    return _job(seconds, served().settings.deadline)


def ask_logged(asked: Request, seconds: float | None = None) -> Evaluated:
    """Return the answer to the query of a client, and tell the log about it."""
    note(form_of(asked.query), asked.query)
    evaluated = ask(asked, seconds)
    here().storable = evaluated.answer.repeatable
    return evaluated


def write(
    change: Change,
    author: str,
    seconds: float | None = None,
    check: Callable[[], None] | None = None,
) -> Written:
    """Carry out a change under the name of its author.

    `check` looks at the data as they are before, and may raise; nothing is written by this process
    in between. Raises WritesOff where there is nothing that writes, QueueFull when too many wait,
    and the errors of graph.update.
    """
    writer, limit = served().writer, served().settings.update_deadline
    if writer is None:
        raise WritesOff("what this service runs on cannot be written to")
    job = _job(seconds, limit)
    with _turn(job.seconds or limit):
        try:
            if check is not None:
                check()
            return writer.change(change, Author(name=author, request=job.id), job)
        finally:
            here().log.update(job.timings)


@contextmanager
def _turn(patience: float) -> Iterator[None]:
    """Wait until nobody else writes."""
    if not _places.acquire(blocking=False):
        raise QueueFull(_MOST_WRITES, _RETRY_SECONDS)
    try:
        if not _writing.acquire(timeout=patience):
            raise DeadlineExceeded(patience, patience)
        try:
            yield
        finally:
            _writing.release()
    finally:
        _places.release()


def note(form: str, query: str = "") -> None:
    """Tell the log what was asked for."""
    log = here().log
    log["form"] = form
    if query:
        log["query"] = query[:_LONGEST_LOGGED]


def form_of(query: str) -> str:
    """Return SELECT, CONSTRUCT, DESCRIBE or ASK; `query` where it does not begin like one."""
    found = _FORM.match(query)
    return found[1].upper() if found else "query"


def _timed_answer(asked: Request, job: Job) -> Evaluated:
    started = perf_counter()
    try:
        answer = served().engine.evaluate(asked, job)
    finally:
        here().log.update(job.timings)
    return Evaluated(answer, (perf_counter() - started) * 1000)


def _job(seconds: float | None, limit: float) -> Job:
    found = here()
    # A client may ask for less than there is, never for more.
    earlier = seconds if seconds is not None and seconds < limit else None
    return Job(found.id, found.client, earlier, found.cancellation)
