"""One server for all suites: each test loads what it needs, or empties it first."""

from collections.abc import Iterator

import pytest

from tests.w3c import process
from tests.w3c.client import Client, Target


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """A running server of its own."""
    with process.served(tmp_path_factory.mktemp("w3c")) as target:
        yield target


@pytest.fixture(scope="session")
def client(target: Target) -> Client:
    """A client of that server."""
    return Client(target)
