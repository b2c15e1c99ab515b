"""A patch that is applied to the first release gives the second, whatever was edited."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.diff import (
    DifferentBases,
    InvalidPatch,
    TooManyDifferences,
    apply_patch,
    compare,
    patch_between,
    read_patch,
    write_patch,
)
from graph.diff.patch import read_lines
from graph.release import DataDirectory, Release, ReleaseDamaged
from tests.examples import examples
from tests.graph.diff.changed import built
from tests.graph.release.samples import DETAILS, lists, published, quads
from tests.landscape import spoil


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataDirectory:
    return DataDirectory(tmp_path_factory.mktemp("patches"))


def leads(before: Release, after: Release) -> bool:
    """Whether the patch, written and read again, leads to the bytes of the release after."""
    patch = patch_between(before, after)
    again = read_patch("".join(write_patch(patch)))
    assert again == patch
    lines = apply_patch(read_lines(before.nquads), again)
    return "".join(f"{line}\n" for line in lines).encode() == after.nquads.read_bytes()


@given(old=lists, new=lists)
@settings(deadline=None, max_examples=examples(80), suppress_health_check=[HealthCheck.too_slow])
def test_a_patch_leads_from_one_release_to_the_other(
    old: list[object], new: list[object], folder: DataDirectory
) -> None:
    before, after = folder.publish(old, DETAILS), folder.publish(new, DETAILS)  # type: ignore[arg-type]
    assert leads(before, after)
    assert leads(after, before)
    comparison = compare(before, after)
    rows = [one for change in comparison.all() for one in change.properties]
    changed = sum(len(one.before) + len(one.after) for one in rows)
    assert changed == len(comparison.patch)  # every statement has a place in the table, once


_CELLS = {
    "launches.csv": "place",
    "deals.csv": "places",
}


def _edit(seeds: Path, table: str, value: str) -> None:
    path = seeds / spoil.OUTLOOK / table
    for row in spoil.cells(path)[1:]:
        spoil.edit(path, row[0], **{_CELLS[table]: value})


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> list[Release]:
    """The landscape, and after edits of several tables."""
    made = [built(tmp_path_factory.mktemp("plain"))]
    for tables in (["launches.csv"], ["launches.csv", "deals.csv"]):

        def edit(seeds: Path, tables: list[str] = tables) -> None:
            for table in tables:
                _edit(seeds, table, "norland")

        made.append(built(tmp_path_factory.mktemp("edited"), edit, made[0]))
    return made


@given(pair=st.tuples(st.integers(0, 2), st.integers(0, 2)))
@settings(deadline=None, max_examples=examples(9))
def test_a_patch_leads_from_one_landscape_to_the_other(
    pair: tuple[int, int], edited: list[Release]
) -> None:
    before, after = (edited[number] for number in pair)
    assert leads(before, after)
    found = compare(before, after)
    assert (len(found.patch) == 0) == (before.id == after.id)
    assert {one.cause for one in found.all()} <= {"transcription-corrected"}


def test_a_patch_of_another_release_is_refused(tmp_path: Path) -> None:
    directory, first = published(tmp_path, 20)
    second, third = (directory.publish(quads(20, word), DETAILS) for word in ("new", "other"))
    with pytest.raises(InvalidPatch, match="another"):
        apply_patch(read_lines(third.nquads), patch_between(first, second))


@pytest.mark.parametrize(
    "spoilt", ["", "TX .\n", "H id <urn:x> .\nTC .\n", "H id <ni:///sha-256;AA> .\n", "X\n"]
)
def test_what_is_no_patch_is_refused(spoilt: str) -> None:
    with pytest.raises(InvalidPatch):
        read_patch(spoilt)


def test_a_patch_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    directory, first = published(tmp_path, 20)
    text = "".join(write_patch(patch_between(first, directory.publish(quads(9), DETAILS))))
    for end in range(len(text) - 1, 0, -37):
        with pytest.raises(InvalidPatch):
            read_patch(text[:end])


def test_a_damaged_release_is_not_compared(tmp_path: Path) -> None:
    directory, first = published(tmp_path, 20)
    second = directory.publish(quads(24), DETAILS)
    data = first.nquads.read_bytes()
    first.nquads.write_bytes(data.replace(b"old 1", b"odd 1"))
    with pytest.raises(ReleaseDamaged):
        patch_between(first, second)


def test_differences_may_be_limited(tmp_path: Path) -> None:
    directory, first = published(tmp_path, 20)
    second = directory.publish(quads(24), DETAILS)
    number = len(patch_between(first, second))
    assert len(patch_between(first, second, most=number)) == number
    with pytest.raises(TooManyDifferences):
        patch_between(first, second, most=number - 1)


def test_releases_of_different_bases_are_compared_as_triples_only(tmp_path: Path) -> None:
    directory, first = published(tmp_path, 20)
    second = directory.publish(quads(24), DETAILS | {"base": "https://other.example/"})
    assert leads(first, second)
    with pytest.raises(DifferentBases):
        compare(first, second)
