"""Replaces processes that answer when they die, however often somebody kills them.

Granian ends all of them where one dies twice within seconds. This leans on what it keeps to itself
(2.8): `_serve_loop` and `_respawn_workers` of the server, its `interrupt_children` and `wrks`, and
`inner` and `birth` of those. tests/service/processes/test_killed.py notices where that is not so.
"""

import logging
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from granian.server import MPServer

_LOG = logging.getLogger("therascape.service")
_SOON_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_MOST_AT_THE_START = 2


class Server(MPServer):
    """Replaces each process that dies: at once, or after a pause where it did not live long.

    `served` says whether a process came to serve, and `started` whether all did once; `ended` is
    called for each that died. Where one dies again and again before the service has started,
    `serve` returns, and `gave_up` is true.
    """

    gave_up = False

    def watch(
        self, served: Callable[[int], bool], started: Callable[[], bool], ended: Callable[[], None]
    ) -> None:
        """Be told how processes fare; before `serve`."""
        self._served, self._started, self._ended = served, started, ended
        self._soon = Counter[int]()

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        due: dict[int, float] = {}
        while True:
            self.main_loop_interrupt.wait(_until(due))
            self.main_loop_interrupt.clear()
            if self.interrupt_signal:
                return
            while self.interrupt_children:
                index = self.interrupt_children.pop()
                due[index] = time.monotonic() + self._died(index)
            if self.gave_up:
                return
            again = [index for index, at in due.items() if at <= time.monotonic()]
            self._respawn_workers(again, spawn_target, target_loader)
            due = {index: at for index, at in due.items() if index not in again}

    def _died(self, index: int) -> float:
        """Tell of a process; return the seconds until it is replaced."""
        worker = self.wrks[index]
        served = self._served(worker.inner.pid)
        if served and time.monotonic() - worker.birth >= _SOON_SECONDS:
            del self._soon[index]
        else:
            self._soon[index] += 1
        soon = self._soon[index]
        if not self._started() and not served and soon >= _MOST_AT_THE_START:
            self.gave_up = True
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (soon - 1)) if soon else 0.0
        cause = _cause(worker.inner.exitcode)
        self._ended()
        event = {"event": "process-ended", "pid": worker.inner.pid, "cause": cause}
        text = "a process that answers ended (%s)"
        if not self.gave_up:
            text += (
                f"; another one is started in {pause:g} s" if pause else "; another one is started"
            )
        _LOG.error(text, cause, extra=event)
        return pause


def _until(due: dict[int, float]) -> float | None:
    return max(0.0, min(due.values()) - time.monotonic()) if due else None


def _cause(code: int | None) -> str:
    """How a process ended: the name of a signal, or its code."""
    if code is not None and code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"code {code}"
