"""`therascape import`: what it takes, and what it says."""

import gzip
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from graph.release import DataDirectory
from tests.service.conftest import ROOT, Therascape

IMPORT = (sys.executable, "-m", "service", "import")
LINE = "<https://e.org/s> <https://e.org/p> <https://e.org/%s> <https://e.org/g> .\n"


@pytest.fixture
def therascape(in_this_process: Therascape) -> Therascape:
    return in_this_process


def test_standard_input_is_imported(tmp_path: Path) -> None:
    lines = [LINE % number for number in range(30_000)]  # not in order: read twice
    done = subprocess.run(
        [*IMPORT, "-", "--data", str(tmp_path), "--no-shapes", "--no-rules"],
        cwd=ROOT,
        input="".join(lines),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "30,000 statements in 1 named graphs" in done.stdout
    assert "no graph of the model" in done.stderr
    assert not [*tmp_path.glob(".import-*")]


@pytest.mark.parametrize("kind", ["file", "socket"])
def test_standard_input_is_read_from_where_it_stands(tmp_path: Path, kind: str) -> None:
    text = f"# read by another\n{LINE % 1}".encode()
    if kind == "file":
        (tmp_path / "text").write_bytes(text)
        given = os.open(tmp_path / "text", os.O_RDONLY)
    else:
        ours, theirs = socket.socketpair()
        ours.sendall(text)
        ours.close()
        given = theirs.detach()
    assert os.read(given, 18) == text[:18]
    command = [*IMPORT, "-", "--data", str(tmp_path / "data"), "--no-shapes", "--no-rules"]
    done = subprocess.run(
        command, cwd=ROOT, stdin=given, capture_output=True, text=True, check=False
    )
    os.close(given)
    assert "1 statements in 1 named graphs" in done.stdout, done.stderr


def test_gzip_is_imported_and_named_in_messages(therascape: Therascape, tmp_path: Path) -> None:
    file, data = tmp_path / "file.nq.gz", tmp_path / "data"
    text = (LINE % "o").replace("/g>", "/graph/g>")
    file.write_bytes(gzip.compress(text.encode()))
    done = therascape("import", str(file), "--data", str(data), "--base", "https://e.org/")
    assert done.returncode == 0
    assert "Note" not in done.stderr
    release = DataDirectory(data).current()
    assert release is not None
    file.write_bytes(gzip.compress(b"nonsense\n"))
    done = therascape("import", str(file), "--data", str(data))
    assert (done.returncode, f"{file}:1: it is no N-Quads" in done.stderr) == (3, True)
    file.write_bytes(gzip.compress(b""))
    done = therascape("import", str(file), "--data", str(data))
    assert (done.returncode, f"{file}: there is no statement" in done.stderr) == (3, True)
    assert DataDirectory(data).current() == release
    assert therascape("import", "nowhere.nq").returncode == 2
