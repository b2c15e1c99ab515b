"""The vocabulary: every term of ours is documented, and every borrowed one exists."""

import tomllib
from importlib.resources import files

import pytest
import rdflib
from rdflib.namespace import DefinedNamespace
from rdflib.plugins.sparql import prepareQuery

from ontology.terms import ontology, terms
from ontology.vocabulary import NAMESPACE, expand, prefixes

CLOSED: dict[str, type[DefinedNamespace]] = {
    expand(f"{prefix}:"): namespace
    for prefix, namespace in {
        "dcat": rdflib.DCAT,
        "dct": rdflib.DCTERMS,
        "foaf": rdflib.FOAF,
        "org": rdflib.ORG,
        "owl": rdflib.OWL,
        "prov": rdflib.PROV,
        "qb": rdflib.QB,
        "rdf": rdflib.RDF,
        "rdfs": rdflib.RDFS,
        "sh": rdflib.SH,
        "skos": rdflib.SKOS,
        "vann": rdflib.VANN,
        "void": rdflib.VOID,
        "xsd": rdflib.XSD,
    }.items()
}
SDMX = {
    *("sdmx-attribute:unitMeasure", "sdmx-dimension:refPeriod", "sdmx-dimension:refArea"),
    "sdmx-measure:obsValue",
}
SCHEMA = {
    *("Event", "MedicalTherapy", "Organization", "Person", "Place", "Report", "domainIncludes"),
    *("CreativeWorkSeries", "isPartOf"),
}


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    """therascape.ttl."""
    text = (files("ontology") / "therascape.ttl").read_text("utf-8")
    return rdflib.Graph().parse(data=text, format="turtle")


def exists(iri: str) -> bool:
    """Whether a term is in a vocabulary that we can look into, or one of those listed above."""
    for namespace, closed in CLOSED.items():
        if iri.startswith(namespace):
            return rdflib.URIRef(iri) in closed
    names = {expand(name) for name in SDMX} | {expand(f"schema:{name}") for name in SCHEMA}
    return iri in names


def test_the_namespaces_are_those_of_the_vocabularies() -> None:
    assert {namespace: str(closed) for namespace, closed in CLOSED.items()} == {
        namespace: namespace for namespace in CLOSED
    }
    assert expand("schema:") == str(rdflib.SDO)
    assert expand("kg:") == NAMESPACE == "https://w3id.org/therascape/ns#"


def test_every_term_is_documented(graph: rdflib.Graph) -> None:
    for term in terms():
        node = rdflib.URIRef(term.iri)
        for predicate in (rdflib.RDFS.label, rdflib.RDFS.comment):
            (text,) = graph.objects(node, predicate)
            assert isinstance(text, rdflib.Literal), term
            assert text.language == "en", term
            assert str(text) == str(text).strip() != "", term
        assert str(graph.value(node, rdflib.RDFS.comment)).endswith((".", "…", '"')), term
        assert list(graph.objects(node, rdflib.RDFS.isDefinedBy)) == [rdflib.URIRef(NAMESPACE)]
        assert term.name[0].isupper() == term.is_class, term
        assert term.name.isalnum(), term


def test_every_property_says_what_it_holds_between(graph: rdflib.Graph) -> None:
    known = {term.iri for term in terms() if term.is_class}
    literals = (expand("xsd:"), expand("rdf:langString"), expand("rdfs:Literal"))
    for term in terms():
        if term.is_class:
            continue
        node = rdflib.URIRef(term.iri)
        (domain,) = graph.objects(node, rdflib.RDFS.domain)
        (range_,) = graph.objects(node, rdflib.RDFS.range)
        kinds = set(graph.objects(node, rdflib.RDF.type))
        literal, anything = str(range_).startswith(literals), range_ == rdflib.RDFS.Resource
        assert rdflib.RDF.Property in kinds, term
        assert (rdflib.OWL.DatatypeProperty in kinds) == literal, term
        assert (rdflib.OWL.ObjectProperty in kinds) == (not literal and not anything), term
        for cls in (range_, domain, *graph.objects(node, rdflib.SDO.domainIncludes)):
            assert str(cls) in known or exists(str(cls)), (term, cls)


def test_every_class_stands_below_another_and_never_below_itself(graph: rdflib.Graph) -> None:
    above = {term.iri: term.parents for term in terms() if term.is_class}
    for cls, parents in above.items():
        kinds = set(graph.objects(rdflib.URIRef(cls), rdflib.RDF.type))
        datatype = kinds == {rdflib.RDFS.Datatype}
        assert datatype or kinds == {rdflib.RDFS.Class, rdflib.OWL.Class}, cls
        assert datatype == (parents == (str(rdflib.RDFS.Literal),)), cls
        assert parents, cls
        seen, queue = set[str](), list(parents)
        while queue:
            parent = queue.pop()
            assert parent in above or exists(parent), (cls, parent)
            assert parent != cls, "a circle of classes"
            if parent not in seen:
                seen.add(parent)
                queue += above.get(parent, ())


def test_nothing_of_ours_is_spoken_of_without_being_declared(graph: rdflib.Graph) -> None:
    # Beside the terms there are the ontology itself, and whose it is.
    declared = {term.iri for term in terms()} | {NAMESPACE, f"{NAMESPACE}the-authors"}
    named = {str(node) for triple in graph for node in triple if isinstance(node, rdflib.URIRef)}
    ours = {iri for iri in named if iri.startswith(NAMESPACE)}
    assert ours == declared
    away = {NAMESPACE.replace("ns#", "ns/0.1.0"), "https://creativecommons.org/licenses/by/4.0/"}
    assert not [iri for iri in named - ours - away if not exists(iri)]


def test_labels_tell_classes_apart_and_properties_too() -> None:
    for is_class in (True, False):
        labels = [term.label for term in terms() if term.is_class == is_class]
        assert len(set(labels)) == len(labels)


def test_the_vocabulary_has_a_version(graph: rdflib.Graph) -> None:
    node = rdflib.URIRef(NAMESPACE)
    version = str(graph.value(node, rdflib.OWL.versionInfo))
    assert str(graph.value(node, rdflib.OWL.versionIRI)) == f"{NAMESPACE[:-1]}/{version}"
    assert (node, rdflib.RDF.type, rdflib.OWL.Ontology) in graph


def test_the_vocabulary_has_no_blank_nodes(graph: rdflib.Graph) -> None:
    assert not [node for triple in graph for node in triple if isinstance(node, rdflib.BNode)]
    assert len(ontology()) == len(graph)


def test_borrowed_terms_exist() -> None:
    borrowed = tomllib.loads((files("ontology") / "borrowed.toml").read_text("utf-8"))
    assert borrowed
    for prefix, names in borrowed.items():
        for name in names:
            assert exists(expand(f"{prefix}:{name}")), f"{prefix}:{name}"


def test_prefixes_are_declared_once_and_can_head_a_query() -> None:
    assert len(set(prefixes().values())) == len(prefixes())
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes().items())
    prepareQuery(head + "SELECT * { ?s ?p ?o }")
