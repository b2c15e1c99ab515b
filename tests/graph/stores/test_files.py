"""Stores on the disk are there as a whole or made again, and go with their release."""

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from graph.errors import GraphError
from graph.pruning import prune
from graph.release import DataDirectory, ReleaseDamaged
from graph.stores.files import damage, make_store, make_unsound, stored
from graph.stores.loading import Loading
from tests.graph.release.samples import DETAILS, names, quads
from tests.graph.stores.damaging import flip


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(tmp_path)
    found.publish(quads(40), DETAILS)
    return found


def test_it_has_what_a_store_in_memory_has(data: DataDirectory) -> None:
    release = data.current()
    assert release is not None
    assert stored(data, release) is None
    place = make_store(data, release)
    assert stored(data, release) == place
    assert set(Store.read_only(str(place))) == set(release.store())
    before = (place.parent / "stamp.json").stat()
    assert make_store(data, release) == place
    assert (place.parent / "stamp.json").stat() == before
    stamp = json.loads((place.parent / "stamp.json").read_bytes())
    counts = release.manifest["counts"]
    assert stamp["release"] == release.id
    assert (stamp["statements"], stamp["triples"]) == (counts["statements"], counts["triples"])
    assert names(data.path / "stores") == sorted([".lock", release.id])


@pytest.mark.parametrize("harm", ["no stamp", "other engine", "short file", "no file", "no JSON"])
def test_what_is_unsound_is_made_again(data: DataDirectory, harm: str) -> None:
    release = data.current()
    assert release is not None
    place = make_store(data, release)
    stamp = place.parent / "stamp.json"
    table = next(place.glob("*.sst"))
    if harm == "no stamp":
        stamp.unlink()
    elif harm == "other engine":
        stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"engine": "0.1"}))
    elif harm == "no JSON":
        stamp.write_text("[")
    elif harm == "short file":
        table.write_bytes(table.read_bytes()[:-1])
    else:
        table.unlink()
    (data.path / "stores" / ".building").mkdir()  # left by one that was killed
    assert stored(data, release) is None
    assert make_store(data, release) == place == stored(data, release)
    assert set(Store.read_only(str(place))) == set(release.store())
    assert names(data.path / "stores") == sorted([".lock", release.id])


def test_what_is_in_the_files_is_held_against_the_stamp(data: DataDirectory) -> None:
    release = data.current()
    assert release is not None
    place = make_store(data, release)
    assert damage(place) is None
    for table in place.glob("*.sst"):
        whole = table.read_bytes()
        flip(table)
        assert (
            damage(place) == f"{table.name} is not what was written: its hash is not that of "
            "the stamp"
        )
        table.write_bytes(whole)
    assert damage(place) is None
    table.unlink()
    assert "No such file" in str(damage(place))
    make_unsound(place)
    assert stored(data, release) is None
    assert damage(make_store(data, release)) is None


def test_it_goes_with_its_release(data: DataDirectory) -> None:
    former = data.current()
    assert former is not None
    make_store(data, former)
    release = data.publish(quads(41), DETAILS)
    make_store(data, release)
    prune(data, newest=1)
    assert names(data.path / "stores") == sorted([".lock", release.id])


def test_a_damaged_release_has_none(data: DataDirectory) -> None:
    release = data.current()
    assert release is not None
    text = release.nquads.read_bytes()
    release.nquads.write_bytes(text.replace(b"old", b"odd"))
    with pytest.raises(ReleaseDamaged, match="hash"):
        make_store(data, release)
    assert names(data.path / "stores") == [".lock"]


def test_it_is_compacted(tmp_path: Path) -> None:
    lines = [f'<urn:s{i % 97}> <urn:p{i % 7}> "{i}"'.encode() for i in range(4000)]
    for part in (lines[::2], lines[1::2]):  # each is a file of every index
        store = Store(str(tmp_path / "store"))
        store.bulk_load(b" .\n".join([*part, b""]), format=RdfFormat.N_TRIPLES)
        del store
    before = tables(tmp_path / "store")
    loading = Loading(tmp_path / "store")
    assert loading.finish() == len(lines)
    assert len(tables(tmp_path / "store")) < len(before)
    assert set(Store.read_only(str(tmp_path / "store"))) == set(
        parse(b" .\n".join([*lines, b""]), format=RdfFormat.N_TRIPLES)
    )


def tables(store: Path) -> list[str]:
    """The names of the engine's files of statements."""
    return sorted(file.name for file in store.glob("*.sst"))


def test_loading_that_fails_says_so_and_holds_nobody_up(tmp_path: Path) -> None:
    loading = Loading(tmp_path / "store")

    def take_much() -> None:
        for _ in range(1000):
            loading.take(b"no statement\n" * 10_000, b"")

    with pytest.raises(GraphError, match="could not be loaded"):
        take_much()
    loading.abandon()
