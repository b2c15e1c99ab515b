"""Pruning removes what nobody needs, in one step each, and nothing else."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from graph.pruning import newest_first, pinned_ids, prune
from graph.release import JSON, DataDirectory, Release, ReleaseDamaged
from graph.release.finding import UnknownRelease, find_release
from graph.release.use import Use
from graph.remote import Held, Pointer, write_pointer
from graph.remote.pointer import PointerDamaged
from tests.graph.release.killing import was_killed
from tests.graph.release.samples import DETAILS, names, quads

FILES = {"pruning.py", "directory.py", "use.py", "files.py"}


def filled(folder: Path, number: int = 6) -> tuple[DataDirectory, list[Release]]:
    """A data directory with releases, the newest first."""
    data = DataDirectory(folder)
    made = []
    for count in range(number):
        release = data.publish(quads(4 + count), DETAILS)
        os.utime(release.nquads, (1_000_000 + count, 1_000_000 + count))
        made.append(release)
    return data, made[::-1]


def ids(releases: list[Release]) -> list[str]:
    return [release.id for release in releases]


def test_the_newest_stay(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    assert list(newest_first(data)) == ids(made)
    fates = prune(data, newest=2)
    assert [fate.id for fate in fates] == ids(made)
    assert [fate.why is None for fate in fates] == [False] * 2 + [True] * 4
    assert data.ids() == tuple(sorted(ids(made[:2])))
    assert names(tmp_path / "releases") == sorted(ids(made[:2]))


def test_the_current_one_stays_whatever_its_age(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    data.publish(quads(4), DETAILS)  # the oldest content again
    assert data.current() == made[-1]
    prune(data, newest=0)
    assert data.ids() == (made[-1].id,)
    assert data.current() == made[-1]


def test_what_a_database_elsewhere_holds_stays(tmp_path: Path) -> None:
    """A service asks it for that release, and needs the release to begin."""
    data, made = filled(tmp_path)
    write_pointer(tmp_path, Pointer("http://a.example/query", Held(made[3].id, "7")))
    fates = prune(data, newest=1)
    assert data.ids() == tuple(sorted([made[0].id, made[3].id]))
    assert "database elsewhere" in str(fates[3].why)
    (tmp_path / "remote.json").write_text("{")
    with pytest.raises(PointerDamaged):
        prune(data, newest=0)
    assert len(data.ids()) == 2


def test_what_a_checkpoint_was_made_of_stays(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    written: JSON = {"graphs": [], "journal": 1, "build": made[-1].id}
    current = data.publish(quads(20), {**DETAILS, "written": written})
    prune(data, newest=0)
    assert set(data.ids()) == {current.id, made[-1].id}


def test_what_is_pinned_stays_until_that_is_taken_back(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    prune(data, newest=1, pin=[made[3].id[:8]])
    assert pinned_ids(data) == (made[3].id,)
    assert set(data.ids()) == {made[0].id, made[3].id}
    prune(data, newest=1)
    assert made[3].id in data.ids()
    prune(data, newest=1, unpin=[made[3].id])
    assert data.ids() == (made[0].id,)


def test_what_somebody_uses_stays(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    with Use(made[4].path):
        fates = prune(data, newest=1)
        assert {fate.id: fate.why for fate in fates}[made[4].id] == "it is in use"
        assert len(made[4].store()) > 0
    prune(data, newest=1)
    assert data.ids() == (made[0].id,)
    with pytest.raises(ReleaseDamaged, match="gone or being removed"):
        Use(made[4].path)


def test_another_process_that_uses_it_counts_until_it_ends(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    program = "import sys; from pathlib import Path; from graph.release.use import Use; "
    program += "use = Use(Path(sys.argv[1])); print('', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, made[4].path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as user:
        assert user.stdout is not None
        user.stdout.readline()
        prune(data, newest=1)
        assert set(data.ids()) == {made[0].id, made[4].id}
        user.kill()
    prune(data, newest=1)
    assert data.ids() == (made[0].id,)


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    data, made = filled(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    fates = prune(data, newest=1, pin=[made[2].id], dry_run=True)
    assert sum(fate.why is None for fate in fates) == 4
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_networks_go_with_their_releases(tmp_path: Path) -> None:
    data, made = filled(tmp_path, 3)
    for release in made:
        (tmp_path / "networks" / f"{release.id}-1").mkdir(parents=True)
    prune(data, newest=1)
    assert names(tmp_path / "networks") == [f"{made[0].id}-1"]


@pytest.mark.parametrize(
    "text", ["", "..", "../x", "current/..", "abcde", "é" * 8, "\0" * 8, "g" * 9]
)
def test_what_is_no_id_names_nothing(tmp_path: Path, text: str) -> None:
    data, made = filled(tmp_path, 2)
    for arguments in ({"pin": [text]}, {"unpin": [text]}):
        with pytest.raises(UnknownRelease):
            prune(data, newest=0, **arguments)  # type: ignore[arg-type]
    assert len(data.ids()) == len(made)


def test_an_ambiguous_beginning_names_nothing(tmp_path: Path) -> None:
    data, made = filled(tmp_path, 1)
    twin = made[0].id[:10] + "0" * 54
    (tmp_path / "releases" / twin).mkdir()
    with pytest.raises(UnknownRelease, match="2 releases") as caught:
        find_release(data, made[0].id[:10])
    assert set(caught.value.known) == {made[0].id, twin}
    assert find_release(data, made[0].id) == made[0]


def test_killed_anywhere_each_release_is_whole_or_gone(tmp_path: Path) -> None:
    killed = 0
    for step in range(1, 400, 7):
        folder = tmp_path / str(step)
        data, made = filled(folder, 4)
        before = {release.id: release for release in made}

        def work(data: DataDirectory = data, made: list[Release] = made) -> None:
            prune(data, newest=1, pin=[made[2].id])

        was = was_killed(work, FILES, step=step)
        killed += was
        for id_ in data.ids():
            before[id_].store()  # verified by its hash
        assert data.current() == made[0]
        prune(data, newest=1, pin=[made[2].id])
        assert names(folder / "releases") == sorted([made[0].id, made[2].id])
        if not was:
            break
    assert killed >= 15


def test_pruning_while_others_publish(tmp_path: Path) -> None:
    data, _ = filled(tmp_path)
    over = time.monotonic() + 2

    def publish() -> None:
        count = 0
        while time.monotonic() < over:
            count += 1
            data.publish(quads(4 + count % 30, "more"), DETAILS)

    publisher = threading.Thread(target=publish)
    publisher.start()
    while time.monotonic() < over:
        prune(data, newest=2)
        current = data.current()
        assert current is not None
    publisher.join()
    assert data.current() is not None
    data.releases()
