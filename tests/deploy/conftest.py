"""A service with a small release, as an operator runs it."""

import os
from pathlib import Path

import pytest

from tests.service.dataset import publish


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("THERASCAPE_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with one release."""
    folder = tmp_path_factory.mktemp("data")
    publish(folder)
    return folder
