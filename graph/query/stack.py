"""Room for the engine's recursion, wherever it is called from."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

# The bounds in nesting.py hold for 8 MiB; threads of servers have 2 MiB or half of one.
STACK_BYTES = 64 * 1024 * 1024
# In the unit of check_nesting: any stack has room for so much, and most queries cost less.
SHALLOW = 20

T = TypeVar("T")
_starting = threading.Lock()


def with_room(cost: int, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises; for high cost in a thread of its own.

    The thread takes about 0.1 ms to start, and memory only as far as it is used.
    """
    if cost <= SHALLOW:
        return work()
    result: Future[T] = Future()
    thread = threading.Thread(target=_run, args=(work, result), daemon=True)
    with _starting:
        before = threading.stack_size(STACK_BYTES)
        try:
            thread.start()
        finally:
            threading.stack_size(before)
    thread.join()
    return result.result()


def _run(work: Callable[[], T], result: Future[T]) -> None:
    try:
        result.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
        result.set_exception(error)
