"""The questions that there are, over the shipped seeds: each answers as it is described."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from pyoxigraph import DefaultGraph, Store
from werkzeug.serving import make_server

from graph.landscape import Named
from graph.landscape.catalogue import QUESTIONS
from graph.network.calls import LocalTraversal
from graph.network.reading import network_of_quads
from graph.query import EmbeddedEngine
from graph.release import Release
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes
from service.app import create_app
from tests.docs.markdown import ROOT, blocks

PLAIN = {"Accept-Encoding": "identity"}  # schemathesis decodes none over WSGI
SAMPLES = {
    "agent": "Novartis",
    "place": "Brazil",
    "therapy": "Kymriah",
    "market": "Global cellular immunotherapy market",
}


@pytest.fixture(scope="module")
def landscape(landscape_store: Store, release: Release) -> Flask:
    """The application over the shipped seeds; `release` only lends its name."""
    engine = EmbeddedEngine(landscape_store, prefixes())
    told = (quad for quad in landscape_store if quad.graph_name != DefaultGraph())
    network = network_of_quads(told, DEFAULT_BASE, release.id)
    return create_app(engine, release, network=LocalTraversal(network))


@pytest.fixture(scope="module")
def address(landscape: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, landscape, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def _sample(question: Named) -> dict[str, str]:
    """Values for what is required."""
    found = {}
    for number, parameter in enumerate(one for one in question.parameters if one.required):
        kinds = [kind for kind in SAMPLES if kind in parameter.of] or ["agent"]
        found[parameter.name] = SAMPLES[kinds[number % len(kinds)]]
    return found


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_a_question_answers_as_it_is_described(landscape: Flask, question: Named) -> None:
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", landscape)
    path = f"/api/v1/questions/{question.name}"
    for one in (path, f"{path}.csv"):
        case = described[one]["GET"].Case(query=_sample(question) | {"limit": "5"})
        response = case.call_and_validate(headers=PLAIN)
        assert response.status_code in (200, 409), response.text
        if response.status_code == 409:
            assert response.json()["type"].endswith("#parameters-conflict")


def test_a_question_in_words_is_answered(landscape: Flask) -> None:
    client = landscape.test_client()
    found = client.get("/api/v1/ask?q=which+players+are+active+in+Brazil%3F").get_json()
    assert found["status"] == "understood"
    (reading,) = found["readings"]
    answer = client.get(reading["address"]).get_json()
    assert answer["total"] > 5
    assert {name: answer[name] for name in ("rows", "understood", "sparql")} == {
        name: found["answer"][name] for name in ("rows", "understood", "sparql")
    }
    rows = client.get("/api/v1/suggest?q=players+active+in+Braz").get_json()["rows"]
    assert reading["address"] in [row["address"] for row in rows]


def test_the_python_of_the_page_works(address: str, tmp_path: Path) -> None:
    snippets = [one for one in blocks(ROOT / "docs" / "api.md") if one.language == "python"]
    assert len(snippets) == 3
    for snippet in snippets:
        file = tmp_path / "snippet.py"
        file.write_text(snippet.text.replace("http://127.0.0.1:8000", address), "utf-8")
        done = subprocess.run(
            [sys.executable, "snippet.py"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()
