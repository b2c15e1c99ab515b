"""From a file of N-Quads to a release: check, put in order, derive, publish.

Checking, hashing, counting and copying are one pass over the file where its lines are in order;
where they are not they are put in order first, on the disk. Memory is bounded, but for reading the
new release back, which takes what serving it takes.
"""

import hashlib
import heapq
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from graph.bulk.counting import Counting
from graph.bulk.deriving import derived_lines
from graph.bulk.describing import describe
from graph.bulk.errors import ImportRefused
from graph.bulk.reading import Progress, are_sorted, checked_blocks, lines_of
from graph.bulk.validating import validate
from graph.catalogue.files import keep_statistics
from graph.journal import Journal
from graph.lines import in_order, once
from graph.network.files import keep_network
from graph.release import LITERAL_CLASSES, DataDirectory, Draft, Release
from graph.rules import rules
from graph.sampling import Sample
from graph.search.files import keep_names
from graph.stores.files import NewStore, new_store
from graph.terms import Iris

_TOGETHER = 50_000
_HISTORY = "history"
Listener: TypeAlias = Callable[[str], Progress]
"""Is told the name of each part as it begins, and returns who is told of its progress."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A release that was imported, and how many seconds each part took, in order."""

    release: Release
    seconds: Mapping[str, float]


class _Unsorted(Exception):
    """Lines are not in order, or one stands twice."""


@dataclass(slots=True)
class _Parts:
    listener: Listener
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[Progress]:
        begun = time.perf_counter()
        yield self.listener(name)
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun


def import_file(
    data: DataDirectory,
    path: Path,
    iris: Iris,
    listener: Listener,
    *,
    derives: bool = True,
    validates: bool = True,
    on_disk: bool = False,
    name: Path | None = None,
) -> Imported:
    """Make a release of the statements in a file of N-Quads, and make it the current one.

    All lines must be as the engine writes them: canonical literals, named graphs, no blank nodes,
    RDF 1.1, UTF-8. Their order does not matter, nor whether one stands twice; lines in order are
    imported faster. `derives`: what the rules derive is added, unless the file has a graph
    `derived` already, or none of the model. `validates`: it is held against the shapes, a sample of
    it where it is large, which the manifest tells of. `on_disk`: its store is made as well, from
    the same pass, and is what the engine's numbers are read from; else they are those of a store in
    memory. The network and the counts of the release are made last. Messages call the file `name`,
    where it is a copy of that.

    Raises ImportRefused, and what publishing raises; the former release then stays as it was.
    """
    parts = _Parts(listener)
    begun = 0.0
    with new_store(data) if on_disk else nullcontext() as store:

        def draft(place: Path) -> Draft:
            nonlocal begun
            _refuse_written(data)
            made = _draft(path, place, iris, parts, store, derives=derives, name=name or path)
            made = _validated(made, place, iris, parts, validates=validates)
            begun = time.perf_counter()
            listener("loading")
            return made

        def check(release: Release) -> None:
            if store is None:
                release.store()
            elif store.begun:
                counts = release.manifest["counts"]
                with ThreadPoolExecutor(1) as aside:  # both wait for the disk, and for no Python
                    verified = aside.submit(release.verify)
                    store.finish(counts["statements"] + counts["triples"])
                    verified.result()
            else:
                store.load(release)

        release = data.publish_file(draft, check=check)
        if store is not None:
            store.keep(release)
    parts.seconds["loading"] = time.perf_counter() - begun
    with parts.part("network"):
        keep_network(data, release)
    with parts.part("statistics"):
        keep_statistics(data, release)
    if store is not None:
        with parts.part("names"):
            keep_names(data, release)
    return Imported(release, parts.seconds)


def _refuse_written(data: DataDirectory) -> None:
    """Raise ImportRefused where there are writes; to be asked while nobody else publishes."""
    current = data.current()
    if Journal(data.journal).last or (current and current.written.graphs):
        raise ImportRefused(
            f"{data.path}: what was written to a service there would be lost; import into another "
            "folder (--data)"
        )


def _draft(
    path: Path,
    place: Path,
    iris: Iris,
    parts: _Parts,
    store: NewStore | None,
    *,
    derives: bool,
    name: Path,
) -> Draft:
    # A store gives nothing back: it takes lines in the pass that is surely the last one.
    first = None if derives else store
    try:
        with parts.part("checking") as progress:
            made = _copied(_sorted_blocks(path, progress, name), place, iris, first)
    except _Unsorted:
        place.unlink()
        if first is not None:
            first.clear()
        with parts.part("sorting") as progress:
            made = _copied(_reordered(path, place.parent, progress, name), place, iris, first)
    if not made.counts.statements:
        raise ImportRefused(
            f"{name}: there is no statement in it, and a release of none would take the place of "
            "the current one; look whether what wrote it failed"
        )
    if iris.graph(_HISTORY).value in made.counts.graphs:
        raise ImportRefused(
            f"{name}: it has superseded editions (the graph {iris.graph(_HISTORY).value}), which "
            "only a build tells apart; export it from a release without them"
        )
    modelled = any(graph.startswith(f"{iris.base}graph/") for graph in made.counts.graphs)
    if derives and modelled and iris.graph("derived").value not in made.counts.graphs:
        made = _with_derived(made, place, iris, parts, store)
    return made


def _validated(made: Draft, place: Path, iris: Iris, parts: _Parts, *, validates: bool) -> Draft:
    """The same, with what the manifest says of how it was held against the shapes."""
    sources = made.details["sources"]
    assert isinstance(sources, list)
    slugs = [str(source["slug"]) for source in sources if isinstance(source, dict)]
    statements = made.counts.statements
    checked: Sample | None = Sample((), len(slugs), statements)
    if validates:
        checked = validate(place, slugs, statements, iris, parts.part)
    if checked is None:
        return made
    return replace(made, details={**made.details, "validated": checked.told()})


def _copied(
    blocks: Iterable[list[bytes]],
    place: Path,
    iris: Iris,
    store: NewStore | None,
    *,
    derived: bool = False,
) -> Draft:
    """Write lines that are in order to a new file, and into a store; return what it has."""
    counting = Counting(f"<{iris.base}source/".encode())
    digest = hashlib.sha256()
    size = 0
    with place.open("xb") as file:
        for lines in blocks:
            merged = counting.take(lines)
            text = b"\n".join(lines) + b"\n"
            digest.update(text)
            file.write(text)
            size += len(text)
            if store is not None:
                store.take(text, b" .\n".join([*merged, b""]))
        file.flush()
        os.fsync(file.fileno())
    named = [rule.name for rule in rules()] if derived else []
    details = describe(place, counting.kept, iris, named)
    details[LITERAL_CLASSES] = counting.literal_classes
    return Draft(digest.hexdigest(), size, counting.counts(), details)


def _sorted_blocks(path: Path, progress: Progress, name: Path) -> Iterator[list[bytes]]:
    previous = b""
    for block in checked_blocks(path, progress, name):
        lines = lines_of(block)
        if not are_sorted(previous, lines):
            raise _Unsorted
        previous = lines[-1]
        yield lines


def _reordered(path: Path, folder: Path, progress: Progress, name: Path) -> Iterator[list[bytes]]:
    blocks = checked_blocks(path, progress, name)
    lines = (line + b"\n" for block in blocks for line in lines_of(block))
    return _together(in_order(lines, folder=folder))


def _with_derived(
    made: Draft, place: Path, iris: Iris, parts: _Parts, store: NewStore | None
) -> Draft:
    """The same with what the rules derive from it."""
    claimed, derived = place.with_name("claimed.nq"), place.with_name("derived.nq")
    place.rename(claimed)
    with parts.part("rules") as progress, derived.open("xb") as file:
        file.writelines(derived_lines(claimed, iris, len(made.counts.graphs), progress))
    with parts.part("merging"), claimed.open("rb") as before, derived.open("rb") as added:
        lines = once(heapq.merge(before, added))
        merged = _copied(_together(lines), place, iris, store, derived=True)
    claimed.unlink()
    derived.unlink()
    return merged


def _together(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := [line[:-1] for line in islice(lines, _TOGETHER)]:
        yield some
