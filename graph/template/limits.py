"""What a worker may use up, how it gives way to others, and what it died of."""

import contextlib
import ctypes
import os
import re
import resource
import signal
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Literal

Cause = Literal["memory", "remote", "stack", "killed", "unsorted", "store", "failed"]

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
# What Rust says before it aborts; its C++ parts, and Python.
_LAST_WORDS: Mapping[Cause, re.Pattern[bytes]] = {
    "memory": re.compile(
        rb"memory allocation of \d+ bytes failed|std::bad_alloc|MemoryError|"
        rb"what\(\):  Resource temporarily unavailable"  # no room for the stack of a thread
    ),
    "stack": re.compile(rb"has overflowed its stack"),
    "unsorted": re.compile(rb"does not correctly implement a total order"),
}
_PANIC = re.compile(rb"panicked at|stack backtrace:")


def limit_memory(size: int) -> None:
    """Let this process have `size` bytes more than it has; what asks for more ends it.

    Python raises MemoryError, the engine aborts: see `cause_of_death`. Memory counts when it may be
    written to: stacks of threads count in full, data of files that are mapped for reading and what
    the C library reserves do not (for RLIMIT_AS a thread costs twice its stack). To be called
    before the wall is raised. Not enforced on macOS.
    """
    allowed = _data_bytes() + size
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most != resource.RLIM_INFINITY:
        allowed = min(allowed, most)
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))


def leave_no_core() -> None:
    """Write no core dump, of a process as large as the data, when this process dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A dump that goes to a program (systemd-coredump) knows no limit.
    _prctl(_PR_SET_DUMPABLE, 0)


def die_with_parent(parent: int) -> None:
    """Die when the parent does; at once if `parent`, its process id before the fork, has died.

    The kernel watches the thread that forked: it must live as long as the parent.
    """
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def give_way(niceness: int = 10) -> None:
    """Let other processes go first. There is no way back."""
    os.nice(niceness)


def be_first_to_go() -> None:
    """When the machine has no memory left, let the kernel end this process and no other.

    To be called before `leave_no_core`, after which only the superuser may.
    """
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def close_other_files(keep: Collection[int]) -> None:
    """Close all files, sockets and pipes but those of the descriptors to keep, and 0, 1 and 2."""
    kept = {0, 1, 2, *keep}
    for descriptor in [int(name) for name in os.listdir("/dev/fd")]:  # noqa: PTH208
        if descriptor not in kept:
            # The one that the folder was read through is closed already.
            os.closerange(descriptor, descriptor + 1)


def machine_memory(root: Path = Path("/")) -> int:
    """Bytes of memory that this process may count on: the machine's, or its control group's."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([physical, *_group_limits(root)])


def cause_of_death(wait_status: int, stderr_tail: bytes) -> Cause:
    """Say what a worker died of, from its wait status and the last of what it wrote to stderr.

    "memory": it asked for more than it may have. "remote": it ran into the wall. "stack": its query
    was nested too deeply. "killed": by whoever kills workers, and if nobody did, by the kernel
    because the machine had no memory left. "unsorted": the engine could not sort what it had to.
    "failed": all else, an exit with an error included.
    """
    number = os.WTERMSIG(wait_status) if os.WIFSIGNALED(wait_status) else 0
    # The signal need not be that of the cause: what is said on the way down may hit the wall.
    for cause, words in _LAST_WORDS.items():
        if words.search(stderr_tail):
            return cause
    match number:
        case signal.SIGSYS if not _PANIC.search(stderr_tail):
            return "remote"
        case signal.SIGSEGV | signal.SIGBUS:
            return "stack"
        case signal.SIGKILL:
            return "killed"
    return "failed"


def _data_bytes() -> int:
    """Private writable memory of this process, as the kernel counts it for RLIMIT_DATA."""
    if sys.platform != "linux":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    status = Path("/proc/self/status").read_text()
    found = re.search(r"^VmData:\s+(\d+) kB$", status, re.MULTILINE)
    assert found, "every Linux process has VmData"
    return int(found[1]) * 1024


def _group_limits(root: Path) -> Iterator[int]:
    """The limits of the control groups that this process is in, of version 1 and 2."""
    groups = root / "proc/self/cgroup"
    if not groups.is_file():
        return
    for line in groups.read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if not controllers:
            folder, name = root / "sys/fs/cgroup", "memory.max"
        elif "memory" in controllers.split(","):
            folder, name = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes"
        else:
            continue
        yield from _limits_above(folder, path, name)


def _limits_above(folder: Path, path: str, name: str) -> Iterator[int]:
    """The limits of a group and of those around it; in a container the path may mean nothing."""
    parts = [part for part in path.split("/") if part not in ("", "..")]
    for count in range(len(parts) + 1):
        file = folder.joinpath(*parts[:count], name)
        if file.is_file() and (text := file.read_text().strip()).isdecimal():
            yield int(text)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        arguments = [ctypes.c_ulong(n) for n in (value, 0, 0, 0)]
        if libc.prctl(option, *arguments):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
