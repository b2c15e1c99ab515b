"""One evaluation under way, and how it is given up."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class Cancellation:
    """Says once that an answer is no longer wanted; may be said from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self._cancelled = False

    @property
    def cancelled(self) -> bool:
        """Whether it was said."""
        return self._cancelled

    def cancel(self) -> None:
        """Say it: what `stopping` was given is called, now or as soon as there is something."""
        with self._lock:
            self._cancelled = True
            if self._stop is not None:
                self._stop()

    def stopping(self, stop: Callable[[], None] | None) -> None:
        """Tell how to end the work that begins now; None when it is over."""
        with self._lock:
            self._stop = stop
            if stop is not None and self._cancelled:
                stop()


@dataclass(frozen=True, slots=True)
class Job:
    """What belongs to one evaluation besides its question.

    `id` is the Query-Id, `client` whoever is to get no more than a fair share, `seconds` a deadline
    earlier than that of the engine. `timings` is told how many seconds it `waited` and `ran`.
    """

    id: str
    client: str = ""
    seconds: float | None = None
    cancellation: Cancellation = field(default_factory=Cancellation)
    timings: dict[str, float] = field(default_factory=dict)
