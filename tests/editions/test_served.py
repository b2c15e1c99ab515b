"""A real service, and the commands, over a release with two editions."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from graph.release import Release
from tests.editions.made import NEW, OLD
from tests.service.conftest import Server, command_environment

pytestmark = pytest.mark.timeout(180)
COUNT = "SELECT (COUNT(*) AS ?n) { ?r a kg:Report }"


@pytest.fixture(scope="module")
def server(release: Release) -> Iterator[Server]:
    flags = ("--workers", "2", "--worker-memory", "128")
    server = Server(release.path.parent.parent, *flags)
    yield server
    assert server.stop()[0] == 0


def got(server: Server, path: str, accept: str = "text/csv") -> str:
    request = Request(f"{server.address}{path}", headers={"Accept": accept})
    with urlopen(request) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
    return text


def test_the_service_answers_of_both(server: Server, release: Release) -> None:
    query = quote(COUNT)
    for _ in range(2):  # the second comes from the cache of bytes
        assert got(server, f"sparql?query={query}").split() == ["n", "2"]
        assert got(server, f"sparql?query={query}&editions=all").split() == ["n", "3"]
    named = f"sparql?query={query}&editions=all&release={release.id[:12]}"
    assert got(server, named).split() == ["n", "3"]
    found = json.loads(got(server, "api/v1/questions/editions", "application/json"))
    assert found["total"] == 9
    page = got(server, "id/claim/ao-fig-1", "text/html")
    assert "Superseded edition" in page
    said = got(server, f"source/{OLD}", "text/turtle")
    assert f"/source/{NEW}>" in said


def run(release: Release, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=command_environment(release.path.parent.parent),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_ask_what_is_wanted(release: Release) -> None:
    assert run(release, "query", COUNT, "--format", "csv").split() == ["n", "2"]
    arguments = ("query", COUNT, "--format", "csv", "--editions", "all")
    assert run(release, *arguments).split() == ["n", "3"]
    timeline = ("landscape", "timeline", "--entity", "lumicel", "--format", "csv")
    assert "lumicel-launch-sudria" not in run(release, *timeline)
    assert "lumicel-launch-sudria" in run(release, *timeline, "--editions", "all")
    search = ("search", "Donor Grafts", "--kind", "segment", "--format", "csv")
    assert "ao-donor" not in run(release, *search)
    assert "ao-donor" in run(release, *search, "--editions", "all")


def test_the_command_compares_editions(release: Release, tmp_path: Path) -> None:
    table = run(release, "landscape", "editions", "--about", "player", "--format", "csv")
    assert "player dropped" in table
    assert "figure revised" not in table
    asked = run(release, "ask", "what changed between editions of Lumen Outlook")
    assert "rate revised" in asked
    assert not list(tmp_path.iterdir())
