import contextlib
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from graph.query.stack import STACK_BYTES
from graph.template.limits import (
    Cause,
    be_first_to_go,
    cause_of_death,
    close_other_files,
    die_with_parent,
    give_way,
    leave_no_core,
    limit_memory,
    machine_memory,
)
from graph.template.wall import raise_wall, wall_available
from graph.template.warm import warm_up
from tests.graph.template.forked import End, forked

linux = pytest.mark.skipif(sys.platform != "linux", reason="enforced on Linux only")
MIB = 1024 * 1024
NO_BACKTRACE = {"RUST_BACKTRACE": "0"}
DOUBLED = "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40))
BOMB = f"SELECT (STRLEN(?x40) AS ?n) {{ VALUES ?x0 {{ 'aaaaaaaaaaaaaaaa' }} {DOUBLED} }}"


def after(first: Callable[[], None], then: Callable[[], object]) -> End:
    def work() -> object:
        first()
        return then()

    return forked(work)


def exhaust(size: int, *, wall: bool, **environment: str) -> End:
    """How a copy of this process ends whose engine wants more than `size` bytes."""

    def work() -> object:
        warm_up()
        os.environ.update(environment)
        limit_memory(size)
        leave_no_core()
        if wall:
            raise_wall()
        found = Store().query(BOMB)
        assert isinstance(found, QuerySolutions)
        return [*found]

    return forked(work)


@linux
def test_the_engine_cannot_take_more_than_its_share() -> None:
    end = exhaust(128 * MIB, wall=False, **NO_BACKTRACE)
    assert (end.cause, end.signal) == ("memory", signal.SIGABRT)
    assert "memory allocation of" in end.errors


@pytest.mark.skipif(not wall_available(), reason="this system has no wall")
@pytest.mark.parametrize("backtrace", ["0", "1"])
def test_behind_the_wall_the_cause_is_the_same(backtrace: str) -> None:
    # A backtrace opens the file that the engine is in: the wall ends what the memory began.
    end = exhaust(128 * MIB, wall=True, RUST_BACKTRACE=backtrace)
    assert end.cause == "memory"
    assert end.signal == (signal.SIGABRT if backtrace == "0" else signal.SIGSYS)


@linux
def test_python_is_told_when_its_share_is_used_up() -> None:
    def work() -> object:
        held = bytearray(200 * MIB)  # what is there already does not count
        limit_memory(64 * MIB)
        try:
            # More than any free block that this process may have from other tests.
            return len(held) + len(bytearray(4096 * MIB))
        except MemoryError:
            return "no more"

    assert forked(work) == End(0, "no more", "")


@linux
def test_what_fits_is_not_touched_by_the_limit() -> None:
    def work() -> object:
        limit_memory(64 * MIB)
        return len(bytearray(48 * MIB))

    assert forked(work) == End(0, str(48 * MIB), "")


@linux
def test_the_stack_of_a_thread_counts_once() -> None:
    stack = 2 * STACK_BYTES  # larger than any that other tests left, which would be used again

    def with_thread(size: int) -> object:
        limit_memory(size)
        threading.stack_size(stack)
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()
        return "done"

    assert forked(lambda: with_thread(stack + 8 * MIB)).said == "done"
    assert "can't start new thread" in forked(lambda: with_thread(stack // 2)).errors


@linux
def test_a_limit_that_is_there_already_is_not_raised() -> None:
    def work() -> object:
        limit_memory(64 * MIB)
        first = resource.getrlimit(resource.RLIMIT_DATA)
        limit_memory(512 * MIB)
        return first == resource.getrlimit(resource.RLIMIT_DATA)

    assert forked(work).said == "True"


@linux
def test_a_worker_dies_with_its_parent() -> None:
    reading, writing = os.pipe()

    def parent() -> object:
        own = os.getpid()
        worker = os.fork()
        if worker == 0:
            die_with_parent(own)
            os.write(writing, b"alive")
            time.sleep(30)
            os._exit(0)
        # Die only when the worker has begun.
        assert os.read(reading, 5) == b"alive"
        return worker

    end = forked(parent)
    os.close(writing)
    # The pipe ends when the last process that holds it has ended.
    began = time.monotonic()
    assert os.read(reading, 1) == b""
    os.close(reading)
    assert end.status == 0
    assert time.monotonic() - began < 10


@linux
def test_a_worker_whose_parent_is_gone_already_dies_at_once() -> None:
    end = forked(lambda: die_with_parent(os.getpid()))
    assert end.signal == signal.SIGKILL


def test_a_worker_leaves_no_core() -> None:
    def work() -> object:
        leave_no_core()
        return resource.getrlimit(resource.RLIMIT_CORE)

    assert forked(work).said == "(0, 0)"
    assert not os.WCOREDUMP(after(leave_no_core, os.abort).status)


def test_a_worker_gives_way() -> None:
    before = os.nice(0)
    assert after(lambda: give_way(5), lambda: os.nice(0)).said == str(min(before + 5, 19))


@linux
def test_a_worker_goes_before_others() -> None:
    score = Path("/proc/self/oom_score_adj")
    assert after(be_first_to_go, lambda: score.read_text().strip()).said == "1000"


def test_only_the_files_to_keep_stay_open() -> None:
    kept, closed = os.pipe(), os.pipe()

    def is_open(descriptor: int) -> bool:
        with contextlib.suppress(OSError):
            return bool(os.fstat(descriptor))
        return False

    def work() -> object:
        report = os.open(os.devnull, os.O_RDONLY)
        close_other_files({kept[0], 777})
        found = [is_open(n) for n in (0, 1, 2, kept[0], kept[1], *closed, report)]
        os.write(2, str(found).encode())
        os._exit(0)

    end = forked(work)
    for descriptor in (*kept, *closed):
        os.close(descriptor)
    assert end.errors == str([True] * 4 + [False] * 4)


def test_the_machine_has_memory() -> None:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 64 * MIB < machine_memory() <= physical


@pytest.mark.parametrize(
    ("groups", "limits", "expected"),
    [
        ("0::/", {"memory.max": "50000000"}, 50_000_000),
        ("0::/", {"memory.max": "max"}, None),
        ("0::/", {}, None),
        ("0::/a/b", {"a/b/memory.max": "70000000", "a/memory.max": "60000000"}, 60_000_000),
        ("0::/a/b", {"a/b/memory.max": "70000000", "a/memory.max": "max"}, 70_000_000),
        # In a container the path may be that on the host, or lead out of what can be seen.
        ("0::/docker/abc", {"memory.max": "50000000"}, 50_000_000),
        ("0::/../../x", {"memory.max": "50000000"}, 50_000_000),
        (
            "4:cpu,cpuacct:/a\n3:memory:/a\n0::/a",
            {"memory/a/memory.limit_in_bytes": "40000000"},
            40_000_000,
        ),
        ("3:memory:/", {"memory/memory.limit_in_bytes": "9223372036854771712"}, None),
        ("3:cpu:/", {"memory/memory.limit_in_bytes": "40000000"}, None),
        (None, {"memory.max": "50000000"}, None),
    ],
    ids=str,
)
def test_the_limit_of_a_container_counts(
    tmp_path: Path, groups: str | None, limits: dict[str, str], expected: int | None
) -> None:
    if groups is not None:
        own = tmp_path / "proc/self/cgroup"
        own.parent.mkdir(parents=True)
        own.write_text(groups + "\n")
    for name, value in limits.items():
        file = tmp_path / "sys/fs/cgroup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(value + "\n")
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert machine_memory(tmp_path) == (expected or physical)


ALLOCATION = b"memory allocation of 52428816 bytes failed\n"
OVERFLOW = (
    b"\nthread '<unnamed>' (7) has overflowed its stack\nfatal runtime error: stack overflow\n"
)
PANIC = b"\nthread '<unnamed>' (7) panicked at lib/x.rs:1:2:\nindex out of bounds\n"
UNSORTED = PANIC + b"user-provided comparison function does not correctly implement a total order\n"


@pytest.mark.parametrize(
    ("status", "said", "cause"),
    [
        (signal.SIGABRT, ALLOCATION, "memory"),
        (signal.SIGABRT, ALLOCATION + b"note: run with `RUST_BACKTRACE=1`\n", "memory"),
        (signal.SIGSYS, ALLOCATION + b"stack backtrace:\n", "memory"),
        (signal.SIGABRT, b"terminate called: std::bad_alloc", "memory"),
        (1 << 8, b"MemoryError: ", "memory"),
        (signal.SIGSYS, b"", "remote"),
        (signal.SIGSYS, b"a warning\n", "remote"),
        (signal.SIGSYS | 0x80, b"", "remote"),
        (signal.SIGSYS, PANIC + b"stack backtrace:\n", "failed"),
        (signal.SIGABRT, OVERFLOW, "stack"),
        (signal.SIGABRT, UNSORTED, "unsorted"),
        (signal.SIGSEGV, b"", "stack"),
        (signal.SIGSEGV | 0x80, b"", "stack"),
        (signal.SIGBUS, b"", "stack"),
        (signal.SIGKILL, b"", "killed"),
        (signal.SIGABRT, b"", "failed"),
        (signal.SIGABRT, PANIC, "failed"),
        (signal.SIGTERM, b"", "failed"),
        (1 << 8, b"KeyError: 'x'", "failed"),
        (0, b"", "failed"),
    ],
    ids=str,
)
def test_the_cause_of_death(status: int, said: bytes, cause: Cause) -> None:
    assert cause_of_death(status, said) == cause


@given(st.integers(0, 0xFFFF), st.binary(max_size=200))
def test_every_death_has_a_cause(status: int, said: bytes) -> None:
    assert cause_of_death(status, said) in get_args(Cause)


@linux
def test_a_query_that_is_nested_too_deeply_dies_of_its_stack() -> None:
    query = "SELECT * {" + "{" * 200_000 + "}" * 200_000 + "}"
    assert after(leave_no_core, lambda: Store().query(query)).cause == "stack"
