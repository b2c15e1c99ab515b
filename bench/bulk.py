"""A file of sorted N-Quads into a release that can be served, beside the engine's own loader.

The engine's loader (`Store(path).bulk_load`) makes a store on the disk of the same file: it hashes
nothing, checks less, and has no merged graph. Ours makes one too, with the merge; so the engine
loads a file that has the merge as well besides, which shows what of the difference is that. Rules,
network, statistics and names are told apart, and the shapes are left out.
"""

import resource
import shutil
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, Store
from rich.table import Table

from bench.measure import console, machine, verdict
from graph.bulk.counting import Counting
from graph.bulk.importing import import_file
from graph.bulk.reading import Progress, checked_blocks, lines_of
from graph.release import DataDirectory
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris

GOAL = 1.5
_OF_A_REPORT = 3_120
_DERIVED = ("rules", "network", "statistics", "names")


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by part, seconds of processors, and MiB of memory at most, of one process."""

    parts: dict[str, float]
    processors: float
    memory: int

    @property
    def served(self) -> float:
        """Seconds until the release can be served."""
        return sum(time_ for part, time_ in self.parts.items() if part not in _DERIVED)


def run(statements: int, seed: int, file: Path | None, runs: int, *, derives: bool) -> None:
    """Measure, and fail when importing takes more than `GOAL` times what the engine takes."""
    machine()
    with TemporaryDirectory(dir=file.parent if file else None) as temporary:
        folder = Path(temporary)
        if file is None:
            file = folder / "synthetic.nq"
            _generate(file, World.of(max(1, statements // _OF_A_REPORT), seed))
        merged = folder / "merged.nq"
        _merge(file, merged)
        theirs: list[Took] = []
        alike: list[Took] = []
        ours: list[Took] = []
        for number in range(runs):  # by turns: what else the machine does meets all
            theirs.append(_apart(_bulk_load, file, folder / f"store-{number}"))
            alike.append(_apart(_bulk_load, merged, folder / f"merged-{number}"))
            ours.append(_apart(partial(_imported, derives=derives), file, folder / f"d-{number}"))
            console.print(f"run {number + 1}: {theirs[-1]}, {alike[-1]} and {ours[-1]}")
    engine, engine_merged = (
        statistics.median(took.served for took in of) for of in (theirs, alike)
    )
    table = Table("part", "median s")
    for part in ours[0].parts:
        table.add_row(part, f"{statistics.median(took.parts[part] for took in ours):.1f}")
    whole = statistics.median(took.served for took in ours)
    table.add_row("in, checked and loaded", f"{whole:.1f}")
    table.add_row("Store(path).bulk_load", f"{engine:.1f}")
    table.add_row("the same, of the merge besides", f"{engine_merged:.1f}")
    table.add_row("ratio", f"{whole / engine:.2f} (goal {GOAL})")
    table.add_row("ratio to both", f"{whole / engine_merged:.2f}")
    for name, took in (("ours", ours), ("the engine's", theirs), ("both, the engine's", alike)):
        seconds = statistics.median(one.processors for one in took)
        table.add_row(f"seconds of processors, {name}", f"{seconds:.1f}")
        table.add_row(f"MiB at most, {name}", f"{max(one.memory for one in took):,}")
    console.print(table)
    missed = whole > GOAL * engine
    verdict([f"importing took {whole / engine:.2f} times what the engine takes"] if missed else [])


def _apart(work: Callable[[Path, Path], dict[str, float]], file: Path, place: Path) -> Took:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(_took, work, file, place).result()


def _took(work: Callable[[Path, Path], dict[str, float]], file: Path, place: Path) -> Took:
    parts = work(file, place)
    shutil.rmtree(place)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Took(parts, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)


def _generate(file: Path, world: World) -> None:
    begun = time.perf_counter()
    number = 0
    with file.open("wb") as out:
        for number, line in enumerate(lines(world, Iris(), lambda _: None), 1):  # noqa: B007
            out.write(line)
    seconds = time.perf_counter() - begun
    console.print(
        f"{number:,} statements made in {seconds:.1f} s, {number / seconds:,.0f} a second"
    )


def _merge(file: Path, place: Path) -> None:
    """Write the lines of a sorted file with the triples of their merge, as importing loads them."""
    counting = Counting(b"\xff")
    with place.open("wb") as out:
        for block in checked_blocks(file, _silent("")):
            triples = counting.take(lines_of(block))
            out.write(block + b" .\n".join([*triples, b""]))


def _bulk_load(file: Path, place: Path) -> dict[str, float]:
    begun = time.perf_counter()
    store = Store(str(place))
    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS)
    store.flush()
    del store
    return {"loading": time.perf_counter() - begun}


def _imported(file: Path, place: Path, *, derives: bool) -> dict[str, float]:
    data = DataDirectory(place)
    made = import_file(data, file, Iris(), _silent, derives=derives, validates=False, on_disk=True)
    return dict(made.seconds)


def _silent(_: str) -> Progress:
    return lambda _done, _total: None
