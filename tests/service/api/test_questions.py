"""Questions over HTTP: JSON and CSV, parts and order, and what is refused with which words."""

import io
import threading

import pandas
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from graph.query import Answer, EmbeddedEngine, Job, Request
from graph.release import Release
from graph.search import Search
from service.app import create_app
from service.settings import Settings
from tests.service.api.made_up import COLUMNS, QUESTIONS

EVERYTHING = "/api/v1/questions/everything"
ALPHA = "https://w3id.org/therascape/id/agent/alpha-bio"


def test_an_answer_has_all_that_it_rests_on(api: FlaskClient, release: Release) -> None:
    response = api.get(f"{EVERYTHING}?company=Alpha+Bio&deep=yes&others=agent/beta-cell")
    found = response.get_json()
    assert response.status_code == 200
    assert found["release"] == response.headers["Therascape-Release"] == release.id
    assert found["question"] == "everything"
    assert found["understood"] == {
        "company": ALPHA,
        "others": ["https://w3id.org/therascape/id/agent/beta-cell"],
        "level": "a",
        "until": None,
        "least": 30,
        "deep": True,
        "words": [],
    }
    assert [column["name"] for column in found["columns"]] == [column.name for column in COLUMNS]
    assert (found["total"], found["limit"], found["offset"]) == (4, 100, 0)
    first = found["rows"][1]
    assert first["who"] == {"iri": ALPHA, "label": "Alpha Bio", "type": "agent"}
    assert (first["number"], first["value"], first["first"]) == (1, 0.25, False)
    assert first["evidence"][0]["tie"] == "stated"
    assert found["completeness"][0]["no"] == "not stated"
    assert found["notes"] == ["This is made up."]
    rows = api.get("/sparql", query_string={"query": found["sparql"]}).get_json(force=True)
    assert len(rows["results"]["bindings"]) == found["total"]
    assert api.get(found["links"]["sparql"]).status_code == 200
    assert api.get(found["links"]["csv"]).mimetype == "text/csv"


def test_csv_is_read_by_pandas_at_its_address(made_up: Flask) -> None:
    server = make_server("127.0.0.1", 0, made_up, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        table = pandas.read_csv(f"http://127.0.0.1:{server.port}{EVERYTHING}.csv?sort=number")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert list(table.columns) == [
        *("who", "who_iri", "with", "with_iri", "note", "number", "value", "first", "since"),
        *("words", "evidence"),
    ]
    assert table["number"].tolist() == [0, 1, 2, 3]
    assert table["value"].isna().tolist() == [True, False, False, False]
    assert table["first"].dtype == bool
    assert table["who_iri"][1] == ALPHA


@pytest.mark.parametrize(
    ("address", "accept", "kind"),
    [
        (EVERYTHING, None, "application/json"),
        (EVERYTHING, "text/csv", "text/csv"),
        (EVERYTHING, "text/csv;q=0.5, application/json", "application/json"),
        (EVERYTHING, "text/html,*/*;q=0.8", "application/json"),
        (f"{EVERYTHING}?format=csv", "application/json", "text/csv"),
        (f"{EVERYTHING}?format=json", "text/csv", "application/json"),
        (f"{EVERYTHING}.csv", "text/html,*/*;q=0.8", "text/csv"),
        ("/api/v1/questions.csv", None, "text/csv"),
        ("/api/v1/search.csv?q=alpha", None, "text/csv"),
        ("/api/v1/suggest.csv?q=alpha", None, "text/csv"),
    ],
)
def test_the_format(api: FlaskClient, address: str, accept: str | None, kind: str) -> None:
    response = api.get(address, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_no_format_fits(api: FlaskClient) -> None:
    response = api.get(EVERYTHING, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.get_json()["offered"] == ["application/json", "text/csv"]


def test_parts_and_order_are_the_same_in_json_and_csv(api: FlaskClient) -> None:
    address = f"{EVERYTHING}?sort=-number&limit=3"
    first = api.get(address)
    found = first.get_json()
    assert [row["number"] for row in found["rows"]] == [3, 2, 1]
    assert found["previous"] is None
    assert first.headers["Link"] == f'<{found["next"]}>; rel="next"'
    second = api.get(found["next"]).get_json()
    assert [row["number"] for row in second["rows"]] == [0]
    assert (second["next"], second["offset"]) == (None, 3)
    assert api.get(second["previous"]).get_json()["rows"] == found["rows"]
    for query in ("sort=-number&limit=3", "sort=-number&limit=3&offset=3"):
        table = pandas.read_csv(io.StringIO(api.get(f"{EVERYTHING}.csv?{query}").text))
        page = api.get(f"{EVERYTHING}?{query}").get_json()
        assert table["number"].tolist() == [row["number"] for row in page["rows"]]


def test_csv_is_whole_unless_told(api: FlaskClient) -> None:
    assert len(api.get(f"{EVERYTHING}.csv").text.splitlines()) == 5
    assert 'rel="next"' in api.get(f"{EVERYTHING}.csv?limit=1").headers["Link"]


def test_a_question_may_have_a_limit_of_its_own(api: FlaskClient) -> None:
    assert api.get("/api/v1/questions/own-limit?limit=3").get_json()["total"] == 3
    assert api.get("/api/v1/questions/own-limit?limit=4").status_code == 400


@pytest.mark.parametrize(
    ("query", "name", "words"),
    [
        ("nope=1", "nope", "there are company, others"),
        ("level=c", "level", "none of a, b"),
        ("until=2025-13", "until", "no date"),
        ("least=31", "least", "from 0 to 30"),
        ("least=1&least=2", "least", "2 times"),
        ("deep=maybe", "deep", "neither true nor false"),
        ("least=", "least", "empty"),
        ("sort=nope", "sort", "no column here; there are who"),
        ("limit=0", "limit", "from 1 to"),
        ("offset=-1", "offset", "from 0 to"),
        ("limit=1&limit=2", "limit", "2 times"),
        ("format=xml", "format", "none of json, csv"),
        ("timeout=0", "timeout", "such as 5 or 0.5"),
        ("timeout=1e9", "timeout", "such as 5 or 0.5"),
    ],
)
@pytest.mark.parametrize("ending", ["", ".csv"])
def test_what_is_refused(api: FlaskClient, query: str, name: str, words: str, ending: str) -> None:
    response = api.get(f"{EVERYTHING}{ending}?{query}")
    problem = response.get_json()
    assert response.content_type == "application/problem+json"
    assert response.status_code == 400
    assert problem["type"].endswith("#invalid-parameter")
    assert problem["parameter"] == name
    assert words in problem["detail"]


def test_an_unknown_name_has_near_ones(api: FlaskClient) -> None:
    problem = api.get(f"{EVERYTHING}?others=Alpha+Bio&others=Gama+Gene").get_json()
    assert (problem["status"], problem["parameter"]) == (404, "others")
    assert problem["type"].endswith("#unknown-entity")
    assert problem["near"] == ["Gamma Gene"]


def test_an_ambiguous_name_has_candidates(release: Release) -> None:
    class Twins(Search):
        def resolve(self, parameter_name: str, text: str, kinds: object = ()) -> str:  # noqa: ARG002
            from graph.search import SeveralOfThatName

            raise SeveralOfThatName(parameter_name, text, (ALPHA, "urn:other"))

    app = create_app(
        EmbeddedEngine.over(release), release, named=QUESTIONS, searching=lambda: Twins((), "")
    )
    response = app.test_client().get(f"{EVERYTHING}?company=Twin")
    assert (response.status_code, response.get_json()["candidates"]) == (409, [ALPHA, "urn:other"])


def test_what_cannot_be_answered_says_why(api: FlaskClient) -> None:
    response = api.get("/api/v1/questions/unanswerable?what=rain")
    assert (response.status_code, response.get_json()["type"][-14:]) == (409, "not-answerable")
    assert "there is no rain in" in response.get_json()["detail"]


def test_a_question_that_there_is_not(api: FlaskClient) -> None:
    response = api.get("/api/v1/questions/everythin")
    assert response.status_code == 404
    assert "did you mean everything?" in response.get_json()["detail"]


def test_head_options_and_conditions(api: FlaskClient) -> None:
    headers = {"Query-Id": "mine"}
    get, head = api.get(EVERYTHING, headers=headers), api.head(EVERYTHING, headers=headers)
    assert (head.data, dict(head.headers)) == (b"", dict(get.headers))
    again = api.get(EVERYTHING, headers={"If-None-Match": get.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    options = api.options(EVERYTHING, headers={"Access-Control-Request-Method": "GET"})
    assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert api.post(EVERYTHING).status_code == 405


def test_notes_are_a_header_of_csv(api: FlaskClient) -> None:
    assert api.get(f"{EVERYTHING}.csv").headers["Therascape-Notice"] == '"This is made up."'


def test_all_steps_share_the_time_of_the_request(release: Release) -> None:
    given: list[float | None] = []

    class Watched:
        def evaluate(self, request: Request, job: Job | None = None) -> Answer:
            assert job is not None
            given.append(job.seconds)
            return EmbeddedEngine.over(release).evaluate(request, job)

    app = create_app(Watched(), release, settings=Settings(deadline=7), named=QUESTIONS)
    client = app.test_client()
    for timeout, most in (("3", 3), ("100", 7)):
        given.clear()
        assert client.get(f"{EVERYTHING}?timeout={timeout}").status_code == 200
        assert given[-1] is not None
        assert most - 1 < given[-1] < most
