"""What several test folders share."""

import pytest
from pyoxigraph import Store

from graph.build import build
from graph.release import DataDirectory


@pytest.fixture(scope="session")
def landscape_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The shipped seeds, built once: to be read only."""
    data = DataDirectory(tmp_path_factory.mktemp("landscape"))
    return build(data).release.store()
