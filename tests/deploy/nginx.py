"""A real nginx with the shipped configuration, on free ports of this machine."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPSConnection
from pathlib import Path
from typing import NamedTuple

import pytest

SHIPPED = Path(__file__).parents[2] / "deploy" / "nginx.conf"
_START_SECONDS = 10.0


class Answer(NamedTuple):
    """A complete answer."""

    status: int
    headers: Message
    body: bytes


@dataclass(frozen=True)
class Nginx:
    """One that runs: `port` speaks TLS with the certificate `certificate`."""

    port: int
    plain: int
    certificate: Path
    log: Path

    def connect(self) -> HTTPSConnection:
        """A connection, to be closed by who asked for it."""
        trusted = ssl.create_default_context(cafile=self.certificate)
        return HTTPSConnection("127.0.0.1", self.port, timeout=20, context=trusted)

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request over a connection of its own; return the whole answer."""
        connection = self.connect()
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def nginx(folder: Path, services: Sequence[int]) -> Iterator[Nginx]:
    """Run the shipped configuration in front of services at these ports, one or two.

    What is replaced must be there: ports, paths, the certificate, and nothing else.
    """
    program = shutil.which("nginx", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    openssl = shutil.which("openssl")
    if program is None or openssl is None:
        pytest.skip("nginx or openssl is not here; .ci/run installs both")
    port, plain = free_port(), free_port()
    key, certificate = _certificate(openssl, folder)
    configuration = folder / "nginx.conf"
    log = folder / "access.jsonl"
    replaced = {
        "worker_processes auto;": "worker_processes 1;"
        + (" user root;" if not os.geteuid() else ""),
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "http {": f"http {{ {_scratch(folder)}",
        "/var/log/nginx/therascape.jsonl": str(log),
        "/var/cache/nginx/therascape": f"{folder}/cache",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "/etc/ssl/therascape/fullchain.pem": str(certificate),
        "/etc/ssl/therascape/privkey.pem": str(key),
        "127.0.0.1:8000": f"127.0.0.1:{services[0]}",
    }
    if len(services) > 1:
        replaced["# server 127.0.0.1:8001"] = f"server 127.0.0.1:{services[1]}"
    text = SHIPPED.read_text("utf-8")
    for former, present in replaced.items():
        assert text.count(former) == 1, former
        text = text.replace(former, present)
    configuration.write_text(text, "utf-8")
    command = [program, "-p", str(folder), "-c", str(configuration), "-g", "daemon off;"]
    errors = folder / "errors.txt"  # a pipe that nobody reads would hold it up
    with errors.open("wb") as file, subprocess.Popen(command, stderr=file) as process:
        try:
            _wait(process, port, errors)
            yield Nginx(port, plain, certificate, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)
    assert not {"[emerg]", "[alert]", "[crit]"} & set(errors.read_text("utf-8").split())


def _scratch(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)


def _certificate(openssl: str, folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


def _wait(process: "subprocess.Popen[bytes]", port: int, errors: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, errors.read_text()
            assert time.monotonic() < until
            time.sleep(0.02)
        else:
            return
