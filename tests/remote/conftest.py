"""The shipped landscape in each database, loaded once for a worker."""

import os
from collections.abc import Iterator

import pytest

from graph.query import EmbeddedEngine
from graph.release import Release
from graph.remote import RemoteClient
from tests.remote.loaded import Loaded
from tests.remote.servers import ENGINES, Running, start


@pytest.fixture(scope="session", params=ENGINES)
def remote(request: pytest.FixtureRequest, landscape_release: Release) -> Iterator[RemoteClient]:
    """An engine elsewhere over the shipped landscape."""
    loaded = Loaded(request.param)
    try:
        yield loaded.over(landscape_release)
    finally:
        loaded.close()


@pytest.fixture(scope="session")
def embedded(landscape_release: Release) -> EmbeddedEngine:
    """The embedded engine over the same."""
    return EmbeddedEngine.over(landscape_release)


@pytest.fixture(scope="module", params=ENGINES)
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    """A database with nothing in it, which tests may do with as they like."""
    started = start(request.param)
    yield started
    started.stop()


@pytest.fixture(scope="module")
def databases() -> Iterator[tuple[Running, Running]]:
    """Two of them, of the kind that starts soonest."""
    both = start("oxigraph"), start("oxigraph")
    yield both
    for one in both:
        one.stop()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("THERASCAPE_")]:
        monkeypatch.delenv(name)
