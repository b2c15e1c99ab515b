"""Files of a release in the data directory: made once, whole, and gone with their release."""

import errno
import gzip
import hashlib
import os
import shutil
import threading
from pathlib import Path
from typing import BinaryIO

import pytest
from pyoxigraph import Literal, Quad

from graph.export import making
from graph.export.errors import ExportFailed
from graph.export.files import export_named, exports, made, make
from graph.export.making import ExportUnderWay, Maker
from graph.export.model import Format, Progress, Scope
from graph.release import DataDirectory, Release
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import RDFS

IRIS = Iris()


def release_of(folder: Path, label: str) -> Release:
    quad = Quad(IRIS.thing("agent", "a"), RDFS.label, Literal(label), IRIS.graph("one"))
    return DataDirectory(folder).publish([quad], {"base": DEFAULT_BASE, "sources": []})


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return release_of(tmp_path, "A")


def test_every_file_has_a_name_of_its_own(shipped: Release) -> None:
    names = [export.name for export in exports(shipped)]
    assert len(set(names)) == len(names) > 100
    for name in names:
        assert export_named(shipped, name) is not None
        assert export_named(shipped, f"{name}.gz") is not None


@pytest.mark.parametrize(
    "name", ["", ".", "..", "release", "release.nq.gz.gz", "../release.nq", "graphs/two.nq", ".gz"]
)
def test_other_names_are_none(release: Release, name: str) -> None:
    assert export_named(release, name) is None


def test_a_file_is_made_once(release: Release, tmp_path: Path) -> None:
    export = export_named(release, "graphs/one.nq")
    assert export is not None
    assert made(release, export) is None
    found = make(release, export)
    assert found.path.read_bytes() == release.nquads.read_bytes()
    assert (found.size, found.sha256) == (release.manifest["bytes"], release.id)
    assert made(release, export) == found
    before = found.path.stat()
    assert make(release, export) == found
    assert found.path.stat() == before
    assert found.path.is_relative_to(tmp_path / "exports")


def test_a_compressed_file_is_the_other_compressed(release: Release) -> None:
    export = export_named(release, "release.trig.gz")
    plain = export_named(release, "release.trig")
    assert export is not None
    assert plain is not None
    found = make(release, export)
    body = found.path.read_bytes()
    assert found.sha256 == hashlib.sha256(body).hexdigest()
    assert gzip.decompress(body) == make(release, plain).path.read_bytes()
    assert export.media_type == "application/gzip"


def test_a_file_without_its_digest_or_of_another_length_is_made_anew(release: Release) -> None:
    export = export_named(release, "release.nt")
    assert export is not None
    found = make(release, export)
    whole = found.path.read_bytes()
    found.path.write_bytes(b"half")
    assert made(release, export) is None
    assert make(release, export) == found
    (found.path.parent / ".release.nt.json").unlink()
    assert made(release, export) is None
    assert make(release, export) == found
    assert found.path.read_bytes() == whole


def test_the_whole_in_nquads_is_the_release_itself(release: Release, tmp_path: Path) -> None:
    export = export_named(release, "release.nq")
    assert export is not None
    found = made(release, export)
    assert found is not None
    assert (found.path, found.sha256) == (release.nquads, release.id)
    assert make(release, export) == found
    assert not (tmp_path / "exports").exists()
    with release.nquads.open("ab") as file:
        file.write(b"more")
    assert made(release, export) is None


def test_files_of_releases_that_are_gone_are_removed(release: Release, tmp_path: Path) -> None:
    export = export_named(release, "release.nt")
    assert export is not None
    former = make(release, export).path.parent
    (tmp_path / "exports" / f"{release.id}-older").mkdir()
    other = release_of(tmp_path, "B")
    make(other, export)
    assert former.is_dir(), "its release is there"
    shutil.rmtree(release.path)
    (tmp_path / "exports" / f"{other.id}-older").mkdir()
    also = export_named(other, "release.ttl")
    assert also is not None
    found = make(other, also)
    assert list((tmp_path / "exports").iterdir()) == [found.path.parent]


def test_a_full_disk_leaves_nothing(release: Release, tmp_path: Path) -> None:
    def full(_: Release, __: Scope, target: BinaryIO, ___: Progress) -> None:
        target.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    export = export_named(release, "release.nt")
    assert export is not None
    broken = type(export)("release.x", Format("x", "text/x", "x", "graph", "X", full), export.scope)
    with pytest.raises(ExportFailed, match="free some space"):
        make(release, broken)
    (folder,) = (tmp_path / "exports").iterdir()
    assert list(folder.iterdir()) == []


def test_another_process_makes_it(release: Release) -> None:
    export = export_named(release, "release.jsonld.gz")
    assert export is not None
    found = Maker().make(release, export, 30)
    assert found == made(release, export)


def test_what_goes_wrong_there_is_told(release: Release, tmp_path: Path) -> None:
    export = export_named(release, "release.nt")
    assert export is not None
    (tmp_path / "exports").write_text("a file where the folder is to be")
    with pytest.raises(ExportFailed, match="exports"):
        Maker().make(release, export, 30)
    (tmp_path / "exports").unlink()
    release.nquads.write_bytes(release.nquads.read_bytes().replace(b'"A"', b'"B"'))
    with pytest.raises(ExportFailed, match="hash"):
        Maker().make(release, export, 30)
    assert made(release, export) is None


def test_one_is_made_at_a_time_and_goes_on_when_nobody_waits(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, work = threading.Event(), making._made_elsewhere
    monkeypatch.setattr(
        making, "_made_elsewhere", lambda *args: work(*args) if go.wait(20) else "nobody let it"
    )
    maker = Maker()
    first, second = (export_named(release, name) for name in ("release.nt", "release.ttl"))
    assert first is not None
    assert second is not None
    for export in (first, first, second):
        with pytest.raises(ExportUnderWay, match=export.name) as told:
            maker.make(release, export, 0.01)
        assert told.value.retry_after > 0
    go.set()
    assert maker.make(release, first, 30) == made(release, first)
    assert maker.make(release, second, 30) == made(release, second)
