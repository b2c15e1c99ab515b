"""A file of sorted N-Quads into a release that can be served, beside the engine's own loader.

The engine's loader (`Store(path).bulk_load`) makes a store on the disk of the same file: it hashes
nothing, checks less, and has no merged graph. Rules, network and statistics are told apart.
"""

import shutil
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, Store
from rich.table import Table

from bench.measure import console, machine, verdict
from graph.bulk.importing import import_file
from graph.bulk.reading import Progress
from graph.release import DataDirectory
from graph.synthetic.nquads import lines
from graph.synthetic.world import World
from graph.terms import Iris

GOAL = 1.5
_RUNS = 3
_OF_A_REPORT = 3_120
_DERIVED = ("rules", "network", "statistics")


def run(statements: int, seed: int, file: Path | None, *, derives: bool) -> None:
    """Measure, and fail when importing takes more than `GOAL` times what the engine takes."""
    machine()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if file is None:
            file = folder / "synthetic.nq"
            _generate(file, World.of(max(1, statements // _OF_A_REPORT), seed))
        theirs: list[float] = []
        ours: list[dict[str, float]] = []
        for number in range(_RUNS):  # by turns: what else the machine does meets both
            theirs.append(_bulk_load(file, folder / f"store-{number}"))
            ours.append(_imported(file, folder / f"data-{number}", derives=derives))
            console.print(f"run {number + 1}: {theirs[-1]:.1f} s and {_served(ours[-1]):.1f} s")
    engine = statistics.median(theirs)
    table = Table("part", "median s")
    for part in ours[0]:
        table.add_row(part, f"{statistics.median(one[part] for one in ours):.1f}")
    whole = statistics.median(map(_served, ours))
    table.add_row("in, checked and loaded", f"{whole:.1f}")
    table.add_row("Store(path).bulk_load", f"{engine:.1f}")
    table.add_row("ratio", f"{whole / engine:.2f} (goal {GOAL})")
    console.print(table)
    missed = whole > GOAL * engine
    verdict([f"importing took {whole / engine:.2f} times what the engine takes"] if missed else [])


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


def _bulk_load(file: Path, place: Path) -> float:
    begun = time.perf_counter()
    store = Store(str(place))
    store.bulk_load(path=str(file), format=RdfFormat.N_QUADS, lenient=True)
    store.flush()
    del store
    seconds = time.perf_counter() - begun
    _remove(place)
    return seconds


def _imported(file: Path, place: Path, *, derives: bool) -> dict[str, float]:
    done = import_file(DataDirectory(place), file, Iris(), _silent, derives=derives)
    _remove(place)
    return dict(done.seconds)


def _served(seconds: dict[str, float]) -> float:
    return sum(time_ for part, time_ in seconds.items() if part not in _DERIVED)


def _silent(_: str) -> Progress:
    return lambda _done, _total: None


def _remove(place: Path) -> None:
    shutil.rmtree(place)
