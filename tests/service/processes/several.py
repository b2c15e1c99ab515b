"""Several processes of one service, as tests see them from outside."""

import contextlib
import http.client
import itertools
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, Quad

from graph.release import DataDirectory
from tests.service.conftest import Server
from tests.service.dataset import DETAILS, FIRST, quads
from tests.service.test_running import TOKEN, command_line, parent, until

SEVERAL = ("--processes", "2", "--workers", "1", "--worker-memory", "128")
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s <urn:more> ?o } }"

Seen = list[tuple[int, str, int]]
"""Of each answer its status, its release, and what was counted."""


def writable(data: Path, folder: Path, patched: pytest.MonkeyPatch) -> Path:
    """A data directory of its own, and the token to write to it."""
    patched.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
    return shutil.copytree(data, folder, symlinks=True)


@contextlib.contextmanager
def serving(data: Path, folder: Path) -> Iterator[Server]:
    """A service that may be written to; in the end, each query has a line in its log."""
    with pytest.MonkeyPatch.context() as patched:
        own = writable(data, folder / "data", patched)
        server = Server(own, *SEVERAL, "--query-log", str(folder / "queries.jsonl"))
    yield server
    assert server.stop()[0] == 0
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    assert len(lines) > 20


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
