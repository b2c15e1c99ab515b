"""The SPARQL 1.1 Graph Store HTTP Protocol, and conditions on writes."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store, parse
from werkzeug.test import TestResponse

from graph.query import Cancellation, EmbeddedEngine
from graph.release import Release
from graph.terms import DEFAULT_BASE
from graph.update import GraphWrite
from ontology.vocabulary import prefixes
from service.app import create_app
from service.exchange import Exchange
from service.representation import CODINGS
from service.settings import Settings
from service.tokens import hashed
from tests.service.dataset import DETAILS, FIRST, SECOND
from tests.service.fakes import StoreWriter

TOKEN = "a-token-for-writing"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
TURTLE = "text/turtle; charset=utf-8"
ONE, TWO = "<urn:a> <urn:b> 1 .", "<urn:a> <urn:b> 2 ."
MINE = f"{DEFAULT_BASE}graph/mine"
HOST = "http://localhost"


@dataclass
class Service:
    client: FlaskClient
    writer: StoreWriter

    def send(
        self, method: str, path: str, body: str | bytes | None = None, **headers: str
    ) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("Content-Type", TURTLE if body is not None else None)
        raw = path.partition("?")[0]
        seen = Exchange("id", "192.0.2.1", raw, Cancellation())
        return self.client.open(
            path,
            method=method,
            data=body,
            content_type=kind,
            headers=AUTHORIZED | named,
            environ_overrides={"therascape.exchange": seen},
        )

    def triples(self, path: str) -> set[str]:
        response = self.send("GET", path, Accept="application/n-triples")
        assert response.status_code == 200, response.text
        return {str(quad.triple) for quad in parse(response.data, format=RdfFormat.N_TRIPLES)}

    @property
    def last(self) -> GraphWrite:
        change = self.writer.written[-1][0]
        assert isinstance(change, GraphWrite)
        return change


def service(release: Release, *, strict: bool) -> Service:
    store = Store() if strict else release.store()
    writer = StoreWriter(store, {"base": DEFAULT_BASE} if strict else DETAILS, strict)
    settings = Settings(
        write_token=hashed(TOKEN),
        empty=strict,
        default_graph="strict" if strict else "merged",
        max_body_bytes=1024,
        max_graph_bytes=5000,
    )
    engine = EmbeddedEngine(store, prefixes())
    app = create_app(engine, release, settings=settings, writer=writer)
    return Service(app.test_client(), writer)


@pytest.fixture
def ours(release: Release) -> Service:
    return service(release, strict=False)


@pytest.fixture
def empty(release: Release) -> Service:
    return service(release, strict=True)


def named(iri: str) -> str:
    return f"/store?graph={quote(iri, safe='')}"


@pytest.mark.parametrize("path", [named(MINE), "/store/mine"])
def test_put_get_delete(ours: Service, path: str) -> None:
    assert ours.send("GET", path).status_code == 404
    created = ours.send("PUT", path, ONE)
    assert (created.status_code, created.data) == (201, b"")
    assert "Content-Type" not in created.headers
    assert created.headers["Therascape-Write"] == "1"
    assert ours.last.graph == MINE == ours.last.base_iri
    assert ours.send("PUT", path, TWO).status_code == 204
    assert ours.triples(path) == {'<urn:a> <urn:b> "2"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert ours.send("POST", path, ONE).status_code == 204
    assert len(ours.triples(named(MINE))) == 2
    assert ours.send("DELETE", path).status_code == 204
    missing = ours.send("DELETE", path)
    assert missing.status_code == 404
    assert missing.get_json()["type"].endswith("#graph-not-found")
    assert ours.send("HEAD", path).status_code == 404


def test_head_is_get_without_the_body(ours: Service) -> None:
    path = named(FIRST.value)
    get, head = ours.send("GET", path), ours.send("HEAD", path)
    assert (head.status_code, head.data) == (200, b"")
    kept = {name: value for name, value in get.headers.items() if name != "Query-Id"}
    assert kept == {name: value for name, value in head.headers.items() if name != "Query-Id"}
    assert get.content_type == "text/turtle; charset=utf-8"


def test_an_empty_graph_is_there(empty: Service) -> None:
    assert empty.send("PUT", "/store?graph=urn:g", "").status_code == 201
    assert empty.triples("/store?graph=urn:g") == set()


def test_what_is_sent_is_read_relative_to_the_graph(empty: Service) -> None:
    empty.send("PUT", named("http://x.example/a/b"), "<> <c> <d> .")
    assert empty.triples(named("http://x.example/a/b")) == {
        "<http://x.example/a/b> <http://x.example/a/c> <http://x.example/a/d>"
    }


def test_the_default_graph_of_a_store_of_ones_own(empty: Service) -> None:
    assert empty.send("PUT", "/store?default", "<> <urn:b> 1 .").status_code == 204
    assert empty.last.graph is None
    assert empty.triples("/store?default") == {
        f'<{HOST}/store> <urn:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    }
    assert empty.send("DELETE", "/store?default").status_code == 204
    assert empty.triples("/store?default") == set()


def test_the_merged_default_graph_is_for_reading(ours: Service, release: Release) -> None:
    assert len(ours.triples("/store?default")) == release.manifest["counts"]["triples"]
    refused = ours.send("PUT", "/store?default", ONE)
    assert refused.status_code == 409
    assert refused.get_json()["type"].endswith("#default-graph-is-view")


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_curated_graphs_name_the_files_to_mend(ours: Service, method: str) -> None:
    refused = ours.send(method, named(SECOND.value), None if method == "DELETE" else ONE)
    assert refused.status_code == 409
    problem = refused.get_json()
    assert problem["type"].endswith("#curated-graph")
    assert "second-report" in problem["detail"]


@pytest.mark.parametrize(
    ("path", "iri"),
    [
        ("/store?graph=http://x.example/%31.ttl", "http://x.example/1.ttl"),
        ("/store?graph=http%3A%2F%2Fx.example%2F1.ttl", "http://x.example/1.ttl"),
        ("/store?graph=http://x.example/%2531.ttl", "http://x.example/%31.ttl"),
        ("/store?graph=urn:a%20b", None),
        ("/store?graph=", None),
        ("/store?graph=relative", None),
        ("/store?graph=urn:%C3%A4", "urn:ä"),
        ("/store/person/1.ttl", f"{HOST}/store/person/1.ttl"),
        ("/store/a%2Fb", f"{HOST}/store/a%2Fb"),
        ("/store/%C3%A4", f"{HOST}/store/%C3%A4"),
        ("/store//a//", f"{HOST}/store//a//"),
        ("/store/a?timeout=5", f"{HOST}/store/a"),
    ],
)
def test_which_graph_an_address_names(empty: Service, path: str, iri: str | None) -> None:
    response = empty.send("PUT", path, ONE)
    assert response.status_code == (201 if iri else 400)
    if iri:
        assert empty.last.graph == iri
        assert empty.triples(named(iri)) == empty.triples(path) != set()


@pytest.mark.parametrize("path", ["/store/a%2Fb", "/store/A", "/store/a/b", "/store/a.ttl"])
def test_names_of_our_graphs_are_slugs(ours: Service, path: str) -> None:
    refused = ours.send("PUT", path, ONE)
    assert refused.status_code == 400
    assert "?graph=IRI" in refused.get_json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/store?graph=urn:a&default",
        "/store?graph=urn:a&graph=urn:b",
        "/store?default&default",
        "/store?default=yes",
        "/store/a?default",
        "/store/a?graph=urn:a",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_one_graph_is_named(ours: Service, method: str, path: str) -> None:
    body = ONE if method in ("PUT", "POST") else None
    assert ours.send(method, path, body).status_code == 400


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_none_is_not_enough_but_for_making_one(ours: Service, method: str) -> None:
    refused = ours.send(method, "/store", ONE if method == "PUT" else None)
    assert refused.status_code == 400
    assert "/store?graph=IRI" in refused.get_json()["detail"]


@pytest.mark.parametrize("path", ["/store", "/store/"])
def test_a_new_graph_gets_an_address(ours: Service, empty: Service, path: str) -> None:
    for made, begins in ((ours, f"{DEFAULT_BASE}graph/"), (empty, f"{HOST}/store/")):
        response = made.send("POST", path, "<> <urn:b> 1 .")
        assert response.status_code == 201
        location = response.headers["Location"]
        assert re.fullmatch(re.escape(begins) + r"[0-9a-f]{32}", location)
        (triple,) = made.triples(named(location))
        assert triple.startswith(f"<{location}> <urn:b>")
        direct = f"/store/{location.removeprefix(begins)}"
        assert made.triples(direct) == {triple}
        assert made.send("POST", path, ONE).headers["Location"] != location


def test_a_form_of_files(empty: Service) -> None:
    response = empty.client.post(
        "/store?graph=urn:g",
        data={
            "a": (BytesIO(b"<urn:a> <urn:b> 1 ."), "a.ttl", "text/turtle"),
            "b": (BytesIO(b"<urn:a> <urn:b> <urn:c> ."), "b.nt", "application/octet-stream"),
        },
        headers=AUTHORIZED,
    )
    assert response.status_code == 201
    assert [body.media_type for body in empty.last.bodies] == [
        "text/turtle",
        "application/n-triples",
    ]
    assert len(empty.triples("/store?graph=urn:g")) == 2


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400),
        ({"a": "text"}, 400),
        ({"a": (BytesIO(b"x"), "a.exe", "application/x-msdownload")}, 415),
        ({"a": (BytesIO(b"x"), "a", "text/turtle; charset=latin-1")}, 415),
        ({"a": (BytesIO(b"x" * 6000), "a.ttl", "text/turtle")}, 413),
    ],
)
def test_forms_that_are_refused(empty: Service, form: dict[str, object], status: int) -> None:
    response = empty.client.post(
        "/store?graph=urn:g", data=form, content_type="multipart/form-data", headers=AUTHORIZED
    )
    assert response.status_code == status
    assert not empty.writer.written


@pytest.mark.parametrize(
    ("body", "headers", "status", "type_"),
    [
        (ONE, {"Content_Type": ""}, 415, "unsupported-body"),
        (ONE, {"Content_Type": "text/plain"}, 415, "unsupported-body"),
        (ONE, {"Content_Type": "text/turtle; charset=utf-16"}, 415, "unsupported-body"),
        (ONE, {"Content_Encoding": "gzip"}, 415, "unsupported-body"),
        (ONE, {"Content_Type": "multipart/form-data; boundary=x"}, 415, "unsupported-body"),
        ("<urn:a> <urn:b>", {}, 400, "invalid-body"),
        (b"<urn:a> <urn:b> '\xff' .", {}, 400, "invalid-body"),
        ("#" * 5001, {}, 413, "body-too-large"),
    ],
)
def test_refused_bodies(
    empty: Service, body: str | bytes, headers: dict[str, str], status: int, type_: str
) -> None:
    response = empty.send("PUT", "/store?graph=urn:g", body, **headers)
    assert response.status_code == status
    assert response.get_json()["type"].endswith(f"#{type_}")
    if status == 415:
        assert "text/turtle" in response.headers["Accept"].split(", ")


def test_a_graph_may_be_larger_than_a_query(empty: Service) -> None:
    assert empty.send("PUT", "/store?graph=urn:g", ONE + "#" * 4000).status_code == 201
    query = empty.send(
        "POST", "/sparql", "ASK {}" + "#" * 4000, Content_Type="application/sparql-query"
    )
    assert query.status_code == 413


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_writes_need_the_token_and_reads_do_not(ours: Service, method: str) -> None:
    assert ours.client.open("/store/mine", method=method).status_code == 401
    assert ours.client.get(named(FIRST.value)).status_code == 200


def test_formats_and_406(ours: Service) -> None:
    path = named(SECOND.value)
    assert ours.send("GET", path, Accept="application/rdf+xml").mimetype == "application/rdf+xml"
    assert ours.send("GET", f"{path}&format=jsonld").mimetype == "application/ld+json"
    refused = ours.send("GET", path, Accept="text/csv")
    assert refused.status_code == 406
    assert "text/turtle" in refused.get_json()["offered"]


def test_a_browser_gets_a_page_with_the_statements(ours: Service) -> None:
    page = ours.send("GET", named(FIRST.value), Accept="text/html")
    assert page.mimetype == "text/html"
    assert "Alpha Bio" in page.text
    assert ours.send("GET", named("urn:none"), Accept="text/html").status_code == 404


def test_a_graph_is_made_once(empty: Service) -> None:
    path = "/store?graph=urn:g"
    assert empty.send("PUT", path, ONE, If_None_Match="*").status_code == 201
    refused = empty.send("PUT", path, TWO, If_None_Match="*")
    assert refused.status_code == 412
    assert refused.get_json()["type"].endswith("#precondition-failed")
    assert empty.send("PUT", "/store?graph=urn:h", TWO, If_Match="*").status_code == 412
    assert empty.send("PUT", path, TWO, If_Match="*").status_code == 204


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "application/rdf+xml"])
@pytest.mark.parametrize("coding", [*CODINGS, "identity"])
def test_nobody_overwrites_what_he_has_not_seen(empty: Service, accept: str, coding: str) -> None:
    path = "/store?graph=urn:g"
    many = "".join(f"<u:a> <u:b#b> {number} .\n" for number in range(1000, 1200))
    empty.send("PUT", path, many)
    seen = empty.send("GET", path, Accept=accept, Accept_Encoding=coding)
    assert seen.headers.get("Content-Encoding", "identity") == coding
    tag = seen.headers["ETag"]
    assert empty.send("PUT", path, ONE, If_None_Match=tag).status_code == 412
    assert empty.send("PUT", path, ONE, If_Match=f"W/{tag}").status_code == 412
    assert empty.send("PUT", path, ONE, If_Match=tag).status_code == 204
    assert empty.send("PUT", path, TWO, If_Match=tag).status_code == 412
    assert empty.send("DELETE", path, If_Match=tag).status_code == 412


def test_writers_that_wait_leave_threads_to_readers(
    empty: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, change = threading.Event(), empty.writer.change

    def slow(*arguments: Any) -> Any:
        assert go.wait(20)
        return change(*arguments)

    monkeypatch.setattr(empty.writer, "change", slow)
    with ThreadPoolExecutor(20) as pool:
        sent = [pool.submit(empty.send, "PUT", f"/store/{n}", ONE) for n in range(20)]
        early = [one.result() for one in islice(as_completed(sent), 4)]
        assert {one.status_code for one in early} == {503}
        assert all(int(one.headers["Retry-After"]) > 0 for one in early)
        assert empty.send("GET", "/sparql?query=ASK%7B%7D").status_code == 200
        go.set()
        late = [one.result().status_code for one in sent]
    assert sorted(late) == [201] * 16 + [503] * 4
