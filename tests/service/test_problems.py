"""Every error has a row, a stable type, and a form for programs and one for people."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import Gone

from graph.errors import GraphError
from graph.query import (
    Answer,
    DeadlineExceeded,
    EngineFailure,
    EngineUnavailable,
    Job,
    MemoryExceeded,
    QueryCancelled,
    QueryIdInUse,
    QueryTooDeep,
    QueueFull,
    RemoteAccessRefused,
    Request,
    ResultTooLarge,
    StoreUnreadable,
)
from graph.release import Release
from graph.remote import DatabaseUnavailable, RemoteError
from graph.update import CuratedGraph, DefaultGraphIsView, DerivedGraph
from service.app import create_app
from service.kinds import KINDS
from service.problems import describe
from service.refusals import BodyTooLarge, PreconditionFailed, RequestTimeout


class BrokenEngine:
    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
        raise self.error or RuntimeError(f"secret {request.query}")


@pytest.fixture
def broken(release: Release) -> Flask:
    return create_app(BrokenEngine(), release)


def leaves(error: type[Exception]) -> Iterator[type[Exception]]:
    """The exceptions without subclasses under this one."""
    below = error.__subclasses__()
    for subclass in below:
        yield from leaves(subclass)
    if not below:
        yield error


def test_every_error_of_the_engine_has_a_row() -> None:
    covered = {exception for kind in KINDS for exception in kind.exceptions}
    ours = ("graph.query", "graph.update", "graph.journal", "service.refusals")
    raised = {error for error in leaves(GraphError) if error.__module__.startswith(ours)}
    assert raised <= covered


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (DeadlineExceeded(30), 504, "deadline-exceeded"),
        (MemoryExceeded(512), 507, "memory-exceeded"),
        (ResultTooLarge(2, 1), 507, "result-too-large"),
        (QueryTooDeep(1, 2, "deep"), 400, "query-too-deep"),
        (RemoteAccessRefused(1, 2, "SERVICE"), 403, "remote-access-refused"),
        (EngineFailure("it failed"), 500, "engine-failure"),
        (StoreUnreadable(), 500, "store-unreadable"),
        (QueueFull(64, 7), 503, "queue-full"),
        (EngineUnavailable("it starts"), 503, "engine-unavailable"),
        (QueryCancelled("ended"), 409, "query-cancelled"),
        (QueryIdInUse("x"), 409, "query-id-in-use"),
        (CuratedGraph("urn:g", "seeds/x"), 409, "curated-graph"),
        (DerivedGraph("urn:g"), 409, "derived-graph"),
        (DefaultGraphIsView(), 409, "default-graph-is-view"),
        (RequestTimeout("slow"), 408, "request-timeout"),
        (BodyTooLarge("large"), 413, "body-too-large"),
        (PreconditionFailed("changed"), 412, "precondition-failed"),
    ],
)
def test_the_types_that_programs_may_rely_on(error: Exception, status: int, name: str) -> None:
    problem = describe(error)
    assert (problem.kind.name, problem.kind.status) == (name, status)
    assert problem.as_dict()["type"] == f"https://w3id.org/therascape/problems#{name}"


@pytest.mark.parametrize(("error", "seconds"), [(QueueFull(64, 7), 7), (EngineUnavailable("x"), 2)])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_who_is_to_come_back_is_told_when(
    release: Release, error: Exception, seconds: int, accept: str
) -> None:
    client = create_app(BrokenEngine(error), release).test_client()
    response = client.get("/sparql?query=ASK{}", headers={"Accept": accept})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == str(seconds)
    if accept != "text/html":
        assert response.get_json()["retry_after"] == seconds


@pytest.mark.parametrize(
    ("query", "line", "column", "token"),
    [
        ("ASK {\n ?s ?p }", 2, 8, "}"),
        ("ASK { ?s ?p 'a\nb' }", 1, 13, "'"),
        ("ASK { ?s ?p 'a' 'b' }", 1, 17, "'b'"),
        ("ASK {", 1, 5, "{"),
        ("SELECT", 1, 7, ""),
        ("ASK { nope:x ?p ?o }", 1, 7, "nope:x"),
        ("ASK { ?s ?p " + "x" * 200 + " }", 1, 13, "x" * 100),
    ],
)
def test_a_syntax_error_names_the_token(
    client: FlaskClient, query: str, line: int, column: int, token: str
) -> None:
    problem = client.get("/sparql", query_string={"query": query}).get_json()
    assert (problem["line"], problem["column"], problem["token"]) == (line, column, token)


def test_names_are_unique_and_every_row_says_what_to_do() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert all(kind.help.endswith(".") and 400 <= kind.status <= 599 for kind in KINDS)


def test_an_internal_error_tells_nothing_but_is_logged(
    broken: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = broken.test_client().get("/sparql?query=ASK{}")
    assert response.status_code == 500
    assert response.mimetype == "application/problem+json"
    assert b"secret" not in response.data
    assert "secret" in caplog.text


def test_an_error_of_http_alone_has_no_type_of_ours() -> None:
    assert describe(Gone()).as_dict()["type"] == "about:blank"


def test_an_unknown_exception_is_an_internal_error() -> None:
    assert describe(ZeroDivisionError()).kind.name == "internal-error"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_wrong_address(client: FlaskClient, accept: str) -> None:
    response = client.get("/nope/<x>", headers={"Accept": accept})
    assert response.status_code == 404
    assert response.mimetype == {"text/html": "text/html"}.get(accept, "application/problem+json")
    assert response.headers["Therascape-Release"]
    assert b"<x>" not in response.data


def test_the_page_of_problems_has_an_anchor_for_every_type(client: FlaskClient) -> None:
    page = client.get("/problems").text
    for kind in KINDS:
        assert f'id="{kind.name}"' in page
        assert kind.type in page


def test_a_strange_host_header_is_refused_without_failing(client: FlaskClient) -> None:
    for path in ("/", "/nope"):
        response = client.get(path, headers={"Host": 'x"><script>', "Accept": "text/html"})
        assert b"<script>" not in response.data
        assert response.status_code < 500


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/landscape"])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_what_a_database_said_is_for_the_log_alone(
    release: Release, caplog: pytest.LogCaptureFixture, accept: str, path: str
) -> None:
    error = RemoteError(
        "the database at http://db.internal/ answers 500: \x1b[2J password=hunter2" + "x" * 5000,
        "the database behind this service answers with status 500",
    )
    client = create_app(BrokenEngine(error), release).test_client()
    response = client.get(path, headers={"Accept": accept, "Query-Id": "mine"})
    assert response.status_code == 502
    assert "status 500" in response.text
    assert "hunter2" not in response.text
    assert "db.internal" not in response.text
    found = [one for one in caplog.records if getattr(one, "event", "") == "database-failed"]
    assert [vars(one)["id"] for one in found] == ["mine"]
    said = found[0].getMessage()
    assert "password=hunter2" in said
    assert "\\x1b[2J" in said
    assert len(said) <= 1000


def test_a_database_that_is_away_is_not_being_started(
    release: Release, caplog: pytest.LogCaptureFixture
) -> None:
    error = DatabaseUnavailable(
        "the database at http://db.internal/ cannot be reached", "it is away"
    )
    client = create_app(BrokenEngine(error), release).test_client()
    response = client.get("/sparql?query=ASK{}", headers={"Accept": "application/json"})
    problem = response.get_json()
    assert (response.status_code, problem["type"].partition("#")[2]) == (
        503,
        "database-unavailable",
    )
    assert response.headers["Retry-After"] == "5"
    assert problem["detail"] == "it is away"
    assert "started" not in problem["help"]
    assert caplog.records == []  # it is said once, by who looks
