"""A service with several processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.conftest import Server
from tests.service.processes.several import serving, writable


@pytest.fixture
def own(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of its own, that may be written to."""
    return writable(data, tmp_path / "own", monkeypatch)


@pytest.fixture(scope="module")
def several(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that may be written to, for all tests of a module."""
    with serving(data, tmp_path_factory.mktemp("several")) as server:
        yield server
