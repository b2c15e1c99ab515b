"""Reading the manifests of the W3C's SPARQL suites, where they lie beside the checkout."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

SUITES = Path(__file__).resolve().parents[3] / "shared" / "w3c" / "sparql"
ADDRESS = "https://w3c.github.io/rdf-tests/sparql/"  # where the W3C publishes these files
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
FORMATS = {
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".ttl": RdfFormat.TURTLE,
}

Term = NamedNode | BlankNode | Literal | Triple

needs_suites = pytest.mark.skipif(
    not SUITES.is_dir(), reason="the W3C suites are not beside the checkout (../shared/w3c)"
)


def address(path: Path) -> str:
    """Return the address that relative IRIs in this file are resolved against."""
    return ADDRESS + path.relative_to(SUITES).as_posix()


def path_of(iri: str) -> Path:
    """Return the file with this address."""
    assert iri.startswith(ADDRESS), f"{iri} is no file of the suites"
    return SUITES / iri.removeprefix(ADDRESS)


def read_triples(path: Path) -> list[Triple]:
    """Return the triples of a file of RDF. Its blank nodes are new ones with every call."""
    quads = parse(
        path.read_bytes(),
        format=FORMATS[path.suffix],
        base_iri=address(path),
        without_named_graphs=True,
        rename_blank_nodes=True,
    )
    return [quad.triple for quad in quads]


class Description:
    """The triples of one file, to be followed from node to node."""

    def __init__(self, triples: list[Triple]) -> None:
        self._objects: dict[tuple[Term, str], list[Term]] = defaultdict(list)
        self._subjects: dict[str, list[Term]] = defaultdict(list)
        for triple in triples:
            self._objects[triple.subject, triple.predicate.value].append(triple.object)
            self._subjects[triple.predicate.value].append(triple.subject)

    def having(self, predicate: str) -> list[Term]:
        """Return the subjects that have this predicate, each once."""
        return list(dict.fromkeys(self._subjects.get(predicate, [])))

    def all(self, subject: Term, predicate: str) -> list[Term]:
        """Return the objects; none if there are none."""
        return self._objects.get((subject, predicate), [])

    def one(self, subject: Term, predicate: str) -> Term | None:
        """Return the only object, or None. Raises AssertionError when there are several."""
        found = self.all(subject, predicate)
        assert len(found) <= 1, f"{subject} has {len(found)} of {predicate}"
        return found[0] if found else None

    def text(self, subject: Term, predicate: str) -> str | None:
        """Return the lexical form or IRI of the only object, or None."""
        found = self.one(subject, predicate)
        return None if found is None else value(found)

    def items(self, head: Term | None) -> Iterator[Term]:
        """Yield the members of a list."""
        while head is not None and head != NamedNode(RDF + "nil"):
            yield from self.all(head, RDF + "first")
            head = self.one(head, RDF + "rest")


def value(term: Term) -> str:
    """Return the lexical form, the IRI or the label."""
    assert not isinstance(term, Triple)
    return term.value


@dataclass(frozen=True, slots=True)
class State:
    """What a graph store holds: files of the default graph, and (name, file) of named graphs."""

    default: tuple[Path, ...] = ()
    named: tuple[tuple[str, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One test of a manifest, before it is known how to run it."""

    id: str
    kind: str
    node: Term
    manifest: Description

    def state(self, about: Term, vocabulary: str) -> State:
        """Return the files that `about` names in the vocabulary of queries (QT) or updates (UT)."""
        return State(
            tuple(path_of(value(data)) for data in self.manifest.all(about, vocabulary + "data")),
            tuple(
                self._named(graph, vocabulary)
                for graph in self.manifest.all(about, vocabulary + "graphData")
            ),
        )

    def _named(self, graph: Term, vocabulary: str) -> tuple[str, Path]:
        # Queries name the file, which is the graph's name too; updates give the two separately.
        file = self.manifest.text(graph, vocabulary + "graph") or value(graph)
        return self.manifest.text(graph, RDFS + "label") or file, path_of(file)


@cache
def read_manifest(path: Path) -> Description:
    """Return what a manifest says."""
    return Description(read_triples(path))


def entries(*manifests: str) -> Iterator[Entry]:
    """Yield the tests of these manifests and of those that they include, each once.

    Manifests are named by their path below the suites. In each, those that it lists come first,
    then those that it describes only. Nothing when the suites are not there.
    """
    for path in included(*manifests):
        yield from _entries(path)


def _entries(path: Path) -> Iterator[Entry]:
    manifest = read_manifest(path)
    nodes = [
        node
        for whole in manifest.having(MF + "entries")
        for head in manifest.all(whole, MF + "entries")
        for node in manifest.items(head)
    ]
    nodes += manifest.having(RDF + "type")
    for node in dict.fromkeys(nodes):
        kind = manifest.text(node, RDF + "type") or ""
        if kind.startswith(MF) and kind != MF + "Manifest":
            name = value(node).rpartition("#")[2]
            folder = path.parent.relative_to(SUITES).as_posix()
            yield Entry(f"{folder}/{name}", kind.removeprefix(MF), node, manifest)


def included(*manifests: str) -> list[Path]:
    """Return the paths of these manifests and of all that they include, each once."""
    found: dict[Path, None] = {}
    for name in manifests if SUITES.is_dir() else ():
        path = SUITES / name
        manifest = read_manifest(path)
        found[path] = None
        for whole in manifest.having(MF + "include"):
            for part in manifest.items(manifest.one(whole, MF + "include")):
                within = path_of(value(part)).relative_to(SUITES).as_posix()
                found |= dict.fromkeys(included(within))
    return list(found)
