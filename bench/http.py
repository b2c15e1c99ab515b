"""wrk with eight connections: Therascape beside the native Oxigraph server, with deadlines set.

Each query is asked of all of them first, and their answers must have the same rows. A server that
dies is started again, and that is told; the run does not count for its speed.
"""

import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from rich.table import Table

from bench import native
from bench.measure import RUNS, console, machine, shipped, verdict
from graph.release import Release
from tests.hostile.server import Program, Service

OURS = "Therascape"
CONNECTIONS = 8
SIZE = 68_000  # bytes of the larger answer
SCRIPT = Path(__file__).with_name("wrk.lua")
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
POINT = f"SELECT ?l {{ <https://w3id.org/therascape/id/agent/iovance-biotherapeutics> {LABEL} ?l }}"
MANY = f"SELECT ?s ?l {{ ?s {LABEL} ?l }} LIMIT "


@dataclass(slots=True)
class Contender:
    """A server, and how it is started."""

    name: str
    start: Callable[[], Program]
    program: Program

    def revive(self) -> bool:
        """Whether it had died; it is started again."""
        if self.program.process.poll() is None:
            return False
        self.program.kill()
        self.program = self.start()
        return True


@dataclass(slots=True)
class Runs:
    """What came of the runs of one case on one server: rates of those that it survived."""

    rates: list[float] = field(default_factory=list)
    slowest: list[float] = field(default_factory=list)
    failed: int = 0
    died: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One query, sent as it is (`same`) or each time with another comment (`fresh`)."""

    name: str
    query: str
    kind: str
    method: str


def run(seconds: int, deadline: int) -> None:
    """Print requests a second, ratios, and failed answers."""
    machine()
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is not here, and it is what measures: apt-get install wrk")
    wrong = []
    with shipped() as (data, release), _contenders(data, release, deadline) as contenders:
        for case in _cases(contenders):
            runs = {contender.name: Runs() for contender in contenders}
            for _ in range(RUNS):
                for contender in contenders:
                    measure(wrk, case, contender, runs[contender.name], seconds)
            _print(case, runs)
            ours = runs[OURS]
            if ours.failed or ours.died:
                wrong.append(f"{case.name}: {ours.failed} failed, died {ours.died} times")
    verdict(wrong)


@contextmanager
def _contenders(data: Path, release: Release, deadline: int) -> Iterator[list[Contender]]:
    """Ours, and the native one in memory and on disk where it is installed."""

    def ours() -> Program:
        return Service(data, "--deadline", str(deadline))

    def theirs(program: str, location: Path | None) -> Program:
        known = location is not None and location.exists()
        server = native.Native(program, seconds=deadline, location=location)
        if not known:
            native.fill(server, release.nquads)
        return server

    starts: dict[str, Callable[[], Program]] = {OURS: ours}
    program = native.find()
    with TemporaryDirectory() as folder:
        if program is None:
            console.print(native.MISSING)
        else:
            starts["native, memory"] = partial(theirs, program, None)
            starts["native, disk"] = partial(theirs, program, Path(folder) / "store")
        contenders = [Contender(name, start, start()) for name, start in starts.items()]
        try:
            yield contenders
        finally:
            for contender in contenders:
                contender.program.kill()


def _ask(server: Program, query: str) -> bytes:
    headers = {
        "Content-Type": "application/sparql-query",
        "Accept": "application/sparql-results+json",
    }
    with urlopen(Request(f"{server.address}sparql", query.encode(), headers)) as response:
        return bytes(response.read())


def _cases(contenders: list[Contender]) -> list[Case]:
    ours = contenders[0].program
    rows = 100
    while len(_ask(ours, f"{MANY}{rows}")) < SIZE:
        rows += 5
    many = f"{MANY}{rows}"
    size = len(_ask(ours, many)) // 1000
    for query in (POINT, many):
        found = {
            contender.name: len(json.loads(_ask(contender.program, query))["results"]["bindings"])
            for contender in contenders
        }
        if len(set(found.values())) != 1 or not all(found.values()):
            raise SystemExit(f"not the same rows: {found} for {query}")
    return [
        Case(f"{name}, {words}, by {method}", query, kind, method)
        for name, query in (("point query", POINT), (f"{size} KB", many))
        for kind, words in (("fresh", "each another"), ("same", "the very same"))
        for method in ("GET", "POST")
    ]


def measure(wrk: str, case: Case, contender: Contender, runs: Runs, seconds: int) -> None:
    """Add one run of a case on one server."""
    with TemporaryDirectory() as folder:
        query = Path(folder) / "query.rq"
        query.write_text(case.query, "utf-8")
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(SCRIPT)]
        command += [f"{contender.program.address}sparql", "--", str(query), case.kind, case.method]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    time.sleep(0.2)  # one that aborts takes a moment to be gone
    died = contender.revive()
    runs.died += died
    if done.returncode:
        if not died:
            raise SystemExit(f"wrk failed: {done.stderr}")
        return
    found = json.loads(done.stdout.strip().splitlines()[-1])
    runs.failed += found["refused"] + found["broken"]
    if not died:
        runs.rates.append((found["requests"] - found["refused"]) / found["seconds"])
        runs.slowest.append(found["p99"])


def _print(case: Case, runs: dict[str, Runs]) -> None:
    table = Table(
        case.name, "good answers/s", "p99, ms", "failed", "died", f"{OURS} / this", min_width=100
    )
    ours = statistics.median(runs[OURS].rates or [0.0])
    for name, found in runs.items():
        rate = statistics.median(found.rates or [0.0])
        p99 = f"{statistics.median(found.slowest):.1f}" if found.slowest else "-"
        ratio = f"{ours / rate:.2f}" if rate else "-"
        table.add_row(name, f"{rate:,.0f}", p99, str(found.failed), str(found.died), ratio)
    console.print(table)
