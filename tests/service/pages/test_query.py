"""The query page: views of a result, what leads on from it, and what an editor is told."""

import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from graph.query import (
    Answer,
    DeadlineExceeded,
    Job,
    QueryCancelled,
    Request,
    ResultTooLarge,
)
from graph.release import Release
from hatch_build import Unreachable, tools
from service.app import create_app
from service.pages.query.snippets import snippets
from tests.service.conftest import Server
from tests.service.dataset import HOSTILE
from tests.service.test_pages import Outline

BROWSER = {"Accept": "text/html"}
FIGURES = """SELECT ?s ?year ?v { VALUES (?s ?year ?v) {
  ("One" 2020 1.5) ("One" 2021 2) ("Two" 2020 3) ("Two" 2021 6.25) } }"""
RTL = "\u05e9\u05dc\u05d5\u05dd"


def ask(client: FlaskClient, query: str, **parameters: str) -> str:
    asked = {"query": query} | parameters
    response = client.get("/sparql", query_string=asked, headers=BROWSER)
    assert response.status_code == 200
    return response.text


def tabs(page: str) -> list[str]:
    found = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    assert found
    return re.findall(r">(\w+)</a>", found[0])


def outcome(page: str) -> str:
    return page.partition('id="outcome"')[2].partition("<aside>")[0]


def test_the_short_address_leads_to_the_page_with_what_is_asked(client: FlaskClient) -> None:
    assert client.get("/query").headers["Location"] == "/sparql"
    led = client.get("/query?query=ASK%7B%7D&view=raw&a=%26").headers["Location"]
    assert parse_qs(urlsplit(led).query) == {"query": ["ASK{}"], "view": ["raw"], "a": ["&"]}


@pytest.mark.parametrize("name", ["_scheme", "_external", "_anchor", "endpoint", "values"])
def test_parameters_of_any_name_stay_parameters(client: FlaskClient, name: str) -> None:
    page = ask(client, "SELECT ?n { ?s rdfs:label ?n }", **{name: "javascript"})
    links = re.findall('href="([^"]+)"', page)
    assert not [link for link in links if link.startswith("javascript")]
    assert any(f"{name}=javascript" in unescape(link) for link in links)
    assert client.get(f"/query?{name}=javascript").headers["Location"].startswith("/sparql?")


def test_things_are_shown_by_name_and_lead_to_their_pages(client: FlaskClient) -> None:
    page = ask(client, "SELECT ?s { ?s a kg:Organisation } ORDER BY ?s")
    assert re.search(r'<a href="/id/agent/alpha-bio" title="[^"]+"><bdi>Alpha Bio</bdi></a>', page)
    assert '<span class="short">id/<wbr>agent/<wbr>alpha-bio</span>' in page
    assert "Show IRIs" in page
    assert client.get("/id/agent/alpha-bio", headers=BROWSER).status_code == 200


def test_a_thing_of_a_named_release_leads_to_that_release(
    client: FlaskClient, release: Release
) -> None:
    page = ask(client, "SELECT ?s { ?s a kg:Organisation }", release=release.id)
    assert f'href="/id/agent/alpha-bio?release={release.id}"' in page
    assert f'<input type="hidden" name="release" value="{release.id}">' in page
    assert f"Asked of release <code>{release.id[:12]}</code>" in page


def test_what_is_elsewhere_is_never_followed(client: FlaskClient) -> None:
    page = ask(client, 'SELECT ?a ?b { BIND(IRI("javascript:alert(1)") AS ?a) ?b ?p <urn:y> }')
    shown = outcome(page)
    assert 'href="javascript' not in shown
    assert 'href="http://elsewhere' not in shown
    assert f"/sparql?{urlencode({'query': 'DESCRIBE <javascript:alert(1)>'})}" in shown


def test_views_are_those_that_the_result_has(client: FlaskClient) -> None:
    assert tabs(ask(client, FIGURES)) == ["Table", "Matrix", "Chart", "Raw"]
    assert tabs(ask(client, "SELECT ?n { ?s rdfs:label ?n }")) == ["Table", "Chart", "Raw"]
    pairs = "SELECT ?a ?b { VALUES (?a ?b) { (<urn:a> <urn:b>) } }"
    assert tabs(ask(client, pairs)) == ["Table", "Matrix", "Chart", "Network", "Raw"]
    assert tabs(ask(client, "DESCRIBE <id/agent/alpha-bio>")) == ["Table", "Network", "Raw"]
    assert tabs(ask(client, "ASK {}")) == ["Table", "Raw"]
    assert tabs(ask(client, "SELECT ?n { ?n a <urn:none> }")) == ["Table", "Raw"]
    assert "has no view" in ask(client, "ASK {}", view="network")


def test_a_matrix_has_every_value_as_it_is(client: FlaskClient) -> None:
    page = outcome(ask(client, FIGURES, view="matrix"))
    assert re.findall(r'<th scope="col"><bdi>(\w+)</bdi></th>', page) == ["2020", "2021"]
    assert re.findall(r"<td[^>]*>([\d.]+)</td>", page) == ["1.5", "2", "3", "6.25"]
    assert "6.25" in page.partition('class="key"')[2].partition("</ul>")[0]


def test_the_columns_of_a_matrix_can_be_chosen(client: FlaskClient) -> None:
    page = outcome(ask(client, FIGURES, view="matrix", first="year", second="s", value="-"))
    assert re.findall(r'<th scope="col"><bdi>(\w+)</bdi></th>', page) == ["One", "Two"]
    assert re.findall(r"<td[^>]*>([\d.]+)</td>", page) == ["1", "1", "1", "1"]
    assert '<option value="year" selected>year</option>' in page
    assert "2020" in outcome(ask(client, FIGURES, view="matrix", first="no such column"))


def test_several_values_of_a_cell_stand_side_by_side(client: FlaskClient) -> None:
    query = 'SELECT * { VALUES (?a ?b ?v) { ("x" "y" 1) ("x" "y" 2) ("x" "z" 3) } }'
    page = outcome(ask(client, query, view="matrix"))
    assert "<td>1; 2</td>" in page  # no sum, no mean, and no shade that would need one
    assert "level-" not in page


def test_years_make_lines_and_names_make_bars(client: FlaskClient) -> None:
    lines = outcome(ask(client, FIGURES, view="chart"))
    assert lines.count('class="line"') == 2
    assert lines.count('class="dot"') == 4
    assert "<title>One: 2020: 1.5</title>" in lines
    bars = outcome(ask(client, FIGURES, view="chart", first="s", second="year"))
    assert bars.count('<rect class="bar"') == 4
    assert "One · 2020: 1.5" in bars
    counted = outcome(ask(client, FIGURES, view="chart", first="s", second="-", value="-"))
    assert counted.count('<rect class="bar"') == 2
    for page in (lines, bars):
        assert '<th scope="row"><bdi>' in page  # the same as a table
        assert re.search(r'<svg[^>]*role="img" aria-labelledby="picture-title picture-about"', page)


def test_what_cannot_be_drawn_is_said(client: FlaskClient) -> None:
    query = 'SELECT * { VALUES (?a ?v) { ("x" 1) ("y" UNDEF) ("z" 2e300) } }'
    page = outcome(ask(client, query, view="chart"))
    assert "leaves out 2 rows without a number" in page
    text = 'SELECT * { VALUES (?a ?v) { ("x" "none") } }'
    assert "These columns make no picture" in outcome(ask(client, text, view="chart", value="v"))
    many = "SELECT ?n (1 AS ?v) { ?s rdfs:label ?n . ?t rdfs:label ?m }"
    assert "all but the first 60 of 1,156 bars" in outcome(ask(client, many, view="chart"))


def test_a_network_has_its_links_as_a_table(client: FlaskClient) -> None:
    page = outcome(ask(client, "CONSTRUCT WHERE { ?s a kg:Organisation }", view="network"))
    assert "5 things, 4 links" in page
    assert "<bdi>Alpha Bio</bdi></a></th><td>rdf:type</td>" in page
    assert page.count("<circle") == 5


def test_things_of_one_name_stay_apart(client: FlaskClient) -> None:
    rows = "(<urn:a> <id/agent/alpha-bio> 1) (<urn:a> <id/agent/beta-cell> 2)"
    named = f"SELECT * {{ VALUES (?a ?b ?v) {{ {rows} }} }}"
    same = [("id/agent/alpha-bio", "Same"), ("id/agent/beta-cell", "Same")]
    names = {f"https://w3id.org/therascape/{path}": name for path, name in same}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("service.pages.query.result.names_of", lambda *_: names)
        matrix = outcome(ask(client, named, view="matrix"))
        network = outcome(ask(client, named, view="network", second="b"))
    assert matrix.count("<bdi>Same</bdi>") == 2
    assert re.findall(r"<td[^>]*>(\d)</td>", matrix) == ["1", "2"]
    assert "3 things, 2 links" in network
    assert 'href="/id/agent/alpha-bio"' in network


def test_the_raw_answer_is_shown_as_text(client: FlaskClient) -> None:
    page = outcome(ask(client, "SELECT ?n { <id/agent/hostile> rdfs:label ?n }", view="raw"))
    assert "&#34;bindings&#34;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("view", ["table", "matrix", "chart", "network", "raw"])
@pytest.mark.parametrize(
    "text", [HOSTILE, "</title><script>", "' onload='x", "x" * 10_000, RTL, "🧬\u202e", "\x1b[31m"]
)
def test_hostile_text_breaks_no_view(client: FlaskClient, view: str, text: str) -> None:
    name = json.dumps(text, ensure_ascii=False).replace("\\u001b", "\\u001B")
    query = f"SELECT * {{ VALUES (?a ?b ?v) {{ ({name} <urn:y> 1) ({name} <urn:z> 2) }} }}"
    graph = f"CONSTRUCT {{ <urn:x> rdfs:label {name} ; rdfs:seeAlso <urn:y> }} WHERE {{}}"
    for asked in (query, graph):
        page = ask(client, asked, view=view)
        assert "<script>" not in page
        outline = Outline(page)
        names = {name for _, attributes in outline.tags for name in attributes}
        assert not [name for name in names if name.startswith("on") or name == "style"]
        assert len(outline.all("h1")) == len(outline.all("main")) == 1


def test_a_name_of_a_column_is_text_too(client: FlaskClient) -> None:
    page = ask(client, f"SELECT (1 AS ?{RTL}) (2 AS ?b) {{}}", view="chart")
    assert RTL in page


def test_long_text_is_folded_and_complete(client: FlaskClient) -> None:
    page = outcome(ask(client, f'SELECT ("{"y" * 10_000}" AS ?t) {{}}'))
    assert "10,000 characters</span></summary>" in page
    assert f"</summary>{'y' * 10_000}</details>" in page


def test_each_result_ends_in_a_footnote_and_can_be_shared(
    client: FlaskClient, release: Release
) -> None:
    page = outcome(ask(client, FIGURES, view="matrix", editions="all"))
    note = re.search('<p class="footnote">(.*?)</p>', page)
    assert note
    for part in ("2 reports", "Editions: all", "Result: 4 rows", f"release {release.id[:12]}"):
        assert part in note[1]
    this, latest = (
        urlsplit(unescape(link)) for link in re.findall(r'<copy-link[^>]*><a href="([^"]+)"', page)
    )
    assert this.netloc == latest.netloc == "localhost"
    asked = {"query": [FIGURES], "view": ["matrix"], "editions": ["all"]}
    assert parse_qs(latest.query) == asked
    assert parse_qs(this.query) == asked | {"release": [release.id]}


def test_downloads_are_of_the_result_and_not_of_its_view(client: FlaskClient) -> None:
    page = outcome(ask(client, FIGURES, view="chart", first="s"))
    csv = next(link for link in re.findall('href="([^"]+)"', page) if "format=csv" in link)
    assert "view=" not in csv
    assert client.get(unescape(csv)).text.startswith("s,year,v\r\n")


def test_a_problem_tells_the_editor_where_it_is(client: FlaskClient) -> None:
    asked = {"query": 'SELECT * {\n  ?s <b> "é" . nonsense: }'}
    page = client.get("/sparql", query_string=asked, headers=BROWSER).text
    told = client.get("/sparql", query_string=asked).get_json()
    place = f'data-line="{told["line"]}" data-column="{told["column"]}"'
    assert f'{place} data-token="{told["token"]}"' in page
    assert told["line"] == 2


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (DeadlineExceeded(5, 30), "timeout"),
        (ResultTooLarge(65, 64), "over-budget"),
        (QueryCancelled(), "stale"),
    ],
)
def test_states_are_told_apart(release: Release, error: Exception, state: str) -> None:
    class Failing:
        def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
            raise error

    app = create_app(Failing(), release)
    page = app.test_client().get("/sparql?query=ASK%7B%7D", headers=BROWSER).text
    assert f'<div class="failed {state}">' in page
    assert "ASK{}</textarea>" in page


def test_a_result_without_names_is_still_a_result(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> object:
        raise DeadlineExceeded(5, 30)

    monkeypatch.setattr("service.pages.query.result.names_of", fail)
    page = ask(client, "SELECT ?s { ?s a kg:Organisation }")
    assert "<bdi>Alpha Bio</bdi>" not in page
    assert ">id/<wbr>agent/<wbr>alpha-bio</a>" in page


def test_the_editor_is_told_what_there_is(client: FlaskClient) -> None:
    schema = client.get("/query/schema.json").get_json()
    classes = {one["name"]: one for one in schema["classes"]}
    assert classes["kg:MarketFigure"]["number"] == 30
    assert classes["kg:MarketFigure"]["comment"]
    assert schema["classes"][0]["name"] == "kg:MarketFigure"
    properties = {one["name"]: one["number"] for one in schema["properties"]}
    assert properties["kg:value"] == 30
    assert properties["rdfs:label"] == 34
    assert properties["kg:activeIn"] == 0
    assert schema["prefixes"]["kg"] == "https://w3id.org/therascape/ns#"


def test_each_term_at_the_side_has_a_query_that_runs(client: FlaskClient) -> None:
    page = client.get("/sparql", headers=BROWSER).text
    link = re.search(r'href="([^"]+)" data-name="kg:MarketFigure"', page)
    assert link
    assert "30 rows" in client.get(unescape(link[1]), headers=BROWSER).text


HARD = """# it's "quoted" \\ `back` ${no} 'x' é🧬 %s %20 & + </script>
SELECT ?a ?b { VALUES (?a ?b) { ("it's \\"q\\" \\\\ `${x}` % & + é🧬"@en <urn:b>) } }"""


def program(language: str, query: str, form: str, server: Server, **more: list[str]) -> str:
    made = snippets(f"{server.address}sparql", query, more, form)  # type: ignore[arg-type]
    return next(one.text for one in made if one.language == language)


def run(language: str, text: str, tmp_path: Path) -> str:
    if language == "curl":
        command = ["sh", "-c", text]
    elif language == "Python":
        command = [sys.executable, "-c", text]
    else:
        try:
            node, _ = tools()
        except Unreachable as error:
            pytest.skip(str(error))
        (tmp_path / "ask.mjs").write_text(text, encoding="utf-8")
        command = [str(node), str(tmp_path / "ask.mjs")]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_programs_run_as_they_are(language: str, server: Server, tmp_path: Path) -> None:
    found = run(language, program(language, HARD, "bindings", server), tmp_path)
    assert "urn:b" in found
    assert "é🧬" in found
    asked = run(language, program(language, "ASK { ?s ?p ?o }", "boolean", server), tmp_path)
    assert "true" in asked.lower()
    query = "DESCRIBE <id/agent/alpha-bio>"
    assert "Alpha Bio" in run(language, program(language, query, "graph", server), tmp_path)


@pytest.mark.parametrize("language", ["curl", "Python", "JavaScript"])
def test_programs_ask_what_the_page_asked(language: str, server: Server, tmp_path: Path) -> None:
    graph = "https://w3id.org/therascape/graph/second-report"
    query = "SELECT (COUNT(*) AS ?n) { ?s a kg:Organisation }"
    more = {"default-graph-uri": [graph], "timeout": ["5"], "view": ["chart"]}
    text = program(language, query, "bindings", server, **more)
    assert "chart" not in text
    found = run(language, text, tmp_path)
    assert re.search(r"\b1\b", found)
    assert not re.search(r"\b4\b", found)


def test_text_that_deceives_is_escaped_in_programs(server: Server) -> None:
    for language in ("Python", "R", "JavaScript"):
        text = program(language, "ASK { ?s ?p '\u202e''\u2028' }", "boolean", server)
        assert "\u202e" not in text
        assert "\u2028" not in text


def test_a_program_for_r_has_every_parameter_in_quotes(server: Server) -> None:
    text = program("R", 'ASK { ?s ?p "a\\\\b" }', "boolean", server, release=["x"])
    assert '`release` = "x"' in text
    assert '\\"a\\\\\\\\b\\"' in text
