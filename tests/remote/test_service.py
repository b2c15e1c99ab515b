"""The service itself over databases elsewhere: moved over, asked, and without them."""

import json
import os
import shutil
import signal
import threading
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.remote.servers import Running, start
from tests.remote.serving import (
    COUNT,
    asked,
    becomes,
    got,
    name_of,
    number,
    second_release,
    seen,
    settings,
    therascape,
)
from tests.service.conftest import Server
from tests.service.dataset import publish as small_release


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
