"""The processes of a service, as the kernel tells of them: which, how busy, how large."""

import os
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

_PROC = Path("/proc")
WINDOW = 0.05  # seconds over which work is measured
BUSY = 0.15  # of one processor: what is left when nobody asks anything


class Processes:
    """All processes that a service has started, however they came to have another parent.

    They are known by the session that the service was started in, and by a mark in their
    environment.
    """

    def __init__(self, session: int, mark: str) -> None:
        self._session = session
        self._mark = mark.encode()

    def __iter__(self) -> Iterator[int]:
        for entry in os.scandir(_PROC):
            if entry.name.isdigit() and self._is_one(int(entry.name)):
                yield int(entry.name)

    def _is_one(self, pid: int) -> bool:
        fields = _stat(pid)
        if not fields or fields[0] in "ZX":
            return False
        return int(fields[3]) == self._session or self._mark in _read(pid, "environ")

    def work(self) -> dict[int, int]:
        """Nanoseconds on a processor, by process."""
        return {pid: _work(pid) for pid in self}

    def worked(self, before: Mapping[int, int]) -> float:
        """Seconds on a processor since `work` gave this, of those that are there."""
        after = self.work()
        return sum(max(0, now - before.get(pid, 0)) for pid, now in after.items()) / 1e9

    def share(self, seconds: float = WINDOW) -> float:
        """How many processors they keep busy, measured over so many seconds."""
        before, begin = self.work(), time.monotonic()
        time.sleep(seconds)
        return self.worked(before) / (time.monotonic() - begin)

    def idle_after(self, at_most: float) -> float:
        """Wait until they do nothing; return after how many seconds that was the case.

        The time waited, at least `at_most`, when they do not come to rest.
        """
        begin = time.monotonic()
        quiet = 0
        since = begin
        while quiet < 3 and time.monotonic() - begin < at_most:
            now = time.monotonic()
            if self.share() > BUSY:
                quiet = 0
                continue
            since = since if quiet else now
            quiet += 1
        return (since if quiet == 3 else time.monotonic()) - begin

    def files(self) -> int:
        """How many files and sockets they have open, in all."""
        return sum(_files(pid) for pid in self)

    def names(self) -> list[str]:
        """Their command lines, for messages."""
        return [_command(pid) for pid in self]

    def memory(self) -> int:
        """Bytes of memory that they have together; what they share counts once."""
        return sum(_proportional(pid) for pid in self)

    def memory_of(self, pids: set[int]) -> int:
        """Bytes of memory of those that are in `pids`, shared or not."""
        return sum(_resident(pid) for pid in self if pid in pids)

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send all of them a signal, until none is left that would start another."""
        until = time.monotonic() + 5
        while (found := list(self)) and time.monotonic() < until:
            for pid in found:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    continue
            time.sleep(0.002)

    def gone_after(self, at_most: float) -> float:
        """Wait until none is left; return how long that took, or `at_most`."""
        begin = time.monotonic()
        while list(self) and time.monotonic() - begin < at_most:
            time.sleep(0.01)
        return time.monotonic() - begin


def _read(pid: int, name: str) -> bytes:
    try:
        return (_PROC / str(pid) / name).read_bytes()
    except OSError:  # it ended, or is not ours to look at
        return b""


def _stat(pid: int) -> list[str]:
    """The fields from the third on: state, parent, group, session …; none when it is gone."""
    return _read(pid, "stat").decode("utf-8", "replace").rpartition(")")[2].split()


def _work(pid: int) -> int:
    found = 0
    try:
        threads = os.listdir(_PROC / str(pid) / "task")  # noqa: PTH208 - names, not paths
    except OSError:
        return 0
    for thread in threads:
        first = _read(pid, f"task/{thread}/schedstat").split()
        found += int(first[0]) if first else 0
    return found


def _files(pid: int) -> int:
    try:
        return len(os.listdir(_PROC / str(pid) / "fd"))  # noqa: PTH208
    except OSError:
        return 0


def _command(pid: int) -> str:
    return _read(pid, "cmdline").replace(b"\0", b" ").decode("utf-8", "replace").strip()


def _kilobytes(text: bytes, name: bytes) -> int:
    lines = (line.split() for line in text.splitlines())
    return next((1024 * int(words[1]) for words in lines if words and words[0] == name), 0)


def _proportional(pid: int) -> int:
    return _kilobytes(_read(pid, "smaps_rollup"), b"Pss:")


def _resident(pid: int) -> int:
    return _kilobytes(_read(pid, "status"), b"VmRSS:")
