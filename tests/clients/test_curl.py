"""curl, in every shape that the documentation shows."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from rdflib import Graph

from tests.hostile.corpus import text
from tests.hostile.server import ADMIN_TOKEN, WRITE_TOKEN, Service

NAMES = "SELECT ?name { ?s rdfs:label ?name }"
BEARER = ("-H", f"Authorization: Bearer {WRITE_TOKEN}")

pytestmark = [
    pytest.mark.timeout(60),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]


def curl(*arguments: str) -> tuple[int, str]:
    """Run curl; return the status and the body of the answer."""
    command = ["curl", "-sS", "-m", "20", "-w", r"\n%{http_code}", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def rows(body: str) -> int:
    return len(json.loads(body)["results"]["bindings"])


def test_get(endpoint: str) -> None:
    status, body = curl("-G", endpoint, "--data-urlencode", f"query={NAMES}")
    assert (status, rows(body)) == (200, 34)


def test_post_as_a_form(endpoint: str) -> None:
    status, body = curl(endpoint, "--data-urlencode", f"query={NAMES}")
    assert (status, rows(body)) == (200, 34)


def test_post_a_file(endpoint: str, tmp_path: Path) -> None:
    file = tmp_path / "names.rq"
    file.write_text(NAMES)
    kind = ("-H", "Content-Type: application/sparql-query")
    status, body = curl(endpoint, *kind, "--data-binary", f"@{file}")
    assert (status, rows(body)) == (200, 34)


@pytest.mark.parametrize(
    ("accept", "begin"),
    [
        ("text/csv", "name\n"),
        ("text/tab-separated-values", "?name\n"),
        ("application/sparql-results+xml", "<?xml"),
        ("application/sparql-results+json", '{"head"'),
    ],
)
def test_formats(endpoint: str, accept: str, begin: str) -> None:
    query = ("--data-urlencode", f"query={NAMES}")
    status, body = curl(endpoint, *query, "-H", f"Accept: {accept}")
    assert status == 200
    assert body.startswith(begin)


@pytest.mark.parametrize("coding", [(), ("--compressed",)])
def test_a_graph(endpoint: str, coding: tuple[str, ...]) -> None:
    query = ("--data-urlencode", "query=CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }")
    status, body = curl("-G", endpoint, *query, "-H", "Accept: text/turtle", *coding)
    assert status == 200
    assert len(Graph().parse(data=body, format="turtle")) == 36


def test_an_answer_that_one_has_already(endpoint: str, tmp_path: Path) -> None:
    known = tmp_path / "etag"
    query = ("-G", endpoint, "--data-urlencode", f"query={NAMES}")
    assert curl(*query, "--etag-save", str(known))[0] == 200
    assert curl(*query, "--etag-compare", str(known)) == (304, "")


def test_only_the_head(endpoint: str) -> None:
    status, head = curl("-I", "-G", endpoint, "--data-urlencode", f"query={NAMES}")
    assert status == 200
    assert "content-length:" in head.lower()


def test_a_deadline_and_an_id_of_ones_own(endpoint: str) -> None:
    query = ("--data-urlencode", f"query={text('values-doubling')}")
    asked = ("-H", "Query-Id: from-curl", "--data-urlencode", "timeout=0.3")
    status, body = curl(endpoint, *query, *asked)
    assert status == 504
    assert json.loads(body)["type"].endswith("#deadline-exceeded")


def test_ending_a_query(endpoint: str, service: Service) -> None:
    query = ("--data-urlencode", f"query={text('values-doubling')}")
    asked = ("-H", "Query-Id: to-be-ended")
    address = f"{service.address}queries/to-be-ended"
    with subprocess.Popen(
        ["curl", "-sS", "-m", "20", endpoint, *query, *asked], stdout=subprocess.PIPE
    ) as running:
        retry = ("--retry", "20", "--retry-delay", "0", "--retry-all-errors", "-f")
        assert curl("-X", "DELETE", address, *retry)[0] == 204
        assert b"#query-cancelled" in running.communicate(timeout=20)[0]


def test_what_runs(service: Service) -> None:
    status, body = curl(f"{service.address}queries", "-H", f"Authorization: Bearer {ADMIN_TOKEN}")
    assert (status, json.loads(body)) == (200, {"queries": []})


def test_updates(own: Service, tmp_path: Path) -> None:
    endpoint = f"{own.address}sparql"
    text = "INSERT DATA { GRAPH <urn:curl> { <urn:s> <urn:p> 1 } }"
    assert curl(endpoint, *BEARER, "--data-urlencode", f"update={text}")[0] in (200, 204)
    file = tmp_path / "more.ru"
    file.write_text(text.replace("1", "2"))
    kind = ("-H", "Content-Type: application/sparql-update")
    assert curl(endpoint, *BEARER, *kind, "--data-binary", f"@{file}")[0] in (200, 204)
    query = ("--data-urlencode", "query=SELECT * { GRAPH <urn:curl> { ?s ?p ?o } }")
    assert rows(curl(endpoint, *query)[1]) == 2
    assert curl(endpoint, "--data-urlencode", f"update={text}")[0] == 401


def test_graphs_as_files(own: Service, tmp_path: Path) -> None:
    address = f"{own.address}store?graph=urn:file"
    file = tmp_path / "data.ttl"
    file.write_text("<urn:s> <urn:p> 1, 2 .")
    turtle = ("-H", "Content-Type: text/turtle")
    assert curl("-T", str(file), address, *turtle, *BEARER)[0] == 201
    assert curl("-T", str(file), address, *turtle, *BEARER)[0] == 204
    status, body = curl(address, "-H", "Accept: text/turtle")
    assert (status, len(Graph().parse(data=body, format="turtle"))) == (200, 2)
    assert curl("--data-binary", "<urn:s> <urn:p> 3 .", address, *turtle, *BEARER)[0] == 204
    assert curl("-F", f"file=@{file};type=text/turtle", address, *BEARER)[0] == 204
    assert curl("-I", address)[0] == 200
    assert curl("-X", "DELETE", address, *BEARER)[0] == 204
    assert curl("-X", "DELETE", address, *BEARER)[0] == 404
    assert curl(address)[0] == 404
