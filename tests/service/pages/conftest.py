"""Applications over what is shipped, for the tests of pages that show much of it."""

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Store

from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app
from tests.service.pages.shipped import relabelled_client


@pytest.fixture(scope="session")
def shipped(landscape_release: Release) -> FlaskClient:
    """A client of the shipped seeds."""
    return create_app(EmbeddedEngine.over(landscape_release), landscape_release).test_client()


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory, landscape_store: Store) -> FlaskClient:
    """A client of the same with hostile names."""
    return relabelled_client(tmp_path_factory.mktemp("hostile"), landscape_store)
