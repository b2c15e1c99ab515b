"""Threads with room for recursion: used again, one for each that works at the same time."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.query.stack import SHALLOW, with_room

DEEP = SHALLOW + 1


def depth(left: int) -> int:
    return 1 + depth(left - 1) if left else 0


def test_what_costs_little_stays_where_it_is() -> None:
    assert with_room(SHALLOW, threading.get_ident) == threading.get_ident()


def test_a_thread_is_used_again() -> None:
    found = {with_room(DEEP, threading.get_ident) for _ in range(50)}
    assert len(found) == 1
    assert threading.get_ident() not in found


def test_those_that_work_at_the_same_time_have_one_each() -> None:
    together = threading.Barrier(5, timeout=10)

    def work() -> int:
        together.wait()
        return threading.get_ident()

    with ThreadPoolExecutor(5) as clients:
        found = list(clients.map(lambda _: with_room(DEEP, work), range(5)))
    assert len(set(found)) == 5


def test_what_is_raised_there_is_raised_here_and_the_next_is_served() -> None:
    def fail() -> None:
        raise MemoryError("there")

    with pytest.raises(MemoryError, match="there"):
        with_room(DEEP, fail)
    assert with_room(DEEP, lambda: 1) == 1


def test_there_is_room() -> None:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(60_000)
    try:
        assert with_room(DEEP, lambda: depth(50_000)) == 50_000
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_forked_process_begins_anew() -> None:
    assert with_room(DEEP, lambda: 1) == 1
    pid = os.fork()
    if pid == 0:
        os._exit(with_room(DEEP, lambda: 42))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 42
