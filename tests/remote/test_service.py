"""The service itself over databases elsewhere: started, published to, moved over, asked."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.release import DataDirectory, Release
from graph.remote import Layout, one_at_a_time
from graph.written import load
from tests.graph.writing import delta, write
from tests.remote.servers import Running, start
from tests.service.conftest import Server, command_environment
from tests.service.dataset import DETAILS, quads
from tests.service.dataset import publish as small_release

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("THERASCAPE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def databases() -> Iterator[tuple[Running, Running]]:
    both = start("oxigraph"), start("oxigraph")
    yield both
    for one in both:
        one.stop()


def settings(*running: Running) -> dict[str, str]:
    """The variables that name databases."""
    return {
        "THERASCAPE_ENGINE": " ".join(one.address.query for one in running),
        "THERASCAPE_ENGINE_STORE": " ".join(str(one.address.store) for one in running),
    }


def therascape(data: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=command_environment(data) | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def asked(server: Server, query: str, **more: str) -> tuple[int, str, object]:
    """Status, release and the document of an answer."""
    form = urlencode({"query": query, **more}).encode()
    headers = {"Accept": "application/sparql-results+json"}
    request = Request(f"{server.address}sparql", form, headers)
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["Therascape-Release"], json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, "", json.load(error)


def number(document: object) -> int:
    return int(document["results"]["bindings"][0]["n"]["value"])  # type: ignore[index]


def second_release(folder: Path) -> Release:
    thing, graph = NamedNode("urn:new"), NamedNode("https://w3id.org/therascape/graph/first-report")
    more = [Quad(thing, NamedNode(f"urn:p:{n}"), Literal(n), graph) for n in range(500)]
    return DataDirectory(folder).publish([*quads(), *more], DETAILS)


def test_nothing_published_yet(tmp_path: Path, databases: tuple[Running, Running]) -> None:
    small_release(tmp_path)
    done = therascape(tmp_path, "serve", "--port", "0", **settings(*databases))
    assert done.returncode == 3
    assert "run `therascape publish`" in done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"THERASCAPE_ENGINE": "ftp://x.example/"}, "no http or https address"),
        ({"THERASCAPE_ENGINE": "http://a:b@x.example/"}, "must not hold a password"),
        ({"THERASCAPE_ENGINE": "http://x.example/ http://x.example/"}, "the same one"),
        ({"THERASCAPE_ENGINE": "http://x/ http://y/ http://z/"}, "two databases at most"),
        (
            {"THERASCAPE_ENGINE": "http://x/ http://y/", "THERASCAPE_ENGINE_STORE": "http://x/"},
            "name as many",
        ),
        ({"THERASCAPE_ENGINE_GRAPHS": "no iri"}, "the beginning of an IRI is expected"),
        ({}, "name the database"),
        ({"THERASCAPE_ENGINE": "http://127.0.0.1:1/"}, "cannot be reached"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    small_release(tmp_path)
    done = therascape(tmp_path, "publish", **variables)
    assert done.returncode in (2, 3)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert ":b@" not in done.stderr


def test_a_service_moves_over_without_a_wrong_answer(
    tmp_path: Path, databases: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = small_release(tmp_path)
    variables = settings(*databases)
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    server = Server(tmp_path, "--cache", "0")
    try:
        expected = {first.id: first.manifest["counts"]["triples"]}
        status, release, document = asked(server, COUNT)
        assert (status, release, number(document)) == (200, first.id, expected[first.id])
        with urlopen(f"{server.address}health") as answer:
            health = json.load(answer)
        assert health["writes"] == "read-only"
        elsewhere = health["engine"]["elsewhere"]
        assert elsewhere["address"] == databases[0].address.query
        assert elsewhere["row_cap"] is None
        assert elsewhere["limits"] == {}
        second = second_release(tmp_path)
        expected[second.id] = second.manifest["counts"]["triples"]
        found: list[tuple[int, str, object]] = []
        over = threading.Event()

        def ask() -> None:
            while not over.is_set():
                found.append(asked(server, COUNT))

        clients = [threading.Thread(target=ask) for _ in range(4)]
        for client in clients:
            client.start()
        done = therascape(tmp_path, "publish", **variables)
        assert done.returncode == 0, done.stderr
        assert databases[1].address.query in done.stdout
        until = threading.Event()
        for _ in range(100):
            if found and found[-1][1] == second.id:
                break
            until.wait(0.1)
        over.set()
        for client in clients:
            client.join()
        assert {name for _, name, _ in found} == {first.id, second.id}
        for status, release, answer in found:
            assert status == 200, answer
            assert number(answer) == expected[release]
        # What was there before is asked for in vain: the database has one release.
        status, _, problem = asked(server, COUNT, release=first.id)
        assert (status, problem["type"].rpartition("#")[2]) == (507, "no-room-for-release")  # type: ignore[index]
    finally:
        code, said = server.stop()
        assert code == 0
        assert [json.loads(line)["event"] for line in said.splitlines()] == ["moved"]


def test_one_database_means_maintenance(
    tmp_path: Path, databases: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    release = small_release(tmp_path)
    variables = settings(databases[0])
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    server = Server(tmp_path)
    try:
        assert asked(server, COUNT)[0] == 200
        database = databases[0].database()
        database.drop_graph(Layout().state)  # as the first step of a publication does
        database.close()
        status, _, problem = asked(server, COUNT + " # not kept")
        assert (status, problem["type"].rpartition("#")[2]) == (503, "maintenance")  # type: ignore[index]
        late = therascape(tmp_path, "serve", "--port", "0", **variables)
        assert late.returncode == 3
        assert "holds no whole release: it is being loaded now" in late.stderr
        done = therascape(tmp_path, "publish", **variables)
        assert done.returncode == 0
        assert "until it is loaded, services answer 503" in done.stderr
        waited, found = threading.Event(), ""
        for _ in range(100):
            status, found, _ = asked(server, COUNT + " # not kept")
            if status == 200:
                break
            waited.wait(0.1)
        assert (status, found) == (200, release.id)
        (tmp_path / "remote.json").write_text("[")
        time.sleep(2.5)  # it is looked at each second
        assert asked(server, COUNT)[0] == 200
    finally:
        _, said = server.stop()
    assert sum("remote.json" in line for line in said.splitlines()) == 1


def test_a_data_directory_that_was_restored(
    tmp_path: Path, databases: tuple[Running, Running]
) -> None:
    release = small_release(tmp_path)
    variables = settings(databases[0])
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    former = (tmp_path / "remote.json").read_bytes()
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    (tmp_path / "remote.json").write_bytes(former)
    done = therascape(tmp_path, "serve", "--port", "0", **variables)
    assert done.returncode == 3
    assert f"was loaded with release {release.id}" in done.stderr
    assert "run `therascape publish`" in done.stderr


@pytest.mark.parametrize("damaged", ['{"query": ', "[" * 100_000, '{"query": 1}', "null", None])
def test_a_pointer_that_is_damaged_is_written_again(
    tmp_path: Path, databases: tuple[Running, Running], damaged: str | None
) -> None:
    small_release(tmp_path)
    if damaged is None:
        (tmp_path / "remote.json").mkdir()
    else:
        (tmp_path / "remote.json").write_text(damaged)
    variables = settings(*databases)
    if damaged == '{"query": ':
        late = therascape(tmp_path, "serve", "--port", "0", **variables)
        assert late.returncode == 3
        assert "run `therascape publish` to write it again" in late.stderr
    done = therascape(tmp_path, "publish", **variables)
    assert "Which database answers now is not known" in done.stderr
    assert "Traceback" not in done.stderr
    if damaged is None:
        assert done.returncode == 3
        assert "move it away" in done.stderr
    else:
        assert done.returncode == 0
        assert json.loads((tmp_path / "remote.json").read_text())["query"]


def test_what_stands_in_a_query_of_an_address_is_in_no_message(
    tmp_path: Path, databases: tuple[Running, Running]
) -> None:
    """Some databases take a key there."""
    small_release(tmp_path)
    variables = settings(databases[0])
    variables["THERASCAPE_ENGINE"] += "?key=geheim"
    before = therascape(tmp_path, "serve", "--port", "0", **variables)
    published = therascape(tmp_path, "publish", **variables)
    other = settings(databases[1])
    moved = therascape(tmp_path, "serve", "--port", "0", **other)
    database = databases[0].database()
    database.drop_graph(Layout().state)
    empty = therascape(tmp_path, "serve", "--port", "0", **variables)
    database.close()
    codes = [done.returncode for done in (before, published, moved, empty)]
    assert codes == [3, 0, 3, 3]
    for done in (before, published, moved, empty):
        said = done.stdout + done.stderr
        assert "/query" in said
        assert "geheim" not in said


def test_writes_that_are_in_no_release_are_told(
    tmp_path: Path, databases: tuple[Running, Running]
) -> None:
    release = small_release(tmp_path)
    data = DataDirectory(tmp_path)
    served = load(data, release, strict=True)
    quad = Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("kept"), NamedNode("urn:mine"))
    write(data, served, delta(served.store, [quad]))
    variables = settings(*databases)
    done = therascape(tmp_path, "publish", **variables)
    assert done.returncode == 0
    assert "1 of the writes to services are in no release yet" in done.stderr
    assert therascape(tmp_path, "checkpoint").returncode == 0
    done = therascape(tmp_path, "publish", **variables)
    assert (done.returncode, "no release yet" in done.stderr) == (0, False)


def test_one_publication_at_a_time(tmp_path: Path, databases: tuple[Running, Running]) -> None:
    """The second one would load the database that the first has just made the one that answers."""
    small_release(tmp_path)
    with one_at_a_time(tmp_path):
        done = therascape(tmp_path, "publish", **settings(*databases))
    assert done.returncode == 3
    assert "is publishing" in done.stderr
    assert not (tmp_path / "remote.json").exists()


def test_a_database_that_is_away_when_it_is_moved_to(
    tmp_path: Path, databases: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    small_release(tmp_path)
    late = start("oxigraph", disk=True)
    variables = settings(databases[0], late)
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    server = Server(tmp_path, "--cache", "0")
    processes = {server.process.pid, *server.descendants()}
    try:
        second = second_release(tmp_path)
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        assert therascape(tmp_path, "publish", **variables).returncode == 0
        late.kill()
        for process in processes:
            os.kill(process, signal.SIGCONT)
        assert server.process.stderr is not None
        refused = json.loads(server.process.stderr.readline())
        assert refused["event"] == "release-refused"
        assert "is tried again after 2 seconds" in refused["message"]
        assert asked(server, COUNT)[0] == 200  # the former one
        late.restart()
        until = time.monotonic() + 30
        while asked(server, COUNT)[1] != second.id:
            assert time.monotonic() < until
            time.sleep(0.2)
    finally:
        server.stop()
        late.stop()


def test_pages_questions_and_networks_answer(
    tmp_path: Path,
    landscape_data: Path,
    databases: tuple[Running, Running],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = shutil.copytree(landscape_data, tmp_path / "data", symlinks=True)
    variables = settings(databases[1])
    assert therascape(data, "publish", **variables).returncode == 0
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    server = Server(data)
    try:
        paths = (
            *("", "landscape", "markets", "timeline", "explore", "search?q=kymriah"),
            *("id/agent/novartis", "source/coherent-cellular-immunotherapy", "catalog", "ns"),
            "api/v1/questions/matrix",
            "api/v1/questions/players-in?place=brazil",
            "api/v1/questions/connections?from=novartis&to=gilead-sciences",
            "api/v1/questions/forecast?market=Global%20cellular%20immunotherapy%20market",
            "api/v1/things/agent/novartis/network.json",
            "api/v1/suggest?q=nova",
        )
        for path in paths:
            try:
                with urlopen(f"{server.address}{path}", timeout=60) as answer:
                    assert answer.status == 200, path
            except HTTPError as error:
                with error:
                    pytest.fail(f"{path}: {error.code} {error.read()[:500]!r}")
    finally:
        server.stop()


def test_a_database_that_goes_away_is_seen_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = small_release(tmp_path)
    database = start("oxigraph", disk=True)
    variables = settings(database)
    assert therascape(tmp_path, "publish", **variables).returncode == 0
    for name, value in {**variables, "THERASCAPE_WRITE_TOKEN": "x" * 20}.items():
        monkeypatch.setenv(name, value)
    server = Server(tmp_path, "--cache", "0")
    try:
        assert seen(server) == ("ok", 200, 1.0)
        database.process.send_signal(signal.SIGSTOP)  # it hangs: connections are taken
        assert becomes(server, ("unavailable", 503, 0.0))
        begun = time.monotonic()
        _, health = got(server, "health")
        assert (time.monotonic() - begun) < 0.5
        assert health["engine"]["problem"]
        assert health["engine"]["elsewhere"]["address"] == database.address.query
        database.process.send_signal(signal.SIGCONT)
        assert becomes(server, ("ok", 200, 1.0))
        database.kill()
        status, _, problem = asked(server, COUNT)
        assert (status, name_of(problem)) == (503, "database-unavailable")
        assert "being started" not in str(problem)
        assert "127.0.0.1" not in str(problem)
        assert becomes(server, ("unavailable", 503, 0.0))
        time.sleep(2.5)  # further looks say nothing
        database.restart()
        assert becomes(server, ("ok", 200, 1.0))
        assert asked(server, COUNT)[:2] == (200, release.id)
        headers = {"Content-Type": "application/sparql-update"}
        headers["Authorization"] = "Bearer " + "x" * 20
        status, problem = got(server, "sparql", b"CLEAR ALL", headers)
        assert (status, name_of(problem)) == (403, "read-only")
        assert "--engine" in problem["detail"]
        assert "--read-only" not in problem["detail"]
    finally:
        code, said = server.stop()
        database.stop()
    assert code == 0
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["event"] for line in lines] == ["database-away", "database-back"] * 2
    assert database.address.query in lines[2]["message"]


def got(
    server: Server, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    """Status and document of an answer."""
    try:
        with urlopen(
            Request(f"{server.address}{path}", body, dict(headers or {})), timeout=30
        ) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def name_of(problem: Any) -> str:
    return str(problem["type"].rpartition("#")[2])


def seen(server: Server) -> tuple[str, int, float]:
    """What /health, /ready and the gauge say of the engine."""
    with urlopen(f"{server.address}metrics", timeout=30) as answer:
        (up,) = re.findall(rb"^therascape_engine_up (.*)$", answer.read(), re.MULTILINE)
    return got(server, "health")[1]["status"], got(server, "ready")[0], float(up)


def becomes(server: Server, expected: tuple[str, int, float]) -> bool:
    until = time.monotonic() + 30
    while (found := seen(server)) != expected and time.monotonic() < until:
        time.sleep(0.05)
    assert found == expected
    return True
