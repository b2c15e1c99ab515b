"""What every benchmark prints beside its figures: the machine, and a loop of known work."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from graph.build import build
from graph.release import DataDirectory, Release

RUNS = 5
MEBIBYTE = 1024 * 1024
console = Console(width=120)


def median_ms(work: Callable[[], object]) -> float:
    """The median of five runs after one that is not counted, in milliseconds."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def calibration() -> int:
    """A fixed amount of plain Python work."""
    return sum(i * i % 7 for i in range(1_000_000))


def machine() -> None:
    """Print what lets two machines be compared."""
    console.print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, median of {RUNS} runs")
    console.print(f"calibration loop: {median_ms(calibration):.0f} ms")


@contextmanager
def shipped() -> Iterator[tuple[Path, Release]]:
    """A data directory with a release of the shipped seeds, and that release."""
    with TemporaryDirectory() as folder:
        yield Path(folder), build(DataDirectory(Path(folder))).release


def verdict(wrong: list[str]) -> None:
    """Print what is wrong; when anything is, the benchmark has failed."""
    for line in wrong[:20]:
        console.print(line, style="red", markup=False)
    if wrong:
        raise SystemExit(f"{len(wrong)} things are wrong")
