"""What VoID says of the release is what SPARQL counts in it."""

import pytest
from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.authorities import AUTHORITIES
from graph.catalogue.files import statistics_of
from graph.catalogue.void import Address, Counted, void
from graph.release import Release
from ontology.vocabulary import prefixes

ADDRESS = Address("https://landscape.example/")


@pytest.fixture(scope="module")
def told(landscape_release: Release) -> Store:
    """The document as a store."""
    counted = Counted(landscape_release, statistics_of(landscape_release), (), ("urn:look",))
    store = Store()
    for triple in void(counted, ADDRESS):
        assert isinstance(triple, Triple)
        store.update(f"INSERT DATA {{ {triple.subject} {triple.predicate} {triple.object} }}")
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    """Values of a SELECT, sorted."""
    found = store.query(query, prefixes=prefixes())
    return sorted(tuple(str(value.value) for value in row) for row in found)  # type: ignore[union-attr]


SPACES = " ".join(f'"{authority.space}"' for authority in AUTHORITIES)
PARTITIONS = {
    "class": (
        "SELECT ?c ?n { ?d void:classPartition [ void:class ?c ; void:entities ?n ] }",
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
    ),
    "property": (
        (
            "SELECT ?p ?n ?s ?o { ?d void:propertyPartition [ void:property ?p ; void:triples ?n ;"
            " void:distinctSubjects ?s ; void:distinctObjects ?o ] }"
        ),
        (
            "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?a) AS ?s) (COUNT(DISTINCT ?b) AS ?o)"
            " { ?a ?p ?b } GROUP BY ?p"
        ),
    ),
    "graph": (
        "SELECT ?g ?n { ?d void:subset ?g . ?g void:triples ?n MINUS { ?g a void:Linkset } }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?a ?p ?b } } GROUP BY ?g",
    ),
    "linkset": (
        (
            "SELECT ?p ?space ?n { ?d void:subset ?l . ?l void:linkPredicate ?p ; void:triples ?n ;"
            " void:subjectsTarget ?d ; void:objectsTarget [ void:uriSpace ?space ] }"
        ),
        (
            f"SELECT ?p ?space (COUNT(*) AS ?n) {{ VALUES ?space {{ {SPACES} }}"
            " VALUES ?p { skos:exactMatch skos:closeMatch skos:broadMatch skos:narrowMatch }"
            " ?a ?p ?b FILTER (STRSTARTS(STR(?b), ?space)) } GROUP BY ?p ?space"
        ),
    ),
    "whole": (
        (
            "SELECT ?n ?s ?o ?p ?c { ?d void:sparqlEndpoint ?e ; void:triples ?n ;"
            " void:distinctSubjects ?s ; void:distinctObjects ?o ; void:properties ?p ;"
            " void:classes ?c }"
        ),
        (
            "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?a) AS ?s) (COUNT(DISTINCT ?b) AS ?o)"
            " (COUNT(DISTINCT ?q) AS ?p) (COUNT(DISTINCT ?k) AS ?c)"
            " { ?a ?q ?b BIND (IF(?q = rdf:type, ?b, 1/0) AS ?k) }"
        ),
    ),
    "entities": (
        "SELECT ?n { ?d void:uriSpace ?u ; void:entities ?n }",
        (
            "SELECT (COUNT(DISTINCT ?s) AS ?n)"
            ' { ?s ?p ?o FILTER (STRSTARTS(STR(?s), "https://w3id.org/therascape/")) }'
        ),
    ),
}


@pytest.mark.parametrize("part", PARTITIONS)
def test_counts_are_the_real_ones(told: Store, landscape_store: Store, part: str) -> None:
    said, counted = PARTITIONS[part]
    assert rows(told, said) == rows(landscape_store, counted) != []


def test_it_says_where_the_data_are(told: Store, landscape_release: Release) -> None:
    node = landscape_release.iris.release(landscape_release.id)
    said = {
        q.predicate.value.rpartition("#")[2]: q.object.value
        for q in told.quads_for_pattern(node, None, None)
        if isinstance(q.object, NamedNode | Literal)
    }
    assert said["sparqlEndpoint"] == "https://landscape.example/sparql"
    assert said["uriSpace"] == "https://w3id.org/therascape/"
    assert said["exampleResource"] == "urn:look"


def test_every_link_outward_is_in_a_linkset(told: Store, landscape_store: Store) -> None:
    ((counted,),) = rows(told, "SELECT (SUM(?n) AS ?all) { ?l a void:Linkset ; void:triples ?n }")
    ((real,),) = rows(
        landscape_store,
        "SELECT (COUNT(*) AS ?n) { ?a ?p ?b FILTER (STRENDS(STR(?p), 'Match')"
        " && !STRSTARTS(STR(?b), 'https://w3id.org/therascape/')) }",
    )
    assert counted == real
    assert int(real) > 200


def test_a_linkset_says_what_it_leads_to(told: Store) -> None:
    found = rows(told, "SELECT ?space ?title { ?t void:uriSpace ?space ; dct:title ?title }")
    assert ("https://ror.org/", "Research Organization Registry (ROR)") in found
    assert len(found) == len({space for space, _ in found}) >= 6


def test_vocabularies_are_those_that_are_used(told: Store, landscape_store: Store) -> None:
    named = {iri for (iri,) in rows(told, "SELECT ?v { ?d void:vocabulary ?v }")}
    used = {
        iri
        for (iri,) in rows(landscape_store, "SELECT DISTINCT ?v { { ?s ?v ?o } UNION { ?s a ?v } }")
    }
    assert all(any(iri.startswith(space) for iri in used) for space in named)
    assert {prefixes()[name] for name in ("kg", "skos", "prov", "qb", "sh")} <= named
