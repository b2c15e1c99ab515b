"""What the service writes down of queries and requests: a line for each, in a file.

Every line is one JSON document in ASCII, so nothing that a client sends can break one or steer a
terminal. Headers are not written, and with them no token.
"""

import contextlib
import fcntl
import json
import logging
import os
import sys
import threading
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from service.exchange import query_id
from service.front.observer import Again, Outcome, problem_of
from service.loglines import WholeLines, time_of

OFF, STANDARD_ERROR = "off", "-"

_LONGEST_QUERY = 10_000
_LONGEST_PATH = 1_000
_FILE_BYTES = 10 * 1024 * 1024
_FILES = 5
_FLUSH_SECONDS = 0.5
_MOST_WAITING = 50_000
_LOG = logging.getLogger("therascape.log")


class QueryLog:
    """One line for each query and write: who asked what, what became of it, how long it took.

    Lines are handed to a thread that writes them, so that no request waits for the disk. `handler`
    is where they go. With `every`, other requests have a line too.
    """

    def __init__(self, handler: logging.Handler, *, every: bool = False) -> None:
        self._handler = handler
        self._every = every
        self._lines: list[str] = []
        self._lost = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._write, name="query-log", daemon=True)
        self._thread.start()

    def began(self) -> None:
        """Do nothing: a line is written when a request is over."""

    def ended(self, outcome: Outcome) -> None:
        """Write the line, if it was a query or a write, or if every request has one."""
        if self._every or "form" in outcome.exchange.log:
            self._put(json.dumps(line_of(outcome)))

    def kept(self, outcome: Outcome) -> Again:
        """Return what writes the line when the answer is given again."""
        if not self._every and "form" not in outcome.exchange.log:
            return lambda *_: None
        # Made once, since most lines may be of such answers.
        line = line_of(outcome) | {"waited_ms": 0, "ran_ms": 0, "cached": True}
        same = {k: v for k, v in line.items() if k not in _OF_REQUEST}
        rest = json.dumps(same)[1:]

        def again(scope: Mapping[str, Any], status: int, size: int, took: float) -> None:
            asked = dict(scope["headers"]).get(b"query-id", b"").decode("latin-1")
            document = {
                "time": time_of(),
                "level": _level(status),
                "id": query_id(asked) if asked else None,
                "client": scope["client"][0] if scope.get("client") else "",
                "method": scope["method"],
                "status": status,
                "total_ms": _milliseconds(took),
                "bytes": size,
            }
            self._put(f"{json.dumps(document)[:-1]}, {rest}")

        return again

    def close(self) -> None:
        """Write what there is, and end."""
        self._closing.set()
        self._thread.join()
        with contextlib.suppress(OSError):  # what cannot be written was told before
            self._handler.close()

    def _put(self, line: str) -> None:
        if len(self._lines) < _MOST_WAITING:
            self._lines.append(line)
        else:
            self._lost += 1

    def _write(self) -> None:
        closing = False
        while not closing:
            closing = self._closing.wait(_FLUSH_SECONDS)
            lines, self._lines = self._lines, []
            lost, self._lost = self._lost, 0
            if lost:
                lines.append(json.dumps({"time": time_of(), "lost": lost}))
            if lines:
                self._handler.handle(logging.makeLogRecord({"msg": "\n".join(lines)}))


_OF_REQUEST = frozenset("time level id client method status total_ms bytes".split())


def line_of(outcome: Outcome) -> dict[str, Any]:
    """Return what a line says; times are in milliseconds.

    A generation is the id of the release, and the number of the last write.
    """
    found = outcome.exchange
    log = dict(found.log)
    waited, ran = log.pop("waited", None), log.pop("ran", None)
    for name in ("problem", "bytes"):
        log.pop(name, None)
    query = str(log.pop("query", ""))
    line: dict[str, Any] = {
        "time": time_of(),
        "level": _level(outcome.status),
        "id": found.id,
        "client": found.client,
        "method": outcome.method,
        "path": outcome.path[:_LONGEST_PATH],
        "form": log.pop("form", None),
        "query": query[:_LONGEST_QUERY],
        "status": outcome.status or None,
        "problem": problem_of(outcome),
        "waited_ms": _milliseconds(waited),
        "ran_ms": _milliseconds(ran),
        "total_ms": _milliseconds(outcome.seconds),
        "bytes": outcome.size,
        "cached": False,
    }
    if isinstance(outcome.generation, tuple):
        line["release"], line["write"] = outcome.generation
    return line | {name: value for name, value in log.items() if name not in line}


def open_query_log(where: str | None, data: Path, lock: Path | None = None) -> QueryLog | None:
    """Return the log at `where`: a file, `-` for standard error, `off` for none.

    Unless given, it is `log/queries.jsonl` in the data directory. Where that cannot be written,
    there is a warning, and no log. Processes that write to the same one name the same `lock`.
    """
    where = where or str(data / "log" / "queries.jsonl")
    return _open(where, "queries", "--query-log", lock)


def open_request_log(where: str | None, lock: Path | None = None) -> QueryLog | None:
    """Return the same for every request; unless given, there is none."""
    return _open(where or OFF, "requests", "--request-log", lock, every=True)


def _open(
    where: str, what: str, flag: str, lock: Path | None, *, every: bool = False
) -> QueryLog | None:
    if where == OFF:
        return None
    path = Path(where)
    handler: logging.Handler
    try:
        if where == STANDARD_ERROR:
            handler = WholeLines(sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = _File(path)
        return QueryLog(handler if lock is None else _InTurn(handler, lock), every=every)
    except OSError as error:
        _LOG.warning(
            "%s are not logged: %s cannot be written (%s); %s names another file, or `off`",
            *(what, path, error.strerror, flag),
        )
        return None


class _File(RotatingFileHandler):
    """A file of limited size, with some before it. When it fails, that is said once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_FILE_BYTES, backupCount=_FILES, encoding="ascii")
        self._told = False

    def look(self) -> None:
        """Go on in the file that has the name now: another process may have begun a new one."""
        if self.stream is None:
            return
        with contextlib.suppress(OSError):
            known, now = os.fstat(self.stream.fileno()), Path(self.baseFilename).stat()
            if (known.st_dev, known.st_ino) == (now.st_dev, now.st_ino):
                return
        self.stream.close()
        self.stream = self._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002
        if not self._told:
            self._told = True
            error = sys.exc_info()[1]
            _LOG.error("requests cannot be logged any more: %s: %s", self.baseFilename, error)


class _InTurn(logging.Handler):
    """Writes through another handler, and no other process with the same lock meanwhile."""

    def __init__(self, handler: logging.Handler, lock: Path) -> None:
        super().__init__()
        self._handler = handler
        self._turn = lock.open("a")

    def emit(self, record: logging.LogRecord) -> None:
        """Wait for our turn, and write."""
        try:
            fcntl.flock(self._turn, fcntl.LOCK_EX)
            try:
                if isinstance(self._handler, _File):
                    self._handler.look()
                self._handler.handle(record)
            finally:
                fcntl.flock(self._turn, fcntl.LOCK_UN)
        except OSError:
            self._handler.handleError(record)

    def close(self) -> None:
        """Close the other one, too."""
        self._handler.close()
        self._turn.close()
        super().close()


def _level(status: int) -> str:
    return "error" if status >= 500 else "warning" if status >= 400 else "info"


def _milliseconds(seconds: object) -> float | None:
    return round(seconds * 1000, 3) if isinstance(seconds, int | float) else None
