"""Several processes that answer at one port, over one engine: what they must not tell apart."""

import contextlib
import http.client
import itertools
import json
import os
import random
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, Quad

from graph.release import DataDirectory
from graph.template.folders import HeldFolder
from tests.service.conftest import Server, Therascape, gone
from tests.service.dataset import DETAILS, FIRST, quads
from tests.service.test_running import LINUX, TOKEN, command_line, parent, running, until

pytestmark = LINUX
SEVERAL = ("--processes", "2", "--workers", "1", "--worker-memory", "128")
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <urn:more> ?o } }"

Seen = list[tuple[int, str, int]]  # status, release, and what was counted


@pytest.fixture
def own(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of its own, that may be written to."""
    monkeypatch.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
    return shutil.copytree(data, tmp_path / "own", symlinks=True)


@pytest.fixture(scope="module")
def several(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that may be written to; in the end, each query has a line in its log."""
    folder = shutil.copytree(data, tmp_path_factory.mktemp("several") / "data", symlinks=True)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
        server = Server(folder, *SEVERAL, "--query-log", str(folder / "queries.jsonl"))
    yield server
    assert server.stop()[0] == 0
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    assert len(lines) > 100


class Reader:
    """One connection, which one process has."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        self._connection.connect()
        self.closed = False

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> bytes:
        """The body of the answer, which `status` and `release` are of."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, named)
        answer = self._connection.getresponse()
        self.status = answer.status
        self.release = answer.headers.get("Therascape-Release", "")
        return answer.read()

    def count(self, mark: object = "") -> int:
        """How many there are; -1 where that was not answered."""
        body = self.ask("GET", f"/sparql?query={quote(f'{COUNT} # {mark}')}", Accept="text/csv")
        return int(body.split()[1]) if self.status == 200 else -1

    def insert(self, number: int) -> None:
        text = f"INSERT DATA {{ GRAPH <urn:g> {{ <urn:s:{number}> <urn:more> {number} }} }}"
        kind = "application/sparql-update"
        self.ask("POST", "/sparql", text, Content_Type=kind, Authorization=f"Bearer {TOKEN}")

    def close(self) -> None:
        self._connection.close()


def fronts(server: Server) -> dict[str, list[int]]:
    """The processes by what they are."""
    found: dict[str, list[int]] = {"front": [], "owner": [], "engine": []}
    descendants = server.descendants()
    lines = {process: command_line(process) for process in descendants}
    for process, line in lines.items():
        with contextlib.suppress(OSError):
            if "service.processes.owner" in line:
                found["owner"].append(process)
            elif parent(process) == server.process.pid:
                found["front"].append(process)
            elif "graph.template" in line and "owner" in lines.get(parent(process), ""):
                found["engine"].append(process)
    return found


def open_files(process: int) -> list[str]:
    """What a process has open, but for what it closes meanwhile."""
    found = []
    for entry in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return found


def shared(server: Server) -> Path:
    """The folder that the processes share."""
    files = open_files(fronts(server)["front"][0])
    (numbers,) = {name for name in files if name.endswith("/numbers")}
    return Path(numbers).parent


def connections(process: int) -> int:
    """How many connections over TCP a process has, those that it listens at left out."""
    established = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[3] == "01"
    }
    return sum(
        name.removeprefix("socket:[").rstrip("]") in established for name in open_files(process)
    )


@contextlib.contextmanager
def readers_of_all(server: Server) -> Iterator[list[Reader]]:
    """Connections, of which each process has one at least."""
    found: list[Reader] = []

    def all_have_one() -> bool:
        if len(found) == 16:  # one that was replaced may not listen yet
            found.pop(0).close()
        found.append(Reader(server))
        found[-1].ask("GET", "/health")
        return all(connections(process) for process in fronts(server)["front"])

    try:
        until(all_have_one)
        yield found
    finally:
        for one in found:
            one.close()


@contextlib.contextmanager
def load(server: Server, seen: Seen) -> Iterator[Callable[[], None]]:
    """Clients that ask all the time, each time over a new connection; the call ends them."""
    stop = threading.Event()

    def ask(client: int) -> None:
        for turn in itertools.count():
            if stop.is_set():
                return
            with contextlib.suppress(OSError, http.client.HTTPException):
                reader = Reader(server)
                try:  # every other one is given again from memory
                    counted = reader.count(f"{client} {turn if turn % 2 else ''}")
                    seen.append((reader.status, reader.release, counted))
                finally:
                    reader.close()

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(2)]
    for thread in threads:
        thread.start()

    def end() -> None:
        stop.set()
        for thread in threads:
            thread.join()

    try:
        yield end
    finally:
        end()


def publish_more(data: Path, number: int) -> str:
    """A release in which as many are counted."""
    more = [
        Quad(NamedNode(f"urn:more:{one}"), NamedNode("urn:more"), NamedNode("urn:o"), FIRST)
        for one in range(number)
    ]
    return DataDirectory(data).publish([*quads(), *more], DETAILS).id


def metric(server: Server, name: str) -> float:
    reader = Reader(server)
    try:
        text = reader.ask("GET", "/metrics").decode()
    finally:
        reader.close()
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_what_is_written_over_one_process_is_read_over_the_others(several: Server) -> None:
    assert len(several.output.splitlines()) == 2  # the memory, and the address once
    with readers_of_all(several) as readers:
        before = readers[0].count()
        for number in range(1, 11):
            writer = readers[number % len(readers)]
            writer.insert(number)
            assert writer.status == 204
            assert [reader.count() for reader in readers] == [before + number] * len(readers)
            assert [reader.count() for reader in readers] == [before + number] * len(readers)
        # They count together, and whoever is asked tells the same.
        queries = 1 + 10 * 2 * len(readers)
        name = 'therascape_queries_total{form="SELECT",outcome="ok"}'
        assert {metric(several, name) for _ in range(8)} == {queries}
        hits, misses = "therascape_cache_hits_total", "therascape_cache_misses_total"
        assert metric(several, hits) + metric(several, misses) >= queries
        until(lambda: metric(several, "therascape_cache_entries") >= 2)


def test_what_runs_is_seen_and_ended_over_any_process(several: Server) -> None:
    slow = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    with readers_of_all(several) as readers:
        for asked, other in ((readers[0], readers[-1]), (readers[-1], readers[0])):
            asking = threading.Thread(
                target=lambda one=asked: one.ask("GET", f"/sparql?query={slow}", Query_Id="slow")
            )
            asking.start()

            def ended(other: Reader = other) -> bool:
                other.ask("DELETE", "/queries/slow")
                return other.status == 204

            until(ended)
            asking.join()
            assert asked.status >= 400


def test_what_is_said_is_json_and_what_is_for_all_is_said_once(own: Path, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text(TOKEN)
    tokens.chmod(0o644)
    with running(own, *SEVERAL, "--log-events", "--write-token-file", str(tokens)) as server:
        os.kill(fronts(server)["owner"][0], signal.SIGKILL)
        until(lambda: fronts(server)["owner"] and fronts(server)["engine"], 30)
        code, errors = server.stop()
    assert code == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    assert len([line for line in lines if "chmod" in line["message"]]) == 1
    events = [line.get("event") for line in lines]
    assert (events.count("owner-ended"), events.count("started")) == (1, 2)


@pytest.mark.parametrize("which", ["front", "owner", "engine"])
def test_one_that_is_killed_is_replaced(several: Server, which: str) -> None:
    with readers_of_all(several) as readers:
        readers[0].insert(1000)
        assert readers[0].status == 204
        known = readers[0].count()
    killed = fronts(several)[which][0]
    seen: Seen = []
    with load(several, seen) as end:
        until(lambda: len(seen) > 5)
        os.kill(killed, signal.SIGKILL)

        def replaced() -> bool:
            now = fronts(several)
            whole = {kind: len(found) for kind, found in now.items()}
            return killed not in now[which] and whole == {"front": 2, "owner": 1, "engine": 1}

        until(replaced, 30)
        until(lambda: all(status == 200 for status, _, _ in seen[-20:]), 30)
        end()
    assert {status for status, _, _ in seen} <= {200, 503}
    assert {number for status, _, number in seen if status == 200} == {known}
    with readers_of_all(several) as readers:
        readers[-1].insert(killed + 1000)
        assert {reader.count() for reader in readers} == {known + 1}


def test_one_that_is_killed_again_and_again_is_replaced_and_that_is_told(own: Path) -> None:
    with running(own, *SEVERAL) as server:
        first = fronts(server)["front"]
        assert len(first) == 2
        other, killed = first[0], [first[1]]
        seen: Seen = []
        for _ in range(2):  # within less than five seconds each
            os.kill(killed[-1], signal.SIGKILL)
            assert gone({killed[-1]}, 5)
            reader = Reader(server)  # the one that is left has all that is asked meanwhile
            try:
                reader.count(killed[-1])
                seen.append((reader.status, reader.release, 0))
            finally:
                reader.close()
            known = [other, *killed]
            until(lambda: not_yet(server, known), 20)  # noqa: B023 - it is called at once
            killed += not_yet(server, known)
        until(lambda: metric(server, "therascape_processes_ended_total") == 2)
        assert {status for status, _, _ in seen} == {200}
        os.kill(killed[-1], signal.SIGKILL)
        assert gone({killed[-1]}, 5)
        before = time.monotonic()  # while another one is waited for
        code, errors = server.stop()
        assert time.monotonic() - before < 8
    assert code == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    told = [line for line in lines if line.get("event") == "process-ended"]
    assert [line["pid"] for line in told] == killed
    assert {(line["cause"], line["level"]) for line in told} == {("SIGKILL", "error")}


def not_yet(server: Server, known: list[int]) -> list[int]:
    return [process for process in fronts(server)["front"] if process not in known]


def test_they_move_to_another_release_while_they_are_asked_and_written_to(own: Path) -> None:
    with running(own, *SEVERAL) as server, readers_of_all(server) as readers:
        counts = {DataDirectory(own).releases()[0].id: 0}
        seen: Seen = []
        written = 0
        with load(server, seen) as end:
            for number in (10, 20):
                counts[newest := publish_more(own, number)] = number
                limit, moved = time.monotonic() + 20, 0
                while moved < 3:  # until all are there, and then a few times more
                    assert time.monotonic() < limit
                    readers[written % len(readers)].insert(written)
                    written += 1
                    for reader in readers:
                        assert (reader.count() - counts[reader.release]) == written
                    moved += {reader.release for reader in readers} == {newest}
                    time.sleep(0.02)
            end()
        assert {status for status, _, _ in seen} == {200}
        for _, release, counted in seen:
            assert 0 <= counted - counts[release] <= written
        until(lambda: len(fronts(server)["engine"]) == 1)
        code, errors = server.stop()
    assert code == 0
    assert {json.loads(line)["level"] for line in errors.splitlines()} == {"info"}


def test_nothing_is_left_behind_by_one_that_is_killed(own: Path) -> None:
    with running(own, *SEVERAL) as server:
        processes, place = server.descendants(), shared(server)
        server.process.kill()
        server.process.communicate(timeout=20)
        assert gone(processes, 12)
        until(lambda: not place.exists())


def test_what_is_left_where_all_are_killed_is_removed_by_the_next(own: Path) -> None:
    with running(own, *SEVERAL) as server:
        processes, place = server.descendants(), shared(server)
        os.utime(place, (0, 0))  # as old as one that may be removed
        HeldFolder("service").remove()
        assert place.exists()  # it is used
        for number in (signal.SIGSTOP, signal.SIGKILL):  # at once, as a machine that fails does
            for process in (server.process.pid, *processes):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
        server.process.communicate(timeout=20)
        assert gone(processes, 12)
        os.utime(place, (0, 0))
        HeldFolder("service").remove()
        assert not place.exists()


def test_requests_under_way_are_answered_before_they_end(own: Path) -> None:
    """Those that were sent before the service is told to end, over all processes."""
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    with running(own, *SEVERAL) as server, readers_of_all(server) as readers:
        done: list[int] = []

        def ask(reader: Reader, number: int) -> None:
            reader.ask("GET", f"/sparql?query={query}%23{number}")
            done.append(reader.status)

        threads = [
            threading.Thread(target=ask, args=(reader, number))
            for number, reader in enumerate(readers)
        ]
        for thread in threads:
            thread.start()
        until(lambda: metric(server, "therascape_requests_under_way") >= len(readers))
        processes, place = server.descendants(), shared(server)
        assert server.stop()[0] == 0
        assert gone(processes, 5)
        assert not place.exists()
        for thread in threads:
            thread.join()
    assert done == [200] * len(readers)


def test_an_engine_elsewhere_has_one_process(therascape: Therascape) -> None:
    done = therascape("serve", "--port", "0", "--processes", "2", "--engine", "http://127.0.0.1:9/")
    assert done.returncode == 2
    assert "--processes" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_memory_is_reckoned_up_for_all(own: Path, therascape: Therascape) -> None:
    arguments = ("serve", "--port", "0", "--data", str(own), *SEVERAL, "--total-memory", "64")
    done = therascape(*arguments)
    assert done.returncode == 3
    assert "--processes" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_older_release_can_be_asked_over_any_process(own: Path) -> None:
    older = DataDirectory(own).releases()[0].id
    publish_more(own, 3)
    with running(own, *SEVERAL) as server, readers_of_all(server) as readers:
        for reader in readers:
            assert reader.count() == 3
            body = reader.ask(
                *("GET", f"/sparql?query={quote(COUNT)}"),
                Accept="text/csv",
                Therascape_Release=older,
            )
            assert (reader.status, reader.release, body.split()[1]) == (200, older, b"0")
        processes, place = server.descendants(), shared(server)
        assert server.stop() == (0, "")
        assert gone(processes, 5)
        assert not place.exists()


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_whoever_is_killed_and_whenever_no_answer_is_wrong(own: Path) -> None:
    """What was acknowledged is in every answer, while processes die and releases are made."""
    chance = random.Random(1)
    counts = {DataDirectory(own).releases()[0].id: 0}
    written = published = 0
    wrong: list[object] = []
    with running(own, *SEVERAL, "--processes", "3", "--checkpoint-writes", "100000") as server:
        for turn in range(24):
            found = fronts(server)
            if turn % 3 == 0 and (victims := found[chance.choice(list(found))]):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
            elif turn % 7 == 0:
                published += 1
                counts[publish_more(own, published)] = published
            limit = time.monotonic() + (6 if turn % 3 == 0 else 2)
            sure = written
            while time.monotonic() < limit:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    reader = Reader(server)
                    try:
                        unsure = sure + 1
                        reader.insert(unsure)
                        sure = unsure if reader.status == 204 else sure
                    finally:
                        reader.close()
                    reader = Reader(server)
                    try:
                        counted = reader.count()
                        if reader.status == 200:
                            told = counted - counts[reader.release]
                            if not sure <= told <= sure + 1:
                                wrong.append((turn, sure, told, reader.release))
                        elif reader.status != 503:
                            wrong.append((turn, reader.status))
                    finally:
                        reader.close()
            written = sure
        assert wrong == []
        assert server.stop()[0] == 0
