"""Whether the ontology can be found, read and reused: the checks of FOOPS! (https://w3id.org/foops/).

Each check has the name that FOOPS! gives it. Two are about registries elsewhere (the prefix at
prefix.cc, the ontology in LOV) and cannot be held here.
"""

import datetime
from collections.abc import Callable

import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib import DCTERMS, FOAF, OWL, RDF, RDFS, XSD
from rdflib.compare import isomorphic
from rdflib.namespace import VANN

from ontology.vocabulary import NAMESPACE

# What the JSON-LD reader of rdflib uses of rdflib.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
ONTOLOGY = rdflib.URIRef(NAMESPACE)
SERIALISATIONS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
}
Check = Callable[[rdflib.Graph, FlaskClient], bool]


def has(graph: rdflib.Graph, *predicates: rdflib.URIRef) -> bool:
    """Whether the ontology has a value, not an empty one, for each property."""
    return all(str(graph.value(ONTOLOGY, one) or "").strip() for one in predicates)


def terms(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    kinds = (RDFS.Class, OWL.Class, RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty)
    return {term for kind in kinds for term in graph.subjects(RDF.type, kind)}


def each(graph: rdflib.Graph, predicate: rdflib.URIRef) -> bool:
    return bool(terms(graph)) and all(graph.value(one, predicate) for one in terms(graph))


def dated(graph: rdflib.Graph) -> bool:
    created, modified = (graph.value(ONTOLOGY, p) for p in (DCTERMS.created, DCTERMS.modified))
    if not isinstance(created, rdflib.Literal) or not isinstance(modified, rdflib.Literal):
        return False
    days = (created.toPython(), modified.toPython())
    return all(isinstance(day, datetime.date) for day in days) and days[0] <= days[1]


def agents(graph: rdflib.Graph) -> bool:
    found = [graph.value(ONTOLOGY, p) for p in (DCTERMS.creator, DCTERMS.publisher)]
    return all(one is not None and graph.value(one, FOAF.name) for one in found)


def negotiated(graph: rdflib.Graph, client: FlaskClient) -> bool:
    """The same graph in every serialisation; HTML for people."""
    for media_type, name in SERIALISATIONS.items():
        response = client.get("/ns", headers={"Accept": media_type})
        read = rdflib.Graph().parse(data=response.data, format=name)
        if response.mimetype != media_type or not isomorphic(graph, read):
            return False
    return client.get("/ns", headers={"Accept": "text/html"}).mimetype == "text/html"


def versioned(graph: rdflib.Graph, client: FlaskClient) -> bool:
    iri = graph.value(ONTOLOGY, OWL.versionIRI)
    said = str(graph.value(ONTOLOGY, OWL.versionInfo))
    path = str(iri).removeprefix("https://w3id.org/therascape")
    return str(iri).endswith(said) and client.get(path).status_code == 200


def borrows(graph: rdflib.Graph) -> bool:
    above = {str(parent) for parent in graph.objects(None, RDFS.subClassOf)}
    return any(not iri.startswith(NAMESPACE) for iri in above)


CHECKS: dict[str, Check] = {
    "PURL1: the IRI is a persistent one": lambda _g, _c: NAMESPACE.startswith("https://w3id.org/"),
    "URI1: the IRI of the ontology resolves": lambda _g, c: c.get("/ns").status_code == 200,
    "URI2: the file names the ontology by that IRI": lambda g, _c: (
        set(g.subjects(RDF.type, OWL.Ontology)) == {ONTOLOGY}
    ),
    "CN1: HTML and RDF by content negotiation": negotiated,
    "RDF1: there is RDF": lambda g, _c: len(g) > 1000,
    "DOC1: there is documentation in HTML": lambda _g, c: (
        "<h1>Therascape vocabulary</h1>" in c.get("/ns", headers={"Accept": "text/html"}).text
    ),
    "HTTP1: over an open protocol, from any origin": lambda _g, c: (
        c.get("/ns").headers["Access-Control-Allow-Origin"] == "*"
    ),
    "VER1: there is a version IRI": lambda g, _c: has(g, OWL.versionIRI),
    "VER2: the version IRI resolves, and fits the version": versioned,
    "FIND1: the prefix is declared": lambda g, _c: (
        str(g.value(ONTOLOGY, VANN.preferredNamespacePrefix)) == "kg"
    ),
    "OM1: title, description, licence, namespace": lambda g, _c: has(
        g, DCTERMS.title, DCTERMS.description, DCTERMS.license, VANN.preferredNamespaceUri
    ),
    "OM2: version, creator, publisher, citation": lambda g, _c: has(
        g, OWL.versionInfo, DCTERMS.creator, DCTERMS.publisher, DCTERMS.bibliographicCitation
    ),
    "OM3: the namespace is that of the terms": lambda g, _c: (
        str(g.value(ONTOLOGY, VANN.preferredNamespaceUri)) == NAMESPACE
        and all(str(one).startswith(NAMESPACE) for one in terms(g))
    ),
    "OM4: the licence is a known one, by its IRI": lambda g, _c: str(
        g.value(ONTOLOGY, DCTERMS.license)
    ).startswith("https://creativecommons.org/licenses/"),
    "OM5.1: created and modified, in this order": lambda g, _c: dated(g),
    "OM5.2: creator and publisher have names": lambda g, _c: agents(g),
    "VOC1: terms of other vocabularies are reused": lambda g, _c: borrows(g),
    "VOC2: the metadata use known vocabularies": lambda g, _c: has(g, RDFS.label, DCTERMS.language),
    "VOC3: every term has a label": lambda g, _c: each(g, RDFS.label),
    "VOC4: every term has a description": lambda g, _c: each(g, RDFS.comment),
    "Every term says what defines it": lambda g, _c: each(g, RDFS.isDefinedBy),
}


@pytest.fixture
def graph(client: FlaskClient) -> rdflib.Graph:
    """The ontology as it is served."""
    return rdflib.Graph().parse(data=client.get("/ns").data, format="turtle")


@pytest.mark.parametrize("name", CHECKS)
def test_the_ontology_passes(graph: rdflib.Graph, client: FlaskClient, name: str) -> None:
    assert CHECKS[name](graph, client)


LOST = {
    "VER1": OWL.versionIRI,
    "FIND1": VANN.preferredNamespacePrefix,
    "OM1": DCTERMS.license,
    "OM2": DCTERMS.bibliographicCitation,
    "OM3": VANN.preferredNamespaceUri,
    "OM4": DCTERMS.license,
    "OM5.1": DCTERMS.modified,
    "OM5.2": FOAF.name,
    "URI2": RDF.type,
    "VER2": OWL.versionInfo,
    "VOC1": RDFS.subClassOf,
    "VOC2": DCTERMS.language,
    "VOC3": RDFS.label,
    "VOC4": RDFS.comment,
    "Every": RDFS.isDefinedBy,
}


@pytest.mark.parametrize("name", LOST)
def test_a_check_sees_what_is_missing(graph: rdflib.Graph, client: FlaskClient, name: str) -> None:
    graph.remove((None, LOST[name], None))
    (check,) = (one for title, one in CHECKS.items() if title.startswith((f"{name}:", f"{name} ")))
    assert not check(graph, client)


def test_dates_are_dates(graph: rdflib.Graph) -> None:
    for predicate in (DCTERMS.created, DCTERMS.modified):
        day = graph.value(ONTOLOGY, predicate)
        assert isinstance(day, rdflib.Literal)
        assert day.datatype == XSD.date
