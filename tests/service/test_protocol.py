"""The SPARQL 1.1 Protocol, section 2.1, case by case."""

import json
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from graph.query import MEDIA_TYPES, Answer, Cancellation, EmbeddedEngine, Job, Request
from graph.release import Release
from graph.terms import DEFAULT_BASE
from graph.update import Update
from ontology.vocabulary import prefixes
from service.app import create_app
from service.exchange import Exchange
from service.negotiation import FORMATS
from service.settings import Settings
from service.tokens import hashed
from tests.service.dataset import FIRST, SECOND
from tests.service.fakes import StoreWriter

JSON = "application/sparql-results+json"
FORM = "application/x-www-form-urlencoded"
TOKEN = "a-token-for-writing"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
ASK = "ASK { ?s ?p ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TYPES = "SELECT (COUNT(*) AS ?n) { ?s a kg:Organisation }"
CONSTRUCT = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"


def number(body: bytes) -> int:
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


def test_get(client: FlaskClient, release: Release) -> None:
    response = client.get("/sparql", query_string={"query": COUNT})
    assert (response.status_code, response.content_type) == (200, JSON)
    assert number(response.data) == release.manifest["counts"]["triples"]
    assert response.headers["Therascape-Release"] == release.id
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert response.content_length == len(response.data)


def test_post_form(client: FlaskClient) -> None:
    response = client.post("/sparql", data={"query": ASK})
    assert response.get_json(force=True)["boolean"] is True


def test_post_direct(client: FlaskClient) -> None:
    kind = "application/sparql-query; charset=UTF-8"
    query = 'ASK { ?s rdfs:label "Bêta Cell 細胞" }'
    response = client.post("/sparql", data=query.encode(), content_type=kind)
    assert response.get_json(force=True)["boolean"] is True


def test_head_has_the_headers_and_no_body(client: FlaskClient) -> None:
    headers = {"Query-Id": "one-of-mine"}
    get = client.get("/sparql", query_string={"query": ASK}, headers=headers)
    head = client.head("/sparql", query_string={"query": ASK}, headers=headers)
    assert head.data == b""
    assert dict(head.headers) == dict(get.headers)


def test_options_answers_a_preflight(client: FlaskClient) -> None:
    response = client.options(
        "/sparql", headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("query", "accept", "starts"),
    [
        (COUNT, JSON, b'{"head":'),
        (COUNT, "application/sparql-results+xml", b"<?xml"),
        (COUNT, "text/csv", b"n\r\n"),
        (COUNT, "text/tab-separated-values", b"?n\n"),
        (ASK, "application/sparql-results+xml", b"<?xml"),
        (CONSTRUCT, "text/turtle", b"@prefix"),
        (CONSTRUCT, "application/n-triples", b"<"),
        (CONSTRUCT, "application/ld+json", b"["),
        (CONSTRUCT, "application/rdf+xml", b"<?xml"),
        ("DESCRIBE <id/agent/alpha-bio>", "application/n-triples", b"<"),
    ],
)
def test_formats(client: FlaskClient, query: str, accept: str, starts: bytes) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.mimetype == accept
    assert response.data.startswith(starts)


def test_a_general_type_is_answered_under_that_type(client: FlaskClient) -> None:
    response = client.get(
        "/sparql", query_string={"query": ASK}, headers={"Accept": "application/json"}
    )
    assert response.mimetype == "application/json"


@pytest.mark.parametrize(("query", "accept"), [(ASK, "text/turtle"), (CONSTRUCT, "text/csv")])
def test_406_says_what_is_offered(client: FlaskClient, query: str, accept: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert response.status_code == 406
    problem = response.get_json()
    assert problem["type"].endswith("#not-acceptable")
    assert accept not in problem["offered"]
    assert problem["offered"]


def test_406_when_the_format_cannot_hold_the_answer(client: FlaskClient) -> None:
    query = "SELECT ?o { <id/agent/hostile> rdfs:comment ?o }"  # XML has no escape character
    xml = client.get("/sparql", query_string={"query": query, "format": "xml"})
    assert xml.status_code == 406
    assert xml.get_json()["type"].endswith("#not-expressible")
    csv = client.get("/sparql", query_string={"query": query, "format": "csv"})
    assert b"\x1b[31m" in csv.data


def test_every_format_of_the_engine_can_be_asked_for() -> None:
    for form, media_types in MEDIA_TYPES.items():
        assert set(media_types) == {f.media_type for f in FORMATS if f.form == form}


def test_format_in_the_address_beats_accept(client: FlaskClient) -> None:
    parameters = {"query": COUNT, "format": "csv"}
    response = client.get("/sparql", query_string=parameters, headers={"Accept": JSON})
    assert response.mimetype == "text/csv"
    assert 'filename="result.csv"' in response.headers["Content-Disposition"]


def test_an_unknown_format_is_left_aside_with_a_notice(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": ASK, "format": "exe"})
    assert response.content_type == JSON
    assert "'exe'" in response.headers["Therascape-Notice"]


def test_the_default_graph_is_a_merge(client: FlaskClient) -> None:
    # alpha-bio is an organisation in both graphs, and counts once.
    response = client.get("/sparql", query_string={"query": TYPES})
    assert number(response.data) == 4


@pytest.mark.parametrize("method", ["get", "form", "direct"])
def test_dataset_parameters(client: FlaskClient, method: str) -> None:
    dataset = urlencode({"default-graph-uri": SECOND.value, "named-graph-uri": FIRST.value})
    query = "SELECT (COUNT(*) AS ?n) { ?s a kg:Organisation FILTER NOT EXISTS { GRAPH ?g {} } }"
    query = query.replace(" FILTER NOT EXISTS { GRAPH ?g {} }", "")
    if method == "get":
        response = client.get(f"/sparql?{dataset}&query={quote(query)}")
    elif method == "form":
        body = f"{dataset}&query={quote(query)}"
        kind = "application/x-www-form-urlencoded"
        response = client.post("/sparql", data=body, content_type=kind)
    else:
        kind = "application/sparql-query"
        response = client.post(f"/sparql?{dataset}", data=query, content_type=kind)
    assert number(response.data) == 1


def test_several_default_graphs_are_merged(client: FlaskClient) -> None:
    dataset = urlencode([("default-graph-uri", FIRST.value), ("default-graph-uri", SECOND.value)])
    response = client.get(f"/sparql?{dataset}&query={quote(TYPES)}")
    assert number(response.data) == 4


def test_from_names_graphs_of_the_store_only(client: FlaskClient) -> None:
    unknown = "https://elsewhere.example/grä\u202eph"
    query = f"SELECT (COUNT(*) AS ?n) FROM <{unknown}> {{ ?s ?p ?o }}"
    response = client.get("/sparql", query_string={"query": query})
    assert number(response.data) == 0
    notice = response.headers["Therascape-Notice"]
    assert "https://elsewhere.example/gr%C3%A4%E2%80%AEph" in notice
    assert notice.isascii()


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/sparql?timeout=5", "there is no `query`"),
        ("/sparql?default-graph-uri=urn:g", "there is no `query`"),
        ("/sparql?update=CLEAR%20ALL", "sent by POST"),
        ("/sparql?query=ASK%7B%7D&update=CLEAR%20ALL", "sent by POST"),
        ("/sparql?query=ASK%7B%7D&using-graph-uri=urn:g", "default-graph-uri"),
        ("/sparql?query=ASK%7B%7D&timeout=0", "timeout"),
        ("/sparql?query=ASK%7B%7D&timeout=-1", "timeout"),
        ("/sparql?query=ASK%7B%7D&timeout=inf", "timeout"),
        ("/sparql?query=ASK%7B%7D&timeout=1e3", "timeout"),
        ("/sparql?query=ASK%7B%7D&timeout=", "timeout"),
        ("/sparql?query=ASK%7B%7D&timeout=1&timeout=2", "timeout"),
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "there are 2"),
        ("/sparql?query=%FF", "UTF-8"),
        ("/sparql?query=%ED%A0%80", "UTF-8"),
        ("/sparql?" + "&".join(["a=b"] * 1001), "parameters"),
    ],
)
def test_malformed_get(client: FlaskClient, address: str, detail: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["type"].endswith("#malformed-request")
    assert detail in response.get_json()["detail"]


@pytest.mark.parametrize(
    ("body", "kind", "status", "type_"),
    [
        (b"query=ASK{}", "text/plain", 415, "unsupported-body"),
        (b"query=ASK{}", "multipart/form-data; boundary=x", 415, "unsupported-body"),
        (b"ASK{}", "", 415, "unsupported-body"),
        (b"ASK{}", "application/sparql-query; charset=utf-16", 415, "unsupported-body"),
        (b"ASK{ ?s ?p '\xff' }", "application/sparql-query", 400, "malformed-request"),
        (b"query=%FF", "application/x-www-form-urlencoded", 400, "malformed-request"),
        (b"x=1", "application/x-www-form-urlencoded", 400, "malformed-request"),
        (b"update=CLEAR+ALL", "application/x-www-form-urlencoded", 403, "writes-off"),
        (b"CLEAR ALL", "application/sparql-update", 403, "writes-off"),
        (b"CLEAR ALL", "application/sparql-query", 400, "update-refused"),
        (b"query=ASK{}&update=CLEAR+ALL", FORM, 400, "malformed-request"),
        (b"update=CLEAR+ALL&update=CLEAR+ALL", FORM, 400, "malformed-request"),
        (b"update=CLEAR+ALL&default-graph-uri=urn:g", FORM, 400, "malformed-request"),
        (b"CLEAR ALL \xff", "application/sparql-update", 400, "malformed-request"),
        (b"CLEAR ALL", "application/sparql-update; charset=utf-16", 415, "unsupported-body"),
        (b"LOAD <http://x.example/>", "application/sparql-query", 403, None),
        (b"x" * 30_000, "application/sparql-query", 413, "body-too-large"),
    ],
)
def test_refused_posts(
    client: FlaskClient, body: bytes, kind: str, status: int, type_: str | None
) -> None:
    response = client.post("/sparql", data=body, content_type=kind)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    if type_:
        assert response.get_json()["type"].endswith(f"#{type_}")


def test_a_coded_body_is_refused(client: FlaskClient) -> None:
    response = client.post(
        "/sparql",
        data=b"...",
        content_type="application/sparql-query",
        headers={"Content-Encoding": "gzip"},
    )
    assert response.status_code == 415


def test_a_query_in_the_address_and_in_the_form_is_one_too_many(client: FlaskClient) -> None:
    response = client.post("/sparql?query=ASK%7B%7D", data={"query": ASK})
    assert response.status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(client: FlaskClient, method: str) -> None:
    response = client.open("/sparql", method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_service_is_refused_with_its_place(client: FlaskClient, silent: str) -> None:
    query = f"SELECT * {{\n  SERVICE {silent}<http://127.0.0.1:1/> {{ ?s ?p ?o }}\n}}"
    response = client.get("/sparql", query_string={"query": query})
    problem = response.get_json()
    assert response.status_code == 403
    assert problem["type"].endswith("#remote-access-refused")
    assert problem["line"] == 2


def test_a_syntax_error_has_line_and_column(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT * {\n  ?s ?p }"})
    problem = response.get_json()
    assert response.status_code == 400
    assert problem["type"].endswith("#query-syntax")
    assert (problem["line"], problem["column"]) == (2, 9)
    assert problem["token"] == "}"


@pytest.mark.parametrize(
    "query", ["", "\x00", "\ufeff", "SELECT", "\u202eASK{}", "}" * 5000, "ASK{" * 4000]
)
def test_hostile_queries_are_problems_not_failures(client: FlaskClient, query: str) -> None:
    response = client.post("/sparql", data={"query": query})
    assert response.status_code in (400, 413)
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("address", ["/sparql", "/sparql/"])
def test_both_spellings_of_the_address(client: FlaskClient, address: str) -> None:
    assert client.get(address, query_string={"query": ASK}).status_code == 200
    assert client.post(address, data={"query": ASK}).status_code == 200


class Remembering:
    """An engine that keeps what it was asked with."""

    def __init__(self, repeatable: bool = True) -> None:
        self.jobs: list[Job | None] = []
        self.repeatable = repeatable

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
        self.jobs.append(job)
        if job:
            job.timings["ran"] = 0.5
        body = b'{"head":{},"boolean":true}'
        return Answer("boolean", JSON, body, repeatable=self.repeatable)


@pytest.mark.parametrize(
    ("timeout", "seconds"), [("5", 5), ("0.5", 0.5), (".5", 0.5), ("600", None), (None, None)]
)
def test_a_client_may_ask_for_less_time_and_never_for_more(
    release: Release, timeout: str | None, seconds: float | None
) -> None:
    engine = Remembering()
    client = create_app(engine, release, settings=Settings(deadline=30)).test_client()
    parameters = {"query": "ASK {}"} | ({"timeout": timeout} if timeout else {})
    assert client.get("/sparql", query_string=parameters).status_code == 200
    (job,) = engine.jobs
    assert job is not None
    assert job.seconds == seconds


def test_the_query_id_of_the_client_is_that_of_the_job_and_comes_back(release: Release) -> None:
    engine = Remembering()
    client = create_app(engine, release).test_client()
    response = client.get("/sparql?query=ASK{}", headers={"Query-Id": "mine_1.~-"})
    assert response.headers["Query-Id"] == "mine_1.~-"
    assert engine.jobs[0] is not None
    assert engine.jobs[0].id == "mine_1.~-"
    assert engine.jobs[0].client == "127.0.0.1"


@pytest.mark.parametrize("header", ["", "a b", "x" * 129, "ä", "a\tb"])
def test_a_query_id_that_is_none_is_replaced(release: Release, header: str) -> None:
    client = create_app(Remembering(), release).test_client()
    response = client.get("/sparql?query=ASK{}", headers={"Query-Id": header})
    assert len(response.headers["Query-Id"]) == 32


@pytest.mark.parametrize("repeatable", [True, False])
def test_the_front_is_told_what_may_be_kept_and_what_to_log(
    release: Release, repeatable: bool
) -> None:
    app = create_app(Remembering(repeatable), release)
    seen = Exchange("id", "192.0.2.1", "/sparql", Cancellation())
    query = "PREFIX ask: <urn:x> # SELECT\n ASK {}"
    environ = {"therascape.exchange": seen}
    app.test_client().post("/sparql", data={"query": query}, environ_overrides=environ)
    assert seen.storable is repeatable
    assert seen.log == {"form": "ASK", "query": query, "ran": 0.5, "bytes": 26}


@pytest.mark.parametrize(
    ("path", "storable"),
    [
        ("/", True),
        ("/problems", True),
        ("/description", True),
        ("/nope", False),
        ("/health", False),
        ("/ready", False),
        ("/sparql?query=ASK{", False),
        ("/sparql?query=SELECT+(NOW()+AS+?t)+{}", False),
    ],
)
def test_what_depends_on_the_release_alone_may_be_kept(
    client: FlaskClient, path: str, storable: bool
) -> None:
    seen = Exchange("id", "192.0.2.1", path, Cancellation())
    client.get(path, environ_overrides={"therascape.exchange": seen})
    assert seen.storable is storable


def test_a_problem_is_in_the_log(client: FlaskClient) -> None:
    seen = Exchange("id", "192.0.2.1", "/sparql", Cancellation())
    client.get("/sparql?query=ASK{", environ_overrides={"therascape.exchange": seen})
    assert seen.log["problem"] == "query-syntax"


@pytest.fixture
def writer() -> StoreWriter:
    return StoreWriter(Store(), {"base": DEFAULT_BASE})


@pytest.fixture
def writing(release: Release, writer: StoreWriter) -> FlaskClient:
    settings = Settings(write_token=hashed(TOKEN))
    engine = EmbeddedEngine(writer.store, prefixes())
    return create_app(engine, release, settings=settings, writer=writer).test_client()


INSERT = "INSERT DATA { GRAPH <graph/mine> { <id/concept/a> rdfs:label 'A' } }"


@pytest.mark.parametrize("form", [True, False])
def test_an_update(writing: FlaskClient, writer: StoreWriter, form: bool) -> None:
    response = writing.post(
        "/sparql?using-graph-uri=urn:x" if not form else "/sparql",
        data={"update": INSERT} if form else INSERT,
        content_type=None if form else "application/sparql-update",
        headers={"Query-Id": "abc"} | AUTHORIZED,
    )
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["Therascape-Write"] == "1"
    ((change, author, job),) = writer.written
    assert isinstance(change, Update)
    assert change.using_graphs == (() if form else ("urn:x",))
    assert author.request == "abc" == (job.id if job else None)
    assert author.name.startswith("token-")
    answer = writing.post("/sparql", data={"query": "ASK { <id/concept/a> rdfs:label 'A' }"})
    assert answer.get_json(force=True)["boolean"] is True


def test_a_person_is_told_what_was_written(writing: FlaskClient) -> None:
    headers = AUTHORIZED | {"Accept": "text/html"}
    response = writing.post("/sparql", data={"update": INSERT}, headers=headers)
    assert response.status_code == 200
    assert "1 statement added" in response.text
    response = writing.post("/sparql", data={"update": "INSERT DATA {\n what }"}, headers=headers)
    assert response.status_code == 400
    assert "<textarea" not in response.text
    assert "<strong>^</strong>" in response.text


@pytest.mark.parametrize(
    ("update", "status", "type_"),
    [
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", 409, "default-graph-is-view"),
        ("CLEAR GRAPH <graph/reference>", 409, "curated-graph"),
        ("CLEAR GRAPH <graph/derived>", 409, "derived-graph"),
        ("CLEAR GRAPH <urn:nope>", 404, "graph-not-found"),
        ("LOAD <http://127.0.0.1:1/>", 403, "remote-access-refused"),
        ("LOAD SILENT <file:///etc/passwd>", 403, "remote-access-refused"),
        ("CLEAR XYZ", 400, "query-syntax"),
        ("ASK {}", 400, "query-syntax"),
    ],
)
def test_refused_updates(writing: FlaskClient, update: str, status: int, type_: str) -> None:
    response = writing.post("/sparql", data={"update": update}, headers=AUTHORIZED)
    assert response.status_code == status
    assert response.get_json()["type"].endswith(f"#{type_}")


def test_the_dataset_of_an_update_is_named_once(writing: FlaskClient) -> None:
    response = writing.post(
        "/sparql?using-graph-uri=urn:a",
        data="WITH <urn:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        content_type="application/sparql-update",
        headers=AUTHORIZED,
    )
    assert response.status_code == 400
    assert response.get_json()["type"].endswith("#using-conflict")
    assert response.get_json()["token"] == "WITH"


def test_an_update_and_a_query_are_not_sent_together(writing: FlaskClient) -> None:
    response = writing.post("/sparql?query=ASK%7B%7D", data={"update": INSERT}, headers=AUTHORIZED)
    assert response.status_code == 400
    response = writing.post(
        "/sparql?query=ASK%7B%7D",
        data=INSERT,
        content_type="application/sparql-update",
        headers=AUTHORIZED,
    )
    assert response.status_code == 400
