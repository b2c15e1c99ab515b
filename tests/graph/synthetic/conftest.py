"""A small synthetic landscape, written and read once."""

from pathlib import Path

import pytest

from graph.sources.landscape import Landscape, read_landscape
from graph.synthetic.folders import write_folders
from graph.synthetic.world import World

WORLD = World.of(3, seed=1)


def written(folder: Path, world: World = WORLD) -> Path:
    write_folders(world, folder, lambda _: None)
    return folder


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reports as folders."""
    return written(tmp_path_factory.mktemp("synthetic") / "three")


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Landscape:
    """The shipped landscape with a dozen reports."""
    return read_landscape(
        [written(tmp_path_factory.mktemp("synthetic") / "dozen", World.of(12, 1))]
    )


@pytest.fixture(scope="session")
def landscape(folders: Path) -> Landscape:
    """The shipped landscape with them."""
    return read_landscape([folders])
