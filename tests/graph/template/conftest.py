"""A template over a small release, started as the service does it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.query import Formats, Request
from graph.release import Release
from graph.template.client import Template, start_template
from graph.template.options import Options
from tests.service.dataset import publish

Start = Callable[..., Template]
JSON = "application/sparql-results+json"
#: Runs until somebody ends it, and takes no memory to speak of.
ENDLESS = (
    "ASK { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 }"
    " VALUES ?c { 0 1 2 3 4 5 6 7 8 9 } VALUES ?d { 0 1 2 3 4 5 6 7 8 9 }"
    " VALUES ?e { 0 1 2 3 4 5 6 7 8 9 } VALUES ?f { 0 1 2 3 4 5 6 7 8 9 }"
    " VALUES ?g { 0 1 2 3 4 5 6 7 8 9 } VALUES ?h { 0 1 2 3 4 5 6 7 8 9 }"
    " VALUES ?i { 0 1 2 3 4 5 6 7 8 9 } FILTER(?a + ?b + ?c + ?d + ?e + ?f + ?g + ?h + ?i > 99) }"
)
MEMORY_BOMB = (
    "SELECT ?k (GROUP_CONCAT(STR(?a)) AS ?x) { VALUES ?k { 1 2 } ?a ?b ?c . ?d ?e ?f ."
    " ?g ?h ?i . ?j ?m ?n . ?o ?q ?r } GROUP BY ?k"
)


def asking(query: str) -> Request:
    return Request(query, Formats(JSON, "text/turtle"))


@pytest.fixture
def small(tmp_path: Path) -> Release:
    return publish(tmp_path / "data")


@pytest.fixture
def start(tmp_path: Path, small: Release) -> Iterator[Start]:
    """Start a template with these options; it is stopped in the end."""
    started: list[Template] = []

    def begin(**options: Any) -> Template:
        given = {"deadline": 10.0, "worker_memory": 128, **options}
        template = start_template(
            Options(data=str(tmp_path / "data"), release=small.id, socket="", **given)
        )
        started.append(template)
        return template

    yield begin
    for template in started:
        template.stop()
