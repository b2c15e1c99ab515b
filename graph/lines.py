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
from tempfile import TemporaryDirectory

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

    Runs of `run_bytes` lie in a temporary folder (inside `folder`, else where the system has such)
    until the last line is out. `progress` is told now and then how many lines were taken in.
    Raises OSError.
    """
    with TemporaryDirectory(prefix="therascape-", dir=folder) as temporary:
        runs = _Runs(Path(temporary))
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
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._paths: list[Path] = []
        self._made = 0

    def add(self, lines: Iterable[bytes]) -> None:
        if len(self._paths) == _MOST_RUNS:
            whole = self._write(self.merged(()))
            for path in self._paths:
                path.unlink()
            self._paths = [whole]
        self._paths.append(self._write(lines))

    def merged(self, held: Iterable[bytes]) -> Iterator[bytes]:
        with ExitStack() as stack:
            files = [
                stack.enter_context(path.open("rb", buffering=_BUFFER)) for path in self._paths
            ]
            yield from once(heapq.merge(*files, held) if files else held)

    def _write(self, lines: Iterable[bytes]) -> Path:
        self._made += 1
        path = self._folder / str(self._made)
        with path.open("wb", buffering=_BUFFER) as file:
            file.writelines(lines)
        return path
