"""How much of a processor a process has used: unlike time, it is the same on a busy machine."""

import asyncio
import sys
import time
from collections.abc import Callable

_LEAST = 0.005  # seconds between two looks
_WHOLE_PROCESS = 2  # CPUCLOCK_SCHED of include/linux/posix-timers.h: all threads


def processor_seconds(pid: int) -> float:
    """Seconds of processors that a process has used so far; 0 when there is no such process.

    The number of a clock holds that of the process (clock_getcpuclockid(3) on Linux). On other
    systems it is time that passes.
    """
    if sys.platform != "linux":
        return time.monotonic()
    try:
        return time.clock_gettime((~pid << 3) | _WHOLE_PROCESS)
    except OSError:
        return 0.0


class Meter:
    """Calls `act` once, on the loop, when a process has used so many more seconds of processors."""

    def __init__(self, pid: int, seconds: float, act: Callable[[], None]) -> None:
        self._pid = pid
        self._act = act
        self._until = processor_seconds(pid) + seconds
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(seconds, _LEAST), self._look)

    def _look(self) -> None:
        left = self._until - processor_seconds(self._pid)
        if left > 0:
            self._wait(left)
        else:
            self._act()

    def cancel(self) -> None:
        """Call nothing any more."""
        self._timer.cancel()
