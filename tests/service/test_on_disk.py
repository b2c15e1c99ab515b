"""A service whose store is on the disk: a real one."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from graph.release import Release
from tests.hostile.server import WRITE_TOKEN, Service
from tests.service.dataset import COMPANIES, publish


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return publish(tmp_path_factory.mktemp("disk"))


@pytest.fixture(scope="module")
def service(made: Release) -> Iterator[Service]:
    folder = made.path.parents[1]
    with Service(folder, "--store", "disk", "--workers", "2", "--worker-memory", "128") as running:
        yield running


def get(service: Service, path: str) -> bytes:
    with urllib.request.urlopen(service.address + path, timeout=60) as answer:
        found: bytes = answer.read()
        return found


def test_it_answers_queries(service: Service, made: Release) -> None:
    query = quote("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    rows = json.loads(get(service, f"sparql?query={query}&format=json"))["results"]["bindings"]
    assert int(rows[0]["n"]["value"]) == made.manifest["counts"]["statements"]


@pytest.mark.parametrize("name", COMPANIES.values())
def test_names_are_found(service: Service, made: Release, name: str) -> None:
    found = json.loads(get(service, f"api/v1/search?q={quote(name)}"))
    assert found["rows"][0]["label"] == name
    assert list((made.path.parents[1] / "names").glob(f"{made.id}-*.jsonl"))


def test_nothing_is_written(service: Service) -> None:
    request = urllib.request.Request(
        service.address + "sparql",
        b"INSERT DATA { GRAPH <http://e.org/g> { <http://e.org/s> a 1 } }",
        {
            "Content-Type": "application/sparql-update",
            "Authorization": f"Bearer {WRITE_TOKEN}",
        },
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)
    refused.value.close()
    assert refused.value.code == 403
    assert "on the disk" in " ".join(json.loads(get(service, "health"))["platform"])


def test_it_is_there_again_without_making_anything(service: Service, made: Release) -> None:
    folder: Path = made.path.parents[1]
    get(service, "api/v1/search?q=alpha")
    made_before = {
        path: path.stat().st_mtime_ns
        for part in ("stores", "names", "networks")
        for path in (folder / part).rglob("*")
    }
    with Service(folder, "--store", "disk", "--workers", "1", "--worker-memory", "128") as again:
        get(again, "api/v1/search?q=alpha")
        assert {path: path.stat().st_mtime_ns for path in made_before} == made_before
