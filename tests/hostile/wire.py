"""One request, one answer: with all that a client can check about it."""

import contextlib
import http.client
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.hostile.server import WRITE_TOKEN, Program

PROBLEM = "application/problem+json"
TYPES = "https://w3id.org/therascape/problems#"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
RESULTS = "application/sparql-results+json"
PATIENCE = 30.0  # seconds that a client waits for the next bytes


class Incomplete(Exception):
    """The connection ended before the answer did."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that arrived whole. Names of `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    seconds: float = 0.0

    @property
    def problem(self) -> str:
        """The name of the problem; empty when it is none, `?` when its type is not known."""
        if self.headers.get("content-type", "").partition(";")[0] != PROBLEM:
            return ""
        kind = str(self.json()["type"])
        return kind.removeprefix(TYPES) if kind.startswith(TYPES) else "?"

    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    def rows(self) -> list[dict[str, str]]:
        """The rows of a SELECT: the value of each variable."""
        bindings = self.json()["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]


def send(
    service: Program,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    *,
    patience: float = PATIENCE,
) -> Reply:
    """Ask on a connection of its own. Raises Incomplete, and OSError of the connection."""
    connection = http.client.HTTPConnection(service.host, service.port, timeout=patience)
    try:
        return exchange(connection, method, target, headers, body)
    finally:
        connection.close()


def exchange(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Reply:
    """Ask on this connection. A body without its length counts as incomplete."""
    begin = time.monotonic()
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    # The service may answer before it has read all, and close.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.endheaders(body)
    if connection.sock is None:
        raise ConnectionResetError("the connection was closed while it was made")
    try:
        response = connection.getresponse()
        found = response.read()
    except http.client.HTTPException as error:
        raise Incomplete(f"{type(error).__name__}: {error}") from error
    names = {name.lower(): value for name, value in response.getheaders()}
    if method != "HEAD" and response.status not in (204, 304):
        length = names.get("content-length")
        if length is None or int(length) != len(found):
            raise Incomplete(f"{response.status} has {len(found)} bytes, announced: {length}")
    return Reply(response.status, names, found, time.monotonic() - begin)


def query(service: Program, text: str, patience: float = PATIENCE, **headers: str) -> Reply:
    """Ask a query, as the body of a POST; `headers` with `_` for `-`."""
    return send(
        service,
        "POST",
        "/sparql",
        {"Content-Type": QUERY, "Accept": RESULTS} | _spelt(headers),
        text.encode(),
        patience=patience,
    )


def update(service: Program, text: str, token: str = "", **headers: str) -> Reply:
    """Send an update, with the token for writing unless another is given."""
    authority = _authority(token)
    return send(
        service,
        "POST",
        "/sparql",
        {"Content-Type": UPDATE} | authority | _spelt(headers),
        text.encode(),
    )


def store(
    service: Program, method: str, graph: str, turtle: str | None = None, token: str = ""
) -> Reply:
    """Write a graph, or ask for it, through the Graph Store Protocol."""
    headers = _authority(token) | ({"Content-Type": "text/turtle"} if turtle is not None else {})
    body = None if turtle is None else turtle.encode()
    return send(service, method, f"/store?graph={quote(graph, safe='')}", headers, body)


def _authority(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token or WRITE_TOKEN}"}


def _spelt(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def connect(service: Program, *, receive: int = 0) -> socket.socket:
    """A plain connection; `receive` bounds what the kernel takes in before it is read."""
    plain = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if receive:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    plain.settimeout(PATIENCE)
    plain.connect((service.host, service.port))
    return plain
