"""The page of a thing shows where else it is described, and how sure that is."""

import json
import re
from pathlib import Path

from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graph.query import EmbeddedEngine
from graph.release import DataDirectory
from graph.terms import Iris
from ontology.namespaces import DCT, KG, RDF
from service.app import create_app
from tests.service.dataset import DETAILS, quads

PAGE = {"Accept": "text/html"}
BASE = "https://data.example/kg/"


def page(visitor: FlaskClient, path: str) -> tuple[str, dict[str, object]]:
    """The page, and what it says in the words of schema.org."""
    text = visitor.get(path, headers=PAGE).get_data(as_text=True)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    return text, json.loads(found[1])


def rows(text: str) -> list[str]:
    """The rows of the table of links, without their markup."""
    section = text.partition('id="_outward"')[2].partition("</section>")[0]
    found = re.findall(r'<tr id="link-[0-9a-f]{16}">(.*?)</tr>', section, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


def test_a_country(visitor: FlaskClient) -> None:
    text, schema = page(visitor, "/id/place/brazil")
    links = rows(text)
    assert any(row.startswith("Confirmed") and "Q155 Brazil" in row for row in links)
    assert any("BR Brazil" in row and "ISO3166-1-CountryCodes.rdf" in row for row in links)
    assert all("read 2026-11-21" in row for row in links)
    same = schema["sameAs"]
    assert isinstance(same, list)
    assert "http://www.wikidata.org/entity/Q155" in same
    assert 'href="http://www.wikidata.org/entity/Q155"' in text


def test_a_disease_with_a_link_that_was_rejected(visitor: FlaskClient) -> None:
    text, schema = page(visitor, "/id/concept/cancer")
    links = rows(text)
    assert [row.split()[0] for row in links] == ["Confirmed", "Confirmed", "Rejected"]
    assert "D009369 Neoplasms" in links[-1]
    assert "benign" in links[-1]
    assert schema["sameAs"] == [
        "http://purl.obolibrary.org/obo/MONDO_0004992",
        "http://purl.obolibrary.org/obo/NCIT_C9305",
    ]


def test_what_has_no_links_has_no_table_of_them(visitor: FlaskClient) -> None:
    text, schema = page(visitor, "/id/agent/biomm")
    assert "In other datasets" not in text
    assert "sameAs" not in schema


def test_the_description_has_the_links_in_every_syntax(visitor: FlaskClient) -> None:
    answer = visitor.get("/id/concept/melanoma", headers={"Accept": "application/n-triples"})
    triples = list(parse(answer.data, format=RdfFormat.N_TRIPLES))
    links = {t.subject for t in triples if t.object == KG.OutwardLink}
    assert len(links) == 3
    told = {(t.subject, t.predicate) for t in triples}
    assert all((link, KG.linkStatus) in told and (link, DCT.identifier) in told for link in links)


def test_what_somebody_wrote_as_a_link_runs_nothing(tmp_path: Path) -> None:
    """Anybody who may write can call a node a link outward."""
    iris = Iris(BASE)
    thing, graph = iris.thing("agent", "hostile"), iris.graph("mine")
    node = NamedNode(f"{thing.value}#link-0123456789abcdef")
    written = [
        Quad(thing, RDF.type, KG.Organisation, graph),
        Quad(node, RDF.type, KG.OutwardLink, graph),
        Quad(node, RDF.subject, thing, graph),
        Quad(node, RDF.object, NamedNode("javascript:alert(1)"), graph),
        Quad(node, KG.linkStatus, Literal("<script>alert(2)</script>"), graph),
        Quad(node, DCT.identifier, Literal('"><script>alert(3)</script>'), graph),
    ]
    data = DataDirectory(tmp_path / "data")
    release = data.publish([*written, *quads()], {**DETAILS, "base": BASE})
    visitor = create_app(EmbeddedEngine.over(release), release).test_client()
    text, _ = page(visitor, "/id/agent/hostile")
    (row,) = rows(text)
    assert "javascript:alert(1)" in row
    assert 'href="javascript:' not in text
    assert not re.search(r"<script>alert", text)
