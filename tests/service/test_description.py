"""The service description says what the service does and holds."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app
from service.settings import Settings
from service.tokens import hashed
from tests.service.dataset import FIRST
from tests.service.fakes import StoreWriter

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
}
Facts = set[tuple[str, str, str]]


def facts(body: bytes, media_type: str = "text/turtle") -> Facts:
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in parse(body, format=FORMATS[media_type])
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal)
    }


def objects(found: Facts, name: str) -> set[str]:
    return {o.removeprefix(SD) for _, p, o in found if p == SD + name}


@pytest.mark.parametrize("path", ["/sparql", "/sparql/", "/description"])
@pytest.mark.parametrize("accept", [None, "*/*", *FORMATS])
def test_programs_get_rdf(client: FlaskClient, path: str, accept: str | None) -> None:
    response = client.get(path, headers={"Accept": accept} if accept else {})
    expected = accept if accept in FORMATS else "text/turtle"
    assert (response.status_code, response.mimetype) == (200, expected)
    assert facts(response.data, expected) == facts(client.get("/description").data)
    assert client.head(path, headers={"Accept": accept} if accept else {}).status_code == 200


def test_what_it_says(client: FlaskClient, release: Release) -> None:
    found = facts(client.get("/sparql").data)
    assert objects(found, "endpoint") == {"http://localhost/sparql"}
    assert objects(found, "supportedLanguage") == {"SPARQL11Query"}
    assert objects(found, "feature") == {"EmptyGraphs", "UnionDefaultGraph"}
    assert objects(found, "inputFormat") == set()
    assert "http://www.w3.org/ns/formats/SPARQL_Results_CSV" in objects(found, "resultFormat")
    counts = release.manifest["counts"]
    assert objects(found, "name") == set(counts["graphs"])
    assert (FIRST.value, VOID + "triples", str(counts["graphs"][FIRST.value])) in found
    default = "http://localhost/sparql#default-graph"
    assert (default, VOID + "triples", str(counts["triples"])) in found
    assert release.id in {value for _, _, value in found}


def test_a_service_that_takes_writes_says_so(release: Release) -> None:
    store = release.store()
    settings = Settings(write_token=hashed("a-token-for-writing"), default_graph="strict")
    writer = StoreWriter(store, release.manifest)
    app = create_app(EmbeddedEngine(store, {}), release, settings=settings, writer=writer)
    found = facts(app.test_client().get("/sparql").data)
    assert objects(found, "supportedLanguage") == {"SPARQL11Query", "SPARQL11Update"}
    assert objects(found, "feature") == {"EmptyGraphs"}
    assert "http://www.w3.org/ns/formats/Turtle" in objects(found, "inputFormat")


def test_it_has_no_blank_nodes(client: FlaskClient) -> None:
    assert b"[" not in client.get("/description").data
    assert b"_:" not in client.get("/description").data


def test_a_person_gets_a_page(client: FlaskClient) -> None:
    page = client.get("/description", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert "sd:Service" in page.text
    assert client.get("/sparql", headers={"Accept": "text/html"}).text.count("<textarea") == 1
    assert client.get("/description?format=ntriples").mimetype == "application/n-triples"


def test_a_program_that_wants_results_is_told_that_there_is_no_query(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert response.status_code == 400
    assert "no `query`" in response.get_json()["detail"]


def test_the_well_known_address_has_the_counts_too(client: FlaskClient) -> None:
    described = facts(client.get("/description").data)
    counted = facts(client.get("/.well-known/void").data)
    partitions = {fact for fact in counted if fact[1] == VOID + "classPartition"}
    assert partitions
    assert partitions <= described
