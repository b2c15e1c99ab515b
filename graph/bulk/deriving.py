"""The rules over a release of any size: one source after the other beside the registers.

A rule sees what one source claims and what is registered, so the sources are taken apart first,
and are derived from in several processes where there are many. Each of these holds the registers
and one source.
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from graph.bulk.errors import ImportRefused
from graph.bulk.reading import Progress
from graph.lines import in_order
from graph.rules import derive_beside
from graph.template.limits import die_with_parent
from graph.terms import SHARED_GRAPHS, Iris

_FEW = 16  # sources: a process takes a second to begin
_MOST_TAKEN_OUT = 4  # times what is registered


def derived_lines(path: Path, iris: Iris, sources: int, progress: Progress) -> Iterator[bytes]:
    """Yield what the rules derive from the lines of a release, in order, each with its line feed.

    `progress` is told how many of the `sources` are done. Raises ImportRefused where a process was
    killed.
    """
    with TemporaryDirectory(prefix="therascape-", dir=path.parent) as folder:
        registered = Path(folder) / "registered.nt"
        derived = _derived(_sources(path, iris, registered), registered, iris, sources)
        yield from in_order(_told(derived, sources, progress), folder=path.parent)


def _told(derived: Iterable[bytes], sources: int, progress: Progress) -> Iterator[bytes]:
    for done, text in enumerate(derived, 1):
        yield from (line + b"\n" for line in text.split(b"\n")[:-1])
        progress(done, sources)


def _sources(path: Path, iris: Iris, registered: Path) -> Iterator[tuple[str, bytes]]:
    """The graph and the lines of each source; by the first of them, what is `registered` is there,
    as N-Triples.
    """
    shared = {iris.graph(name).value.encode() for name in SHARED_GRAPHS}

    def apart() -> Iterator[bytes]:
        with path.open("rb") as lines, registered.open("xb") as file:
            for line in lines:
                triple, _, graph = line.rpartition(b" <")
                if (graph := graph[:-4]) in shared:
                    file.write(triple + b" .\n")
                else:
                    yield graph + b"\t" + line  # a tab stands in no IRI as it is

    by_graph = groupby(in_order(apart(), folder=path.parent), lambda line: line.partition(b"\t")[0])
    for graph, keyed in by_graph:
        yield graph.decode(), b"".join(line[len(graph) + 1 :] for line in keyed)


def _derived(
    claimed: Iterator[tuple[str, bytes]], registered: Path, iris: Iris, sources: int
) -> Iterator[bytes]:
    """What is derived from each source, in their order."""
    number = _processors()
    processes = _processes(number) if sources > _FEW else None
    if processes is None:
        deriving = _Deriving(registered, iris)
        yield from (deriving.of(*source) for source in claimed)
        return
    waiting = deque[Future[bytes]]()
    try:
        with processes:
            for source in claimed:
                waiting.append(processes.submit(_of_source, registered, iris, *source))
                if len(waiting) > 2 * number:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
    except BrokenProcessPool:
        raise ImportRefused(
            "a process that applied the rules was ended from outside, perhaps for want of memory; "
            f"each of {number} needs what it takes to hold the registers"
        ) from None


def _processors() -> int:
    found = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(found or 1, 1)


def _processes(number: int) -> ProcessPoolExecutor | None:
    """None where processes cannot wait for each other: on Linux, without a /dev/shm to write to."""
    try:
        return ProcessPoolExecutor(number, get_context("spawn"), _begin, (os.getpid(),))
    except (ImportError, NotImplementedError, OSError):
        return None


class _Deriving:
    """Derives from one source after another, beside the registers in a file of N-Triples.

    A store in memory goes on meeting what was taken out of it, so it is made anew now and then.
    """

    def __init__(self, registered: Path, iris: Iris) -> None:
        self._registered = registered
        self._iris = iris
        self._store = Store()
        self._left = 0

    def of(self, graph: str, lines: bytes) -> bytes:
        """The lines, in no order, that are derived from those of a source's graph."""
        if self._left <= 0:
            self._renew()
        self._left -= lines.count(b"\n")
        source = NamedNode(graph)
        self._store.load(lines, format=RdfFormat.N_QUADS, lenient=True)
        derived = derive_beside(self._store, source, self._iris)
        text = serialize(derived, format=RdfFormat.N_QUADS)
        assert text is not None
        self._store.remove_graph(source)
        return text

    def _renew(self) -> None:
        self._store = Store()
        self._store.bulk_load(path=self._registered, format=RdfFormat.N_TRIPLES, lenient=True)
        self._left = _MOST_TAKEN_OUT * len(self._store)


def _begin(parent: int) -> None:
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this one


_of_this_process = cache(_Deriving)


def _of_source(registered: Path, iris: Iris, graph: str, lines: bytes) -> bytes:
    return _of_this_process(registered, iris).of(graph, lines)
