"""One run: for each size, all contenders on the same data, query by query."""

import json
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import native
from bench.measure import calibration, console, machine, median_ms
from bench.peers import page, pictures, programs, results
from bench.peers.asking import Client, Refused
from bench.peers.cases import Case, cases, mixed, players
from bench.peers.contenders import OURS, Contender
from bench.peers.data import make
from bench.peers.measuring import loaded, timed
from bench.peers.results import Query, Results, Server, Size
from bench.peers.starting import started

DOCS = Path(__file__).parents[2] / "docs"


def run(
    sizes: Sequence[int],
    words: Sequence[str],
    rdflib: str | None,
    seconds: float,
    docs: Path | None,
) -> None:
    """Measure; print everything, and write it into the documentation in the folder `docs`."""
    # Without that, whoever ends the bench would leave all servers running.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    machine()
    told = _machine(rdflib)
    command = ['make bench ARGS="peers', *(f"--statements {size}" for size in sizes)]
    command += [*(["--rdflib-endpoint PROGRAM"] if rdflib else []), *words]
    found = Results(" ".join(command) + '"', told)
    for size in sizes:
        with TemporaryDirectory() as folder:
            done = _size(size, words, rdflib, seconds, Path(folder))
        found = replace(found, sizes=(*found.sizes, done))
        if docs:  # after each size: a later one may fail
            results.write(found, docs / "benchmarks" / "peers.json")
            _show(found, docs)
    console.print(page.text(found), markup=False, soft_wrap=True)


def redraw(docs: Path) -> None:
    """Write page and pictures anew from the results that are there."""
    _show(results.read(docs / "benchmarks" / "peers.json"), docs)


def _show(found: Results, docs: Path) -> None:
    pictures.write(found, docs / "benchmarks")
    page.write(found, docs / "benchmarks.md")


def _size(
    size: int, words: Sequence[str], rdflib: str | None, seconds: float, folder: Path
) -> Size:
    data = make(size, folder)
    counts = data.release.manifest["counts"]
    console.print(f"{data.statements:,} statements made and imported in {data.imported:.0f} s")
    with started(data, folder, rdflib) as field:
        for one in field.found:
            if one.ready is not None:
                console.print(f"{one.name} is ready after {one.ready:.0f} s", markup=False)
        for name, why in field.missing.items():
            console.print(f"left out: {name}: {why}", style="yellow", markup=False)
        empty = {one.name: one.memory() for one in field.found}
        queries = _queries(field.found, cases(words))
        load, unloaded = loaded(_mix(field.found), field.found, seconds)
        servers = {
            one.name: Server(one.ready, empty[one.name], one.memory(), one.stored())
            for one in field.found
        }
        return Size(
            statements=data.statements,
            triples=counts["triples"],
            release=data.release.id,
            servers=servers,
            queries=queries,
            load=load,
            unloaded=unloaded,
            missing=field.missing,
        )


def _queries(found: Sequence[Contender], chosen: Sequence[Case]) -> tuple[Query, ...]:
    clients = {one.name: Client(one.endpoint) for one in found}
    done = []
    for case in chosen:
        one = timed(case, clients)
        done.append(Query(case.name, case.kind, case.title, one))
        shown = ", ".join(f"{name} {times.median:.1f}" for name, times in one.times.items())
        console.print(f"{case.name}, {one.rows:,} rows, ms: {shown}", markup=False)
        for name, why in one.untimed.items():
            console.print(f"  not timed: {name}: {why}", style="yellow", markup=False)
    for client in clients.values():
        client.close()
    return tuple(done)


def _mix(found: Sequence[Contender]) -> list[Case]:
    ours = Client(next(one.endpoint for one in found if one.name == OURS))
    try:
        rows = json.loads(ours.ask(players()))["results"]["bindings"]
    except Refused as error:
        raise SystemExit(f"{OURS} does not say which players there are: {error}") from None
    finally:
        ours.close()
    return mixed(row["player"]["value"] for row in rows)


def _machine(rdflib: str | None) -> dict[str, str]:
    """What lets two runs be compared: the machine, and the versions of all programs."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = {
        "processors": f"{os.cpu_count()} x {_processor()}",
        "memory": f"{pages / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "calibration loop": f"{median_ms(calibration):.0f} ms",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "Python": platform.python_version(),
        "Therascape": version("therascape"),
        "pyoxigraph": version("pyoxigraph"),
    }
    asked = {
        "Oxigraph": [native.find(), "--version"],
        "Virtuoso": [programs.find("virtuoso-t"), "-?"],
        "nginx": [programs.find("nginx", ["/usr/sbin/nginx"]), "-v"],
        "rdflib-endpoint": [_beside(rdflib), "-c", _RDFLIB],
    }
    return found | {name: _said(command) for name, command in asked.items() if command[0]}


_RDFLIB = """from importlib.metadata import version as of
print(of("rdflib-endpoint"), "with rdflib", of("rdflib"))"""


def _beside(rdflib: str | None) -> str | None:
    """The Python of the environment that the program is of."""
    program = rdflib or programs.find("rdflib-endpoint")
    return str(Path(program).with_name("python")) if program else None


def _said(command: Sequence[str | None]) -> str:
    """The version in what a program prints of itself."""
    words = [word or "" for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    line = next((line for line in lines if any(c.isdigit() for c in line)), "unknown")
    for word in ("oxigraph ", "Version ", "nginx version: nginx/"):
        line = line.removeprefix(word)
    return line.split(" as of ")[0].strip()


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    named = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


if __name__ == "__main__":
    redraw(Path(sys.argv[1]))
