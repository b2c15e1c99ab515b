"""The rules over a release of any size: one source after the other beside the registers.

A rule sees what one source claims and what is registered, so the sources are taken apart first,
and no more than one of them is held with the registers.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse

from graph.bulk.reading import Progress
from graph.lines import in_order
from graph.rules import derive_beside
from graph.terms import SHARED_GRAPHS, Iris


def derived_lines(path: Path, iris: Iris, sources: int, progress: Progress) -> Iterator[bytes]:
    """Yield what the rules derive from the lines of a release, in order, each with its line feed.

    `progress` is told how many of the `sources` are done.
    """
    return in_order(_derived(path, iris, sources, progress), folder=path.parent)


def _derived(path: Path, iris: Iris, sources: int, progress: Progress) -> Iterator[bytes]:
    shared = {iris.graph(name).value.encode() for name in SHARED_GRAPHS}
    store = Store()
    store.bulk_extend(_triples(line for line in _lines(path) if _graph(line) in shared))
    # A tab stands in no IRI as it is.
    apart = (
        _graph(line) + b"\t" + line + b"\n" for line in _lines(path) if _graph(line) not in shared
    )
    by_source = groupby(in_order(apart, folder=path.parent), lambda line: line.partition(b"\t")[0])
    for done, (_, keyed) in enumerate(by_source, 1):
        claimed = _triples(line.partition(b"\t")[2].rstrip(b"\n") for line in keyed)
        yield from _written(derive_beside(store, claimed, iris))
        progress(done, sources)


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        for line in file:
            yield line[:-1]


def _graph(line: bytes) -> bytes:
    return line[line.rindex(b" <") + 2 : -3]


def _triples(lines: Iterable[bytes]) -> Iterator[Quad]:
    """The statements of lines, in the default graph."""
    for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS):
        yield Quad(quad.subject, quad.predicate, quad.object)


def _written(quads: Iterable[Quad]) -> Iterator[bytes]:
    store = Store()
    store.bulk_extend(quads)
    return (line.encode() + b"\n" for line in str(store).split("\n")[:-1])
