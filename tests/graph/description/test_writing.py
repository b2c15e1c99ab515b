"""One graph in every syntax, whichever reader reads it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
)
from rdflib import Graph
from rdflib.compare import isomorphic

from graph.description import Reading, describe, write_description
from graph.terms import Iris
from ontology.namespaces import KG, RDFS

IRIS = Iris()
FORMATS = {
    "text/turtle": (RdfFormat.TURTLE, "turtle"),
    "application/n-triples": (RdfFormat.N_TRIPLES, "nt"),
    "application/ld+json": (RdfFormat.JSON_LD, "json-ld"),
    "application/rdf+xml": (RdfFormat.RDF_XML, "xml"),
}
NODES = (
    IRIS.thing("agent", "terumo-bct"),
    IRIS.source("coherent-cellular-immunotherapy"),
    IRIS.thing("claim", "th6287-name-m-001"),
    IRIS.thing("market", "global-cellular-immunotherapy-market"),
    IRIS.thing("statement", "calibration-09e10a43a376eb61"),
)


def canonical(triples: list[Triple]) -> set[str]:
    dataset = Dataset(Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def read(body: bytes, media_type: str) -> list[Triple]:
    found = parse(body, format=FORMATS[media_type][0])
    return [Triple(q.subject, q.predicate, q.object) for q in found]


@pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # rdflib's own
@pytest.mark.parametrize("node", NODES, ids=lambda node: node.value.rpartition("/")[2])
def test_every_syntax_says_the_same_to_both_readers(reading: Reading, node: NamedNode) -> None:
    found = describe(reading, node)
    assert found is not None
    first: Graph | None = None
    for media_type, (_, name) in FORMATS.items():
        body = write_description(found.graph, media_type, node)
        assert canonical(read(body, media_type)) == canonical(list(found.graph))
        graph = Graph()
        graph.parse(data=body, format=name)
        assert len(graph) == len(found.graph)
        first = graph if first is None else first
        assert isomorphic(graph, first)


def test_the_same_graph_gives_the_same_bytes(reading: Reading) -> None:
    found = describe(reading, NODES[0])
    assert found is not None
    for media_type in FORMATS:
        turned = sorted(found.graph, key=str, reverse=True)
        assert write_description(turned, media_type, NODES[0]) == write_description(
            found.graph, media_type, NODES[0]
        )


def test_json_ld_reads_like_the_model(reading: Reading) -> None:
    """Terms of the context stand for properties, and the resource comes first."""
    found = describe(reading, NODES[0])
    assert found is not None
    document = json.loads(write_description(found.graph, "application/ld+json", NODES[0]))
    first = document["@graph"][0]
    assert first["@id"] == NODES[0].value
    assert first["label"] == "Terumo BCT"
    assert first["organisationType"] == IRIS.thing("concept", "org-company").value


_IRIS = st.sampled_from(
    ["http://x.example/a", "http://x.example/ü", "kg:x", "urn:a", KG.Claim.value, "schema:y"]
).map(NamedNode)
_NODES = _IRIS | st.sampled_from(["b0", "b1"]).map(BlankNode)
# Characters that XML can hold.
_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cn", "Cc"))
    | st.sampled_from("\n\t\r\"'<>&\\@"),
    max_size=8,
)
_XSD = "http://www.w3.org/2001/XMLSchema#"
_LITERALS = st.one_of(
    _TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), _TEXT, st.sampled_from(["en", "de"])),
    st.builds(
        lambda text, name: Literal(text, datatype=NamedNode(_XSD + name)),
        st.sampled_from(["1", "1.0", "24.00", "true", "x"]),
        st.sampled_from(["decimal", "integer", "boolean", "date", "gYear"]),
    ),
)
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_PROPERTIES = st.sampled_from([KG.value, KG.mention, KG.factor, RDFS.label, _TYPE])
_GRAPHS = st.frozensets(
    st.builds(Triple, _NODES, _PROPERTIES, st.one_of(_NODES, _LITERALS)), max_size=12
)


@given(_GRAPHS)
def test_any_graph_survives_every_syntax(graph: frozenset[Triple]) -> None:
    for media_type in FORMATS:
        body = write_description(graph, media_type)
        assert canonical(read(body, media_type)) == canonical(list(graph)), media_type
