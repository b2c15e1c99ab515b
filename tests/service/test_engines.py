"""What is to be served, as it is looked up once a second."""

import shutil
from pathlib import Path

import pytest

from graph.release import DataDirectory, ReleaseDamaged
from service.engines import wanted
from service.settings import Settings
from tests.service.test_running import publish_more


def test_what_is_served_is_not_opened_again(data: Path, tmp_path: Path) -> None:
    own = shutil.copytree(data, tmp_path / "own", symlinks=True)
    served = wanted(Settings(), own)
    current = DataDirectory(own).current()
    assert current is not None
    (current.path / "manifest.json").write_text("{}")
    assert wanted(Settings(), own, served) is served
    with pytest.raises(ReleaseDamaged):
        wanted(Settings(), own)
    later = publish_more(own, 1)
    found = wanted(Settings(), own, served)
    assert found is not None
    assert found.release == later.id
