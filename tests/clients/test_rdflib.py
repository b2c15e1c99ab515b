"""rdflib's stores over HTTP: a graph that lives on the service, read and written."""

from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError

import pytest
from rdflib import RDF, RDFS, Dataset, Graph, Literal, URIRef, Variable
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore

from ontology.namespaces import KG
from tests.hostile.server import WRITE_TOKEN, Service
from tests.service.dataset import FIRST, IRIS, SECOND

ORGANISATION = URIRef(KG.Organisation.value)
NAMES = "SELECT ?name { ?s rdfs:label ?name }"
METHODS = ("GET", "POST", "POST_FORM")
S, P = URIRef("urn:s"), URIRef("urn:p")

pytestmark = [
    pytest.mark.timeout(60),
    # Its own: it asks itself in a way that it advises against.
    pytest.mark.filterwarnings("ignore:Dataset.default_context:DeprecationWarning"),
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_queries(endpoint: str, method: str, form: str) -> None:
    store = SPARQLStore(endpoint, method=method, returnFormat=form)
    assert len(list(Graph(store).query(NAMES))) == 34


@pytest.mark.parametrize("method", METHODS)
def test_other_forms_of_query(endpoint: str, method: str) -> None:
    graph = Graph(SPARQLStore(endpoint, method=method))
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    found = graph.query("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }").graph
    assert found is not None
    assert len(found) == 36
    described = graph.query(f"DESCRIBE <{IRIS.thing('agent', 'alpha-bio').value}>").graph
    assert described is not None
    assert len(described) == 2


def test_a_graph_is_read_as_if_it_were_here(endpoint: str) -> None:
    graph = Graph(SPARQLStore(endpoint))
    assert len(graph) == 102
    alpha = URIRef(IRIS.thing("agent", "alpha-bio").value)
    assert (alpha, RDF.type, ORGANISATION) in graph
    assert (alpha, RDF.type, RDFS.Class) not in graph
    assert graph.value(alpha, RDFS.label) == Literal("Alpha Bio")
    assert len(set(graph.subjects(RDF.type, ORGANISATION))) == 4
    bound = graph.query(NAMES, initBindings={"s": alpha})
    assert [binding[Variable("name")] for binding in bound.bindings] == [Literal("Alpha Bio")]


def test_one_of_its_graphs(endpoint: str) -> None:
    first = Graph(SPARQLStore(endpoint), identifier=URIRef(FIRST.value))
    assert len(first) == 10
    assert len(list(first.query(NAMES))) == 4


def test_a_dataset(endpoint: str) -> None:
    # Without default_union, rdflib asks for a default graph called urn:x-rdflib:default.
    dataset = Dataset(SPARQLStore(endpoint), default_union=True)
    assert len(list(dataset.query(NAMES))) == 34
    store = SPARQLStore(endpoint)
    assert {FIRST.value, SECOND.value} <= {str(name) for name in store.contexts()}
    anything: Any = (None, RDF.type, ORGANISATION)
    holders = store.contexts(anything)
    assert {str(name) for name in holders} == {FIRST.value, SECOND.value}


def test_pages_of_a_graph(endpoint: str) -> None:
    graph: Any = Graph(SPARQLStore(endpoint))
    graph.LIMIT, graph.OFFSET = 10, 30
    assert len(list(graph.triples((None, RDF.type, None)))) == 6


@pytest.fixture(params=["bearer", "basic"])
def updating(own: Service, request: pytest.FixtureRequest) -> Iterator[SPARQLUpdateStore]:
    """A store to write to, which gives the token in one of the two ways that rdflib knows."""
    endpoint = f"{own.address}sparql"
    if request.param == "bearer":
        headers = {"Authorization": f"Bearer {WRITE_TOKEN}"}
        store = SPARQLUpdateStore(endpoint, endpoint, headers=headers)
    else:
        store = SPARQLUpdateStore(endpoint, endpoint, auth=("anybody", WRITE_TOKEN))
    yield store
    store.update("DROP ALL")
    store.commit()


def test_statements_are_added_and_removed(updating: SPARQLUpdateStore) -> None:
    graph = Graph(updating, identifier=URIRef("urn:g"))
    graph.add((S, P, Literal("héllo\n\"'", lang="fr")))
    graph.addN((S, P, Literal(number), graph) for number in (1, 2, 3))
    assert len(graph) == 4
    assert (S, P, Literal("héllo\n\"'", lang="fr")) in graph
    graph.remove((S, P, Literal(3)))
    assert set(graph.objects(S, P)) == {
        Literal("héllo\n\"'", lang="fr"),
        Literal(1),
        Literal(2),
    }
    graph.set((S, P, Literal("alone")))
    assert list(graph.objects(S, P)) == [Literal("alone")]
    graph.remove((None, None, None))
    assert len(graph) == 0


def test_the_default_graph_is_written(updating: SPARQLUpdateStore) -> None:
    dataset = Dataset(updating)
    dataset.add((S, P, Literal("x")))
    assert list(dataset.objects(S, P)) == [Literal("x")]
    assert len(Graph(updating)) == 1


def test_updates_in_the_context_of_a_graph(updating: SPARQLUpdateStore) -> None:
    graph = Graph(updating, identifier=URIRef("urn:g"))
    graph.update("INSERT DATA { <urn:s> <urn:p> 1, 2 }")
    graph.update(
        "DELETE { ?s <urn:p> ?o } INSERT { ?s <urn:q> ?o } WHERE { ?s <urn:p> ?o }",
        initBindings={"o": Literal(1)},
    )
    assert {(p, int(str(o))) for p, o in graph.predicate_objects(S)} == {
        (P, 2),
        (URIRef("urn:q"), 1),
    }


def test_graphs_come_and_go(updating: SPARQLUpdateStore) -> None:
    dataset = Dataset(updating)
    dataset.graph(URIRef("urn:new")).add((S, P, Literal("x")))
    assert URIRef("urn:new") in {graph.identifier for graph in dataset.graphs()}
    dataset.remove_graph(URIRef("urn:new"))
    assert URIRef("urn:new") not in {graph.identifier for graph in dataset.graphs()}


def test_a_file_is_parsed_into_the_service(updating: SPARQLUpdateStore) -> None:
    graph = Graph(updating, identifier=URIRef("urn:g"))
    graph.parse(data='<urn:a> <urn:b> <urn:c>, "d"@en, 1.5 .', format="turtle")
    assert len(graph) == 3


def test_many_edits_are_one_request(updating: SPARQLUpdateStore) -> None:
    updating.autocommit = False
    graph = Graph(updating, identifier=URIRef("urn:g"))
    for number in range(5):
        graph.add((S, P, Literal(number)))
    updating.commit()
    assert len(graph) == 5


def test_nothing_is_written_without_the_token(own: Service) -> None:
    endpoint = f"{own.address}sparql"
    graph = Graph(SPARQLUpdateStore(endpoint, endpoint), identifier=URIRef("urn:g"))
    with pytest.raises(HTTPError) as refusal:
        graph.add((S, P, Literal("x")))
    assert refusal.value.code == 401
    refusal.value.close()
    assert len(graph) == 0


def test_a_graph_of_a_report_is_not_written(service: Service) -> None:
    endpoint = f"{service.address}sparql"
    headers = {"Authorization": f"Bearer {WRITE_TOKEN}"}
    store = SPARQLUpdateStore(endpoint, endpoint, headers=headers)
    with pytest.raises(HTTPError) as refusal:
        Graph(store, identifier=URIRef(FIRST.value)).add((S, P, Literal("x")))
    with refusal.value as answer:
        assert answer.code == 409
        assert b"curated-graph" in answer.read()
