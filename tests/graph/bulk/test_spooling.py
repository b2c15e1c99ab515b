"""What is no plain file is read like one, and leaves nothing."""

import gzip
import os
import resource
import threading
from pathlib import Path

import pytest

from graph.bulk.errors import ImportRefused
from graph.bulk.spooling import plain
from graph.release import DataDirectoryError

TEXT = b"line\n" * 100_000


def test_a_plain_file_is_itself(tmp_path: Path) -> None:
    for text in (TEXT, b"", b"\x1f"):
        (tmp_path / "file").write_bytes(text)
        with plain(tmp_path / "file", tmp_path / "data") as found:
            assert found == tmp_path / "file"
    assert not (tmp_path / "data").exists()


def test_gzip_is_known_by_its_beginning(tmp_path: Path) -> None:
    parts = gzip.compress(TEXT), gzip.compress(b"end\n")  # members one after the other
    (tmp_path / "file").write_bytes(b"".join(parts))
    with plain(tmp_path / "file", tmp_path / "data") as found:
        assert found.stat().st_size == len(TEXT) + 4
        assert [found.read_bytes() for _ in range(2)] == [TEXT + b"end\n"] * 2
    assert [*(tmp_path / "data").iterdir()] == []


def test_a_pipe_can_be_read_twice(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(TEXT,))
    writer.start()
    with plain(tmp_path / "pipe", tmp_path / "data") as found:
        assert [found.read_bytes() for _ in range(2)] == [TEXT] * 2
    writer.join()


@pytest.mark.parametrize("harm", ["cut", "changed", "no more"])
def test_damaged_gzip_is_refused(tmp_path: Path, harm: str) -> None:
    whole = bytearray(gzip.compress(os.urandom(5000)))
    if harm == "cut":
        del whole[-100:]
    elif harm == "changed":
        whole[2000] ^= 1
    else:
        whole += b"text"
    (tmp_path / "file").write_bytes(whole)
    with (
        pytest.raises(ImportRefused, match="file: it is no whole gzip"),
        plain(tmp_path / "file", tmp_path / "data"),
    ):
        pass
    assert [*(tmp_path / "data").iterdir()] == []


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(TEXT))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(TEXT) // 2, before[1]))
    try:
        with (
            pytest.raises(DataDirectoryError, match=r"cannot copy the input: .*/data: File too"),
            plain(tmp_path / "file", tmp_path / "data"),
        ):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [*(tmp_path / "data").iterdir()] == []


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(ImportRefused, match=r"cannot read the input.*name another file"),
        plain(tmp_path, tmp_path / "data"),
    ):
        pass
