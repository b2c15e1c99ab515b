"""A command in a process of its own, which cannot take all memory of the machine.

The engine aborts where it gets no more memory, and collects the errors of a damaged store until
then, so somebody has to be left who says what it was.
"""

import mmap
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

import click

from graph.stores.files import damage
from graph.template.limits import (
    be_first_to_go,
    cause_of_death,
    die_with_parent,
    leave_no_core,
    limit_memory,
)
from graph.template.options import MIB
from service.failures import FAILED, INTERRUPTED, damaged_store
from service.text import visible

# MiB: the program, and what is counted though it may never be touched, stacks of threads above all.
_ITSELF, _OF_A_PROCESSOR = 256, 64
_LAST_WORDS = 1 << 16
_LONGEST_PATH = 1 << 12
_opened: "mmap.mmap | None" = None
"""Where this process tells the one that waits for it which store on the disk it reads."""


def contained(work: Callable[[], int], mib: int) -> int:
    """Do `work` in a process that may have so many MiB of memory; return its exit code.

    It returns in both processes, so what follows must be the end of the program. Only Linux holds
    a process to a limit; elsewhere the work is done in this one.
    """
    if sys.platform != "linux":
        return work()
    global _opened  # noqa: PLW0603 - a process reads one store
    _opened = mmap.mmap(-1, _LONGEST_PATH)
    parent = os.getpid()
    with os.fdopen(os.memfd_create("last words"), "w+b") as words:
        pid = os.fork()
        if pid == 0:
            die_with_parent(parent)
            return _limited(work, mib, words)
        try:
            _, status = os.waitpid(pid, 0)
        except KeyboardInterrupt:
            os.kill(pid, signal.SIGKILL)
            return INTERRUPTED
        words.seek(max(0, words.seek(0, os.SEEK_END) - _LAST_WORDS))
        return _told(status, words.read(), mib)


def reads_store(place: Path | None) -> None:
    """Note which store on the disk this process reads, as `graph.stores.files.stored` gave it."""
    if _opened is not None and place is not None:
        told = os.fsencode(place)[:_LONGEST_PATH]
        _opened[: len(told)] = told


def _limited(work: Callable[[], int], mib: int, words: IO[bytes]) -> int:
    """Do the work within the limit; what others than Python say on standard error goes to a file,
    since the engine's last words are not for whoever asked.
    """
    sys.stderr.flush()
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    os.dup2(words.fileno(), 2)
    be_first_to_go()
    leave_no_core()
    limit_memory((mib + _ITSELF + _OF_A_PROCESSOR * (os.cpu_count() or 1)) * MIB)
    try:
        return work()
    except MemoryError:
        sys.stderr.write(f"therascape: {_too_much(mib)}\n")
        return FAILED


def _told(status: int, words: bytes, mib: int) -> int:
    """Say what the process died of, if it did; return the exit code."""
    cause = cause_of_death(status, words)
    if os.WIFSIGNALED(status) and cause in ("memory", "killed"):
        click.echo(f"therascape: {_damaged() or _too_much(mib)}", err=True)
        return FAILED
    with suppress(OSError):
        os.write(2, words)
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def _too_much(mib: int) -> str:
    return (
        f"more memory was needed than there is, or than the {mib:,} MiB that are allowed; ask for "
        "less at a time, or allow more with THERASCAPE_TOTAL_MEMORY"
    )


def _damaged() -> str | None:
    """What is wrong with the store that was read, None where there was none, or it is sound."""
    assert _opened is not None
    place = Path(os.fsdecode(_opened[:].rstrip(b"\0")))
    found = damage(place) if place.name else None
    return found and visible(damaged_store(found, place.parent))
