"""A running service over time: other releases, writes, what dies, what is written down."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, Quad

from graph.release import DataDirectory, Release
from tests.service.conftest import Server, Therascape, command_environment, gone
from tests.service.dataset import DETAILS, FIRST, quads

TOKEN = "a-token-of-more-than-twenty-characters"
LINUX = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux for processes")
TRIPLES = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def own(data: Path, tmp_path: Path) -> Path:
    """A data directory of its own."""
    return shutil.copytree(data, tmp_path / "own", symlinks=True)


@contextlib.contextmanager
def running(data: Path, *arguments: str) -> Iterator[Server]:
    server = Server(data, *arguments)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def get(server: Server, path: str, **headers: str) -> tuple[int, Message, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(server.address + path, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def count(server: Server) -> int:
    status, _, body = get(server, f"sparql?query={quote(TRIPLES)}", Accept="text/csv")
    assert status == 200, body
    return int(body.split()[1])


def update(server: Server, text: str) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}
    request = urllib.request.Request(f"{server.address}sparql", text.encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 204


def insert(server: Server, number: int) -> None:
    update(server, f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s> <urn:p> {number} }} }}")


def until(true: Callable[[], Any], seconds: float = 15) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.05)


def publish_more(data: Path, number: int) -> Release:
    more = Quad(NamedNode(f"urn:more:{number}"), NamedNode("urn:p"), NamedNode("urn:o"), FIRST)
    return DataDirectory(data).publish([*quads(), more], DETAILS)


def test_it_moves_to_another_release_without_a_failed_request(own: Path) -> None:
    seen: list[tuple[int, str | None]] = []
    stop = threading.Event()

    def load(number: int) -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            query = quote(f"ASK {{}} # {number} {turn if turn % 2 else ''}")
            status, headers, _ = get(server, f"sparql?query={query}")
            seen.append((status, headers["Therascape-Release"]))

    with running(own) as server:
        before = count(server)
        threads = [threading.Thread(target=load, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        releases = []
        for number in range(2):
            releases.append(publish_more(own, number).id)
            until(lambda: seen and seen[-1][1] == releases[-1])
        stop.set()
        for thread in threads:
            thread.join()
        assert count(server) == before + 1
        code, errors = server.stop()
    assert {status for status, _ in seen} == {200}
    assert code == 0
    told = [json.loads(line) for line in errors.splitlines()]
    assert {line["level"] for line in told} == {"info"}
    assert told[-1]["release"] == releases[-1]


def test_a_release_that_cannot_be_served_leaves_the_former_one(own: Path) -> None:
    with running(own) as server:
        before = count(server)
        aside = publish_more(own, 1)
        (own / "current").unlink()
        (own / "current").symlink_to(Path("releases", DataDirectory(own).releases()[0].id))
        damaged = aside.path / "data.nq"
        damaged.write_bytes(damaged.read_bytes().replace(b"Alpha", b"Omega"))
        (own / ".next").symlink_to(Path("releases", aside.id))
        (own / ".next").replace(own / "current")
        time.sleep(3)
        assert count(server) == before
        _, errors = server.stop()
    assert "cannot be served" in errors
    assert "hash" in errors


@LINUX
def test_an_engine_that_dies_is_started_again(own: Path) -> None:
    with running(own) as server:
        before = count(server)
        engines = [p for p in server.descendants() if "graph.template" in command_line(p)]
        (engine,) = [p for p in engines if parent(p) not in engines]
        os.kill(engine, signal.SIGKILL)
        status, headers, body = get(server, "sparql?query=ASK%7B%7D%23other")
        if status != 200:
            assert (status, headers["Retry-After"]) == (503, "2")
            assert json.loads(body)["type"].endswith("#engine-unavailable")
        until(lambda: get(server, f"sparql?query=ASK%7B%7D%23{time.time()}")[0] == 200)
        assert count(server) == before


@LINUX
def test_who_answers_is_replaced_and_does_not_go_back_to_a_former_release(own: Path) -> None:
    def front() -> int:
        (found,) = [p for p in server.descendants() if parent(p) == server.process.pid]
        return found

    def release() -> str | None:
        with contextlib.suppress(OSError):
            return get(server, "health")[1]["Therascape-Release"]
        return None

    with running(own, "--workers", "1") as server:
        newest = publish_more(own, 1).id
        until(lambda: release() == newest)
        killed = front()
        os.kill(killed, signal.SIGKILL)
        limit = time.monotonic() + 15
        while (seen := release()) is None:
            assert time.monotonic() < limit
        assert seen == newest
        assert front() != killed


@LINUX
def test_one_that_never_comes_to_serve_ends_the_start(own: Path) -> None:
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--workers", "1"]
    with subprocess.Popen(
        command, env=command_environment(own), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while process.poll() is None:
            with contextlib.suppress(OSError):
                for child in children.read_text().split():
                    os.kill(int(child), signal.SIGKILL)
            time.sleep(0.01)
        output, errors = process.communicate()
    *events, last = errors.decode().splitlines()
    assert (process.returncode, output) == (3, b"")
    assert [json.loads(line)["event"] for line in events] == ["process-ended"] * 2
    assert "again and again" in last


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def command_line(process: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text()
    return ""


@LINUX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind(data: Path, number: signal.Signals) -> None:
    with running(data) as server:
        processes = server.descendants()
        assert len(processes) >= 3  # who answers, the engine, its worker
        server.process.send_signal(number)
        server.process.communicate(timeout=20)
        assert gone(processes, 12)


@LINUX
def test_an_interrupt_at_the_terminal_lets_requests_end(data: Path) -> None:
    with running(data) as server:
        for process in {server.process.pid, *server.descendants()}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGINT)
        server.process.communicate(timeout=20)
        assert server.process.returncode == 0


def test_memory_is_reckoned_up_before_anything_is_served(
    server: Server, therascape: Therascape
) -> None:
    assert re.search(r"Memory: .* = [\d,]+ MiB of [\d,]+ MiB", server.output)
    done = therascape("serve", "--port", "0", "--total-memory", "64")
    assert done.returncode == 3
    assert "--worker-memory" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_writes_are_seen_at_once_and_become_a_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
    with running(tmp_path, "--empty", "--checkpoint-writes", "5") as server:
        first = get(server, "health")[1]["Therascape-Release"]
        for number in range(5):
            before = count(server)
            assert count(server) == before  # from memory
            insert(server, number)
            assert count(server) > before
        known = count(server)
        until(lambda: get(server, "health")[1]["Therascape-Release"] != first)
        assert count(server) == known
        insert(server, 5)
        assert count(server) > known
        assert server.stop()[0] == 0


def test_what_was_written_is_there_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, therascape: Therascape
) -> None:
    monkeypatch.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
    with running(tmp_path, "--empty") as server:
        insert(server, 1)
        known = count(server)
        server.process.kill()
        server.process.communicate()
    done = therascape("checkpoint", "--empty", "--data", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "has the writes up to 1" in done.stdout
    with running(tmp_path, "--empty") as server:
        assert count(server) == known
        insert(server, 2)
        assert count(server) > known


def test_queries_are_logged(data: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with running(data, "--query-log", str(log)) as server:
        query = quote("SELECT ?s { # two\n# lines\n ?s ?p 1 }")
        for id_ in ("one", "two"):
            get(server, f"sparql?query={query}", Query_Id=id_, Authorization="Bearer secret")
        for id_ in ("three", "four"):
            get(server, f"sparql?query={query}", Query_Id=id_)
        get(server, "sparql?query=SELECT", Query_Id="five")
        get(server, "examples", Query_Id="six")
        server.stop()
    text = log.read_text("ascii")
    assert "secret" not in text
    lines = {line["id"]: line for line in map(json.loads, text.splitlines())}
    assert list(lines) == ["one", "two", "three", "four", "five"]
    assert [line["cached"] for line in lines.values()] == [False, False, False, True, False]
    for line in lines.values():
        assert {"time", "client", "method", "total_ms", "release", "bytes"} <= line.keys()
    one, four, five = lines["one"], lines["four"], lines["five"]
    assert (one["form"], one["query"]) == ("SELECT", "SELECT ?s { # two\n# lines\n ?s ?p 1 }")
    assert (one["status"], one["problem"], one["client"]) == (200, None, "127.0.0.1")
    assert one["ran_ms"] > 0
    assert (four["query"], four["bytes"], four["ran_ms"]) == (one["query"], one["bytes"], 0)
    assert (five["status"], five["problem"]) == (400, "query-syntax")


def test_a_log_that_cannot_be_written_is_done_without(data: Path) -> None:
    with running(data, "--query-log", "/proc/no/such/folder") as server:
        assert get(server, "sparql?query=ASK%7B%7D")[0] == 200
        _, errors = server.stop()
    (line,) = map(json.loads, errors.splitlines())
    assert line["level"] == "warning"
    assert "--query-log" in line["message"]


def test_metrics_tell_of_requests_and_of_the_engine(server: Server) -> None:
    get(server, "sparql?query=ASK%7B%7D%23metrics")
    get(server, "sparql?query=ASK%7B%7D%23metrics")
    get(server, "sparql?query=SELECT")
    get(server, "no/such/place")
    _, headers, body = get(server, "metrics")
    assert headers["Content-Type"].startswith("text/plain")
    text = body.decode()
    for name in (
        'therascape_requests_total{method="GET",route="sparql",status="200"}',
        'therascape_requests_total{method="GET",route="other",status="404"}',
        'therascape_problems_total{type="query-syntax"}',
        'therascape_queries_total{form="ASK",outcome="ok"}',
        "therascape_cache_hits_total",
        "therascape_sent_bytes_total",
    ):
        assert float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)[1]) > 0  # type: ignore[index]
    assert "therascape_engine_up 1.0" in text
    assert "therascape_journal_number 0.0" in text
