"""RDF formats: datasets with named graphs, and graphs that are their merge.

What a release, a source or a graph has is written as it is read, in constant memory; the
neighbourhood of an entity is held in memory, and the result of a query comes from the engine.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from graph.export.around import around
from graph.export.errors import NotOfThisScope
from graph.export.lines import Lines, blocks, graph_of, selected, triples
from graph.export.model import Progress, Scope
from graph.export.results import result
from graph.query.formats import GRAPHS
from graph.query.rdfxml import NoElementName, write_rdf_xml
from graph.release import Release
from ontology.vocabulary import prefixes

_HELD = 16 * 1024 * 1024  # bytes of lines that wait for the files of their graphs
_NOT_XML = re.compile(rb"[\x00-\x08\x0B\x0C\x0E-\x1F]|\xEF\xBF[\xBE\xBF]")
_MEDIA_TYPES = {format_: media_type for media_type, format_ in GRAPHS.items()}


def write_nquads(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write N-Quads, sorted: of a whole release the bytes whose hash is its id."""
    if scope.what == "release":
        target.writelines(blocks(release, progress))
    elif scope.what == "query":
        target.write(result(release, scope, _MEDIA_TYPES[RdfFormat.N_QUADS]))
    else:
        target.writelines(map(_joined, _lines(release, scope, progress)))


def write_ntriples(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write N-Triples, sorted."""
    if scope.what == "query":
        target.write(result(release, scope, _MEDIA_TYPES[RdfFormat.N_TRIPLES]))
        return
    target.writelines(map(_joined, triples(_lines(release, scope, progress))))


def write_trig(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write TriG, one graph after the other.

    The lines of a release are in order of subject, so each graph is put into a file of its own
    first: that takes as much temporary space as the release has.
    """
    if scope.what == "query":
        target.write(result(release, scope, _MEDIA_TYPES[RdfFormat.TRIG]))
        return
    with _by_graph(_lines(release, scope, progress)) as files:
        quads = chain.from_iterable(_quads_of(iri, path) for iri, path in files)
        _serialize(quads, target, RdfFormat.TRIG)


def write_turtle(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write Turtle: what is said of a thing stands together, in the order of things."""
    _write_graph(release, scope, target, progress, RdfFormat.TURTLE)


def write_jsonld(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write JSON-LD with a context of the usual prefixes."""
    _write_graph(release, scope, target, progress, RdfFormat.JSON_LD)


def write_rdfxml(release: Release, scope: Scope, target: BinaryIO, progress: Progress) -> None:
    """Write RDF/XML. Raises NotOfThisScope for what XML cannot write."""
    if scope.what == "query":
        target.write(result(release, scope, _MEDIA_TYPES[RdfFormat.RDF_XML]))
        return
    known = prefixes()
    head, foot = b"".join(write_rdf_xml(b"", known)).split(b"</rdf:RDF>")
    foot = b"</rdf:RDF>" + foot
    target.write(head)
    for lines in _whole_subjects(triples(_lines(release, scope, progress))):
        body = _joined(lines)
        if found := _NOT_XML.search(body):
            code = ord(found[0].decode())
            raise NotOfThisScope(f"XML cannot write the character U+{code:04X}; write Turtle")
        try:
            xml = b"".join(write_rdf_xml(body, known))
        except NoElementName as error:
            message = f"RDF/XML cannot write the property <{error}>; write Turtle"
            raise NotOfThisScope(message) from None
        target.write(xml[len(head) : -len(foot)])
    target.write(foot)


def _write_graph(
    release: Release, scope: Scope, target: BinaryIO, progress: Progress, format_: RdfFormat
) -> None:
    if scope.what == "query":
        target.write(result(release, scope, _MEDIA_TYPES[format_]))
        return
    lists = triples(_lines(release, scope, progress))
    _serialize(chain.from_iterable(map(_parsed, lists)), target, format_)


def _lines(release: Release, scope: Scope, progress: Progress) -> Iterator[Lines]:
    if scope.what == "entity":
        return around(release, scope, progress)
    return selected(release, scope, progress)


def _joined(lines: Lines) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _parsed(lines: Lines) -> Iterator[Triple]:
    for quad in parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES):
        yield Triple(quad.subject, quad.predicate, quad.object)


def _whole_subjects(lists: Iterator[Lines]) -> Iterator[Lines]:
    """The same lines, in lists that never part those of one subject."""
    rest: Lines = []
    for lines in lists:
        rest += lines
        if not rest:
            continue
        subject = rest[-1].split(b" ", 1)[0] + b" "
        cut = len(rest)
        while cut and rest[cut - 1].startswith(subject):
            cut -= 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
    if rest:
        yield rest


@contextmanager
def _by_graph(lists: Iterator[Lines]) -> Iterator[list[tuple[bytes, Path]]]:
    """The lines of each graph in a temporary file, in order of graph."""
    with TemporaryDirectory(prefix="therascape-export-") as folder:
        files: dict[bytes, Path] = {}
        held = defaultdict[bytes, Lines](list)
        size = 0

        def put_away() -> None:
            for iri, lines in held.items():
                path = files.setdefault(iri, Path(folder, str(len(files))))
                with path.open("ab") as file:  # there may be more graphs than open files
                    file.writelines(line + b"\n" for line in lines)
            held.clear()

        for lines in lists:
            for line in lines:
                held[graph_of(line)].append(line)
                size += len(line)
            if size > _HELD:
                put_away()
                size = 0
        put_away()
        yield sorted(files.items())


def _quads_of(iri: bytes, path: Path) -> Iterator[Quad]:
    graph = NamedNode(iri.decode())
    with path.open("rb") as file:
        for quad in parse(file, format=RdfFormat.N_QUADS):
            yield Quad(quad.subject, quad.predicate, quad.object, graph)


def _serialize(
    statements: Iterator[Triple] | Iterator[Quad], target: BinaryIO, format_: RdfFormat
) -> None:
    serialize(statements, target, format=format_, prefixes=prefixes())
