"""What the manifest of an imported release says: what the statements tell of their sources."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.lines import beginning
from graph.release import JSON
from graph.terms import Iris
from ontology.description import SCHEMA_VERSION, tables
from ontology.namespaces import DCAT, DCT, KG, RDF, RDFS

_TEXTS = {
    "title": DCT.title,
    "short_title": RDFS.label,
    "published": DCT.issued,
    "updated": DCT.modified,
    "url": DCAT.landingPage,
    "code": DCT.identifier,
    "licence_note": DCT.rights,
    "publisher": DCT.publisher,
    "data_group": KG.dataGroup,
}


def describe(
    path: Path, kept: Sequence[bytes], iris: Iris, rules: Sequence[str]
) -> dict[str, JSON]:
    """Return the details of a release from the lines `kept`, whose subjects are sources.

    Names of publishers are looked up in its file, whose lines are in order.
    """
    told: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in parse(b"\n".join(kept), format=RdfFormat.N_QUADS):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        if "#" not in quad.subject.value:
            told[quad.subject.value][quad.predicate.value].append(quad.object.value)
    begin = iris.source("x").value[:-1]
    return {
        "base": iris.base,
        "imported": True,
        "rules": list(rules),
        "schema": SCHEMA_VERSION,
        "sources": [
            _source(path, iri.removeprefix(begin), about, iris)
            for iri, about in sorted(told.items())
            if KG.Report.value in about[RDF.type.value]
        ],
    }


def _source(
    path: Path, slug: str, about: defaultdict[str, list[str]], iris: Iris
) -> dict[str, JSON]:
    said: dict[str, JSON] = {
        name: min(about[predicate.value], default=None) for name, predicate in _TEXTS.items()
    }
    if publisher := min(about[DCT.publisher.value], default=None):
        said["publisher"] = _name(path, publisher) or publisher
    read = {"read_for": KG.readFor, "read_completely": KG.readCompletelyFor}
    named = {table.cls: name for name, table in tables().items() if not table.is_shared}
    lists: dict[str, JSON] = {
        name: sorted(named[iri] for iri in about[predicate.value] if iri in named)
        for name, predicate in read.items()
    }
    return {"slug": slug, "graph": iris.graph(slug).value} | said | lists


def _name(path: Path, iri: str) -> str | None:
    """What a thing is called, in whichever graph says so."""
    found = b"".join(beginning(path, f"<{iri}> {RDFS.label} ".encode()))
    names = [quad.object for quad in parse(found, format=RdfFormat.N_QUADS)]
    return min((name.value for name in names if isinstance(name, Literal)), default=None)
