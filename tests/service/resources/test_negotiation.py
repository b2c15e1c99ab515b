"""Which document somebody gets: by Accept, by extension, by format; validators; other releases."""

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import Graph
from rdflib.compare import isomorphic

from graph.release import Release
from graph.terms import DEFAULT_BASE

THING = "/id/agent/terumo-bct"
PATHS = (THING, "/source/coherent-cellular-immunotherapy", "/graph/audit", "/id/concept/stated")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DOCUMENTS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
}
READERS = {
    "ttl": (RdfFormat.TURTLE, "turtle"),
    "nt": (RdfFormat.N_TRIPLES, "nt"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
    "rdf": (RdfFormat.RDF_XML, "xml"),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        (BROWSER, "html"),
        ("text/html", "html"),
        ("*/*", "ttl"),
        (None, "ttl"),
        ("text/turtle", "ttl"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("text/turtle;q=0.5, application/rdf+xml", "rdf"),
        ("text/html;q=0.5, text/turtle", "ttl"),
        ("text/turtle;q=0, */*", "nt"),
    ],
)
def test_by_accept(visitor: FlaskClient, path: str, accept: str | None, extension: str) -> None:
    response = visitor.get(path, headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    assert response.headers["Content-Location"] == f"{path}.{extension}"
    assert "Accept" in response.headers["Vary"]
    declared = response.mimetype
    assert declared == (accept if accept == "application/json" else DOCUMENTS[extension])
    if extension != "html":  # a page shows its own address
        assert visitor.get(f"{path}.{extension}").data == response.data


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("extension", DOCUMENTS)
def test_by_extension_whatever_accept_says(
    visitor: FlaskClient, path: str, extension: str, landscape_release: Release
) -> None:
    response = visitor.get(f"{path}.{extension}", headers={"Accept": "image/png"})
    assert (response.status_code, response.mimetype) == (200, DOCUMENTS[extension])
    assert response.headers["Therascape-Release"] == landscape_release.id
    link = response.headers["Link"]
    assert f'<{DEFAULT_BASE}{path[1:]}>; rel="canonical"' in link
    for other, media_type in DOCUMENTS.items():
        assert f'<{path}.{other}>; rel="alternate"; type="{media_type}"' in link


@pytest.mark.parametrize("path", PATHS)
def test_the_answer_is_validated_and_head_has_its_headers(visitor: FlaskClient, path: str) -> None:
    for accept in (BROWSER, "text/turtle"):
        headers = {"Accept": accept, "Query-Id": "mine"}
        first = visitor.get(path, headers=headers)
        head = visitor.head(path, headers=headers)
        assert (head.data, dict(head.headers)) == (b"", dict(first.headers))
        again = visitor.get(path, headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert visitor.post(path).status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_nothing_that_is_accepted(visitor: FlaskClient, path: str) -> None:
    response = visitor.get(path, headers={"Accept": "image/png"})
    assert (response.status_code, response.mimetype) == (406, "application/problem+json")
    assert {"text/html", "text/turtle"} <= set(response.get_json(force=True)["offered"])


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's
@pytest.mark.parametrize("path", [THING, "/graph/quality", "/id/concept/stated"])
@pytest.mark.parametrize("query", ["", "?inverse=kg:manner&offset=50"])
def test_every_format_is_the_same_graph(visitor: FlaskClient, path: str, query: str) -> None:
    if query and not path.endswith("stated"):
        pytest.skip("nothing points there so")
    found: list[tuple[set[str], Graph]] = []
    for extension, (format_, name) in READERS.items():
        body = visitor.get(f"{path}.{extension}{query}").data
        triples = {f"{q.subject} {q.predicate} {q.object}" for q in parse(body, format=format_)}
        found.append((triples, Graph().parse(data=body, format=name)))
    assert found[0][0]
    for triples, graph in found:
        assert triples == found[0][0]
        assert len(graph) == len(triples)
    if len(found[0][0]) < 1000:  # the rest would only take long
        assert all(isomorphic(graph, found[0][1]) for _, graph in found)


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "link":
            self.found.append(dict(attrs))


@pytest.mark.parametrize("path", [*PATHS, "/id/concept/stated?inverse=kg:manner&offset=50"])
def test_pages_name_the_iri_and_other_formats(visitor: FlaskClient, path: str) -> None:
    links = _Links(visitor.get(path, headers={"Accept": BROWSER}).text).found
    (canonical,) = [link["href"] for link in links if link.get("rel") == "canonical"]
    assert canonical == f"{DEFAULT_BASE}{path[1:]}"
    others = {str(link["href"]): link["type"] for link in links if link.get("rel") == "alternate"}
    assert set(others.values()) == set(DOCUMENTS.values()) - {"text/html"}
    for address, media_type in others.items():
        response = visitor.get(address)
        assert (response.status_code, response.mimetype) == (200, media_type)


def test_pages_of_links_follow_one_another(visitor: FlaskClient) -> None:
    """Link leads through all of them, in the format that was asked for."""
    address: str | None = "/id/concept/stated.nt?inverse=kg:manner"
    seen: list[str] = []
    before = None
    while address:
        response = visitor.get(address)
        assert response.status_code == 200
        edge = f"<{DEFAULT_BASE}ns#manner> <{DEFAULT_BASE}id/concept/stated>"
        lines = response.text.splitlines()
        seen += [line.partition(" ")[0] for line in lines if line.endswith(f" {edge} .")]
        found = re.findall(r'<([^>]*)>; rel="(\w+)"', response.headers["Link"])
        links = {rel: there for there, rel in found}
        assert links.get("prev") == before
        before, address = address, links.get("next")
    assert len(seen) == len(set(seen)) > 1000


@pytest.mark.parametrize(
    "query",
    [
        *("offset=50", "inverse=manner", "inverse=", "inverse=kg:manner&offset=-1", "nonsense=1"),
        *("inverse=kg:manner&offset=x", "inverse=kg:a&inverse=kg:b", "inverse=%3Ax%20y"),
        *("offset=%B2", "inverse=kg:manner&offset=" + "9" * 30, "inverse=" + "a:" * 5000),
    ],
)
def test_parameters_that_cannot_be(visitor: FlaskClient, query: str) -> None:
    response = visitor.get(f"/id/concept/stated?{query}", headers={"Accept": "*/*"})
    assert response.status_code == 400, query


@pytest.mark.parametrize("query", ["inverse=kg:manner&offset=999999", "inverse=kg:nothing"])
def test_pages_that_are_not_there(visitor: FlaskClient, query: str) -> None:
    assert visitor.get(f"/id/concept/stated?{query}").status_code == 404
