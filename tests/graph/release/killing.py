"""Processes that die at a given line of the code, or at a given time."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Collection
from pathlib import Path
from types import FrameType
from typing import Any


def kill_at(step: int, files: Collection[str]) -> Callable[[FrameType, str, object], Any]:
    """A trace function that kills this process before the step-th line of these files."""
    left = step

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if Path(frame.f_code.co_filename).name not in files:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def was_killed(
    work: Callable[[], object],
    files: Collection[str],
    *,
    step: int | None = None,
    seconds: float | None = None,
) -> bool:
    """Work in a process that dies at this step or time; False when it ended before."""
    child = os.fork()
    if child == 0:
        try:
            if step is not None:
                sys.settrace(kill_at(step, files))
            work()
        except BaseException:  # noqa: BLE001 - nothing of it may run on as the parent
            sys.settrace(None)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if status != 0:
        raise RuntimeError(f"the process ended with status {status}")
    return False
