"""Directories that do not want to be written, or have names that are hard to write."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from graph.release import DataDirectory, DataDirectoryError, ReleaseDamaged
from tests.graph.release.samples import DETAILS, ROOT, names, published, quads
from tests.rights import without_override


@pytest.mark.parametrize(
    "name", ["with space", "ünï 数据", "'\"$(x)`;&\\", "-rf", "a\nb", "%41?#", "nons\udcff"]
)
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    try:
        (tmp_path / name).mkdir()
    except OSError:
        pytest.skip("this file system refuses the name")
    directory, release = published(tmp_path / name / name)
    assert directory.current() == release
    assert len(release.store()) > 0
    release.nquads.unlink()
    with pytest.raises(ReleaseDamaged, match="missing") as caught:
        directory.current()
    str(caught.value).encode()  # can be printed and sent


@pytest.mark.parametrize("place", ["data", "data/releases", "data/publish.lock"])
def test_the_wrong_thing_in_the_way_is_named(tmp_path: Path, place: str) -> None:
    directory = DataDirectory(tmp_path / "data")
    thing = tmp_path / place
    thing.parent.mkdir(exist_ok=True)
    if place == "data/publish.lock":
        thing.mkdir()
    else:
        thing.write_text("precious")
    with pytest.raises(DataDirectoryError, match=f"{place}: .*move it away.*--data"):
        directory.publish(quads(8), DETAILS)
    if place == "data":
        with pytest.raises(DataDirectoryError, match="move it away"):
            directory.current()
    if place != "data/publish.lock":
        with pytest.raises(DataDirectoryError, match="move it away"):
            directory.releases()
        assert thing.read_text() == "precious"


def test_links_that_run_in_circles_are_named(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to("data")
    directory = DataDirectory(tmp_path / "data")
    for action in (directory.current, directory.releases, lambda: directory.publish([], {})):
        with pytest.raises(DataDirectoryError, match=f"{tmp_path}/data"):
            action()


@pytest.mark.parametrize(("code", "matters"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_without_fsync_on_folders_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, matters: bool
) -> None:
    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))

    directory, old = published(tmp_path)
    monkeypatch.setattr(os, "fsync", refuse_folders)
    if matters:
        with pytest.raises(DataDirectoryError, match=os.strerror(code)):
            directory.publish(quads(8, "new"), DETAILS)
        assert directory.current() == old
    else:
        assert directory.publish(quads(8, "new"), DETAILS) == directory.current()


def test_releases_may_be_on_another_disk(tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data/releases").symlink_to(tmp_path / "large disk")
    directory, release = published(tmp_path / "data")
    assert directory.current() == release
    assert (tmp_path / "large disk" / release.id / "data.nq").is_file()


PUBLISH = """
import resource, sys
from pathlib import Path
from graph.release import DataDirectory, ReleaseError
from tests.graph.release.samples import DETAILS, quads
if limit := int(sys.argv[2]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
directory = DataDirectory(Path(sys.argv[1]))
current = directory.current()
print(current and len(current.store()))
try:
    directory.publish(quads(400, "new"), DETAILS)
except ReleaseError as error:
    print(type(error).__name__, error)
"""


def publish_elsewhere(path: Path, *, limit: int = 0, before: tuple[str, ...] = ()) -> list[str]:
    """Open and publish in a process of its own, whose rights or limits can be taken away."""
    done = subprocess.run(
        [*before, sys.executable, "-c", PUBLISH, path, str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_read_only_directory_is_read_and_not_published_to(tmp_path: Path) -> None:
    directory, release = published(tmp_path / "data")
    for folder in (tmp_path / "data", tmp_path / "data/releases"):
        folder.chmod(0o555)
    (tmp_path / "data/publish.lock").unlink()
    try:
        output = publish_elsewhere(tmp_path / "data", before=without_override())
    finally:
        for folder in (tmp_path / "data", tmp_path / "data/releases"):
            folder.chmod(0o755)
    assert output[0] == str(len(release.store()))
    assert output[1].startswith("DataDirectoryError cannot publish a release: ")
    assert f"{tmp_path}/data/publish.lock: Permission denied; ask for the permission" in output[1]
    assert directory.releases() == (release,)


def test_a_directory_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    _, release = published(tmp_path / "data")
    release.nquads.chmod(0)
    output = subprocess.run(
        [*without_override(), sys.executable, "-c", PUBLISH, tmp_path / "data", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "DataDirectoryError: cannot read a release" in output.stderr
    assert f"{release.nquads}: Permission denied" in output.stderr


@pytest.mark.parametrize("limit", [1, 300, 20_000])
def test_when_no_more_can_be_written_the_old_release_stays(tmp_path: Path, limit: int) -> None:
    """A limit on the size of files ends a write half-way, as a full disk does."""
    directory, release = published(tmp_path)
    output = publish_elsewhere(tmp_path, limit=limit)
    assert output[1].startswith("DataDirectoryError cannot publish a release: ")
    assert f"{tmp_path}" in output[1]
    assert "nothing was changed; free some space" in output[1]
    assert directory.current() == release
    assert directory.releases() == (release,)
    assert names(tmp_path / "releases") == [release.id]  # the space is free again
    directory.publish(quads(400, "new"), DETAILS)
