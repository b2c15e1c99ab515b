"""Two services for the clients that people use: one with reports, one that begins empty."""

from collections.abc import Iterator

import pytest

from tests.hostile.server import Service
from tests.service.dataset import publish


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over a small release, whose default graph is the merge of its graphs."""
    folder = tmp_path_factory.mktemp("reports")
    publish(folder)
    with Service(folder, "--deadline", "10", "--workers", "2", "--worker-memory", "128") as found:
        yield found


@pytest.fixture(scope="session")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service for data of one's own, with the default graph of SPARQL."""
    folder = tmp_path_factory.mktemp("own")
    flags = ("--empty", "--default-graph", "strict", "--workers", "2", "--worker-memory", "128")
    with Service(folder, *flags) as found:
        yield found


@pytest.fixture
def endpoint(service: Service) -> str:
    """The address for queries and updates."""
    return f"{service.address}sparql"
