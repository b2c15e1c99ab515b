"""What is told of a resource, over databases elsewhere: what the embedded engine tells of it."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode

from graph.build import build
from graph.description import Reading, describe, reading_for
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from graph.remote import RemoteClient
from tests.editions.made import NEW, OLD, make_pair
from tests.landscape.made import IRIS
from tests.remote.loaded import Loaded
from tests.remote.servers import ENGINES


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with two editions of a report."""
    seeds = make_pair(tmp_path_factory.mktemp("editions"))
    return build(DataDirectory(tmp_path_factory.mktemp("both")), seeds=seeds).release


@pytest.fixture(scope="module", params=ENGINES)
def elsewhere(request: pytest.FixtureRequest, editions: Release) -> Iterator[RemoteClient]:
    """The same in a database elsewhere."""
    loaded = Loaded(request.param)
    try:
        yield loaded.over(editions)
    finally:
        loaded.close()


@pytest.mark.parametrize(
    "node",
    [
        IRIS.source(NEW),
        IRIS.source(OLD),
        IRIS.thing("claim", "ao-fig-1"),
        IRIS.thing("event", "lumicel-launch-sudria"),
        IRIS.thing("segment", "ao-donor"),
        IRIS.thing("therapy", "lumicel"),
    ],
    ids=lambda node: node.value.rpartition("/")[2],
)
def test_it_is_told_alike(elsewhere: RemoteClient, editions: Release, node: NamedNode) -> None:
    def told(engine: EmbeddedEngine | RemoteClient) -> object:
        reading = Reading(engine, IRIS.base, history=bool(editions.history))
        return describe(reading_for(reading, node), node)

    here = told(EmbeddedEngine.over(editions))
    assert here is not None
    assert told(elsewhere) == here
