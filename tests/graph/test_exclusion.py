"""A release without a source is the one that is built where the source never was."""

import json
import shutil
from pathlib import Path

import pytest

from graph.build import build, statements
from graph.origin import digest_of_inputs, outdated_origin, read_origin
from graph.problems import InvalidSeeds
from graph.release import DataDirectory
from graph.rules import derive
from graph.sources.landscape import read_landscape, shipped
from graph.terms import Iris
from tests.landscape.shipped import SHIPPED

IRIS = Iris()
SOURCES = [*SHIPPED]
LARGE = ("coherent-cellular-immunotherapy", "towards-latin-america-cell-gene-therapy")
THIRD = Path(__file__).parents[1] / "landscape" / "third"
OWN = "harbour-southern-cone-2026"


def seeds_without(folder: Path, *sources: str) -> Path:
    ignored = shutil.ignore_patterns(*sources, "__pycache__")
    return shutil.copytree(shipped(), folder / "seeds", ignore=ignored)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(one, marks=() if one in (LARGE[0], SOURCES[0]) else pytest.mark.exhaustive)
        for one in SOURCES
    ],
)
def test_statements_are_those_of_a_folder_without_it(tmp_path: Path, source: str) -> None:
    seeds = seeds_without(tmp_path, source)
    without = read_landscape(seeds=seeds)
    excluded = read_landscape(exclude=[source])
    assert [one.slug for one in excluded.sources] == [one for one in SOURCES if one != source]
    made = statements(excluded, IRIS)
    assert set(made) == set(statements(without, IRIS))
    assert not [
        quad for quad in derive(made, IRIS) if IRIS.source(source) in (quad.subject, quad.object)
    ]


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "excluded",
    [
        pytest.param((LARGE[0],), marks=pytest.mark.exhaustive, id="one-large"),
        pytest.param((LARGE[1], SOURCES[0]), marks=pytest.mark.exhaustive, id="large-and-small"),
        pytest.param((*LARGE, *SOURCES[::2]), id="most"),  # builds of few take least
    ],
)
def test_a_release_has_the_same_bytes(tmp_path: Path, excluded: tuple[str, ...]) -> None:
    release = build(DataDirectory(tmp_path / "excluded"), exclude=excluded).release
    seeds = seeds_without(tmp_path, *excluded)
    never = build(DataDirectory(tmp_path / "never"), seeds=seeds).release
    assert release.id == never.id
    for name in ("data.nq", "manifest.json"):
        assert (release.path / name).read_bytes() == (never.path / name).read_bytes()
    lines = release.nquads.read_text("utf-8")
    manifest = (release.path / "manifest.json").read_text("utf-8")
    for source in excluded:
        for iri in (IRIS.source(source), IRIS.graph(source)):
            assert f"<{iri.value}>" not in lines
            assert f"<{iri.value}#" not in lines
        assert f'"{source}"' not in manifest


def test_names_that_are_no_source_are_refused_with_near_ones(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    hostile = "\x1b[31m<x>\n"
    with pytest.raises(InvalidSeeds) as refused:
        build(data, exclude=["reference", SOURCES[0][:-1], hostile])
    texts = [str(problem) for problem in refused.value.problems]
    assert len(texts) == 3
    assert any(f"Did you mean {SOURCES[0]}" in text for text in texts)
    assert any(text.startswith("'reference'") for text in texts)
    assert not any("\x1b" in text or "\n" in text for text in texts)
    assert data.current() is None


def test_an_excluded_source_of_the_user_does_not_bring_the_shipped_one_back(
    tmp_path: Path,
) -> None:
    own = shutil.copytree(shipped() / SOURCES[0], tmp_path / SOURCES[0])
    landscape = read_landscape([own], exclude=[SOURCES[0]])
    assert SOURCES[0] not in [source.slug for source in landscape.sources]


def test_what_is_excluded_is_no_input(tmp_path: Path) -> None:
    own = shutil.copytree(THIRD, tmp_path / "own")
    before = digest_of_inputs([own], [OWN]), digest_of_inputs([own])
    factors = own / OWN / "factors.csv"
    factors.write_text(factors.read_text("utf-8") + "\n", "utf-8")
    assert digest_of_inputs([own], [OWN]) == before[0]
    assert digest_of_inputs([own]) != before[1]


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_it_is_on_record_and_stays_excluded(tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    own = shutil.copytree(THIRD, tmp_path / "own")
    release = build(data, [own], exclude=SHIPPED).release
    origin = read_origin(data)
    assert origin is not None
    assert origin.exclude == SHIPPED
    assert outdated_origin(data, release) is None
    factors = own / OWN / "factors.csv"
    factors.write_text(factors.read_text("utf-8") + "\n", "utf-8")
    assert outdated_origin(data, release) == origin
    record = tmp_path / "data" / "built-from.json"
    document = json.loads(record.read_text("utf-8"))
    del document["exclude"]
    record.write_text(json.dumps(document), "utf-8")
    older = read_origin(data)
    assert older is not None
    assert older.exclude == (), "a record of an older program excludes nothing"
