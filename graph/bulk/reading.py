"""A file of N-Quads read in blocks of whole lines, each of them checked."""

from collections.abc import Callable, Iterator
from itertools import islice
from operator import lt
from pathlib import Path
from typing import TypeAlias

from graph.bulk.errors import ImportRefused
from graph.bulk.lines import first_unfit
from graph.problems import shown

_BLOCK = 1 << 22
LONGEST_LINE = 1 << 24
Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many statements were read, and about how many there are."""


def checked_blocks(path: Path, progress: Progress, name: Path | None = None) -> Iterator[bytes]:
    """Yield the lines of a file in blocks, each line with its line feed; all fit a release.

    Messages call it `name`, where it is a copy of that. Memory is that of a block. Raises
    ImportRefused with the file and the line, and OSError.
    """
    number = read = 0
    size = path.stat().st_size
    name = name or path
    for block in _blocks(path, name):
        try:
            block.decode("utf-8")
        except UnicodeDecodeError as error:
            line = number + block.count(b"\n", 0, error.start) + 1
            raise ImportRefused(f"{name}:{line}: it is not UTF-8; write the file anew") from None
        if (found := first_unfit(block)) is not None:
            raise ImportRefused(f"{name}:{number + found[0] + 1}: {found[1]}")
        number += block.count(b"\n")
        read += len(block)
        yield block
        progress(number, number * size // read)


def lines_of(block: bytes) -> list[bytes]:
    """The lines of a block without their line feeds."""
    # Not splitlines(): literals may hold U+0085 or U+2028 as they are.
    lines = block.split(b"\n")
    lines.pop()
    return lines


def are_sorted(previous: bytes, lines: list[bytes]) -> bool:
    """Whether each line comes after the one before it, the first after `previous`."""
    return previous < lines[0] and all(map(lt, lines, islice(lines, 1, None)))


def _blocks(path: Path, name: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        rest = b""
        while data := file.read(_BLOCK):
            # Only the first line of a block can be longer than the block.
            first = data.find(b"\n")
            if len(rest) + (len(data) if first < 0 else first) >= LONGEST_LINE:
                start = shown((rest + data[:100])[:100].decode("utf-8", "replace"))
                raise ImportRefused(
                    f"{name}: a line that begins with {start} is longer than "
                    f"{LONGEST_LINE >> 20} MiB, which is the limit; shorten its text"
                )
            whole, line_feed, left = data.rpartition(b"\n")
            if line_feed:
                yield rest + whole + line_feed
                rest = left
            else:
                rest += data
        if rest:
            yield rest + b"\n"
