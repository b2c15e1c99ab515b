"""The template as its users have it: an engine, a writer, and a look at what runs.

Each call has a connection to itself while it lasts. Closing that connection is what ends the work,
so nothing needs to arrive for it to stop.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from graph.errors import GraphError
from graph.journal import Author
from graph.query import Answer, EngineUnavailable, Job, QueryCancelled, Request
from graph.release import Editions
from graph.template.folders import HeldFolder
from graph.template.frames import Closed, Frame, receive, send
from graph.template.messages import (
    change_frame,
    read_answer,
    read_error,
    read_found,
    request_frame,
    traversal_frame,
)
from graph.template.options import Options
from graph.update import Change

_KEPT = 32  # idle connections, or some more when several threads are done at once
_ENVIRONMENT = {
    # Only a process with one thread may be forked.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    # Backtraces are read from files, which workers may not open.
    "RUST_BACKTRACE": "0",
    "PYTHONFAULTHANDLER": "",
}


_SECRETS = (
    "THERASCAPE_WRITE_TOKEN",
    "THERASCAPE_ADMIN_TOKEN",
    "THERASCAPE_ENGINE_PASSWORD",
    "THERASCAPE_ENGINE_TOKEN",
)


class TemplateFailed(GraphError):
    """The engine's process could not start; the message is its own."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did. `existed` tells of the graph that was written, for Graph Store writes."""

    existed: bool | None
    inserted: int
    deleted: int
    number: int


@dataclass(frozen=True, slots=True)
class Running:
    """A query under way; `seconds` since it arrived."""

    id: str
    client: str
    query: str
    state: Literal["waiting", "running"]
    seconds: float


class EngineClient:
    """Asks the template at a socket. It can be used from several threads."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._idle: deque[socket.socket] = deque()

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:
        """Return the answer, complete. Raises the errors of graph.query, and no others."""
        return read_answer(self._queued(request_frame(request), job))

    def traverse(
        self,
        call: str,
        arguments: Mapping[str, Any],
        job: Job | None = None,
        editions: Editions = "current",
    ) -> Mapping[str, Any]:
        """Return what a call on the network gives, as `graph.network.traverse` does.

        It waits and is bounded as a query is. Raises the errors of graph.query and graph.network.
        """
        return read_found(self._queued(traversal_frame(call, arguments, editions), job))

    def change(self, change: Change, author: Author, job: Job | None = None) -> Written:
        """Carry a write out; when this returns it is kept. Raises the errors of the write."""
        job = job or Job(id=author.request)
        asked = _with_job(change_frame(change), job)
        header = {**asked.header, "author": (author.name, author.request)}
        reply = self._call(Frame(header, asked.body), job)
        fields = ("existed", "inserted", "deleted", "number")
        return Written(*(reply.header[name] for name in fields))

    def running(self) -> Sequence[Running]:
        """Return what runs and waits."""
        reply = self._call(Frame({"op": "running"}))
        return [Running(**one) for one in reply.header["running"]]

    def cancel(self, id_: str) -> bool:
        """End the query with this Query-Id; False if there is none."""
        return bool(self._call(Frame({"op": "cancel", "id": id_})).header["found"])

    def catch_up(self) -> int:
        """Let the store have what other services wrote; return the number of the last write."""
        return int(self._call(Frame({"op": "catch-up"})).header["number"])

    def status(self) -> Mapping[str, Any]:
        """Return numbers about workers, queue, deaths by cause, writes and memory (in bytes)."""
        return self._call(Frame({"op": "status"})).header

    def close(self) -> None:
        """Close the connections that nobody uses."""
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop().close()

    def _queued(self, asked: Frame, job: Job | None) -> Frame:
        """The reply to what goes through the queue; the job gets its times."""
        job = job or Job(id=os.urandom(16).hex())
        reply = self._call(_with_job(asked, job), job)
        job.timings.update(
            {name: reply.header[name] for name in ("waited", "ran") if name in reply.header}
        )
        return reply

    def _call(self, request: Frame, job: Job | None = None) -> Frame:
        connection = self._connection(request)
        try:
            if job is not None:
                job.cancellation.stopping(lambda: _shut(connection))
            reply = receive(connection)
        except Closed:
            connection.close()
            if job is not None and job.cancellation.cancelled:
                raise QueryCancelled("nobody waits for the answer any more") from None
            raise EngineUnavailable("the engine stopped while it had the query") from None
        finally:
            if job is not None:
                job.cancellation.stopping(None)
        if len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()
        if error := read_error(reply.header):
            raise error
        return reply

    def _connection(self, request: Frame) -> socket.socket:
        """A connection over which the request was sent; one that was kept may be dead by now."""
        while True:
            try:
                connection, kept = self._idle.pop(), True
            except IndexError:
                connection, kept = self._connect(), False
            try:
                send(connection, request)
            except Closed:
                connection.close()
                if not kept:
                    raise EngineUnavailable("the engine does not take queries now") from None
            else:
                return connection

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(self.path)
        except OSError as error:
            connection.close()
            raise EngineUnavailable(f"the engine is not there: {error.strerror}") from None
        return connection


class Template:
    """A template process that this one started, with a client for it. It ends with this process."""

    def __init__(self, options: Options) -> None:
        self._folder = HeldFolder("engine")
        self.options = replace(options, socket=str(self._folder.path / "engine"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "graph.template"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in a terminal is for whoever started this
            env={k: v for k, v in os.environ.items() if k not in _SECRETS} | _ENVIRONMENT,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(self.options.encode().encode() + b"\n")
        self._process.stdin.flush()
        self.client = EngineClient(self.options.socket)
        self.memory = 0

    @property
    def process_id(self) -> int:
        """Process id of the template, which is the parent of the workers."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Return when queries are taken. Raises TemplateFailed."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        ready = _json_object(line)
        if not ready.get("ready"):
            self.stop()
            reason = ready.get("error") or "the engine's process ended without a word"
            raise TemplateFailed(str(reason))
        self.memory = int(ready["memory"])

    def drain(self) -> None:
        """Let the process end once it has answered what it has; return at once."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        threading.Thread(target=self._bury, daemon=True).start()

    def stop(self) -> None:
        """End the process now, and what it works on."""
        self._process.kill()
        self._bury()

    def _bury(self) -> None:
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.client.close()
        self._folder.remove()


def start_template(options: Options) -> Template:
    """Start a template and return it when it is ready. Raises TemplateFailed."""
    template = Template(options)
    try:
        template.wait_until_ready()
    except BaseException:
        if template.alive:
            template.stop()
        raise
    return template


def _json_object(line: bytes) -> Mapping[str, Any]:
    """Return the object that a line of JSON holds; an empty one if it holds none."""
    with contextlib.suppress(ValueError):
        found = json.loads(line)
        if isinstance(found, dict):
            return found
    return {}


def _with_job(request: Frame, job: Job) -> Frame:
    header = {**request.header, "id": job.id, "client": job.client, "seconds": job.seconds}
    return Frame(header, request.body)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
