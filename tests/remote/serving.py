"""A service over a database elsewhere, as tests start, publish to and ask it."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from pyoxigraph import Literal, NamedNode, Quad

from graph.release import DataDirectory, Release
from tests.remote.servers import Running
from tests.service.conftest import Server, command_environment
from tests.service.dataset import DETAILS, quads

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


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
