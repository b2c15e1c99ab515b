"""The catalogue, the counts, the examples as data, the sitemap and robots.txt."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Store
from rdflib.compare import isomorphic

from graph.export.files import export_named, make
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from service.app import create_app
from tests.service.conftest import EXAMPLES
from tests.service.dataset import COMPANIES, publish

# What the JSON-LD reader of rdflib uses of rdflib.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
PAGE = {"Accept": "text/html"}
FORMATS = {
    "ttl": ("text/turtle", "turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", "nt", RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", "json-ld", RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", "xml", RdfFormat.RDF_XML),
}
DOCUMENTS = ("/catalog", "/.well-known/void", "/examples", "/ns")
DCAT = "http://www.w3.org/ns/dcat#"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def parsed(client: FlaskClient, path: str, suffix: str) -> rdflib.Graph:
    """What rdflib reads; pyoxigraph reads as many triples, and no blank node."""
    response = client.get(f"{path}.{suffix}")
    media_type, name, format_ = FORMATS[suffix]
    assert (response.status_code, response.mimetype) == (200, media_type)
    graph = rdflib.Graph().parse(data=response.data, format=name)
    store = Store()
    store.load(response.data, format=format_)
    assert len(store) == len(graph) > 0
    assert not any(isinstance(node, rdflib.BNode) for node in graph.all_nodes())
    return graph


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_format_says_the_same(client: FlaskClient, path: str) -> None:
    first = parsed(client, path, "ttl")
    for suffix, (media_type, name, _) in FORMATS.items():
        by_suffix = parsed(client, path, suffix)
        by_accept = client.get(path, headers={"Accept": media_type})
        assert by_accept.mimetype == media_type
        assert isomorphic(first, by_suffix)
        assert isomorphic(first, rdflib.Graph().parse(data=by_accept.data, format=name))


@pytest.mark.parametrize("path", DOCUMENTS)
def test_people_get_a_page_and_programs_are_led_on(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers=PAGE)
    assert page.mimetype == client.get(f"{path}.html").mimetype == "text/html"
    assert client.get(path).mimetype == "text/turtle"
    assert f'<{path}.ttl>; rel="alternate"; type="text/turtle"' in page.headers["Link"]
    tag = page.headers["ETag"]
    again = client.get(path, headers=PAGE | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in page.headers["Vary"]
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    unknown = client.get(f"{path}.xyz")
    assert unknown.status_code == 404
    assert ".ttl" in unknown.get_json()["detail"]


def test_the_catalogue_names_files_that_lie_ready(tmp_path: Path) -> None:
    release = publish(tmp_path)
    client = create_app(EmbeddedEngine.over(release), release).test_client()
    # N-Quads are the release itself; all else has no size before somebody asks for it.
    assert sizes(client) == {"release.nq": release.nquads.stat().st_size}
    export = export_named(release, "release.nt.gz")
    assert export is not None
    ready = make(release, export)
    assert sizes(client) == {
        "release.nq": release.nquads.stat().st_size,
        "release.nt.gz": ready.size,
    }
    assert len(client.get(f"/exports/{release.id}/release.nt.gz").data) == ready.size
    for name in ("/catalog", "/catalog.html"):
        assert ready.sha256 in client.get(name).text.replace("<wbr>", "")
    dumps = parsed(client, "/.well-known/void", "nt").objects(None, rdflib.VOID.dataDump)
    assert {"release.nq", "release.ttl", "release.nt.gz"} < {name_of(dump) for dump in dumps}


def name_of(address: object) -> str:
    return urlsplit(str(address)).path.rpartition("/")[2]


def sizes(client: FlaskClient) -> dict[str, int]:
    """The files with a size, by name; every format of the whole release is there."""
    graph = parsed(client, "/catalog", "ttl")
    download = rdflib.URIRef(DCAT + "downloadURL")
    files = {node: name_of(url) for node, url in graph.subject_objects(download)}
    listed = client.get("/exports/").get_json()["exports"]
    assert {row["name"] for row in listed if row["graph"] is None} <= set(files.values())
    return {files[n]: int(str(size)) for n, size in graph.subject_objects(rdflib.DCAT.byteSize)}


@pytest.mark.parametrize(("media_type", "name"), [(t, n) for t, n, _ in FORMATS.values()])
def test_the_first_page_is_the_catalogue_for_programs(
    client: FlaskClient, media_type: str, name: str
) -> None:
    first = client.get("/", headers={"Accept": media_type})
    assert (first.mimetype, first.headers["Content-Location"]) == (media_type, "/catalog")
    whole = rdflib.Graph().parse(data=first.data, format=name)
    assert isomorphic(whole, parsed(client, "/catalog", "ttl"))


@pytest.mark.parametrize("accept", [None, "*/*", "text/html,*/*;q=0.8", "image/png", "text/csv"])
def test_the_first_page_is_a_page_for_all_others(client: FlaskClient, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = client.get("/", headers=headers)
    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert 'type="text/turtle" href="/catalog.ttl"' in response.text


def test_the_description_is_linked_to_the_counts(client: FlaskClient, release: Release) -> None:
    graph = rdflib.Graph().parse(data=client.get("/description").data, format="turtle")
    node = rdflib.URIRef(release.iris.release(release.id).value)
    assert node in set(graph.objects(None, rdflib.DCAT.servesDataset))
    assert len(set(graph.objects(node, rdflib.VOID.classPartition))) == 3
    assert int(str(graph.value(node, rdflib.VOID.triples))) == release.manifest["counts"]["triples"]


def test_examples_are_those_of_the_page(client: FlaskClient) -> None:
    graph = parsed(client, "/examples", "ttl")
    labels = {str(label) for label in graph.objects(None, rdflib.RDFS.label)}
    assert {example.title for example in EXAMPLES} < labels


def locations(client: FlaskClient, path: str) -> list[str]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    return [str(node.text) for node in ET.fromstring(response.data).iter(LOC)]


def test_the_sitemap_has_every_thing_with_a_page(client: FlaskClient) -> None:
    (part,) = locations(client, "/sitemap.xml")
    found = locations(client, urlsplit(part).path)
    assert {f"http://localhost/id/agent/{slug}" for slug in COMPANIES} < set(found)
    assert len(found) == len(set(found))
    assert not [address for address in found if "#" in address]
    for address in found:
        assert client.get(urlsplit(address).path, headers=PAGE).status_code == 200, address
    assert client.get("/sitemap-2.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_crawlers_are_told_where_the_sitemap_is(client: FlaskClient) -> None:
    response = client.get("/robots.txt")
    assert response.mimetype == "text/plain"
    assert "Sitemap: http://localhost/sitemap.xml" in response.text.splitlines()
    refused = re.findall(r"^Disallow: (.+)$", response.text, re.MULTILINE)
    assert "/sparql?" in refused
    assert not [path for path in refused if any(d.startswith(path) for d in DOCUMENTS)]


@pytest.fixture
def nothing(tmp_path: Path) -> Flask:
    """An application over a release without a statement."""

    release = DataDirectory(tmp_path).publish([], {"base": "https://acme.example/"})
    return create_app(EmbeddedEngine.over(release), release)


def test_an_empty_release_has_a_catalogue_too(nothing: Flask) -> None:
    client = nothing.test_client()
    for path in DOCUMENTS:
        assert parsed(client, path, "ttl")
        assert client.get(path, headers=PAGE).status_code == 200
    assert b"https://acme.example/catalog#dataset" in client.get("/catalog").data
    assert len(locations(client, "/sitemap-1.xml")) == 5
