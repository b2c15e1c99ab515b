"""Every error has a row, a stable type, and a form for programs and one for people."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import Gone

from graph.errors import GraphError
from graph.query import Answer, Request
from graph.release import Release
from service.app import create_app
from service.kinds import KINDS
from service.problems import describe


class BrokenEngine:
    def evaluate(self, request: Request) -> Answer:
        raise RuntimeError(f"secret {request.query}")


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
    raised = {error for error in leaves(GraphError) if error.__module__.startswith("graph.query")}
    assert raised <= covered


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
