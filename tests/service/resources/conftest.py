"""The application over the shipped release, and over a small one with what can go wrong."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from graph.terms import Iris
from ontology.namespaces import DCT, KG, OWL, RDF, RDFS
from service.app import create_app
from tests.service.dataset import DETAILS, quads

BASE = "https://data.example/kg/"
OURS = Iris(BASE)
HOSTILE = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
LINKS = (
    "javascript:alert(3)",
    "http://x.example/?a=1&b=%22",
    f"{BASE}/evil.example/",
    f"{BASE}id/agent/nobody",
)


@pytest.fixture(scope="session")
def whole(landscape_release: Release, landscape_engine: EmbeddedEngine) -> Flask:
    """The shipped release."""
    return create_app(landscape_engine, landscape_release)


@pytest.fixture
def visitor(whole: Flask) -> FlaskClient:
    return whole.test_client()


def _quads() -> Iterator[Quad]:
    registers, mine = OURS.graph("reference"), OURS.graph("mine")
    gone, merged, live, hostile = (
        OURS.thing("agent", name) for name in ("gone", "merged", "live", "hostile")
    )
    yield Quad(gone, OWL.deprecated, Literal(True), registers)
    yield Quad(gone, RDFS.comment, Literal("it was counted twice"), registers)
    yield Quad(merged, OWL.deprecated, Literal(True), registers)
    yield Quad(merged, DCT.isReplacedBy, live, registers)
    yield Quad(live, RDF.type, KG.Organisation, registers)
    yield Quad(live, RDFS.label, Literal("Live"), registers)
    yield Quad(live, OWL.deprecated, Literal(True), mine)
    yield Quad(hostile, RDFS.label, Literal(HOSTILE), mine)
    yield Quad(hostile, RDF.type, KG.Organisation, mine)
    yield Quad(hostile, RDFS.comment, Literal(HOSTILE, language="en"), mine)
    for link in LINKS:
        yield Quad(hostile, RDFS.comment, NamedNode(link), mine)
    yield Quad(NamedNode("urn:who"), RDFS.comment, hostile, mine)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """A release with a base of its own, withdrawn things, and what somebody wrote."""
    data = DataDirectory(tmp_path_factory.mktemp("elsewhere"))
    details = {**DETAILS, "base": BASE}
    release = data.publish([*_quads(), *quads()], details)
    return create_app(EmbeddedEngine.over(release), release)


@pytest.fixture
def other(elsewhere: Flask) -> FlaskClient:
    return elsewhere.test_client()
