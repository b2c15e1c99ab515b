"""The statements of a scope as N-Quads lines, in order, without ever holding all of them.

A release is a file of sorted lines, subject first and graph last. What is exported of it is chosen
line by line, so order and bytes follow from the file, and a triple that several graphs have stands
in lines that are neighbours.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from graph.export.errors import NoSuchScope
from graph.export.model import Progress, Scope
from graph.problems import candidates, shown
from graph.release import Release, ReleaseDamaged
from graph.release.files import explained

Lines: TypeAlias = list[bytes]
_BLOCK = 1 << 20
_MOST_TOLD = 50


def blocks(release: Release, progress: Progress) -> Iterator[bytes]:
    """The bytes of the release in blocks of whole lines, each ending with a line feed.

    At the end its hash is held against its id: raises ReleaseDamaged, and DataDirectoryError. So
    what was made of it counts only once all of it was read.
    """
    total, done = int(release.manifest["bytes"]), 0
    digest = hashlib.sha256()
    with explained("read a release", release.path), release.nquads.open("rb") as file:
        rest = b""
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            whole, line_feed, left = block.rpartition(b"\n")
            if line_feed:
                yield rest + whole + line_feed
                rest = left
            else:
                rest += block
            progress(done, total)
        if rest:
            yield rest
    if digest.hexdigest() != release.id:
        raise ReleaseDamaged(
            f"{release.nquads}: its hash is not the id of the release; run `therascape build`, and "
            "delete the folder of the damaged release if it is still there"
        )


def selected(release: Release, scope: Scope, progress: Progress) -> Iterator[Lines]:
    """The lines of a whole release, of a source or of a graph, in lists.

    Raises NoSuchScope before the first, and what `blocks` does.
    """
    keep = _keeping(release, scope)
    for block in blocks(release, progress):
        # Not splitlines(): literals may hold a carriage return or U+0085 as they are.
        lines = block.split(b"\n")
        lines.pop()
        kept = lines if keep is None else keep(lines)
        if kept:
            yield kept


def triples(lists: Iterable[Lines]) -> Iterator[Lines]:
    """The N-Triples lines of their RDF merge, in order, each once, without line ends."""
    previous = b""
    for lines in lists:
        found = []
        for line in lines:
            triple = line.rpartition(b" <")[0]
            if triple != previous:
                previous = triple
                found.append(triple + b" .")
        yield found


def graph_of(line: bytes) -> bytes:
    """The IRI of the graph of an N-Quads line."""
    return line.rpartition(b" <")[2][:-3]  # what follows is `> .`


def _keeping(release: Release, scope: Scope) -> Callable[[Lines], Lines] | None:
    if scope.what == "release":
        return None
    end = f" <{graph_iri(release, scope)}> .".encode()
    return lambda lines: [line for line in lines if line.endswith(end)]


def graph_iri(release: Release, scope: Scope) -> str:
    """The IRI of the graph of a source, or of the graph of this name or IRI.

    Raises NoSuchScope.
    """
    known = graphs(release)
    if scope.what == "source":
        known = {slug: iri for slug, iri in known.items() if slug in sources(release)}
    for name, iri in known.items():
        if scope.value == name or (scope.what == "graph" and scope.value == iri):
            return iri
    near = candidates(scope.value, known) or f"There are {', '.join(list(known)[:_MOST_TOLD])}."
    raise NoSuchScope(scope.what, shown(scope.value), near)


def sources(release: Release) -> tuple[str, ...]:
    """The slugs of the sources of a release, in order."""
    return tuple(str(source["slug"]) for source in release.manifest.get("sources", ()))


def graphs(release: Release) -> dict[str, str]:
    """The IRIs of the graphs of a release that have statements, by name, in order.

    The name of one that is ours is what follows `<base>graph/`; of others it is the IRI.
    """
    ours = f"{release.iris.base}graph/"
    return {iri.removeprefix(ours): iri for iri in sorted(release.manifest["counts"]["graphs"])}
