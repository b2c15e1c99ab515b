"""wrk over one process that answers, and over several: answers from memory, and computed ones.

wrk takes a processor of its own, so on a machine with few of them more processes gain little.
"""

import shutil
import statistics
from contextlib import ExitStack

from rich.table import Table

from bench.http import MANY, POINT, Case, Contender, Runs, measure
from bench.measure import RUNS, console, machine, shipped, verdict
from tests.hostile.server import Service

CASES = (
    Case("from memory, point query", POINT, "same", "GET"),
    Case("from memory, 300 rows", f"{MANY}300", "same", "GET"),
    Case("computed, point query", POINT, "fresh", "GET"),
    Case("computed, 300 rows", f"{MANY}300", "fresh", "GET"),
)


def run(seconds: int, processes: tuple[int, ...]) -> None:
    """Print requests a second, and fail when one was not answered."""
    machine()
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is not here, and it is what measures: apt-get install wrk")
    table = Table("answers/s", *(f"--processes {number}" for number in processes), min_width=80)
    wrong = []
    with shipped() as (data, _), ExitStack() as stack:
        contenders = []
        for number in processes:

            def start(number: int = number) -> Service:
                return Service(data, "--processes", str(number), "--query-log", "off")

            contenders.append(Contender(str(number), start, start()))
            stack.callback(contenders[-1].program.kill)
        for case in CASES:
            runs = [Runs() for _ in contenders]
            for _ in range(RUNS):
                for contender, found in zip(contenders, runs, strict=True):
                    measure(wrk, case, contender, found, seconds)
            table.add_row(
                case.name, *(f"{statistics.median(one.rates or [0]):,.0f}" for one in runs)
            )
            failed = sum(one.failed + one.died for one in runs)
            if failed:
                wrong.append(f"{case.name}: {failed} failed")
    console.print(table)
    verdict(wrong)
