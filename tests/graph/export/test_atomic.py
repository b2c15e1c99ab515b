"""A file is there as a whole or not at all."""

import errno
import gzip
import io
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.export.atomic import Hashed, compressed, whole_file
from graph.export.errors import ExportFailed

_PROGRAM = """
import sys, time
from pathlib import Path
from graph.export.atomic import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    for content in (b"first", b"second"):
        with whole_file(path) as file:
            file.write(content)
            assert not path.exists() or path.read_bytes() == b"first"
        assert path.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.nq"]


def test_rights_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with whole_file(tmp_path / "a") as file:
        file.write(b"x")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "plain")}
    assert len(modes) == 1


@pytest.mark.parametrize("unnamed", [True, False])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, unnamed: bool
) -> None:
    if not unnamed:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    path = tmp_path / "a.nq"
    path.write_bytes(b"former")

    def fail() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"former"
    with whole_file(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.nq"]


def test_a_full_disk_is_explained(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"

    def fill() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    with pytest.raises(ExportFailed, match="free some space"):
        fill()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["folder", "missing/a.nq", "file/a.nq"])
def test_a_place_for_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ExportFailed), whole_file(tmp_path / name):
        raise AssertionError("it has been opened")


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("real")
    with whole_file(tmp_path / "link") as file:
        file.write(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has files without names")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_writer_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    path = tmp_path / "a.nq"
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(number)
        assert process.wait(20) == -number
    assert list(tmp_path.iterdir()) == []


def test_compressed_bytes_know_no_time() -> None:
    found = []
    for _ in range(2):
        file = io.BytesIO()
        hashed = Hashed(file)
        with compressed(hashed, "gzip") as target:  # type: ignore[arg-type]
            target.write(b"statement\n" * 1000)
        assert hashed.size == len(file.getvalue())
        found.append(file.getvalue())
        time.sleep(1.1 * (len(found) < 2))
    assert found[0] == found[1]
    assert gzip.decompress(found[0]) == b"statement\n" * 1000
