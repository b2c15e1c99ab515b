"""Applications over what is shipped, for the tests of pages that show much of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app
from tests.browser.history import History
from tests.service.pages.shipped import relabelled_client
from tests.service.pages.whole import Given, given_once, read_given, whole_application


@pytest.fixture(scope="session")
def shipped(landscape_release: Release, landscape_engine: EmbeddedEngine) -> FlaskClient:
    """A client of the shipped seeds."""
    return create_app(landscape_engine, landscape_release).test_client()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, landscape_store: Store) -> FlaskClient:
    """A client of the same with hostile names."""
    return relabelled_client(tmp_path_factory.mktemp("hostile"), landscape_store)


@pytest.fixture(scope="session")
def given_folder(tmp_path_factory: pytest.TempPathFactory, history: History) -> Path:
    """A folder with the answer for every page, as NAME.html."""
    return given_once(tmp_path_factory, history)


@pytest.fixture(scope="session")
def given(given_folder: Path) -> Mapping[str, Given]:
    """The answer for every page, by its name."""
    return read_given(given_folder)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory, history: History) -> Iterator[FlaskClient]:
    """A client of the whole application: see `whole_application`."""
    app, archive = whole_application(history, tmp_path_factory.mktemp("reports"))
    yield app.test_client()
    archive.stop()
