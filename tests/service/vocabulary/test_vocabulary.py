"""The vocabulary at /ns: everything is documented, anchored, versioned and published."""

import html
import json
import re
import xml.etree.ElementTree as ET
from importlib.resources import files

import pyshacl
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.compare import isomorphic

from graph.query import EmbeddedEngine
from graph.release import Release
from ontology.description import tables
from ontology.terms import terms, version
from ontology.vocabulary import NAMESPACE, contract
from service.app import create_app

PAGE = {"Accept": "text/html"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def landscape(landscape_release: Release, landscape_engine: EmbeddedEngine) -> FlaskClient:
    """A client of an application over the shipped seeds."""
    return create_app(landscape_engine, landscape_release).test_client()


def section(page: str, name: str) -> str:
    """What the page says of one term, without markup."""
    _, _, rest = page.partition(f'<div class="term" id="{name}"')
    text = rest.partition("</dl>")[0].replace("<wbr>", "")
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", text)).split())


def test_every_term_is_on_the_page(landscape: FlaskClient, landscape_release: Release) -> None:
    page = landscape.get("/ns", headers=PAGE).text
    counts = landscape_release.manifest["counts"]["classes"]
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for term in terms():
        said = section(page, term.name)
        assert f"kg:{term.name}" in said
        assert term.iri in said
        assert term.label in said
        for parent in term.parents:
            assert contract(parent) in said
        for other in filter(None, (term.domain, term.range)):
            assert contract(other) in said
        if term.is_class:
            assert f"{counts.get(term.iri, 0):,} things" in said
    for table in tables().values():
        for column in table.columns.values():
            if column.predicate and column.predicate.startswith(NAMESPACE):
                said = section(page, column.predicate.removeprefix(NAMESPACE))
                assert f"{table.name}.csv: {column.name}" in said


def test_both_ways_are_told(client: FlaskClient) -> None:
    page = client.get("/ns", headers=PAGE).text
    assert "Above kg:ClinicalResult" in section(page, "Event")
    assert re.search(r"Properties .*kg:licensee", section(page, "Deal"))
    assert re.search(r"Led to by .*kg:licensee", section(page, "Organisation"))


def test_links_of_the_page_lead_to_anchors_on_it(client: FlaskClient) -> None:
    page = client.get("/ns", headers=PAGE).text
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert {term.name for term in terms()} <= ids
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


def test_every_fragment_of_the_namespace_is_an_anchor(client: FlaskClient) -> None:
    """Whatever our IRIs name in the namespace is found where they lead."""
    page = client.get("/ns", headers=PAGE).text
    graph = rdflib.Graph().parse(data=client.get("/ns").data, format="turtle")
    named = {str(n).removeprefix(NAMESPACE) for n in graph.all_nodes() if NAMESPACE in str(n)}
    ids = set(re.findall(r'\bid="([^"]+)"', page))
    assert {name for name in named - {""} if re.fullmatch(r"[\w-]+", name)} <= ids


def test_the_diagram_is_drawn_from_the_ontology(client: FlaskClient) -> None:
    page = client.get("/ns", headers=PAGE).text
    found = re.search(r"<svg.*?</svg>", page, re.DOTALL)
    assert found
    drawing = ET.fromstring(found[0].replace("<svg ", f'<svg xmlns="{SVG[1:-1]}" ', 1))
    ours = {term.iri: term.name for term in terms() if term.is_class}
    assert {t.text for t in drawing.iter(f"{SVG}text")} == set(ours.values())
    pairs = {
        (ours[t.domain], ours[t.range]) for t in terms() if t.domain in ours and t.range in ours
    }
    arcs = [g.find(f"{SVG}title") for g in drawing.iter(f"{SVG}g")]
    told = {tuple(str(arc.text).partition(":")[0].split(" to ")) for arc in arcs if arc is not None}
    assert told == pairs
    place = {t.text: float(t.attrib["x"]) for t in drawing.iter(f"{SVG}text")}
    assert place["Fact"] < place["Event"] < place["Deal"]


@pytest.mark.parametrize("suffix", ["", ".ttl", ".nt", ".jsonld", ".rdf", ".html"])
def test_the_present_version_answers_alike(client: FlaskClient, suffix: str) -> None:
    headers = PAGE if not suffix else {}
    current = client.get(f"/ns/{version()}{suffix}", headers=headers)
    assert current.status_code == 200
    plain = client.get(f"/ns{suffix}", headers=headers)
    assert current.mimetype == plain.mimetype
    if current.mimetype != "text/html":
        assert current.data == plain.data


@pytest.mark.parametrize("name", ["0.0.1", "9", "0.1.0x", "0.1.0.xyz", "0.1.0.", "nothing"])
def test_other_versions_are_not_here(client: FlaskClient, name: str) -> None:
    response = client.get(f"/ns/{name}")
    assert response.status_code == 404
    assert re.search(r"/ns/0\.1\.0|\.ttl", response.get_json()["detail"])


def test_the_context_is_published(client: FlaskClient) -> None:
    response = client.get("/ns/context.jsonld")
    assert response.mimetype == "application/ld+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    text = (files("ontology") / "context.jsonld").read_text("utf-8")
    assert json.loads(response.data) == json.loads(text)


def test_all_shapes_are_published_and_work(client: FlaskClient) -> None:
    response = client.get("/ns/shapes.ttl")
    assert response.mimetype == "text/turtle"
    whole = rdflib.Graph().parse(data=response.data, format="turtle")
    parts = rdflib.Graph()
    for entry in files("ontology").iterdir():
        if entry.name.startswith("shapes") and entry.name.endswith(".ttl"):
            parts.parse(data=entry.read_text("utf-8"), format="turtle")
    assert isomorphic(whole, parts)
    bad = rdflib.Graph().parse(
        data=f"<urn:x> a <{NAMESPACE}Forecast>, <{NAMESPACE}MarketFigure> .", format="turtle"
    )
    assert not pyshacl.validate(bad, shacl_graph=whole, inplace=True)[0]
