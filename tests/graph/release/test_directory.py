import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, QuerySolutions

from graph.release import (
    DataDirectory,
    DataDirectoryError,
    Release,
    ReleaseDamaged,
    ReleaseError,
    ReleaseTooNew,
    content_id,
)
from tests.graph.release.samples import DETAILS, names, published, quads


def test_nothing_is_there_before_the_first_publish(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path / "data")
    assert directory.current() is None
    assert directory.releases() == ()
    assert not (tmp_path / "data").exists()


def test_a_published_release_is_current_and_complete(tmp_path: Path) -> None:
    directory, release = published(tmp_path / "a" / "b")
    assert release.id == content_id(quads(40))[0]
    assert release.nquads == release.path / "data.nq"
    assert release.path == tmp_path / "a/b/releases" / release.id
    assert directory.current() == release
    assert directory.releases() == (release,)
    assert names(release.path) == ["data.nq", "manifest.json"]
    assert names(tmp_path / "a/b") == ["current", "publish.lock", "releases"]


def test_the_store_holds_the_graphs_and_their_merge(tmp_path: Path) -> None:
    _, release = published(tmp_path, 400)
    store = release.store()
    triples = {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    in_graphs = {
        quad.triple
        for name in store.named_graphs()
        for quad in store.quads_for_pattern(None, None, None, name)
    }
    assert triples == in_graphs
    assert len(triples) == 300 == release.manifest["counts"]["triples"]  # 100 are in two graphs
    assert len(store) == 400 + 300
    solutions = store.query("SELECT ?s WHERE { ?s ?p ?o }")
    assert isinstance(solutions, QuerySolutions)
    assert len(list(solutions)) == 300  # as users see it: each triple once


def test_each_store_is_a_new_one(tmp_path: Path) -> None:
    _, release = published(tmp_path)
    release.store().clear()
    assert len(release.store()) > 0


def test_a_release_without_statements_can_be_published(tmp_path: Path) -> None:
    release = DataDirectory(tmp_path).publish([], {})
    assert release.nquads.read_bytes() == b""
    assert len(release.store()) == 0


def stamps(path: Path) -> dict[str, tuple[int, int, int]]:
    """What changes when a file is written, and not when it is read."""
    found = {}
    for place in sorted([path, *path.rglob("*")]):
        status = place.lstat()
        found[str(place)] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def test_publishing_the_same_content_again_changes_nothing(tmp_path: Path) -> None:
    directory, release = published(tmp_path)
    before = stamps(tmp_path / "releases"), stamps(tmp_path / "current")
    again = directory.publish(reversed(quads(40)), {"something": "else"})
    assert again == release
    assert again.manifest == release.manifest
    assert (stamps(tmp_path / "releases"), stamps(tmp_path / "current")) == before


def test_going_back_to_an_earlier_content_reuses_its_release(tmp_path: Path) -> None:
    directory, old = published(tmp_path)
    new = directory.publish(quads(40, "new"), DETAILS)
    assert directory.current() == new
    assert directory.publish(quads(40), DETAILS) == old == directory.current()
    assert directory.releases() == tuple(sorted((old, new), key=lambda release: release.id))
    assert directory.release(new.id) == new


def test_the_directory_can_be_moved(tmp_path: Path) -> None:
    _, release = published(tmp_path / "here")
    (tmp_path / "here").rename(tmp_path / "there")
    moved = DataDirectory(tmp_path / "there").current()
    assert moved is not None
    assert moved.id == release.id
    assert (tmp_path / "there" / "current" / "data.nq").exists()


def test_other_names_in_releases_are_let_be(tmp_path: Path) -> None:
    directory, release = published(tmp_path)
    (tmp_path / "releases/lost+found").mkdir()
    (tmp_path / "releases/.DS_Store").touch()
    directory.publish(quads(40), DETAILS)
    assert directory.releases() == (release,)
    assert (tmp_path / "releases/lost+found").exists()


@pytest.mark.parametrize("id_", ["", "..", "../x", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"])
def test_an_id_is_never_a_path(tmp_path: Path, id_: str) -> None:
    directory, _ = published(tmp_path)
    with pytest.raises(ReleaseError, match="no id of a release"):
        directory.release(id_)


def test_what_reaches_the_disk_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut cannot be staged; that every name follows its synced content can be."""
    events: list[tuple[str, str]] = []
    known: dict[int, str] = {}
    fsync, rename, replace = os.fsync, Path.rename, Path.replace

    def see_fsync(descriptor: int) -> None:
        fsync(descriptor)
        known.update({place.lstat().st_ino: place.name for place in tmp_path.rglob("*")})
        events.append(("sync", known.get(os.fstat(descriptor).st_ino, "the parent")))

    def see_rename(self: Path, target: Path) -> Path:
        events.append(("rename", target.name))
        return rename(self, target)

    def see_replace(self: Path, target: Path) -> Path:
        events.append(("rename", target.name))
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", see_fsync)
    monkeypatch.setattr(Path, "rename", see_rename)
    monkeypatch.setattr(Path, "replace", see_replace)
    _, release = published(tmp_path / "data")
    assert events == [
        ("sync", "the parent"),
        ("sync", "data"),
        ("sync", "data.nq"),
        ("sync", "manifest.json"),
        ("sync", ".building"),
        ("rename", release.id),
        ("sync", "releases"),
        ("rename", "current"),
        ("sync", "data"),
    ]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def replace_with_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_with_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)  # reading it would wait for ever


def empty(path: Path) -> None:
    path.write_bytes(b"")


def edit_counts(path: Path) -> None:
    manifest = json.loads(path.read_bytes())
    manifest["counts"]["statements"] += 1
    path.write_text(json.dumps(manifest))


def nest(path: Path) -> None:
    path.write_text("[" * 200_000)


DAMAGES: list[tuple[str, Callable[[Path], None]]] = [
    *[
        (name, damage)
        for name in ("data.nq", "manifest.json")
        for damage in (cut, flip, empty, Path.unlink, replace_with_folder, replace_with_pipe)
    ],
    ("manifest.json", edit_counts),
    ("manifest.json", nest),
]


@pytest.mark.parametrize(("name", "damage"), DAMAGES)
def test_damage_is_reported_and_the_remedy_works(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    directory, release = published(tmp_path)
    sound = {file: (release.path / file).read_bytes() for file in ("data.nq", "manifest.json")}
    damage(release.path / name)
    with pytest.raises(ReleaseDamaged, match="therascape build") as caught:
        opened(directory).store()
    assert str(release.path / name) in str(caught.value)
    directory.publish(quads(40), DETAILS)
    assert {file: (release.path / file).read_bytes() for file in sound} == sound
    opened(directory).store()


def opened(directory: DataDirectory) -> Release:
    release = directory.current()
    assert release is not None
    return release


def test_an_opened_release_notices_damage_done_later(tmp_path: Path) -> None:
    _, release = published(tmp_path)
    flip(release.nquads)
    with pytest.raises(ReleaseDamaged, match="its hash is not the id"):
        release.store()
    release.nquads.unlink()
    with pytest.raises(ReleaseDamaged, match=r"data\.nq: the file is missing"):
        release.store()


def test_counts_that_the_engine_does_not_find_are_damage(tmp_path: Path) -> None:
    _, release = published(tmp_path)
    counts = dict(release.manifest["counts"]) | {"triples": 1}
    forged = Release(release.id, release.path, dict(release.manifest) | {"counts": counts})
    with pytest.raises(ReleaseDamaged, match="differ from the manifest's"):
        forged.store()


def test_what_does_not_read_back_is_not_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_badly(path: Path, data: bytes) -> None:
        path.write_bytes(data[:-1] + b"?")

    directory, release = published(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr("graph.release.directory.write_synced", write_badly)
        with pytest.raises(DataDirectoryError, match="does not read back, so nothing was changed"):
            directory.publish(quads(40, "new"), DETAILS)
    assert directory.current() == release
    assert names(tmp_path / "releases") == [release.id]


def test_a_damaged_release_is_not_left_out_of_the_list(tmp_path: Path) -> None:
    directory, release = published(tmp_path)
    directory.publish(quads(40, "new"), DETAILS)
    cut(release.nquads)
    with pytest.raises(ReleaseDamaged, match="delete the folder"):
        directory.releases()
    assert directory.current() is not None


def test_the_folder_of_another_release_is_damage(tmp_path: Path) -> None:
    directory, old = published(tmp_path)
    new = directory.publish(quads(40, "new"), DETAILS)
    (tmp_path / "aside").mkdir()
    new.path.rename(tmp_path / "aside/new")
    old.path.rename(new.path)
    with pytest.raises(ReleaseDamaged, match="manifest of another release"):
        directory.current()


def test_a_newer_format_is_not_called_damage_and_not_replaced(tmp_path: Path) -> None:
    directory, release = published(tmp_path)
    place = release.path / "manifest.json"
    place.write_text(json.dumps({"format": 2, "anything": "else"}))
    with pytest.raises(ReleaseTooNew, match="upgrade therascape"):
        directory.current()
    with pytest.raises(ReleaseTooNew):
        directory.publish(quads(40), DETAILS)
    assert json.loads(place.read_text())["format"] == 2


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("releases/" + "0" * 64, "does not exist"),
        ("/etc", "no release"),
        ("../elsewhere", "no release"),
        ("releases/../../elsewhere", "no release"),
        ("releases", "no release"),
        ("current", "no release"),
        ("releases/.building", "no release"),
    ],
)
def test_a_link_to_no_release_is_damage_and_mended(tmp_path: Path, target: str, says: str) -> None:
    directory, release = published(tmp_path)
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to(target)
    with pytest.raises(ReleaseDamaged, match=f"current: .*{says}.*therascape build"):
        directory.current()
    assert directory.publish(quads(40), DETAILS) == release == directory.current()


def test_a_linked_folder_is_no_release(tmp_path: Path) -> None:
    directory, release = published(tmp_path)
    release.path.rename(tmp_path / "elsewhere")
    release.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReleaseDamaged, match="folder of the release is missing"):
        directory.current()
    directory.publish(quads(40), DETAILS)
    assert opened(directory).path.is_symlink() is False
    assert (tmp_path / "elsewhere/data.nq").exists()  # only the link was replaced


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch])
def test_something_else_called_current_is_let_be(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    directory, _ = published(tmp_path)
    (tmp_path / "current").unlink()
    make(tmp_path / "current")
    for action in (directory.current, lambda: directory.publish(quads(8, "new"), DETAILS)):
        with pytest.raises(DataDirectoryError, match=r"current: a link .* move it away"):
            action()
    assert len(directory.releases()) == 1
