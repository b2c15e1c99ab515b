"""A database elsewhere gives the answers of the embedded engine."""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from graph.query import (
    EmbeddedEngine,
    Formats,
    QueryError,
    QuerySyntaxError,
    RemoteAccessRefused,
    Request,
    UnsupportedFunction,
    UpdateRefused,
)
from graph.questions import questions
from graph.release import Release
from graph.remote import NotMerged, RemoteClient
from tests.docs.markdown import ROOT
from tests.remote.differences import expected_difference
from tests.remote.landscape_questions import MORE, SOME, Asked, landscape_answer, words

pytestmark = pytest.mark.timeout(180)  # the first test of each loads it

JSON, N_TRIPLES = "application/sparql-results+json", "application/n-triples"
ALL = questions()
#: One in so many questions is asked of every engine in a usual run, all of them by `exhaustive`.
EVERY = 6
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
PATTERNS = tomllib.loads(Path(__file__).with_name("patterns.toml").read_text("utf-8"))


def answered(engine: EmbeddedEngine | RemoteClient, query: str) -> object:
    """The answer without the order of its rows."""
    answer = engine.evaluate(Request(query, Formats(JSON, N_TRIPLES)))
    if answer.form == "graph":
        return set(answer.body.splitlines())
    found = json.loads(answer.body)
    if answer.form == "boolean":
        return found["boolean"]
    rows = Counter(
        tuple(sorted((name, tuple(sorted(_open(term).items()))) for name, term in row.items()))
        for row in found["results"]["bindings"]
    )
    return found["head"]["vars"], rows


def _open(term: dict[str, str]) -> dict[str, str]:
    """A term without what SPARQL 1.1 leaves open: GROUP_CONCAT joins in any order (18.5.1.7)."""
    if "; " not in term["value"]:
        return term
    return {"type": term["type"], "value": "; ".join(sorted(term["value"].split("; ")))}


def _same(remote: RemoteClient, embedded: EmbeddedEngine, query: str) -> None:
    assert answered(remote, query) == answered(embedded, query)


@pytest.mark.parametrize("name", PATTERNS)
def test_each_pattern(
    remote: RemoteClient, embedded: EmbeddedEngine, name: str, request: pytest.FixtureRequest
) -> None:
    with expected_difference(request):
        _same(remote, embedded, PATTERNS[name])


@pytest.mark.parametrize("question", ALL[::EVERY], ids=lambda question: question.id)
def test_a_question_in_so_many(
    remote: RemoteClient,
    embedded: EmbeddedEngine,
    question: object,
    request: pytest.FixtureRequest,
) -> None:
    with expected_difference(request):
        _same(remote, embedded, question.query)  # type: ignore[attr-defined]


@pytest.mark.exhaustive
@pytest.mark.parametrize("question", ALL, ids=lambda question: question.id)
def test_every_question(
    remote: RemoteClient,
    embedded: EmbeddedEngine,
    question: object,
    request: pytest.FixtureRequest,
) -> None:
    with expected_difference(request):
        _same(remote, embedded, question.query)  # type: ignore[attr-defined]


def _same_answer(remote: RemoteClient, embedded: EmbeddedEngine, asked: Asked) -> None:
    there, here = landscape_answer(remote, asked), landscape_answer(embedded, asked)
    assert here.rows
    assert there.rows == here.rows
    assert there == here


@pytest.mark.parametrize("asked", SOME, ids=words)
def test_a_question_is_answered_alike(
    remote: RemoteClient, embedded: EmbeddedEngine, asked: Asked
) -> None:
    _same_answer(remote, embedded, asked)


@pytest.mark.exhaustive
@pytest.mark.parametrize("asked", MORE, ids=words)
def test_more_questions_are_answered_alike(
    remote: RemoteClient, embedded: EmbeddedEngine, asked: Asked
) -> None:
    _same_answer(remote, embedded, asked)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }", RemoteAccessRefused),
        ("SELECT * { SERVICE SILENT <http://127.0.0.1:1/sparql> { } }", RemoteAccessRefused),
        ("SELECT * { ?s ?p ?o FILTER(<http://127.0.0.1:1/f>(?s)) }", UnsupportedFunction),
        ("SELECT (<bif:exec>(1) AS ?x) {}", QueryError),
        ('SELECT * { ?s <bif:contains> "x" }', QuerySyntaxError),
        ('DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }', QueryError),
        ('define input:grab-all "yes" SELECT * { ?s ?p ?o }', QuerySyntaxError),
        ("DELETE WHERE { ?s ?p ?o }", UpdateRefused),
        ("LOAD <http://127.0.0.1:1/>", RemoteAccessRefused),
        ("SELECT * { ?s <java:java.lang.System> ?o }", QuerySyntaxError),
        ("SELECT ?x { ?x ?y", QuerySyntaxError),
        ("SELECT * { ?s ?p ?o } LIMIT 1 option (any)", QuerySyntaxError),
    ],
)
def test_what_is_refused_here_is_refused_there(
    remote: RemoteClient, embedded: EmbeddedEngine, query: str, error: type[QueryError]
) -> None:
    with pytest.raises(error) as raised:
        answered(remote, query)
    if "bif:contains" not in query and "java:" not in query:
        with pytest.raises(type(raised.value)) as same:
            answered(embedded, query)
        assert str(same.value) == str(raised.value)


def test_a_comment_is_no_command(remote: RemoteClient) -> None:
    """Some engines read commands in comments; ours do not get there."""
    commented = "#pragma something\n# define input:grab-all 'yes'\nSELECT (COUNT(*) AS ?n) {}"
    assert answered(remote, commented) == answered(remote, "SELECT (COUNT(*) AS ?n) {}")


@pytest.mark.parametrize("media", ["text/csv", "text/tab-separated-values", JSON])
def test_every_format_is_written_here(
    remote: RemoteClient, embedded: EmbeddedEngine, media: str
) -> None:
    query = "SELECT ?s ?l { ?s a kg:Organisation ; rdfs:label ?l } ORDER BY ?s ?l"
    request = Request(query, Formats(media, None))
    assert remote.evaluate(request).body == embedded.evaluate(request).body


@pytest.mark.parametrize("media", ["text/turtle", "application/rdf+xml", "application/ld+json"])
def test_every_format_of_graphs_is_written_here(
    remote: RemoteClient, embedded: EmbeddedEngine, media: str
) -> None:
    request = Request(
        "DESCRIBE <https://w3id.org/therascape/id/place/brazil>", Formats(None, media)
    )
    assert remote.evaluate(request).body == embedded.evaluate(request).body


def test_a_misspelt_term_is_told(remote: RemoteClient, embedded: EmbeddedEngine) -> None:
    request = Request("SELECT ?s { ?s a kg:Organization }", Formats(JSON, None))
    said = remote.evaluate(request).notices
    assert said == embedded.evaluate(request).notices
    assert "kg:Organisation" in said[0]


def test_a_graph_that_is_not_there_is_told(remote: RemoteClient, embedded: EmbeddedEngine) -> None:
    request = Request("ASK {}", Formats(JSON, None), ("urn:nowhere",), ("urn:neither",))
    answer, same = remote.evaluate(request), embedded.evaluate(request)
    assert (answer.missing_graphs, answer.notices) == (same.missing_graphs, same.notices)


def test_several_graphs_are_merged_or_refused(
    remote: RemoteClient, embedded: EmbeddedEngine, landscape_release: Release
) -> None:
    names = tuple(landscape_release.manifest["counts"]["graphs"])[:3]
    request = Request("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", Formats(JSON, None), names)
    if remote.asking.dialect.merges:
        assert remote.evaluate(request).body == embedded.evaluate(request).body
    else:
        with pytest.raises(NotMerged):
            remote.evaluate(request)


def test_what_varies_is_known(remote: RemoteClient) -> None:
    assert not remote.evaluate(Request("SELECT (NOW() AS ?n) {}", Formats(JSON, None))).repeatable
    assert remote.evaluate(Request("SELECT (1 AS ?n) {}", Formats(JSON, None))).repeatable


def test_the_limits_that_the_docs_name_are_those_that_are_found(remote: RemoteClient) -> None:
    dialect = remote.asking.dialect
    assert dialect.row_cap is None or dialect.row_cap == 1_048_576
    assert not dialect.merges
    if remote.asking.database.credentials.user is None:  # the Oxigraph server
        assert dialect.limits == {}
    else:
        assert {
            "blank nodes by BNODE",
            "CONCAT of what is not bound",
            "EXISTS twice in a value",
            "booleans of expressions",
            "division of integers",
        } <= dialect.limits.keys()


def documented_rows(head: str) -> dict[str, str]:
    """First and second column of the table whose head begins so."""
    (table,) = re.findall(rf"^\| {re.escape(head)} \|.*\n(?:\|.*\n)+", PAGE, re.MULTILINE)
    cells = [line.split(" | ") for line in table.splitlines()[2:]]
    return {first.removeprefix("| "): second for first, second, *_ in cells}


def test_the_limits_of_each_database_are_documented(
    request: pytest.FixtureRequest, remote: RemoteClient
) -> None:
    """Name and words of the table are those that /health has."""
    documented = {"virtuoso": documented_rows("in `/health`"), "oxigraph": {}}
    assert "the Oxigraph server none" in PAGE
    engine = request.node.callspec.params["remote"]
    assert documented[engine] == remote.asking.dialect.limits
    # Of both it is said that they do not merge graphs.
    assert "several graphs in `FROM` are not merged" in PAGE
    assert "It does not merge several graphs" in PAGE
    assert not remote.asking.dialect.merges
