"""Lines put in order whatever their number: sorted runs on the disk, merged.

Python's own sort and `heapq.merge` do it, not the program `sort`: making the lines takes longer
than ordering them, and no other program has to be there, in a version whose order of bytes can be
trusted. Memory is bounded by the size of a run, and files by the number of runs merged at a time.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self

RUN_BYTES = 128 * 1024 * 1024
_MOST_RUNS = 64
_BUFFER = 1 << 18


def in_order(
    lines: Iterable[bytes],
    *,
    run_bytes: int = RUN_BYTES,
    folder: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[bytes]:
    """Yield the lines in the order of their bytes, each once; all of them end with a line feed.

    Runs of `run_bytes` lie in temporary files (in `folder`, else where the system has such) until
    the last line is out: as much as the lines, and up to twice that while runs are merged. The
    files have no names, so whoever is killed leaves none. `progress` is told now and then how many
    lines were taken in. Raises OSError.
    """
    with _Runs(folder) as runs:
        held: list[bytes] = []
        size = number = 0
        for number, line in enumerate(lines, 1):
            held.append(line)
            size += len(line)
            if size >= run_bytes:
                runs.add(sorted(held))
                held, size = [], 0
                if progress:
                    progress(number)
        if progress:
            progress(number)
        held.sort()
        yield from runs.merged(held)


def beginning(path: Path, start: bytes) -> Iterator[bytes]:
    """Yield the lines that begin so, of a file whose lines are in order; few of it are read."""
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            file.seek(max(0, middle - 1))
            if middle:
                file.readline()
            at = file.tell()
            line = file.readline()
            if line and line < start:
                low = at + len(line)
            else:
                high = middle
        file.seek(low)
        while (line := file.readline()).startswith(start) and line:
            yield line


def once(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each of the lines, which are in order, once."""
    return (line for line, _ in groupby(lines))


class _Runs:
    """Runs of sorted lines, each in a file that goes when it is closed."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: list[IO[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def add(self, lines: Iterable[bytes]) -> None:
        if len(self._files) == _MOST_RUNS:
            whole = self._written(self.merged(()))
            for file in self._files:
                file.close()
            self._files = [whole]
        self._files.append(self._written(lines))

    def merged(self, held: Iterable[bytes]) -> Iterator[bytes]:
        yield from once(heapq.merge(*self._files, held) if self._files else held)

    def _written(self, lines: Iterable[bytes]) -> IO[bytes]:
        with ExitStack() as stack:
            file = stack.enter_context(TemporaryFile(buffering=_BUFFER, dir=self._folder))
            file.writelines(lines)
            file.seek(0)
            stack.pop_all()  # it stays open
        return file
