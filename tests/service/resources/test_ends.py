"""What is not there, was withdrawn or merged; a base of one's own; what somebody wrote."""

import json
import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from tests.service.resources.conftest import BASE, HOSTILE

PAGE = {"Accept": "text/html"}
TURTLE = {"Accept": "text/turtle"}


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/id/agent/terumo-bt", "http://localhost/id/agent/terumo-bct"),
        ("/id/agent/terumo-bt.ttl", "http://localhost/id/agent/terumo-bct"),
        ("/id/claim/aa-cgt-fig-9", "http://localhost/id/claim/aa-cgt-fig-1"),
        ("/source/coherent-cellular-imunotherapy", None),
        ("/graph/audits", "http://localhost/graph/audit"),
        ("/id/agent/xxxxxxxxqqqqqqq", ""),
    ],
)
def test_what_is_not_there_has_neighbours(
    visitor: FlaskClient, path: str, near: str | None
) -> None:
    response = visitor.get(path, headers=TURTLE)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    found = response.get_json(force=True).get("near", [])
    assert near in found if near else bool(found) == (near is None), found
    assert visitor.get(path, headers=PAGE).status_code == 404


def test_what_was_withdrawn_is_gone(other: FlaskClient) -> None:
    for path in ("/id/agent/gone", "/id/agent/gone.ttl", "/id/agent/gone?inverse=kg:about"):
        response = other.get(path, headers=TURTLE)
        assert response.status_code == 410
        assert "it was counted twice" in response.get_json(force=True)["detail"]
        assert response.get_json(force=True)["type"].endswith("#resource-gone")


@pytest.mark.parametrize("rest", ["", ".nt", ".html", "?inverse=kg:about", ".ttl?format=nt"])
def test_what_was_merged_leads_on(other: FlaskClient, rest: str) -> None:
    response = other.get(f"/id/agent/merged{rest}", headers=TURTLE)
    assert response.status_code == 301
    assert response.headers["Location"] == f"/id/agent/live{rest}"


def test_nobody_withdraws_a_thing_by_writing(other: FlaskClient) -> None:
    assert other.get("/id/agent/live", headers=TURTLE).status_code == 200


def test_the_base_may_be_ones_own(other: FlaskClient) -> None:
    response = other.get("/id/agent/live", headers=TURTLE)
    assert f'<{BASE}id/agent/live>; rel="canonical"' in response.headers["Link"]
    assert f"{BASE}id/agent/live".encode() in response.data
    page = other.get("/id/agent/hostile", headers=PAGE).text
    assert 'href="/ns#Organisation"' in page
    # What is under the default base is none of ours here.
    assert other.get("/id/agent/alpha-bio", headers=TURTLE).status_code == 404


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_what_somebody_wrote_stays_text(other: FlaskClient) -> None:
    page = other.get("/id/agent/hostile", headers=PAGE).text
    tags = _Tags(page).tags
    scripts = [attrs for tag, attrs in tags if tag == "script"]
    ours = [attrs for attrs in scripts if str(attrs.get("src")).startswith("/static/")]
    assert [a for a in scripts if a not in ours] == [{"type": "application/ld+json"}]
    assert not [tag for tag, attrs in tags if tag == "img" or "onerror" in attrs]
    links = [str(attrs["href"]) for tag, attrs in tags if tag == "a"]
    assert not [link for link in links if link.startswith(("javascript:", "//"))]
    assert "http://x.example/?a=1&b=%22" in links
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(block)["name"] == HOSTILE
    for name in ("mine", "reference"):
        assert other.get(f"/graph/{name}", headers=PAGE).status_code == 200


def test_a_written_graph_says_so(other: FlaskClient) -> None:
    assert "written to this service" in other.get("/graph/mine", headers=PAGE).text
    assert "made from files" in other.get("/graph/reference", headers=PAGE).text


def test_a_graph_is_complete(visitor: FlaskClient) -> None:
    body = visitor.get("/graph/derived", headers=TURTLE).data
    counts = visitor.application.extensions["therascape"].counts["graphs"]
    triples = {str(q) for q in parse(body, format=RdfFormat.TURTLE)}
    assert len(triples) == counts["https://w3id.org/therascape/graph/derived"]


def test_blank_nodes_have_no_address(visitor: FlaskClient) -> None:
    for label in ("b0", "%2F..%2F", "x" * 9000, "a%00b", "a.ttl", "%3E%3C"):
        response = visitor.get(f"/.well-known/genid/{label}", headers=TURTLE)
        assert response.status_code == 404, label
