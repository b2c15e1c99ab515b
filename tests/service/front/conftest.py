"""A toy application behind the front, in a real server process."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.service.conftest import ROOT

LIMITS = {
    "header_seconds": 1,
    "body_bytes": 20_000,
    "graph_bytes": 4_000_000,
    "body_seconds": 1,
    "send_seconds": 1,
    "cache_bytes": 1024 * 1024,
    "spool_bytes": 8 * 1024 * 1024,
    "threads": 40,
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        return self.headers[name]


class Toy:
    """A running toy server."""

    def __init__(self, **limits: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.service.front.toy", json.dumps(LIMITS | limits)],
            cwd=ROOT,
            env=dict(os.environ) | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        until = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError):
                self.connect().close()
                return
            assert time.monotonic() < until
            time.sleep(0.02)

    def connect(self, seconds: float = 5) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=seconds)

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> Answer:
        """Send one request; an underscore in the name of a header stands for a hyphen."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        return Answer(response.status, response.headers, data)

    def raw(self, request: bytes, seconds: float = 5) -> Answer:
        """Send bytes as they are."""
        with self.connect(seconds) as sock:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                sock.sendall(request)  # the answer may come before the end of it
            return answer(sock)

    def events(self, kind: str) -> list[Any]:
        """What was told of this kind: [kind, argument, time]."""
        return list(json.loads(self.ask(f"/events/{kind}").body))

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.process.communicate(timeout=20)[1]


def answer(sock: socket.socket, method: str = "GET") -> Answer:
    """Read one answer."""
    response = http.client.HTTPResponse(sock, method=method)
    response.begin()
    return Answer(response.status, response.headers, response.read())


@pytest.fixture(scope="package")
def toy() -> Iterator[Toy]:
    toy = Toy()
    yield toy
    toy.stop()
