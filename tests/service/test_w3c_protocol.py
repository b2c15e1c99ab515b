"""The W3C tests of the SPARQL 1.1 Protocol, where they lie beside the checkout.

Updates are refused here, so of their tests those count that expect a refusal.
"""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node

from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app

SUITE = Path(__file__).parents[3] / "shared" / "w3c" / "sparql" / "sparql11" / "protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
MEDIA_TYPES = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason=f"the suite is not in {SUITE}")


def manifest() -> Graph:
    graph = Graph()
    if SUITE.is_dir():
        graph.parse(SUITE / "manifest.ttl", format="turtle")
    return graph


MANIFEST = manifest()


def listed(subject: Node | None, predicate: Node) -> list[Node]:
    head = MANIFEST.value(subject, predicate)
    return [] if head is None else list(Collection(MANIFEST, head))


def text(subject: Node | None, predicate: Node) -> str | None:
    value = MANIFEST.value(subject, predicate)
    return None if value is None else str(value)


def cases() -> list[Node]:
    tests = sorted(MANIFEST.subjects(RDF.type, MF.ProtocolTest), key=str)
    return [test for test in tests if "#update" not in str(test)]


@pytest.fixture(scope="module")
def suite(release: Release) -> FlaskClient:
    store = Store()
    for number in (1, 2, 3):
        name = NamedNode(f"{DATA}data{number}.rdf")
        text = (SUITE / f"data{number}.nt").read_bytes()
        store.load(text, format=RdfFormat.N_TRIPLES, to_graph=name)
        store.load(text, format=RdfFormat.N_TRIPLES)
    return create_app(EmbeddedEngine(store, {}), release).test_client()


@pytest.mark.parametrize("test", cases(), ids=lambda test: str(test).rpartition("#")[2])
def test_w3c(suite: FlaskClient, test: Node) -> None:
    for request in listed(MANIFEST.value(test, MF.action), HT.requests):
        body = MANIFEST.value(request, HT.body)
        coding = text(body, CNT.characterEncoding) or "utf-8"
        headers = [
            (text(header, HT.fieldName) or "", text(header, HT.fieldValue) or "")
            for header in listed(request, HT.headers)
        ]
        response = suite.open(
            (text(request, HT.absolutePath) or "").replace("/sparql/", "/sparql", 1),
            method=text(request, HT.methodName),
            data=(text(body, CNT.chars) or "").encode(coding),
            headers=headers,
        )
        expected = MANIFEST.value(request, HT.resp)
        statuses = {str(status) for status in MANIFEST.objects(expected, MF.expectedStatus)}
        # They end in StatusCode2xx and the like.
        assert f"StatusCode{response.status_code // 100}" in {s[-13:-2] for s in statuses}
        if kind := text(expected, MF.expectedFormat):
            assert response.mimetype == MEDIA_TYPES[kind]
        if truth := text(expected, MF.expectedBoolean):
            assert response.get_json(force=True)["boolean"] is (truth == "true")
