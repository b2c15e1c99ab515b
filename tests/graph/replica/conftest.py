"""A publisher with one release, and an empty data directory beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.release import DataDirectory
from tests.graph.replica.publisher import Toy, toy_publisher
from tests.service.dataset import publish


@pytest.fixture
def toy(tmp_path: Path) -> Iterator[Toy]:
    publish(tmp_path / "publisher")
    with toy_publisher(DataDirectory(tmp_path / "publisher")) as toy:
        yield toy


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "replica")
