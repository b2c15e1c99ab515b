"""Pages: what is in the graph, examples to run, results for people. None needs a script."""

import html
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.query import EmbeddedEngine
from graph.questions import Question
from graph.release import JSON, DataDirectory, Release
from service.app import create_app
from service.documents import documents
from tests.service.dataset import DETAILS, FIRST, HOSTILE, quads

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Outline(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def ask(client: FlaskClient, query: str, **parameters: str) -> str:
    return client.get("/sparql", query_string={"query": query} | parameters, headers=BROWSER).text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sparql",
        "/examples",
        "/search",
        "/search?q=alpha",
        "/timeline",
        "/timeline?kind=nope",
        "/markets",
        "/markets?year=x",
        "/landscape",
        "/landscape/evidence",
        "/landscape?show=nope",
        "/explore",
        "/explore?view=table",
        "/explore?view=network",
        "/compare",
        "/compare?ids=agent/alpha-bio&ids=agent/beta-cell",
        "/report-a-problem",
        "/report-a-problem?about=https%3A%2F%2Fw3id.org%2Ftherascape%2Fid%2Fagent%2Falpha-bio",
        "/id/agent/alpha-bio",
        "/source/first-report",
        "/problems",
        "/nope",
        "/sparql?query=ASK%7B%7D",
        *(
            f"/sparql?query=SELECT%20*%20%7B%3Fs%20a%20%3Fc%3Brdfs%3Alabel%20%3Fl%7D&view={view}"
            for view in ("table", "matrix", "raw")
        ),
        "/description",
        "/data",
        "/changes",
        "/about",
    ]
    + [f"/docs/{name}" for name in documents()],
)
def test_every_page_is_sound(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=BROWSER)
    outline = Outline(response.text)
    assert response.mimetype == "text/html"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    # Data for search engines, and files of ours; nothing that runs is in the page itself.
    for script in outline.all("script"):
        inside = script == {"type": "application/ld+json"}
        assert inside or str(script["src"]).startswith("/static/")
    # What a browser fetches by itself is here; `canonical` and the like only say something.
    fetched = ("stylesheet", "icon", "preload")
    for link in outline.all("link"):
        assert link["rel"] not in fetched or str(link["href"]).startswith("/static/")
    assert not [tag for tag in ("img", "iframe", "object", "embed") if outline.all(tag)]
    assert not outline.all("style")
    assert not [tag for tag, attributes in outline.tags if "style" in attributes]
    assert len(outline.all("h1")) == len(outline.all("main")) == len(outline.all("title")) == 1
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for link in outline.all("a"):
        address = link.get("href") or ""
        # An export is made when it is asked for; tests of exports do so.
        if address.startswith("/") and not address.startswith("/exports/"):
            assert _status(client.application, address) == 200, address


@cache
def _status(app: Flask, address: str) -> int:
    """The status of an address; many pages lead to the same."""
    return app.test_client().get(address, headers=BROWSER).status_code


def test_the_first_page_says_how_much_is_in_it(client: FlaskClient, release: Release) -> None:
    page = client.get("/").text
    assert f"{release.manifest['counts']['statements']:,} statements" in page
    assert "kg:MarketFigure" in page
    assert release.id in page


def test_the_first_page_names_every_source(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "First Report on Cell Therapy &lt;2025&gt;" in page
    assert "First Insights · published 2025-08 · report F1 · 12 claims" in page
    assert "Second &amp; Sons · 1 claims" in page or "Second &amp; Sons · 1 claim" in page
    assert "Facts only, too." in page
    assert 'href="https://first.example/report?a=1&amp;b=2"' in page


def test_pages_of_figures_are_told_apart_from_reports(client: FlaskClient, tmp_path: Path) -> None:
    before = " ".join(client.get("/").text.split())
    assert "from 2 reports in " in before
    assert "pages of figures" not in before.casefold()
    page: dict[str, JSON] = {
        "slug": "third-page",
        "graph": FIRST.value,
        "title": "[A market]",
        "short_title": "Third <page>",
        "publisher": "Third",
        "data_group": "First Insights",
        "published": None,
        "url": "https://third.example/",
        "read_for": ["market_figures"],
    }
    sources = DETAILS["sources"]
    assert isinstance(sources, list)
    release = DataDirectory(tmp_path).publish(quads(), DETAILS | {"sources": [*sources, page]})
    told = create_app(EmbeddedEngine.over(release), release).test_client().get("/").text
    assert "from 2 reports and 1 page of figures in " in " ".join(told.split())
    assert ">Third &lt;page&gt;</a>" in told
    assert "Third · not dated · data of First Insights" in told
    assert "[A market]" not in told


def test_each_example_has_a_link_that_runs_it(client: FlaskClient) -> None:
    links = [a for a in Outline(client.get("/").text).all("a") if a.get("class") == "run"]
    assert [a["aria-label"] for a in links] == [
        "Run: Who is called <b>what</b>?",
        "Run: Is there anything?",
    ]
    result = client.get(str(links[0]["href"]), headers=BROWSER).text
    assert "34 rows" in result
    assert "Alpha Bio" in result


def test_the_first_page_says_how_to_query(client: FlaskClient) -> None:
    page = client.get("/", base_url="http://127.0.0.1:8123").text
    assert "curl http://127.0.0.1:8123/sparql" in page
    assert "SPARQLWrapper" in page
    assert "pd.read_csv" in page


def test_a_browser_gets_a_form_with_the_query_and_a_table(client: FlaskClient) -> None:
    query = "SELECT ?s ?name {\n ?s rdfs:label ?name }\nORDER BY ?name LIMIT 1"
    page = ask(client, query)
    assert f">\n{html.escape(query)}</textarea>" in page
    assert "1 row " in page
    assert ">id/<wbr>agent/<wbr>" in page
    assert 'title="https://w3id.org/therascape/id/agent/' in page
    assert f'href="/sparql?query={quote("SELECT")}' in page  # downloads keep the query


def test_iris_are_shortened_and_lead_to_what_is_known(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?c { <id/agent/alpha-bio> a ?c }")
    assert 'title="https://w3id.org/therascape/ns#Organisation">kg:Organisation</a>' in page
    link = next(a for a in Outline(page).all("a") if str(a.get("title")).endswith("#Organisation"))
    assert client.get(str(link["href"])).status_code == 200


def test_hostile_text_stays_text(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?n { <id/agent/hostile> rdfs:label ?n } # </textarea><script>")
    assert "<script>" not in page
    assert html.escape(HOSTILE, quote=False).split("&amp;")[0] in html.unescape(
        page.replace("&lt;", "\0")
    ).replace("\0", "&lt;").replace(">", "&gt;")


def test_a_long_result_says_that_it_is_cut(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?v { ?s kg:value ?v }")
    assert "30 rows" in page
    assert "shows the first 10\nof 30 rows" in page
    assert len(re.findall('<td class="number"', page)) == 10


def test_ask_and_graphs_have_pages_too(client: FlaskClient) -> None:
    assert "Yes: true" in ask(client, "ASK {}")
    assert "No: false" in ask(client, "ASK { <urn:a> <urn:b> <urn:c> }")
    page = ask(client, "DESCRIBE <id/agent/alpha-bio>")
    assert ">rdf:type</a>" in page
    assert "format=turtle" in page
    assert "format=csv" not in page


def test_the_query_page_says_what_the_limits_are(client: FlaskClient) -> None:
    page = client.get("/sparql", headers=BROWSER).text
    assert "ended after 30 seconds" in page
    assert "512 MiB" in page
    assert "64 MiB" in page
    assert "20,000 bytes" in page


def test_an_empty_result_says_so(client: FlaskClient) -> None:
    assert "Nothing in this release matches" in ask(client, "SELECT ?s { ?s a <urn:none> }")


def test_notices_and_graphs_are_shown(client: FlaskClient) -> None:
    page = ask(client, "ASK { ?s ?p ?o }", **{"default-graph-uri": "http://no.example/<g>"})
    assert 'name="default-graph-uri" value="http://no.example/&lt;g&gt;"' in page or "400" in page


def test_a_problem_keeps_the_query_and_points_at_the_place(client: FlaskClient) -> None:
    response = client.get(
        "/sparql", query_string={"query": "SELECT * {\n  ?s <b> }"}, headers=BROWSER
    )
    assert response.status_code == 400
    assert "?s &lt;b&gt; }</textarea>" in response.text
    assert "line 2, column" in response.text
    assert "<strong>^</strong>" in response.text


def test_static_files_are_a_closed_list(client: FlaskClient) -> None:
    style = next(a for a in Outline(client.get("/").text).all("link") if a["rel"] == "stylesheet")
    response = client.get(str(style["href"]))
    assert response.content_type == "text/css; charset=utf-8"
    assert "immutable" in response.headers["Cache-Control"]
    assert client.get("/static/favicon.svg").headers["Cache-Control"] == "no-cache"
    for name in ("app.py", "../app.py", "%2e%2e/app.py"):
        assert client.get(f"/static/{name}").status_code == 404


def test_health(client: FlaskClient, release: Release) -> None:
    response = client.get("/health")
    health = response.get_json()
    assert health["status"] == "ok"
    assert health["release"] == release.id
    assert health["counts"]["statements"] == release.manifest["counts"]["statements"]
    assert health["platform"] == ["This system is a test."]
    assert response.headers["Cache-Control"] == "no-store"


def test_a_page_of_the_documentation_runs_its_queries(client: FlaskClient) -> None:
    outline = Outline(client.get("/docs/query-patterns").text)
    runs = [a for a in outline.all("a") if a.get("class") == "run"]
    assert len(runs) == documents()["query-patterns"].text.count("```sparql")
    assert "kg:placeWithin*" in client.get(str(runs[0]["href"]), headers=BROWSER).text


def test_the_pages_of_the_documentation_lead_to_each_other(client: FlaskClient) -> None:
    page = client.get("/docs/query-patterns").text
    assert 'href="/docs/data-model"' in page
    assert '.md"' not in page
    assert "&lt;!--" not in client.get("/docs/adding-a-source").text
    problem = client.get("/docs/nonsense")
    assert problem.status_code == 404
    assert "query-patterns" in problem.text


def test_the_first_page_shows_what_was_computed(release: Release) -> None:
    query = """SELECT ("A kind" AS ?kind) ("1 < 2" AS ?finding) ("P" AS ?reports)
        ("S" AS ?sections) {}"""
    example = Question("computed-findings", "What follows?", "comparison", query)
    app = create_app(EmbeddedEngine.over(release), release, examples=[example])
    page = app.test_client().get("/").text
    assert "<dt>A kind</dt><dd>1 &lt; 2" in page
    assert "P: S" in page
