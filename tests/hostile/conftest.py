"""The shipped data, built once, and services over copies of what a test may spoil."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from graph.build import build
from graph.release import DataDirectory
from tests.hostile.server import Service

Serve = Callable[..., Service]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a release of the shipped seeds."""
    folder = tmp_path_factory.mktemp("built")
    build(DataDirectory(folder))
    return folder


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service over a data directory, with flags; it must end without leaving a process."""
    with ExitStack() as services:

        def start(data: Path, *arguments: str) -> Service:
            return services.enter_context(Service(data, *arguments))

        yield start
