"""The pair of editions, built once for all tests of this folder: to be read only."""

from pathlib import Path

import pytest
from flask import Flask

from graph.build import build
from graph.landscape import Asking
from graph.network.calls import LocalTraversal
from graph.network.reading import read_network
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from service.app import create_app
from tests.editions.made import NEW, OLD, make_pair


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds with both editions."""
    return make_pair(tmp_path_factory.mktemp("editions"))


@pytest.fixture(scope="session")
def release(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with both editions."""
    return build(DataDirectory(tmp_path_factory.mktemp("both")), seeds=seeds).release


@pytest.fixture(scope="session")
def newer(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release that leaves the earlier edition out."""
    data = DataDirectory(tmp_path_factory.mktemp("newer"))
    return build(data, seeds=seeds, exclude=[OLD]).release


@pytest.fixture(scope="session")
def older(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release that leaves the later edition out."""
    data = DataDirectory(tmp_path_factory.mktemp("older"))
    return build(data, seeds=seeds, exclude=[NEW]).release


@pytest.fixture(scope="session")
def engine(release: Release) -> EmbeddedEngine:
    return EmbeddedEngine.over(release)


@pytest.fixture(scope="session")
def asking(engine: EmbeddedEngine, release: Release) -> Asking:
    network = LocalTraversal(read_network(release), read_network(release, "all"))
    return Asking(engine, release.iris.base, network)


@pytest.fixture(scope="session")
def app(engine: EmbeddedEngine, release: Release) -> Flask:
    network = LocalTraversal(read_network(release), read_network(release, "all"))
    return create_app(engine, release, network=network)
