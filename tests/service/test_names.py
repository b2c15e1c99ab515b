from collections.abc import Callable

import pytest

from graph.query import Answer, EmbeddedEngine, Job, MemoryExceeded, QueryCancelled, Request
from graph.release import Release
from graph.search import Search
from service.app import create_app
from service.names import Searching


def failing(times: int, error: Exception) -> tuple[Callable[[], Search], list[int]]:
    tried: list[int] = []

    def make() -> Search:
        tried.append(1)
        if len(tried) <= times:
            raise error
        return Search((), "urn:base:")

    return make, tried


def test_it_is_made_once() -> None:
    make, tried = failing(0, ValueError())
    searching = Searching(make)
    assert searching() is searching()
    assert len(tried) == 1


def test_what_is_too_large_is_not_tried_again() -> None:
    make, tried = failing(1, MemoryExceeded(512))
    searching = Searching(make)
    for _ in range(3):
        with pytest.raises(MemoryExceeded):
            searching()
    assert len(tried) == 1


def test_what_fails_otherwise_is_tried_again() -> None:
    make, tried = failing(1, QueryCancelled("who asked has left"))
    searching = Searching(make)
    with pytest.raises(QueryCancelled):
        searching()
    assert searching() is searching()
    assert len(tried) == 2


class ManyNames:
    """An engine whose query for all names needs too much."""

    def __init__(self, release: Release) -> None:
        self._engine = EmbeddedEngine.over(release)

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:
        if "Everything that can be searched for" in request.query:
            raise MemoryExceeded(512)
        return self._engine.evaluate(request, job)


def test_a_service_with_too_many_names_says_so_and_answers_all_else(release: Release) -> None:
    client = create_app(ManyNames(release), release).test_client()
    for _ in range(2):
        refused = client.get("/search?q=alpha")
        assert refused.status_code == 507
        assert b"memory" in refused.data
    assert client.get("/sparql?query=ASK{}").status_code == 200
    assert client.get("/id/agent/alpha-bio", headers={"Accept": "text/html"}).status_code == 200
