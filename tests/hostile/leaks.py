"""What a service holds, before and after: processes, open files, memory."""

import re
import time

from tests.hostile.server import Program
from tests.hostile.wire import send

_REST = 10.0


def deaths(service: Program) -> dict[str, int]:
    """How many workers died at work, by cause; those that were ended on purpose do not count."""
    text = send(service, "GET", "/metrics").body.decode()
    found = re.findall(
        r'^therascape_engine_deaths_total\{cause="(\w+)"\} (\d+)', text, re.MULTILINE
    )
    return {cause: int(number) for cause, number in found}


class Leaks:
    """Remembers what a service holds, to compare with it later."""

    def __init__(self, service: Program) -> None:
        self._service = service
        self._processes, self._files, self._memory = self._held()

    def found(self, *, memory: int, files: int, processes: int = 1) -> list[str]:
        """What has grown by more than so many bytes, files or processes, once all is at rest.

        Only the processes that were there before count for memory: workers come and go.
        """
        until = time.monotonic() + _REST
        while (grown := self._grown(memory, files, processes)) and time.monotonic() < until:
            time.sleep(0.2)
        return grown

    def __str__(self) -> str:
        pids, files, memory = self._held()
        mebibyte = 1024 * 1024
        return (
            f"{len(self._processes)} → {len(pids)} processes, {self._files} → {files} files, "
            f"{self._memory // mebibyte} → {memory // mebibyte} MiB in those that stayed"
        )

    def _grown(self, memory: int, files: int, processes: int) -> list[str]:
        pids, open_files, bytes_ = self._held()
        found = []
        if len(pids) > len(self._processes) + processes:
            found.append(f"processes: {self._service.processes.names()}")
        if open_files > self._files + files:
            found.append(f"files: {self._files} before, {open_files} after")
        if bytes_ > self._memory + memory:
            found.append(f"memory: {self._memory:,} bytes before, {bytes_:,} after")
        return found

    def _held(self) -> tuple[set[int], int, int]:
        processes = self._service.processes
        pids = set(processes)
        before = getattr(self, "_processes", pids)
        return pids, processes.files(), processes.memory_of(before & pids)
