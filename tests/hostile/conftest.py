"""The shipped data, and services over copies of what a test may spoil."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree

import pytest

from tests.hostile.server import Service

Serve = Callable[..., Service]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, landscape_data: Path) -> Path:
    """A data directory with a release of the shipped seeds."""
    return copytree(landscape_data, tmp_path_factory.mktemp("built") / "data", symlinks=True)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a service over a data directory, with flags; it must end without leaving a process."""
    with ExitStack() as services:

        def start(data: Path, *arguments: str) -> Service:
            return services.enter_context(Service(data, *arguments))

        yield start
