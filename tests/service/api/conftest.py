"""The application with made-up questions, over the small release of the service's tests."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.network.calls import LocalTraversal
from graph.network.reading import read_network
from graph.query import EmbeddedEngine
from graph.release import Release
from service.app import create_app
from tests.service.api.made_up import QUESTIONS


@pytest.fixture(scope="session")
def made_up(release: Release) -> Flask:
    return create_app(
        EmbeddedEngine.over(release),
        release,
        network=LocalTraversal(read_network(release)),
        named=QUESTIONS,
    )


@pytest.fixture
def api(made_up: Flask) -> FlaskClient:
    return made_up.test_client()
