import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.problems import Problem
from graph.sources import files
from graph.sources.rows import Row, read_rows
from ontology.description import tables
from tests.examples import examples

PEOPLE = tables()["people"]  # slug and label must be filled, aliases may be


def read(folder: Path, data: bytes) -> tuple[tuple[Row, ...], list[Problem]]:
    path = folder / "people.csv"
    path.write_bytes(data)
    problems: list[Problem] = []
    found = read_rows(path, PEOPLE, "acme/people.csv", problems)
    assert found.whole == (not [p for p in problems if "cells and the header" not in p.message])
    return found.rows, problems


def places(rows: tuple[Row, ...]) -> list[tuple[int, str]]:
    return [(row.line, row.cells["slug"]) for row in rows]


@pytest.mark.parametrize(
    "data",
    [
        b"slug,label\na,Ann\nb,Bob\n",
        b"slug,label\na,Ann\nb,Bob",
        b"\xef\xbb\xbfslug,label\na,Ann\nb,Bob\n",
        b"slug,label\r\na,Ann\r\nb,Bob\r\n",
        b"slug,label\ra,Ann\rb,Bob\r",
        b'"slug","label"\n"a","Ann"\n"b","Bob"\n',
        b"slug,label\n a , Ann \nb,\tBob\n",
        b"label,slug\nAnn,a\nBob,b\n",
        b"slug,label,aliases\na,Ann,\nb,Bob,  \n",
    ],
)
def test_the_same_rows_however_they_are_written(tmp_path: Path, data: bytes) -> None:
    rows, problems = read(tmp_path, data)
    assert problems == []
    assert [dict(row.cells) for row in rows] == [
        {"slug": "a", "label": "Ann"},
        {"slug": "b", "label": "Bob"},
    ]
    assert places(rows) == [(2, "a"), (3, "b")]


def test_a_row_knows_its_line_behind_blank_lines_and_cells_of_several_lines(
    tmp_path: Path,
) -> None:
    data = b'slug,label\n\na,"Ann\nof\nAcme"\n , \nb,"Bob ""B"", jr"\n\n\nc,Cy\n'
    rows, problems = read(tmp_path, data)
    assert problems == []
    assert places(rows) == [(3, "a"), (7, "b"), (10, "c")]
    assert rows[0].cells["label"] == "Ann\nof\nAcme"
    assert rows[1].cells["label"] == 'Bob "B", jr'


def test_lines_are_counted_with_any_line_end(tmp_path: Path) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        rows, _ = read(tmp_path, b'slug,label\na,"A\nB"\n\nb,Bob\n'.replace(b"\n", end))
        assert places(rows) == [(2, "a"), (5, "b")]


@pytest.mark.parametrize(
    ("data", "line", "column", "message", "remedy"),
    [
        (b"", 1, None, "has no header", "Write the header: slug,label,aliases"),
        (b"\n\n", 1, None, "has no header", "Write the header"),
        (b"\xef\xbb\xbf", 1, None, "has no header", "Write the header"),
        (b"slug,label,alias\n", 1, "alias", "no column 'alias'", "Did you mean aliases?"),
        (b"slug,label,xyzzy\n", 1, "xyzzy", "no column 'xyzzy'", "The columns are slug, label"),
        (b"slug,label,Label\n", 1, "Label", "no column 'Label'", "Did you mean label?"),
        (b"slug,label, aliases\n", 1, " aliases", "no column ' aliases'", "aliases?"),
        (b"slug,label,\n", 1, "", "no column ''", "The columns are"),
        (b"slug,label,label\n", 1, "label", "twice in the header", "Keep one"),
        (b"slug\na\n", 1, "label", "the column is missing", "Add it"),
        (b"slug;label\na;b\n", 1, None, "parted by semicolons", "with commas"),
        (b"slug\tlabel\na\tb\n", 1, None, "parted by tabs", "with commas"),
        (b"slug,label\na\n", 2, None, "has 1 cells and the header has 2", "Quote a cell"),
        (b"slug,label\n\na,A,x\n", 3, None, "has 3 cells and the header has 2", "Quote a cell"),
        (b'slug,label\na,"A\n', 2, None, "not readable as CSV", "Check the quotes"),
        (b'slug,label\na,A\nb,"B" x\n', 3, None, "not readable as CSV", "Check the quotes"),
        (b"slug,label\na,\xff\n", 2, None, "is not UTF-8", "Save the file as UTF-8"),
        (b"slug,label\r\na,A\r\nb,\xe9\r\n", 3, None, "is not UTF-8", "Save the file"),
        ("slug,label\na,A\n".encode("utf-16"), 1, None, "is not UTF-8", "Save the file"),
        (b"slug,label\na,A\0\n", 2, None, "has a NUL character", "Delete it"),
        (b"slug,label\na," + b"x" * 140_000, 2, None, "field limit", "shorten the cell"),
    ],
)
def test_a_fault_of_the_file_has_its_place_and_remedy(
    tmp_path: Path, *, data: bytes, line: int, column: str | None, message: str, remedy: str
) -> None:
    _, problems = read(tmp_path, data)
    found = [p for p in problems if message in p.message]
    assert [(p.file, p.line, p.column) for p in found] == [("acme/people.csv", line, column)]
    assert remedy in found[0].remedy
    assert found[0].remedy


def test_ragged_rows_are_all_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    rows, problems = read(tmp_path, b"slug,label\na\nb,Bob\nc,C,x\n")
    assert [p.line for p in problems] == [2, 4]
    assert [(row.line, row.ragged) for row in rows] == [(2, True), (3, False), (4, True)]


def test_a_hostile_header_makes_no_hostile_message(tmp_path: Path) -> None:
    _, problems = read(tmp_path, b"slug,label," + b"x" * 100_000 + b",\x1b[31m\n")
    assert problems
    assert all(len(str(problem)) < 500 for problem in problems)
    assert not any("\x1b" in problem.message for problem in problems)


def test_what_is_no_regular_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    folder, pipe, nowhere = tmp_path / "folder", tmp_path / "pipe", tmp_path / "nowhere"
    folder.mkdir()
    os.mkfifo(pipe)
    nowhere.symlink_to(tmp_path / "gone")
    for path in (folder, pipe, nowhere, Path(os.devnull)):
        problems: list[Problem] = []
        assert not read_rows(path, PEOPLE, "acme/people.csv", problems).whole
        assert [(p.line, p.remedy) for p in problems] == [(None, "Make it a readable file.")]
        assert "cannot be read" in problems[0].message


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 20)
    assert read(tmp_path, b"slug,label\na,A\n")[1] == []
    _, problems = read(tmp_path, b"slug,label\na,A\nb,B\nc,C\n")
    assert "larger than 20 bytes" in problems[0].message


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
@given(st.lists(st.tuples(texts, texts), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_every_cell_comes_back_with_its_line(
    tmp_path: Path, given_rows: list[tuple[str, str]], end: str
) -> None:
    path = tmp_path / "people.csv"
    lines, line = [], 2
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator=end, quoting=csv.QUOTE_ALL)
        writer.writerow(["slug", "label"])
        for cells in given_rows:
            lines.append(line)
            writer.writerow(cells)
            line += 1 + sum(c.replace("\r\n", "\n").replace("\r", "\n").count("\n") for c in cells)
    problems: list[Problem] = []
    found = read_rows(path, PEOPLE, "people.csv", problems)
    assert problems == []
    expected = [
        (line, {k: v.strip() for k, v in zip(("slug", "label"), cells, strict=True) if v.strip()})
        for line, cells in zip(lines, given_rows, strict=True)
    ]
    assert [(row.line, dict(row.cells)) for row in found.rows] == [e for e in expected if e[1]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(60))
@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(tmp_path: Path, data: bytes) -> None:
    for head in (b"", b"slug,label\n"):
        _, problems = read(tmp_path, head + data)
        assert all(problem.remedy and problem.line for problem in problems)
