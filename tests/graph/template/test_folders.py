"""Folders that processes share: those of the living stay, those of the dead go."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from graph.template.folders import HeldFolder
from tests.house.checkout import ROOT

HOLD = """
from graph.template.folders import HeldFolder
folder = HeldFolder("engine")
(folder.path / "engine").touch()
print(folder.path, flush=True)
input()
"""


def age(path: Path) -> None:
    """Let it seem older than what has not been locked yet."""
    os.utime(path, (0, 0))


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_what_a_killed_one_left_is_removed_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        theirs = Path(holder.stdout.readline().strip())
        age(theirs)
        ours = HeldFolder("engine")
        assert theirs.is_dir(), "its owner lives"
        holder.kill()
        holder.wait()
    another = HeldFolder("engine")
    assert not theirs.exists()
    for folder in (ours, another):
        assert folder.path.is_dir()
        folder.remove()
    assert [*tmp_path.iterdir()] == []


def test_what_is_new_or_is_no_folder_stays(tmp_path: Path) -> None:
    new, elsewhere = tmp_path / "therascape-engine-new", tmp_path / "elsewhere"
    new.mkdir()
    elsewhere.mkdir()
    (tmp_path / "therascape-engine-link").symlink_to(elsewhere)
    (tmp_path / "therascape-engine-file").touch()
    age(tmp_path / "therascape-engine-file")
    age(elsewhere)
    before = sorted(tmp_path.iterdir())
    HeldFolder("engine").remove()
    assert sorted(tmp_path.iterdir()) == before
