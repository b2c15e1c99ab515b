"""A real server process, asked by the clients that people use."""

import contextlib
import html
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper

from graph.build import build
from graph.questions import questions
from graph.release import DataDirectory, Release
from graph.review import review, write_review
from tests.deploy.nginx import free_port
from tests.landscape.shipped import SHIPPED
from tests.landscape.spoil import edit
from tests.service.conftest import Server, Therascape, command_environment
from tests.service.dataset import publish
from tests.service.test_pages import Outline
from tests.service.test_running import LINUX, until

THIRD = Path(__file__).parents[1] / "landscape" / "third"
NAMES = "SELECT ?name { ?s rdfs:label ?name } ORDER BY ?name"


def test_urllib_gets_a_complete_answer(server: Server, release: Release) -> None:
    address = f"{server.address}sparql?{urlencode({'query': NAMES})}"
    with urllib.request.urlopen(address) as response:
        body = response.read()
        assert int(response.headers["Content-Length"]) == len(body)
        assert response.headers["Therascape-Release"] == release.id
    assert len(json.loads(body)["results"]["bindings"]) == 34


@pytest.mark.parametrize("method", ["GET", "POST", "DIRECT"])
def test_sparqlwrapper(server: Server, method: str) -> None:
    client = SPARQLWrapper(f"{server.address}sparql")
    if method != "GET":
        client.setMethod(POST)
    if method == "DIRECT":
        client.setRequestMethod(POSTDIRECTLY)
    client.setQuery(NAMES)
    client.setReturnFormat(JSON)
    assert len(client.queryAndConvert()["results"]["bindings"]) == 34
    client.setReturnFormat(XML)
    assert len(client.queryAndConvert().getElementsByTagName("result")) == 34
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().startswith(b"name")
    client.setQuery("CONSTRUCT WHERE { ?s a kg:Organisation }")
    client.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=client.queryAndConvert(), format="turtle")) == 4
    client.setReturnFormat(XML)
    assert len(Graph().parse(data=client.query().response.read(), format="xml")) == 4


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_reads_it_as_a_store(server: Server, method: str) -> None:
    store = SPARQLStore(f"{server.address}sparql", method=method)
    graph = Graph(store)
    assert len(list(graph.query(NAMES))) == 34
    company = URIRef("https://w3id.org/therascape/id/agent/gamma-gene")
    assert len(set(graph.predicate_objects(company))) == 2


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_as_the_first_page_says(server: Server) -> None:
    page = urllib.request.urlopen(server.address).read().decode()
    assert f"curl {server.address}sparql -H" in page
    data = ("--data-urlencode", f"query={NAMES}")
    done = subprocess.run(
        ["curl", "-sS", *(f"{server.address}sparql", "-H", "Accept: text/csv"), *data],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Bêta Cell 細胞" in done.stdout


def python_blocks(server: Server) -> dict[str, str]:
    """The code of the first page, by heading."""
    page = urllib.request.urlopen(server.address).read().decode()
    found = re.findall(r"<summary>(Python [^<]+)</summary>\s*<pre[^>]*>([^<]+)</pre>", page)
    return {heading: html.unescape(code) for heading, code in found}


def test_the_code_of_the_first_page_runs(
    server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(python_blocks(server)["Python with SPARQLWrapper"], {})
    assert capsys.readouterr().out.splitlines()[1:3] == ["Alpha Bio", "Bêta Cell 細胞"]


def test_the_pandas_code_of_the_first_page_runs(server: Server) -> None:
    pytest.importorskip("pandas")
    names: dict[str, Any] = {}
    exec(python_blocks(server)["Python with pandas"], names)
    assert "Gamma Gene" in set(names["table"]["name"])


def test_errors_arrive_as_problems(server: Server) -> None:
    with pytest.raises(HTTPError) as refusal:
        urllib.request.urlopen(f"{server.address}sparql?query=SELECT")
    with refusal.value as answer:
        assert answer.code == 400
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert json.load(answer)["status"] == 400


DIRECT = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def raw(server: Server, request: bytes) -> int:
    """Send bytes as they are; return the status."""
    parts = urlsplit(server.address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    connection.connect()
    assert connection.sock is not None
    connection.sock.sendall(request)
    response = http.client.HTTPResponse(connection.sock)
    response.begin()
    response.read()
    connection.close()
    return response.status


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (b"GET /sparql?query=%FF HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"GET /sparql?query=ASK{\xc3\xa4} HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"GET /sparql?query=" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {400, 414, 431}),
        (b"GET /%00%ff/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", {400, 404}),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", {200, 400}),
        (b"BREW /sparql HTTP/1.1\r\nHost: x\r\n\r\n", {405}),
        (DIRECT + CHUNKED + b"5\r\nASK{}\r\n0\r\n\r\n", {200}),
        (DIRECT + b"Content-Length: 30000\r\n\r\n" + b"#" * 30_000, {413}),
        (DIRECT + CHUNKED + b"7530\r\n" + b"#" * 30_000 + b"\r\n0\r\n\r\n", {413}),
        # What fits into the limit is a query; the whole is not.
        (DIRECT + CHUNKED + b"7530\r\n" + b"ASK{}".ljust(30_000) + b"\r\n0\r\n\r\n", {413}),
    ],
)
def test_hostile_requests(server: Server, request_: bytes, statuses: set[int]) -> None:
    assert raw(server, request_) in statuses
    assert raw(server, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n") == 200


def test_many_at_once_each_get_their_own_answer(server: Server) -> None:
    def ask(number: int) -> str:
        query = quote(f"SELECT ({number} AS ?n) {{}}")
        with urllib.request.urlopen(f"{server.address}sparql?query={query}&format=csv") as response:
            return response.read().decode().split()[1]  # type: ignore[no-any-return]

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(100))) == [str(number) for number in range(100)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_starts_and_stops_cleanly(data: Path, number: signal.Signals) -> None:
    server = Server(data)
    assert server.stop(number) == (0, "")
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(server.address)


def test_a_terminal_that_is_closed_cuts_nothing_off_and_nohup_outlives_it(data: Path) -> None:
    """A terminal sends SIGHUP to every process; under nohup the first one begins with ignoring it.

    A process group of the test's own stands for the terminal.
    """

    def outcome(*before: str) -> tuple[int, int | None]:
        with socket.socket() as client:
            command = [*before, sys.executable, "-m", "service", "serve", "--port", "0"]
            with subprocess.Popen(
                [*command, "--workers", "1"],
                env=command_environment(data),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            ) as process:
                assert process.stdout is not None
                found = next(filter(None, (re.search(r":(\d+)/", one) for one in process.stdout)))
                client.connect(("127.0.0.1", int(found[1])))
                body = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
                client.sendall(
                    f"POST /sparql HTTP/1.0\r\nContent-Length: {len(body)}\r\n"
                    f"Content-Type: application/sparql-query\r\n\r\n{body}".encode()
                )
                time.sleep(0.2)
                os.killpg(process.pid, signal.SIGHUP)
                answer = client.makefile("rb").readline()
                ended = None
                with contextlib.suppress(subprocess.TimeoutExpired):
                    ended = process.wait(0.5 if before else 20)
                process.terminate()
        return int(answer.split()[1]), ended

    assert outcome() == (200, 0)
    assert outcome("nohup") == (200, None)


@pytest.mark.exhaustive  # .ci/check_serve.py starts `make serve` where there is none
def test_it_builds_first_when_there_is_no_release(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    try:
        assert "Release " in server.output
        assert "statements in" in server.output
        with urllib.request.urlopen(f"{server.address}examples.html") as page:
            links = [a for a in Outline(page.read().decode()).all("a") if a.get("class") == "run"]
        assert len(links) == len(questions())
        for link in links:
            with urllib.request.urlopen(f"{server.address[:-1]}{link['href']}") as answer:
                assert answer.headers["Content-Type"] == "application/sparql-results+json"
    finally:
        code, progress = server.stop()
    assert code == 0
    assert "publishing (6/7)" in progress


def test_it_builds_anew_when_the_input_has_changed(tmp_path: Path) -> None:
    own = shutil.copytree(THIRD, tmp_path / "own")
    data = tmp_path / "data"
    build(DataDirectory(data), [own], exclude=SHIPPED)

    def started() -> tuple[str, str]:
        server = Server(data)
        code, progress = server.stop()
        assert code == 0
        return server.output, progress

    # A row that nothing else depends on; its table was reviewed, so its digest goes too.
    edit(own / "harbour-southern-cone-2026/factors.csv", "ha212-fac-1", factor="low costs")
    output, progress = started()
    assert "changed since they were reviewed" in progress
    assert "the former release serves on" in progress
    write_review(own / "harbour-southern-cone-2026", review(own / "harbour-southern-cone-2026"))
    output, progress = started()
    assert "Release " in output
    assert "building it anew" in progress
    output, progress = started()
    assert "Release " not in output
    assert progress == ""


def test_a_port_in_use_is_one_clear_line(server: Server, therascape: Therascape) -> None:
    port = str(urlsplit(server.address).port)
    done = therascape("serve", "--port", port)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


@LINUX
def test_of_two_that_start_together_one_has_the_port(data: Path, tmp_path: Path) -> None:
    """Under SO_REUSEPORT both could listen, and a reader would be answered by either."""
    publish(tmp_path / "other")
    command = [sys.executable, "-m", "service", "serve", "--port", str(free_port())]
    started = [
        subprocess.Popen(
            [*command, "--workers", "1"],
            env=command_environment(folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for folder in (data, tmp_path / "other")
    ]
    try:
        until(lambda: any(one.poll() is not None for one in started))
        refused = next(one for one in started if one.poll() is not None)
    finally:
        for one in started:
            one.terminate()
        said = [one.communicate(timeout=20)[1] for one in started]
    assert refused.returncode == 3
    assert "cannot listen on" in said[started.index(refused)]


def test_a_release_damaged_after_the_start_was_asked_for(
    data: Path, release: Release, tmp_path: Path, therascape: Therascape
) -> None:
    shutil.copytree(data, tmp_path / "copy", symlinks=True)
    damaged = tmp_path / "copy" / "releases" / release.id / "data.nq"
    damaged.write_bytes(damaged.read_bytes().replace(b"Alpha", b"Omega"))
    done = therascape("serve", "--port", "0", "--data", str(tmp_path / "copy"))
    assert done.returncode == 3
    assert "hash" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_serving_needs_no_rdflib(data: Path, release: Release) -> None:
    code = (
        "import sys; from pathlib import Path; from service.tenants import start_tenant; "
        "from service.settings import Settings; from service.switchboard import Switchboard; "
        "import service.worker; from service.engines import Wanted; "
        "tenant = start_tenant(Settings(), Path(sys.argv[1]), Wanted(sys.argv[2]), Switchboard()); "
        "done = tenant.app.test_client().get('/sparql?query=ASK{}'); tenant.template.stop(); "
        "assert done.status_code == 200; "
        "sys.exit(bool({'rdflib', 'pyshacl', 'networkx', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(data), release.id],
        env=command_environment(data),
        check=False,
    )
    assert done.returncode == 0


def test_a_reader_that_has_enough_is_no_error(data: Path) -> None:
    query = "SELECT ?a ?b { ?a ?p ?o . ?b ?q ?r }"
    command = '"$0" -m service query --format csv "$1" | head -n 1'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, query],
        env=command_environment(data),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["a,b"]
    assert done.stderr == ""
