"""What the manifest of an imported release says: what the statements tell of their sources."""

from collections import defaultdict
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

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
"""Of organisations the slug is told: a list of all their names would not fit a large release."""


def describe(kept: Sequence[bytes], iris: Iris, rules: Sequence[str]) -> dict[str, JSON]:
    """Return the details of a release from the lines whose subjects are sources."""
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
            _source(iri.removeprefix(begin), about, iris)
            for iri, about in sorted(told.items())
            if KG.Report.value in about[RDF.type.value]
        ],
    }


def _source(slug: str, about: defaultdict[str, list[str]], iris: Iris) -> dict[str, JSON]:
    agents = f"{iris.base}id/agent/"
    said: dict[str, JSON] = {
        name: min(about[predicate.value]).removeprefix(agents) if about[predicate.value] else None
        for name, predicate in _TEXTS.items()
    }
    read = {"read_for": KG.readFor, "read_completely": KG.readCompletelyFor}
    named = {table.cls: name for name, table in tables().items() if not table.is_shared}
    lists: dict[str, JSON] = {
        name: sorted(named[iri] for iri in about[predicate.value] if iri in named)
        for name, predicate in read.items()
    }
    return {"slug": slug, "graph": iris.graph(slug).value} | said | lists
