"""Whether a database answers and holds what is served: looked at once a second, beside all queries.

Whoever wants to know is told at once, also while a database lets everybody wait.
"""

import threading
import time
from collections.abc import Callable

from graph.query import QueryError
from graph.remote.errors import DatabaseUnavailable, Maintenance, RemoteError
from graph.remote.wire import Bounds

SECONDS = 1.0
"""Between two looks."""
DEADLINE = 5.0
"""Seconds that a look may take."""
_SIZE = 1024 * 1024

Tell = Callable[[QueryError | None], None]


class Pulse:
    """Looks in a thread of its own, from `start` to `stop`.

    `look` raises a QueryError where the database does not answer, or not with what is served.
    `tell` is given that error when it begins, and None when it is over.
    """

    def __init__(self, look: Callable[[Bounds], None], tell: Tell) -> None:
        self._look, self._tell = look, tell
        self._wrong: QueryError | None = None
        self._seen = time.monotonic()
        self._stopped = False
        self._wake = threading.Event()

    def start(self) -> None:
        """Begin to look; until the first look is over, the database counts as well."""
        self._seen = time.monotonic()
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """Look no more, and tell no more. Returns at once."""
        self._stopped = True
        self._wake.set()

    def soon(self) -> None:
        """Look now: somebody was not answered."""
        self._wake.set()

    @property
    def wrong(self) -> QueryError | None:
        """What the last look found wrong, or that it does not end; None where all is well."""
        since = time.monotonic() - self._seen
        if self._wrong is None and since > SECONDS + 2 * DEADLINE:  # looking up a name may hang
            text = f"the database has not answered for {since:.0f} s"
            return DatabaseUnavailable(text, text)
        return self._wrong

    def once(self) -> None:
        """Look, and tell what is new."""
        wrong: QueryError | None = None
        try:
            self._look(Bounds(DEADLINE, _SIZE))
        except QueryError as error:
            wrong = error
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
            text = "the database's answer cannot be understood"
            wrong = RemoteError(f"{text}: {type(error).__name__}", text)
        before, self._wrong = self._wrong, wrong
        self._seen = time.monotonic()
        if (before is None) != (wrong is None) and not self._stopped:
            self._tell(wrong)

    def _run(self) -> None:
        while not self._stopped:
            self.once()
            self._wake.wait(SECONDS)
            if not self._stopped:
                self._wake.clear()


def told(wrong: QueryError) -> str:
    """What others than the operator may know of what is wrong."""
    if isinstance(wrong, RemoteError | DatabaseUnavailable):
        return wrong.told
    if isinstance(wrong, Maintenance):
        return str(wrong)
    return "the database behind this service does not answer in time"
