"""Names on the disk are those of the engine, are made again, and go with their release."""

from collections.abc import Callable
from pathlib import Path

import pytest

from graph.pruning import prune
from graph.query import EmbeddedEngine, EngineFailure
from graph.release import DataDirectory, DataDirectoryError, Release
from graph.search.files import keep_names, kept_names, make_names, served_names
from graph.search.names import Named, read_names
from graph.stores.files import make_store
from tests.graph.release.samples import names
from tests.service.dataset import DETAILS, quads


@pytest.fixture
def data(tmp_path: Path) -> DataDirectory:
    return DataDirectory(tmp_path)


@pytest.fixture
def release(data: DataDirectory) -> Release:
    return data.publish(quads(), DETAILS)


def of_engine(release: Release) -> list[Named]:
    return [*read_names(EmbeddedEngine.over(release), release.iris.base)]


def test_they_are_those_of_the_engine(data: DataDirectory, release: Release) -> None:
    make_store(data, release)
    assert kept_names(data, release) is None
    place = make_names(data, release)
    before = place.stat()
    assert kept_names(data, release) == of_engine(release)
    assert len(of_engine(release)) > 3
    assert make_names(data, release) == place
    assert place.stat() == before


def test_a_process_of_its_own_makes_them(data: DataDirectory, release: Release) -> None:
    make_store(data, release)
    assert served_names(data, release) == of_engine(release)


def test_without_a_store_there_are_none(data: DataDirectory, release: Release) -> None:
    with pytest.raises(DataDirectoryError, match="no store on the disk"):
        make_names(data, release)
    assert served_names(data, release) is None


def test_what_fails_beside_a_release_is_left_to_whoever_serves_it(
    data: DataDirectory, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise EngineFailure("the engine failed on this query")

    make_store(data, release)
    monkeypatch.setattr("graph.search.files.read_names", fails)
    keep_names(data, release)
    assert kept_names(data, release) is None
    assert served_names(data, release) == of_engine(release)


@pytest.mark.parametrize(
    "harmed",
    [
        lambda _: "",
        lambda text: text[: text.rindex("{")],
        lambda text: text[:-10],
        lambda text: text.replace('"iri"', '"uri"'),
        lambda text: "[]\n" + text,
        lambda text: text.replace(text.splitlines()[1], "[1]"),
        lambda text: text.replace("Alpha", "Alpho"),
    ],
    ids=["empty", "a line less", "cut", "other members", "no hash", "no object", "other name"],
)
def test_what_is_unsound_is_made_again(
    data: DataDirectory, release: Release, harmed: Callable[[str], str]
) -> None:
    make_store(data, release)
    place = make_names(data, release)
    place.write_text(harmed(place.read_text("utf-8")), "utf-8")
    assert kept_names(data, release) is None
    make_names(data, release)
    assert kept_names(data, release) == of_engine(release)


def test_they_go_with_their_release(data: DataDirectory, release: Release) -> None:
    make_store(data, release)
    former = make_names(data, release)
    (former.parent / f"{release.id}-00000000.jsonl").write_text("0\n")  # of a former version
    make_names(data, release)
    assert names(former.parent) == [former.name]
    later = data.publish([*quads()][:-1], DETAILS)
    make_store(data, later)
    kept = make_names(data, later)
    prune(data, newest=1)
    assert names(kept.parent) == [kept.name]
    assert len(kept.read_text().splitlines()) == 1 + len(of_engine(later))
