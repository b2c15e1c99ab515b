"""Signing a source off, and what happens to a row that is changed afterwards."""

from pathlib import Path

import pytest

from graph.problems import InvalidSeeds
from graph.review import NoSuchSource, review, write_review
from graph.sources.landscape import read_landscape, read_what_is_sound
from tests.landscape.spoil import BRIEF, OUTLOOK, add, cells, copied, delete, edit, swap, write


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """Seeds whose first source was reviewed."""
    seeds = copied(tmp_path)
    sign(seeds)
    read_landscape(seeds=seeds)
    return seeds


def sign(seeds: Path) -> None:
    write_review(seeds / OUTLOOK, review(seeds / OUTLOOK, seeds=seeds))


def problems(seeds: Path) -> list[str]:
    return [str(problem) for problem in read_what_is_sound(seeds=seeds)[1]]


def test_every_table_of_the_folder_is_listed_with_its_digest(seeds: Path) -> None:
    manifest = (seeds / OUTLOOK / "source.toml").read_text("utf-8")
    tables = {path.name.split(".")[0] for path in (seeds / OUTLOOK).glob("*.csv")}
    for table in tables:
        assert f"\n{table} = {{ rows = " in manifest
    assert manifest.count("reviewed = ") == len(tables)
    assert "mentions = { rows = 1, complete = false, reviewed" in manifest
    assert manifest.startswith("version = 1\n")


def test_signing_again_changes_nothing(seeds: Path) -> None:
    before = (seeds / OUTLOOK / "source.toml").read_text("utf-8")
    sign(seeds)
    assert (seeds / OUTLOOK / "source.toml").read_text("utf-8") == before


def test_a_changed_cell_is_a_problem_that_names_the_table_and_the_remedy(seeds: Path) -> None:
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", factor="the young")
    (problem,) = problems(seeds)
    assert "acme-outlook/source.toml:" in problem
    assert "rows of factors were changed since they were reviewed" in problem
    assert 'then write reviewed = "' in problem
    sign(seeds)
    assert problems(seeds) == []


def test_every_row_of_every_table_is_held(seeds: Path) -> None:
    """A cell of any row, whatever the table: also one that no check could judge by itself."""
    for path in sorted((seeds / OUTLOOK).glob("*.csv")):
        whole = cells(path)
        for number in range(1, len(whole)):
            changed = [list(row) for row in whole]
            changed[number][-1] += " x"
            write(path, changed)
            assert problems(seeds), f"{path.name}:{number + 1}"
        write(path, whole)
    assert problems(seeds) == []


def test_order_files_and_columns_are_no_change(seeds: Path) -> None:
    path = seeds / OUTLOOK / "segments.csv"
    header, *rows = cells(path)
    write(path, [header, rows[2]])
    columns = [header[0], *reversed(header[1:])]
    swapped = [[row[header.index(column)] for column in columns] for row in (rows[1], rows[0])]
    write(path.with_name("segments.more.csv"), [columns, *swapped])
    assert problems(seeds) == []


def test_a_merge_decision_of_somebody_else_is_no_change(seeds: Path) -> None:
    add(seeds / "reference" / "organisations.csv", slug="helios", label="Helios", type="company")
    retired = seeds / "reference" / "retired.csv"
    delete(seeds / "reference" / "organisations.csv", "helio-group")
    header = cells(retired)[0]
    row = {"entity": "agent:helio-group", "replaced_by": "agent:helios", "reason": "one company"}
    write(retired, [*cells(retired), [row[column] for column in header]])
    assert [p for p in problems(seeds) if "reviewed" in p] == []


def test_a_wrong_count_and_a_faulty_row_are_told_once(seeds: Path) -> None:
    path = seeds / OUTLOOK / "factors.csv"
    write(path, cells(path)[:1])
    assert [("reviewed" in p, "0 rows, 1 are expected" in p) for p in problems(seeds)] == [
        (False, True)
    ]
    edit(seeds / OUTLOOK / "launches.csv", "ao-launch-1", date="soon")
    assert not [p for p in problems(seeds) if "reviewed" in p]


def test_what_is_otherwise_wrong_is_mended_first(seeds: Path) -> None:
    edit(seeds / OUTLOOK / "factors.csv", "ao-fact-1", kind="nonsense")
    with pytest.raises(InvalidSeeds, match="nonsense"):
        review(seeds / OUTLOOK, seeds=seeds)


def test_a_folder_that_is_no_source(tmp_path: Path, seeds: Path) -> None:
    with pytest.raises((NoSuchSource, InvalidSeeds)):
        review(tmp_path, seeds=seeds)


def test_a_source_need_not_be_signed(seeds: Path) -> None:
    edit(seeds / BRIEF / "names.csv", "ab-name-1", name="Lumicel")
    assert problems(seeds) == []


def test_other_parts_of_the_file_stay(seeds: Path) -> None:
    manifest = seeds / BRIEF / "source.toml"
    swap(manifest, "[tables]", "# before\n[tables]   # after\n")
    write_review(seeds / BRIEF, review(seeds / BRIEF, seeds=seeds))
    text = manifest.read_text("utf-8")
    assert "# before\n[tables]   # after\nignored = { rows = 1, complete = true, reviewed" in text
    assert text.count("sections = ") == 1
