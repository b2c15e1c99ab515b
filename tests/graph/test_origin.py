"""A release knows nothing of this machine; what it was built from is on record beside it."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from graph.build import build
from graph.origin import digest_of_inputs, outdated_origin, read_origin
from graph.release import DataDirectory
from tests.landscape.shipped import SHIPPED
from tests.landscape.spoil import edit

THIRD = Path(__file__).parents[1] / "landscape" / "third"
FACTORS = "harbour-southern-cone-2026/factors.csv"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataDirectory, Path]:
    folder = tmp_path_factory.mktemp("origin")
    own = copytree(THIRD, folder / "own")
    data = DataDirectory(folder / "data")
    build(data, [own], exclude=SHIPPED)
    return data, own


def test_a_build_is_on_record(built: tuple[DataDirectory, Path]) -> None:
    data, own = built
    current = data.current()
    origin = read_origin(data)
    assert current is not None
    assert origin is not None
    assert (origin.release, origin.sources) == (current.id, (own,))
    assert outdated_origin(data, current) is None


def test_a_change_of_any_file_of_the_user_is_seen(
    built: tuple[DataDirectory, Path], tmp_path: Path
) -> None:
    before = digest_of_inputs([built[1]])
    own = copytree(built[1], tmp_path / "own")
    assert digest_of_inputs([own]) == before, "the place does not count"
    edit(own / FACTORS, "ha212-fac-1", factor="low costs")
    assert digest_of_inputs([own]) != before
    copytree(built[1], own, dirs_exist_ok=True)
    (own / "reference" / "retired.csv").unlink()
    assert digest_of_inputs([own]) != before
    assert digest_of_inputs([]) != before


def test_what_changed_is_to_be_built_from_the_same_folders(
    built: tuple[DataDirectory, Path],
) -> None:
    data, own = built
    current = data.current()
    assert current is not None
    text = (own / FACTORS).read_text("utf-8")
    (own / FACTORS).write_text(text + "\n", "utf-8")
    try:
        stale = outdated_origin(data, current)
    finally:
        (own / FACTORS).write_text(text, "utf-8")
    assert stale is not None
    assert stale.sources == (own,)


@pytest.mark.parametrize("record", [None, "", "[]", "{}", '{"release": 1}', "\0"])
def test_of_a_release_that_is_not_on_record_nothing_is_guessed(
    built: tuple[DataDirectory, Path], tmp_path: Path, record: str | None
) -> None:
    data = DataDirectory(copytree(built[0].path, tmp_path / "data", symlinks=True))
    path = data.path / "built-from.json"
    path.unlink() if record is None else path.write_text(record, "utf-8")
    current = data.current()
    assert current is not None
    assert outdated_origin(data, current) is None  # it has a source that is not shipped


def test_a_release_of_shipped_reports_that_is_not_on_record_is_built_anew(
    tmp_path: Path, landscape_data: Path
) -> None:
    data = DataDirectory(copytree(landscape_data, tmp_path / "data", symlinks=True))
    current = data.current()
    assert current is not None
    assert outdated_origin(data, current) is None
    path = data.path / "built-from.json"
    assert json.loads(path.read_text("utf-8"))["sources"] == []
    path.unlink()
    stale = outdated_origin(data, current)
    assert stale is not None
    assert stale.sources == ()
