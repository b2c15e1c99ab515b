"""Networks on the disk: whole or not there, one for each release, never needed."""

from pathlib import Path

import numpy as np
import pytest
from pyoxigraph import Literal, Quad

from graph.network.arrays import Network, Texts
from graph.network.files import served_network, store_network, stored_network
from graph.network.reading import read_network
from graph.release import DataDirectory, Release
from graph.release.command import make_of_release
from ontology.namespaces import RDFS
from tests.graph.network.invented import GRAPH, IRIS, network, quads

ARRAYS = ("kinds", "ranks", "degree", "indptr", "neighbours", "links", "statements")
TEXTS = ("iris", "labels", "statement_iris")
EDGES = [(0, 1, 0), (1, 2, 1), (0, 1, 2)]


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path / "data")


def publish(data: DataDirectory, label: str = "") -> Release:
    more = [Quad(IRIS.thing("agent", "more"), RDFS.label, Literal(label), GRAPH)] if label else []
    return data.publish([*quads(EDGES), *more], {})


def same(one: Network, other: Network) -> bool:
    return (
        (one.release, one.node_kinds, one.edge_kinds)
        == (other.release, other.node_kinds, other.edge_kinds)
        and all(np.array_equal(getattr(one, a), getattr(other, a)) for a in ARRAYS)
        and all([*getattr(one, t)] == [*getattr(other, t)] for t in TEXTS)
    )


def test_what_is_stored_is_read_again(data: DataDirectory) -> None:
    release = publish(data)
    assert stored_network(data, release) is None
    folder = store_network(data, release)
    found = stored_network(data, release)
    assert found is not None
    assert same(found, read_network(release))
    assert not found.neighbours.flags.writeable
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert store_network(data, release) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_build_stores_it(landscape_data: Path) -> None:
    data = DataDirectory(landscape_data)
    release = data.current()
    assert release is not None
    assert stored_network(data, release) is not None
    assert data.release(release.id).id == release.id  # the release is as it was


def test_the_order_of_statements_does_not_matter() -> None:
    assert same(network(EDGES), network(EDGES[::-1] + EDGES))


@pytest.mark.parametrize("name", ["links.npy", "iris.data.npy", "network.json"])
def test_a_file_that_is_cut_or_gone_is_made_again(data: DataDirectory, name: str) -> None:
    release = publish(data)
    folder = store_network(data, release)
    (folder / name).write_bytes((folder / name).read_bytes()[:-3])
    assert stored_network(data, release) is None
    assert same(served_network(data, release), read_network(release))
    store_network(data, release)
    (folder / name).unlink()
    assert stored_network(data, release) is None
    store_network(data, release)
    assert stored_network(data, release) is not None


@pytest.mark.parametrize("name", ["neighbours.npy", "labels.data.npy", "statements.npy"])
def test_one_of_which_a_bit_is_wrong_is_made_again(data: DataDirectory, name: str) -> None:
    release = publish(data)
    place = store_network(data, release) / name
    text = bytearray(place.read_bytes())
    text[-1] ^= 1
    place.write_bytes(text)
    assert stored_network(data, release) is None
    store_network(data, release)
    assert stored_network(data, release) is not None


@pytest.mark.parametrize("text", [b"{}", b"[]", b"null", b'{"release": 1, "node_kinds": 2}'])
def test_a_description_that_is_none_is_made_again(data: DataDirectory, text: bytes) -> None:
    release = publish(data)
    (store_network(data, release) / "network.json").write_bytes(text)
    assert stored_network(data, release) is None
    assert same(served_network(data, release), read_network(release))


@pytest.mark.parametrize("head", [b"{'descr': '|u1', (", b"{'descr': '|u1\n", b"{1}", b"("])
def test_an_array_with_a_damaged_head_is_made_again(data: DataDirectory, head: bytes) -> None:
    release = publish(data)
    place = store_network(data, release) / "iris.data.npy"
    before = place.read_bytes()
    place.write_bytes(before[:10] + head + before[10 + len(head) :])
    assert stored_network(data, release) is None


def test_where_nothing_can_be_written_it_is_made_in_memory(data: DataDirectory) -> None:
    release = publish(data)
    (data.path / "networks").write_text("in the way")
    assert same(served_network(data, release), read_network(release))
    with pytest.raises(OSError, match="networks"):
        store_network(data, release)
    arguments = ["--data", str(data.path), "--release", release.id]
    assert make_of_release("graph.network", store_network, arguments) == 1


def test_a_large_one_is_made_by_a_process(
    data: DataDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = publish(data)
    monkeypatch.setattr("graph.network.files._SMALL", 0)
    found = served_network(data, release)
    assert same(found, read_network(release))
    assert stored_network(data, release) is not None


def test_networks_of_releases_that_are_gone_are_removed(data: DataDirectory) -> None:
    first, second = publish(data), publish(data, "more")
    gone = store_network(data, first)
    left = gone.parent / f".{second.id}-00000000-12345678"
    left.mkdir()
    other = gone.parent / f"{second.id}-00000000"
    other.mkdir()
    kept = store_network(data, second)
    assert gone.is_dir()
    assert left.is_dir()  # somebody may be at work there
    assert not other.exists()  # of another format
    for path in first.path.iterdir():
        path.unlink()
    first.path.rmdir()
    store_network(data, second)
    assert not gone.exists()
    assert kept.is_dir()


def test_texts_are_found_by_their_bytes() -> None:
    words = sorted(
        {"", "a", "ab", "b", "é", "細", "\ud800"}, key=lambda w: w.encode("utf-8", "surrogatepass")
    )
    texts = Texts.of(words)
    assert [texts.find(word) for word in words] == [*range(len(words))]
    assert [texts.find(word) for word in ("A", "aa", "c", "\uffff")] == [None] * 4
    assert Texts.of([]).find("a") is None
