"""Worked questions as SHACL executables: in the data, complete, and each runs by itself."""

import re

import pyshacl
import pytest
import rdflib
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    serialize,
)
from rdflib.namespace import SH

from graph.questions import Question, questions
from graph.questions.executable import NotExecutable, executables, with_prefixes
from graph.terms import Iris
from ontology.vocabulary import expand, prefixes

IRIS = Iris()
IDS = [question.id for question in questions()]
SHAPE = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:shape> a sh:NodeShape ; sh:targetClass sh:SPARQLExecutable ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path rdfs:comment ; sh:minCount 1 ] , [ sh:path schema:keywords ; sh:minCount 1 ] ,
    [ sh:path sh:prefixes ; sh:minCount 1 ; sh:node <urn:prefixes> ] ,
    [ sh:path [ sh:alternativePath ( sh:select sh:ask sh:construct ) ] ; sh:datatype xsd:string ;
      sh:minCount 1 ; sh:maxCount 1 ] .
<urn:prefixes> a sh:NodeShape ;
  sh:property [ sh:path sh:declare ; sh:minCount 1 ; sh:node <urn:declaration> ] .
<urn:declaration> a sh:NodeShape ;
  sh:property [ sh:path sh:prefix ; sh:datatype xsd:string ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path sh:namespace ; sh:datatype xsd:anyURI ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


def value(store: Store, node: NamedNode, name: str) -> str:
    """The one value of a property, in the graph of examples."""
    quads = store.quads_for_pattern(node, NamedNode(expand(name)), None, IRIS.example())
    (found,) = {quad.object for quad in quads}
    assert isinstance(found, NamedNode | Literal)
    return found.value


@pytest.fixture(scope="module")
def merged(landscape_store: Store) -> Store:
    """The default graph alone, in an engine that knows no prefix."""
    store = Store()
    store.bulk_extend(
        Quad(q.subject, q.predicate, q.object)
        for q in landscape_store.quads_for_pattern(None, None, None, DefaultGraph())
    )
    return store


@pytest.mark.parametrize("id_", IDS)
def test_each_question_is_in_the_data_and_runs_by_itself(
    landscape_store: Store, merged: Store, id_: str
) -> None:
    node = IRIS.example(f"question-{id_}")
    question = next(one for one in questions() if one.id == id_)
    assert value(landscape_store, node, "rdfs:label") == question.title
    text = value(landscape_store, node, "sh:select")
    by_itself = merged.query(text, base_iri=IRIS.base)
    expected = landscape_store.query(question.query, prefixes=prefixes(), base_iri=IRIS.base)
    assert isinstance(by_itself, QuerySolutions)
    assert isinstance(expected, QuerySolutions)
    as_csv = QueryResultsFormat.CSV
    assert by_itself.serialize(format=as_csv) == expected.serialize(format=as_csv)


def test_every_question_and_nothing_else_is_there(landscape_store: Store) -> None:
    quads = landscape_store.quads_for_pattern(
        None, NamedNode(expand("rdf:type")), NamedNode(str(SH.SPARQLExecutable)), IRIS.example()
    )
    assert {quad.subject for quad in quads} == {IRIS.example(f"question-{id_}") for id_ in IDS}


def test_they_are_well_formed() -> None:
    made = (
        Question("one", "One?", "lookup", "SELECT ?s { ?s rdfs:label ?l }"),
        Question("two", "Two?", "negative", "# why\nPREFIX x: <urn:x#y>\nask { ?s a x:b }"),
        Question("three", "Three?", "join", "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"),
    )
    text = serialize(executables(made, IRIS), format=RdfFormat.N_TRIPLES)
    assert text is not None
    graph = rdflib.Graph().parse(data=text, format="nt")
    shapes = rdflib.Graph().parse(data=SHAPE, format="turtle")
    conforms, _, why = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, why
    assert not any(isinstance(node, rdflib.BNode) for node in graph.all_nodes())
    for name, form in (("One", "Select"), ("Two", "Ask"), ("Three", "Construct")):
        node = rdflib.URIRef(IRIS.example(f"question-{name.lower()}").value)
        assert SH[f"SPARQL{form}Executable"] in set(graph.objects(node, rdflib.RDF.type))
        assert len(list(graph.objects(node, SH[form.lower()]))) == 1
    graph.remove((None, SH.select, None))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


@pytest.mark.parametrize("query", ["DESCRIBE <urn:x>", "", "INSERT DATA {}"])
def test_what_shacl_has_no_executable_for_is_refused(query: str) -> None:
    with pytest.raises(NotExecutable, match="the question 'odd' is no SELECT, ASK, CONSTRUCT"):
        list(executables([Question("odd", "Odd?", "lookup", query)], IRIS))


def test_only_prefixes_that_are_used_are_declared() -> None:
    known = {"kg": "urn:kg#", "sdmx-code": "urn:code#", "code": "urn:c#"}
    query = "PREFIX kg: <urn:own#>\nSELECT * { ?s kg:a sdmx-code:b }"
    assert with_prefixes(query, known) == f"PREFIX sdmx-code: <urn:code#>\n{query}"
    assert re.findall("PREFIX (.+?):", with_prefixes("ASK { ?s code:x kg:y }", known)) == [
        "code",
        "kg",
    ]
