"""Disks that are full, broken or read-only: what cannot be written is not acknowledged."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.journal import Journal, JournalFailure
from graph.journal.entry import encode_entry
from tests.graph.journal.samples import AUTHOR, ROOT, file, filled, insert, numbers
from tests.rights import without_override

APPEND = """
import resource, sys
from pathlib import Path
from graph.journal import Journal, JournalError
from tests.graph.journal.samples import AUTHOR, insert
journal = Journal(Path(sys.argv[1]))
print([entry.number for entry in journal.entries()])
if limit := int(sys.argv[2]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for work in (
    lambda: journal.append(AUTHOR, "update", insert(3, size=5000), after=2),
    lambda: journal.prune(1),
):
    try:
        work()
    except JournalError as error:
        print(type(error).__name__, error)
print([entry.number for entry in journal.entries(after=journal.pruned)])
"""


def elsewhere(folder: Path, *, limit: int = 0, before: tuple[str, ...] = ()) -> list[str]:
    """Read, append and prune in a process of its own, whose rights or limits can be taken away."""
    done = subprocess.run(
        [*before, sys.executable, "-c", APPEND, folder, str(limit)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_when_no_more_can_be_written_the_begun_line_is_taken_back(tmp_path: Path) -> None:
    """A limit on the size of files ends a write half-way, as a full disk does."""
    journal = filled(tmp_path / "journal", 2)
    before = file(journal).read_bytes()
    output = elsewhere(journal.folder, limit=len(before) + 2000)
    assert output[1].startswith("JournalFailure cannot write the journal: ")
    assert str(journal.folder) in output[1]
    assert "nothing was changed; free some space" in output[1]
    assert output[-1] == "[2]"  # there was space to prune
    journal.append(AUTHOR, "update", insert(3), after=2)
    assert numbers(journal.entries(after=1)) == [2, 3]


def test_pruning_that_fails_drops_nothing(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 2)
    before = file(journal).read_bytes()
    output = elsewhere(journal.folder, limit=100)
    assert [line.split()[0] for line in output[1:3]] == ["JournalFailure", "JournalFailure"]
    assert file(journal).read_bytes() == before
    assert sorted(path.name for path in journal.folder.iterdir()) == ["entries.jsonl", "file.lock"]


def test_a_read_only_journal_is_read_and_not_written(tmp_path: Path) -> None:
    journal = filled(tmp_path / "journal", 2)
    for path in journal.folder.iterdir():
        path.chmod(0o444)
    journal.folder.chmod(0o555)
    try:
        output = elsewhere(journal.folder, before=without_override())
    finally:
        journal.folder.chmod(0o755)
    assert output[0] == output[-1] == "[1, 2]"
    assert f"{journal.folder}" in output[1]
    assert "Permission denied; ask for the permission" in output[1]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EROFS])
def test_what_was_not_synced_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    journal = filled(tmp_path / "journal", 2)
    before = file(journal).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing(code))
        with pytest.raises(JournalFailure, match=os.strerror(code)) as caught:
            journal.append(AUTHOR, "update", insert(3), after=2)
    assert str(journal.folder) in str(caught.value)
    assert file(journal).read_bytes() == before
    assert journal.last == Journal(journal.folder).last == 2
    assert journal.append(AUTHOR, "update", insert(3), after=2).number == 3


def failing(code: int) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    return fail


def test_a_line_that_cannot_be_taken_back_is_spoken_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = filled(tmp_path / "journal", 1)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", failing(errno.EIO))
        patched.setattr("graph.journal.journal._cut", failing(errno.EROFS))
        with pytest.raises(JournalFailure, match=r"entries\.jsonl.*may be found done or not"):
            journal.append(AUTHOR, "update", insert(2), after=1)


def test_the_first_entry_is_durable_with_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut cannot be staged; that every name follows its synced content can be."""
    synced: list[str] = []
    fsync = os.fsync

    def see(descriptor: int) -> None:
        fsync(descriptor)
        names = {path.lstat().st_ino: path.name for path in tmp_path.rglob("*")}
        synced.append(names.get(os.fstat(descriptor).st_ino, "the parent"))

    monkeypatch.setattr(os, "fsync", see)
    journal = Journal(tmp_path / "data" / "journal")
    entry = journal.append(AUTHOR, "update", insert(1), after=0)
    assert synced == ["the parent", "data", ".entries.jsonl", "journal", "entries.jsonl"]
    journal.append(AUTHOR, "update", insert(2), after=1)
    assert synced[5:] == ["entries.jsonl"]
    journal.prune(1)
    assert synced[6:] == [".entries.jsonl", "journal"]
    assert encode_entry(entry) not in file(journal).read_bytes()


@pytest.mark.parametrize("place", ["data", "data/journal", "data/journal/entries.jsonl"])
def test_the_wrong_thing_in_the_way_is_named(tmp_path: Path, place: str) -> None:
    journal = Journal(tmp_path / "data" / "journal")
    thing = tmp_path / place
    thing.parent.mkdir(exist_ok=True, parents=True)
    if place.endswith("jsonl"):
        thing.mkdir()
    else:
        thing.write_text("precious")
    with pytest.raises(JournalFailure, match=f"{place}.*move it away"):
        journal.append(AUTHOR, "update", insert(1), after=0)
