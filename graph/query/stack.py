"""Room for the engine's recursion, wherever it is called from.

Threads with large stacks are kept and used again. A thread is said to be over a moment before its
stack is given back. One that is begun in that moment has its stack beside the former one; where
memory is limited it can then die before it says that it has begun, and whoever started it waits
for that without end.
"""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

# The bounds in nesting.py hold for 8 MiB; threads of servers have 2 MiB or half of one.
STACK_BYTES = 64 * 1024 * 1024
# In the unit of check_nesting: any stack has room for so much, and most queries cost less.
SHALLOW = 20

T = TypeVar("T")


class _Room:
    """A thread with a large stack that does one thing after the other."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def do(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises."""
        result: Future[T] = Future()
        self._asked.put((work, result))
        return result.result()

    def _work(self) -> None:
        while True:
            _run(*self._asked.get())


class _Rooms:
    """As many rooms as are in use at the same time, each begun when it is needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._free: list[_Room] = []

    def do(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, or raise what it raises."""
        room = self._taken()
        try:
            return room.do(work)
        finally:
            with self._lock:
                self._free.append(room)

    def _taken(self) -> _Room:
        with self._lock:
            if self._free:
                return self._free.pop()
            before = threading.stack_size(STACK_BYTES)
            try:
                return _Room()
            finally:
                threading.stack_size(before)


_rooms = _Rooms()


def _begin_anew() -> None:
    """A forked process has none of the threads of the one that it is a copy of."""
    global _rooms  # noqa: PLW0603 - a process has one set of threads
    _rooms = _Rooms()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def with_room(cost: int, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises; for high cost in a thread of its own.

    A thread takes about 0.1 ms to start, once, and memory only as far as it was used.
    """
    return work() if cost <= SHALLOW else _rooms.do(work)


def _run(work: Callable[[], T], result: Future[T]) -> None:
    try:
        result.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised again where the result is taken
        result.set_exception(error)
