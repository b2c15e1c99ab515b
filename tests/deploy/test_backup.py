"""The drill of docs/operations.md: writes, a backup meanwhile, all is lost, restored."""

import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import Literal, NamedNode

from graph.checkpoint import checkpoint
from graph.delta import Delta
from graph.journal import Author, Journal
from graph.release import DataDirectory
from graph.written import load_current
from tests.docs.markdown import ROOT, blocks
from tests.service.conftest import Server, command_environment
from tests.service.dataset import publish

TOKEN = "a-token-of-more-than-twenty-characters"
NUMBERS = "SELECT ?n { GRAPH <urn:numbers> { <urn:s> <urn:p> ?n } }"


def _run(command: str, names: Mapping[str, Path]) -> "subprocess.CompletedProcess[str]":
    """Type a command of the page, at the root of a checkout."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    named = {name: str(value) for name, value in names.items()}
    return subprocess.run(
        ["bash", "-c", f"set -e\n{command}"],
        cwd=ROOT,
        env=command_environment(names["DATA"]) | {"PATH": path} | named,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _drill(beginning: str) -> str:
    """The block of the page that begins so."""
    found = [
        block.text
        for block in blocks(ROOT / "docs" / "operations.md")
        if block.language == "bash" and block.text.startswith(beginning)
    ]
    (text,) = found
    return text


def _write(server: Server, number: int) -> None:
    text = f"INSERT DATA {{ GRAPH <urn:numbers> {{ <urn:s> <urn:p> {number} }} }}"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}
    request = urllib.request.Request(f"{server.address}sparql", text.encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 204


def _read(server: Server) -> set[int]:
    request = urllib.request.Request(
        f"{server.address}sparql?query={quote(NUMBERS)}", headers={"Accept": "text/csv"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return {int(line) for line in answer.read().split()[1:]}


@contextmanager
def _writing(server: Server, acknowledged: list[int]) -> Iterator[threading.Event]:
    """Write numbers one after the other; each is in the list once it is acknowledged."""
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            number = len(acknowledged)
            _write(server, number)
            acknowledged.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield over
    finally:
        over.set()
        thread.join(30)


def _numbers_on_disk(data: Path) -> set[int]:
    served = load_current(DataDirectory(data), strict=False)
    assert served is not None
    found = served.store.quads_for_pattern(None, None, None, NamedNode("urn:numbers"))
    return {int(quad.object.value) for quad in found if isinstance(quad.object, Literal)}


def _journal_begins(data: Path) -> int:
    current = DataDirectory(data).current()
    assert current is not None
    return current.written.journal


def test_the_drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    publish(data)
    monkeypatch.setenv("THERASCAPE_WRITE_TOKEN", TOKEN)
    server = Server(data, "--checkpoint-writes", "5")
    acknowledged: list[int] = []
    backups: list[tuple[Path, int]] = []
    with _writing(server, acknowledged) as over:
        while _journal_begins(data) < 5 or len(backups) < 2:  # checkpoints were made meanwhile
            backup, known = tmp_path / f"backup-{len(backups)}", len(acknowledged)
            done = _run(_drill("deploy/backup.sh"), {"DATA": data, "BACKUP": backup})
            assert done.returncode == 0, done.stderr
            backups.append((backup, known))
            over.wait(0.2)
    server.process.kill()
    server.process.communicate()

    for backup, known in backups[-2:]:
        shutil.rmtree(data)
        names = {"DATA": data, "BACKUP": backup}
        looked = _run(_drill("therascape query"), names)
        assert looked.returncode == 0, looked.stderr
        restored = _run(_drill("cp -Rp"), names)
        assert restored.returncode == 0, restored.stderr
        for release in DataDirectory(data).releases():
            release.store()  # raises where the hash is another one
        assert set(range(known)) <= _numbers_on_disk(data)
    server = Server(data)
    try:
        found = _read(server)
        assert set(range(known)) <= found
        assert found <= set(range(len(acknowledged) + 1))  # the last one may not have been told
        _write(server, 1_000_000)
        assert _read(server) == found | {1_000_000}
    finally:
        assert server.stop()[0] == 0


def _entry(data: Path, number: int) -> None:
    """Write a number, as a service does."""
    line = f'<urn:s> <urn:p> "{number}" <urn:numbers> .\n'.encode()
    delta = Delta(line, b"", ("urn:numbers",) if number == 1 else (), ())
    Journal(data / "journal").append(Author("me", "r"), "update", delta, after=number - 1)


def test_a_checkpoint_between_journal_and_release_loses_nothing(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "backup"
    publish(data)
    for number in (1, 2):
        _entry(data, number)
    shutil.copytree(data / "journal", tmp_path / "journal")
    _entry(data, 3)
    checkpoint(DataDirectory(data), strict=False)
    _run(_drill("deploy/backup.sh"), {"DATA": data, "BACKUP": backup})
    shutil.rmtree(backup / "journal")
    (tmp_path / "journal").rename(backup / "journal")
    shutil.rmtree(data)
    assert _run(_drill("cp -Rp"), {"DATA": data, "BACKUP": backup}).returncode == 0
    assert _numbers_on_disk(data) == {1, 2, 3}
    _entry(data, 4)
    assert _numbers_on_disk(data) == {1, 2, 3, 4}


def test_a_store_that_began_empty_is_copied_too(tmp_path: Path) -> None:
    publish(tmp_path / "data" / "empty")
    names = {"DATA": tmp_path / "data", "BACKUP": tmp_path / "backup"}
    assert _run(_drill("deploy/backup.sh"), names).returncode == 0
    assert DataDirectory(tmp_path / "backup" / "empty").current() is not None


def test_what_cannot_be_copied_is_told(tmp_path: Path) -> None:
    names = {"DATA": tmp_path / "nothing", "BACKUP": tmp_path / "backup"}
    done = _run(_drill("deploy/backup.sh"), names)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no release" in done.stderr
    publish(tmp_path / "data")
    (tmp_path / "backup").mkdir()
    done = _run(_drill("deploy/backup.sh"), names | {"DATA": tmp_path / "data"})
    assert done.returncode == 1
    assert "there already" in done.stderr
    assert list((tmp_path / "backup").iterdir()) == []


@pytest.mark.parametrize(
    "written", ["bk", "bk/", "bk//", "bk/.", "./bk/./", "../here/bk", "{here}/bk/", "-bk/", "b k/"]
)
def test_the_destination_may_be_written_in_any_way(tmp_path: Path, written: str) -> None:
    here, data = tmp_path / "here", tmp_path / "da ta"
    here.mkdir()
    publish(data)
    done = _copied(here, "../da ta/", written.format(here=here))
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = here.iterdir()
    assert made.name == written.strip("./").rpartition("/")[2]
    assert DataDirectory(made).current() is not None
    again = _copied(here, "../da ta", written.format(here=here))
    assert again.returncode == 1
    assert "there already" in again.stderr
    assert list(here.iterdir()) == [made]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (".", "there already"),
        ("./", "there already"),
        ("/", "there already"),
        ("..", "there already"),
        ("file", "there already"),
        ("file/", "there already"),
        ("dangling", "there already"),
        ("nothing/..", "no name of a folder"),
        ("{data}/bk", "in the data directory"),
        ("{data}/no/such/bk/", "in the data directory"),
        ("{data}/problems/bk", "in the data directory"),
        ("link/bk", "in the data directory"),
    ],
)
def test_a_destination_that_cannot_be(tmp_path: Path, written: str, said: str) -> None:
    here, data = tmp_path / "here", tmp_path / "data"
    here.mkdir()
    publish(data)
    (data / "problems").mkdir()
    (here / "file").touch()
    (here / "dangling").symlink_to("nowhere")
    (here / "link").symlink_to(data)
    before = sorted(tmp_path.rglob("*"))
    done = _copied(here, str(data), written.format(data=data))
    assert done.returncode == 1
    assert said in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


def _copied(folder: Path, data: str, destination: str) -> "subprocess.CompletedProcess[str]":
    """Run the script in a folder, which paths may be relative to."""
    return subprocess.run(
        [str(ROOT / "deploy" / "backup.sh"), data, destination],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
