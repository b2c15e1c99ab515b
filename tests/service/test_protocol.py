"""The SPARQL 1.1 Protocol, section 2.1, case by case."""

import json
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from graph.query import MEDIA_TYPES
from graph.release import Release
from service.negotiation import FORMATS
from tests.service.dataset import FIRST, SECOND

JSON = "application/sparql-results+json"
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
    assert response.headers["Vary"] == "Accept"
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
    get = client.get("/sparql", query_string={"query": ASK})
    head = client.head("/sparql", query_string={"query": ASK})
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
        ("/sparql", "there is no `query`"),
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
        (b"update=CLEAR+ALL", "application/x-www-form-urlencoded", 403, "update-refused"),
        (b"CLEAR ALL", "application/sparql-update", 403, "update-refused"),
        (b"CLEAR ALL", "application/sparql-query", 403, "update-refused"),
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


@pytest.mark.parametrize(
    "query", ["", "\x00", "\ufeff", "SELECT", "\u202eASK{}", "}" * 5000, "ASK{" * 4000]
)
def test_hostile_queries_are_problems_not_failures(client: FlaskClient, query: str) -> None:
    response = client.post("/sparql", data={"query": query})
    assert response.status_code in (400, 413)
    assert response.mimetype == "application/problem+json"
