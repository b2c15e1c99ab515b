"""A service that is stopped or restarted loses no request that it took."""

import http.client
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.deploy.nginx import nginx
from tests.service.conftest import Server

#: Takes a noticeable part of a second, or longer where many are asked.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d) }"
CLIENTS = 4

Ask = Callable[[int, int], int]


class Load:
    """Clients that ask again and again; each outcome is a status, `refused` or what went wrong."""

    def __init__(self, ask: Ask) -> None:
        self.outcomes: Counter[object] = Counter()
        self.late = 0
        self.stopping: float | None = None
        self._ask = ask
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def _run(self, client: int) -> None:
        turn = 0
        while not self._over.is_set():
            turn += 1
            try:
                outcome: object = self._ask(client, turn)
            except ConnectionRefusedError:
                outcome = "refused"
                self._over.wait(0.02)
            except (OSError, http.client.HTTPException) as error:
                outcome = repr(error)
            with self._lock:
                self.outcomes[outcome] += 1
                if outcome == 200 and self.stopping is not None:
                    self.late += 1

    def enough(self, number: int) -> None:
        """Wait for so many more answers."""
        wanted, until = self.outcomes[200] + number, time.monotonic() + 20
        while self.outcomes[200] < wanted:
            assert time.monotonic() < until, self.outcomes
            time.sleep(0.02)

    def end(self) -> None:
        """Let the clients end with what they have asked."""
        self._over.set()
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()


@contextmanager
def load(ask: Ask) -> Iterator[Load]:
    found = Load(ask)
    try:
        yield found
    finally:
        found.end()


def _whole(connection: http.client.HTTPConnection, method: str, path: str, body: bytes) -> int:
    """The status of a complete answer."""
    try:
        kind = {"Content-Type": "application/sparql-query"} if body else {}
        connection.request(method, path, body or None, kind)
        answer = connection.getresponse()
        answer.read()  # IncompleteRead when it is cut short
        return answer.status
    finally:
        connection.close()


def test_what_was_accepted_is_answered(data: Path) -> None:
    seconds = 20
    server = Server(data, "--stop-seconds", str(seconds))

    def ask(client: int, turn: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        path = f"/sparql?query={quote(f'{LONG} # {client} {turn}')}"
        return _whole(connection, "GET", path, b"")

    with load(ask) as clients:
        clients.enough(CLIENTS)
        clients.stopping = time.monotonic()
        code, errors = server.stop(signal.SIGTERM)
        took = time.monotonic() - clients.stopping
    assert code == 0, errors
    assert took < seconds
    assert clients.late > 0  # they were under way
    assert clients.outcomes["refused"] > 0
    assert set(clients.outcomes) == {200, "refused"}


def test_a_query_that_takes_longer_does_not_hold_it_up(data: Path) -> None:
    server = Server(data, "--stop-seconds", "1")
    endless = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", f"/sparql?query={endless}")
    time.sleep(0.3)
    before = time.monotonic()
    code, errors = server.stop(signal.SIGTERM)
    assert (code, errors) == (0, "")
    assert time.monotonic() - before < 15
    connection.close()


@pytest.mark.parametrize("restarted", [1, pytest.param(2, marks=pytest.mark.exhaustive)])
def test_a_restart_one_after_the_other_loses_nothing(
    data: Path, tmp_path: Path, restarted: int
) -> None:
    """Two services on one data directory, as docs/operations.md has it."""
    services = [Server(data), Server(data)]
    ports = [service.port for service in services]
    with nginx(tmp_path, ports) as front:

        def ask(client: int, turn: int) -> int:
            time.sleep(0.1)  # the services share this machine with their clients
            text = f"ASK {{ ?s ?p {client} }} # {turn}"
            if client % 2:
                return _whole(front.connect(), "POST", "/sparql", text.encode())
            return _whole(front.connect(), "GET", f"/sparql?query={quote(text)}", b"")

        try:
            with load(ask) as clients:
                for number, port in enumerate(ports[:restarted]):
                    clients.enough(10)
                    assert services[number].stop(signal.SIGTERM)[0] == 0
                    clients.enough(10)
                    services[number] = Server(data, "--port", str(port))
                clients.enough(10)
        finally:
            for service in services:
                if service.process.poll() is None:
                    service.stop()
    assert set(clients.outcomes) == {200}
