"""What the service says on standard error: what goes wrong, and what happens.

At a terminal it is text, else every line is one JSON document in ASCII, so nothing that comes from
outside can break one or steer a terminal.
"""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from typing import TextIO

from graph.template.saying import put
from service.text import visible

EVENTS = logging.getLogger("therascape.events")
"""What is said of a service that works as it should, if anybody wants to know."""
_TURN = threading.RLock()
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """One line of JSON for each record; what was given as `extra` becomes members."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        document = {
            "time": time_of(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        document |= {k: v for k, v in vars(record).items() if k not in _USUAL}
        if record.exc_info:
            document["exception"] = self.formatException(record.exc_info)
        return json.dumps(document, default=str)


class Plain(logging.Formatter):
    """For people at a terminal: what went wrong, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines, none of which can steer the terminal."""
        first = f"{record.levelname.capitalize()}: {visible(record.getMessage())}"
        if not record.exc_info:
            return first
        lines = self.formatException(record.exc_info).splitlines()
        return "\n".join((first, *map(visible, lines)))


class WholeLines(logging.StreamHandler[TextIO]):
    """Writes lines that those of other threads and processes of the service do not cut."""

    def createLock(self) -> None:  # noqa: N802 - as in logging
        """All of them take turns."""
        super().createLock()
        self.lock = _TURN

    def emit(self, record: logging.LogRecord) -> None:
        """Write."""
        try:
            put(f"{self.format(record)}\n", self.stream)
        except Exception:  # noqa: BLE001 - as in logging
            self.handleError(record)


def configure_logging(stream: TextIO | None = None, *, events: bool = False) -> None:
    """Write what goes wrong, and moves to another release, to standard error.

    All else is quiet: a service that works says nothing, unless `events` are asked for. At a
    terminal it is text, else JSON.
    """
    stream = stream or sys.stderr
    handler = WholeLines(stream)
    handler.setFormatter(Plain() if stream.isatty() else JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("therascape").setLevel(logging.INFO)
    EVENTS.setLevel(logging.INFO if events else logging.WARNING)


def time_of(seconds: float | None = None) -> str:
    """A moment, now unless it is given in seconds since the epoch: ISO 8601, UTC, milliseconds."""
    moment = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
