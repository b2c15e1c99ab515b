"""What several test folders share."""

import pytest
from pyoxigraph import Store

from graph.build import build
from graph.release import DataDirectory, Release


@pytest.fixture(scope="session")
def landscape_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped seeds, built once."""
    return build(DataDirectory(tmp_path_factory.mktemp("landscape"))).release


@pytest.fixture(scope="session")
def landscape_store(landscape_release: Release) -> Store:
    """The statements of the shipped seeds: to be read only."""
    return landscape_release.store()
