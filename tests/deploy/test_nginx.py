"""The shipped configuration of nginx, in front of a real service."""

import http.client
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.deploy.nginx import Nginx, free_port, nginx
from tests.service.conftest import Server

TOKEN = "a-token-of-more-than-twenty-characters"
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
#: What no machine finishes before its client leaves.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"


@pytest.fixture(scope="module")
def service(data: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
        patch.setenv("THERASCAPE_ADMIN_TOKEN", TOKEN)
        server = Server(data, "--proxies", "127.0.0.1", "--max-body-bytes", str(1024 * 1024))
    yield server
    assert server.stop()[0] == 0


@pytest.fixture(scope="module")
def front(service: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    with nginx(tmp_path_factory.mktemp("nginx"), [service.port]) as running:
        yield running


def test_pages_and_their_styles_come_through(front: Nginx) -> None:
    page = front.ask("/", headers={"Accept": "text/html"})
    assert page.status == 200
    assert b"<h1" in page.body
    assert page.headers["Strict-Transport-Security"]
    assert page.headers["Content-Security-Policy"]


def test_plain_http_leads_to_tls(front: Nginx) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.plain, timeout=10)
    connection.request("GET", "/sparql?query=ASK%7B%7D")
    answer = connection.getresponse()
    assert answer.status == 308
    assert answer.headers["Location"] == "https://127.0.0.1/sparql?query=ASK%7B%7D"
    connection.close()


def test_the_service_knows_its_own_address_and_its_clients(front: Nginx) -> None:
    address = f"https://127.0.0.1:{front.port}/"
    feigned = {"X-Forwarded-For": "192.0.2.9", "X-Forwarded-Host": "x.example"}
    listed = front.ask("/sitemap-1.xml", headers=feigned | {"X-Forwarded-Proto": "http"})
    assert f"<loc>{address}".encode() in listed.body
    assert b"x.example" not in listed.body
    assert b"http://127" not in listed.body


def test_queries_by_get_and_post(front: Nginx) -> None:
    accept = {"Accept": "text/csv"}
    by_get = front.ask(f"/sparql?query={quote(ALL)}", headers=accept)
    as_body = front.ask(
        "/sparql", "POST", ALL.encode(), accept | {"Content-Type": "application/sparql-query"}
    )
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    as_form = front.ask("/sparql", "POST", f"query={quote(ALL)}".encode(), accept | form)
    assert by_get.status == as_body.status == as_form.status == 200
    assert by_get.body == as_body.body == as_form.body
    long = front.ask(f"/sparql?query={quote('ASK {} #' + 'x' * 60_000)}")
    assert long.status == 200


def test_writes_are_seen_at_once(front: Nginx) -> None:
    for number in range(3):
        text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> {number} }} }}"
        headers = AUTHORIZATION | {"Content-Type": "application/sparql-update"}
        assert front.ask("/sparql", "POST", text.encode(), headers).status == 204
        query = quote("SELECT (COUNT(*) AS ?n) { GRAPH <urn:g> { ?s ?p ?o } }")
        seen = front.ask(f"/sparql?query={query}", headers={"Accept": "text/csv"})
        assert seen.body.split()[1] == str(number + 1).encode()
    turtle = AUTHORIZATION | {"Content-Type": "text/turtle"}
    large = b"<urn:s> <urn:p> '" + b"x" * (3 * 1024 * 1024) + b"' ."
    assert front.ask("/store/large", "PUT", large, turtle).status == 201
    kept = front.ask("/store/large", headers={"Accept": "application/n-triples"})
    assert len(kept.body) > len(large) - 20


def test_an_address_goes_on_as_it_was_sent(front: Nginx) -> None:
    assert b"a%2Fb" in front.ask("/store/a%2Fb").body


def test_one_address_in_two_formats(front: Nginx) -> None:
    path = "/id/agent/alpha-bio"
    turtle = {"Accept": "text/turtle"}
    for _ in range(2):
        page = front.ask(path, headers={"Accept": "text/html"})
        data = front.ask(path, headers=turtle)
        assert page.headers["Content-Type"].startswith("text/html")
        assert data.headers["Content-Type"].startswith("text/turtle")
        assert page.headers["ETag"] != data.headers["ETag"]
    tag = front.ask(path, headers=turtle).headers["ETag"]
    known = front.ask(path, headers=turtle | {"If-None-Match": tag})
    assert (known.status, known.body) == (304, b"")


def _file(front: Nginx) -> str:
    listed = json.loads(front.ask("/exports/", headers={"Accept": "application/json"}).body)
    (address,) = {
        row["address"] for row in listed["exports"] if row["address"].endswith("/release.nq")
    }
    assert isinstance(address, str)
    return address


def test_what_never_changes_is_kept_by_coding(front: Nginx) -> None:
    path = _file(front)
    first = front.ask(path)
    again = front.ask(path)
    assert [one.headers["X-Cache-Status"] for one in (first, again)] == ["MISS", "HIT"]
    assert first.body == again.body
    assert first.headers["ETag"] == again.headers["ETag"]
    known = front.ask(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status, known.body) == (304, b"")
    current = path.replace(path.split("/")[2], "current")
    for _ in range(2):
        assert front.ask(current).headers["X-Cache-Status"] == "MISS"
    with_token = front.ask(path, headers=AUTHORIZATION)
    assert (with_token.status, with_token.headers["X-Cache-Status"]) == (200, "BYPASS")
    page = front.ask("/", headers={"Accept": "text/html"}).body.decode()
    style = re.findall(r'href="(/static/[^"]+\.css[^"]*)"', page)[0]
    for coding in ("gzip", "br", "gzip", "br", "identity"):
        answer = front.ask(style, headers={"Accept-Encoding": coding})
        assert answer.status == 200
        assert answer.headers.get("Content-Encoding", "identity") == coding


def test_parts_of_a_file(front: Nginx) -> None:
    path = _file(front)
    whole = front.ask(path).body
    for _ in range(2):
        part = front.ask(path, headers={"Range": "bytes=10-19"})
        assert (part.status, part.body) == (206, whole[10:20])
        assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    head = front.ask(path, "HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", str(len(whole)))


@pytest.mark.parametrize(
    ("path", "size", "status", "type_"),
    [
        ("/sparql?query=SELECT", 0, 400, "query-syntax"),
        ("/no/such/place", 0, 404, "not-found"),
        ("/sparql", 1_500_000, 413, "body-too-large"),  # the service refuses it
        ("/sparql", 3_000_000, 413, "body-too-large"),  # nginx does
    ],
)
def test_problems_have_one_form(
    front: Nginx, path: str, size: int, status: int, type_: str
) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    answer = front.ask(path, "POST" if size else "GET", b"x" * size or None, headers)
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.body)
    assert problem["type"].endswith(f"#{type_}")
    assert problem["status"] == status


def test_a_service_that_is_away_is_a_problem_for_now(tmp_path: Path) -> None:
    with nginx(tmp_path, [free_port()]) as front:
        answer = front.ask("/")
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.loads(answer.body)["type"].endswith("#engine-unavailable")


def _running(front: Nginx) -> list[str]:
    found = json.loads(front.ask("/queries", headers=AUTHORIZATION).body)
    return [one["id"] for one in found["queries"]]


def test_a_client_that_leaves_ends_its_query(front: Nginx) -> None:
    connection = front.connect()
    connection.request("GET", f"/sparql?query={quote(ENDLESS)}", headers={"Query-Id": "leaving"})
    until = time.monotonic() + 5
    while "leaving" not in _running(front):
        assert time.monotonic() < until
        time.sleep(0.05)
    connection.close()
    left = time.monotonic()
    while "leaving" in _running(front):
        assert time.monotonic() < left + 3
        time.sleep(0.05)


def test_a_line_of_json_for_each_request(front: Nginx) -> None:
    query = quote('ASK {} # "\n')
    front.ask(f"/sparql?query={query}", headers={"Query-Id": "logged"})
    until = time.monotonic() + 5
    while '"id":"logged"' not in front.log.read_text("utf-8"):
        assert time.monotonic() < until
        time.sleep(0.02)
    lines = [json.loads(line) for line in front.log.read_text("utf-8").splitlines()]
    (line,) = [line for line in lines if line["id"] == "logged"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sparql", "200")
