"""Writing a large release as N-Quads and in other formats, beside the engine's own dump.

The release is invented: triples in a few graphs, in order, as a release has them. Goal: N-Quads in
at most twice the time of the dump, in constant memory. Each export runs in a process of its own, so
its memory is its own.
"""

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pyoxigraph import RdfFormat, Store

from bench.measure import MEBIBYTE, console, machine, verdict
from graph.export.atomic import whole_file
from graph.export.formats import format_named
from graph.export.model import Scope, silent
from graph.release import Release
from graph.terms import Iris

_GOAL = 2.0
_MEMORY = 64  # MiB that N-Quads of any size may take beyond what the program does
_SHOWN = ("nquads", "ntriples", "turtle", "trig", "jsonld", "rdfxml")
_GRAPHS = ("derived", "quality", "reference", "second")


def run(statements: int, *, formats: bool, disk: bool) -> None:
    """Measure; fail where a goal is missed."""
    machine()
    with TemporaryDirectory(prefix="therascape-bench-") as name:
        folder = Path(name)
        release = _invented(folder, statements)
        size = release.nquads.stat().st_size / MEBIBYTE
        console.print(f"{statements:,} statements, {size:.0f} MiB of N-Quads")
        dump, _ = _apart(_dump, release, folder, "disk" if disk else "memory")
        console.print(f"the engine's dump: {dump:.1f} s")
        idle = _apart(_nothing, release, folder)[1]
        wrong = []
        for form in _SHOWN if formats else _SHOWN[:1]:
            seconds, memory = _apart(_export, release, folder, form)
            more = memory - idle
            console.print(f"{form}: {seconds:.1f} s, {seconds / dump:.2f} x dump, +{more:.0f} MiB")
            if form == "nquads" and seconds > _GOAL * dump:
                wrong.append(f"N-Quads took {seconds:.1f} s, and the dump {dump:.1f} s")
            if form == "nquads" and more > _MEMORY:
                wrong.append(f"N-Quads took {more:.0f} MiB more than nothing did")
    verdict(wrong)


def _invented(folder: Path, statements: int) -> Release:
    """A release as its files are; its manifest says just what an export reads of it."""
    path = folder / "releases" / "invented"
    path.mkdir(parents=True)
    digest, size = hashlib.sha256(), 0
    with (path / "data.nq").open("wb") as file:
        for line in _lines(statements):
            file.write(line)
            digest.update(line)
            size += len(line)
    graphs = {Iris().graph(name).value: 1 for name in _GRAPHS}
    manifest = {"bytes": size, "counts": {"graphs": graphs}, "sources": []}
    return Release(digest.hexdigest(), path, manifest)


def _lines(statements: int) -> Iterator[bytes]:
    """Sorted lines: eight statements of each thing, every fourth of them in two graphs."""
    base = Iris().base
    graphs = [Iris().graph(name).value for name in _GRAPHS]
    made = 0
    for number in range(statements):
        thing = f"<{base}id/claim/c{number:09}>"
        for property_ in range(8):
            about = f"{thing} <{base}ns#p{property_}>"
            value = (
                f'"The value of {number} in words"' if property_ % 2 else f"<{base}id/a/{number}>"
            )
            for graph in graphs[:2] if property_ % 4 == 0 else graphs[2:3]:
                yield f"{about} {value} <{graph}> .\n".encode()
                made += 1
                if made == statements:
                    return


def _dump(release: Release, folder: Path, where: str) -> float:
    store = Store(folder / "store") if where == "disk" else Store()
    store.bulk_load(path=release.nquads, format=RdfFormat.N_QUADS)
    begin = time.perf_counter()
    store.dump(folder / "dump.nq", RdfFormat.N_QUADS)
    return time.perf_counter() - begin


def _nothing(_: Release, __: Path, ___: str) -> float:
    return 0.0


def _export(release: Release, folder: Path, form: str) -> float:
    format_ = format_named(form)
    assert format_ is not None
    begin = time.perf_counter()
    with whole_file(folder / "export") as file:
        format_.write(release, Scope(), file, silent)
    seconds = time.perf_counter() - begin
    (folder / "export").unlink()
    return seconds


def _apart(
    work: Callable[[Release, Path, str], float], release: Release, folder: Path, form: str = ""
) -> tuple[float, float]:
    """The seconds of some work in a process of its own, and the most MiB that the process had."""
    reading, writing = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_reported,
        args=(work, (release.id, release.path, dict(release.manifest)), folder, form, writing),
    )
    process.start()
    writing.close()
    seconds, memory = reading.recv()
    process.join()
    return seconds, memory


def _reported(
    work: Callable[[Release, Path, str], float],
    release: tuple[str, Path, dict[str, Any]],
    folder: Path,
    form: str,
    writing: Connection,
) -> None:
    os.sync()
    seconds = work(Release(*release), folder, form)
    writing.send((seconds, _most()))


def _most() -> float:
    """The most MiB that this process had. Its `ru_maxrss` counts who started it, too."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this system does not tell how much memory a process had")
