"""The shipped facts are tested like code."""

import csv
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.build import check
from graph.coverage import coverage
from graph.problems import InvalidSeeds
from graph.sources.landscape import Landscape, read_landscape, shipped
from graph.sources.records import Reference
from ontology.description import tables
from tests.examples import examples

REPORTS = Path(__file__).resolve().parents[3] / "shared" / "reports"
TEXTS = {
    "coherent-cellular-immunotherapy": "coherent-cellular-immunotherapy.txt",
    "towards-latin-america-cell-gene-therapy": "towards-latin-america-cell-gene-therapy.txt",
}
#: As many words in a row as a name or a heading may share with a report, and no sentence does.
MOST_WORDS = 11


def _sources() -> list[Path]:
    return sorted(path.parent for path in shipped().glob("*/source.toml"))


def _reports() -> list[Path]:
    """The sources whose text was read: all but the pages of figures."""
    return [path for path in _sources() if "text_sha256" in _manifest(path)]


def _manifest(source: Path) -> dict[str, Any]:
    return tomllib.loads((source / "source.toml").read_text("utf-8"))


def _text(source: Path) -> Path:
    text = REPORTS / TEXTS[source.name]
    if not text.is_file():
        pytest.skip(f"the text of {source.name} is not here: {text.name} lies in ../shared/reports")
    return text


@pytest.fixture(scope="module")
def landscape() -> Landscape:
    """The shipped landscape, as read."""
    return read_landscape()


def test_the_seeds_are_sound() -> None:
    """Rows, references and shapes hold."""
    assert check().problems == ()


@pytest.mark.parametrize("source", _reports(), ids=lambda path: path.name)
def test_nothing_in_the_text_is_uncovered(source: Path) -> None:
    """Every number, date and name of the text is covered, and every row is in the text."""
    report = coverage(source, _text(source))
    assert report.missing == ()
    assert report.uncovered == ()
    assert report.clean


@pytest.mark.parametrize("source", _reports(), ids=lambda path: path.name)
def test_no_sentence_of_the_text_is_kept(source: Path) -> None:
    """No cell of the seeds repeats a run of words of the text, but for names and headings."""
    words = _words(_text(source).read_text("utf-8"))
    runs = {tuple(words[i : i + MOST_WORDS + 1]) for i in range(len(words) - MOST_WORDS)}
    kept = [
        cell
        for path in sorted(shipped().rglob("*.csv"))
        for row in _cells(path)
        for cell in row
        if _repeats(_words(cell), runs)
    ]
    assert kept == []


def _cells(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("detail") == "detail-title":  # a title is a name, however long
                continue
            yield [part for cell in row.values() for part in (cell or "").split("|")]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _repeats(words: list[str], runs: set[tuple[str, ...]]) -> bool:
    size = MOST_WORDS + 1
    return any(tuple(words[i : i + size]) in runs for i in range(len(words) - size + 1))


def test_every_registered_thing_is_used(landscape: Landscape) -> None:
    """A register holds nothing that no fact and no code list needs."""
    used = {
        value
        for source in landscape.sources
        for record in source.records
        for values in record.values.values()
        for value in values
        if isinstance(value, Reference)
    }
    used |= {
        value
        for record in landscape.registers
        for values in record.values.values()
        for value in values
        if isinstance(value, Reference)
    }
    used |= {Reference("agent", source.manifest.publisher) for source in landscape.sources}
    used |= {Reference("agent", source.manifest.counted_as) for source in landscape.sources}
    idle = [
        record.subject
        for record in landscape.registers
        if record.table.kind in ("agent", "therapy", "technology", "market")
        and record.subject not in used
    ]
    assert idle == []


def test_every_claim_is_dated_no_later_than_it_was_read(landscape: Landscape) -> None:
    """A report was published, or changed last, before it was read."""
    for source in landscape.sources:
        if source.manifest.read_for:  # a page of figures has a date or none, and was not read
            assert source.manifest.accessed is None
            continue
        published, accessed = source.manifest.published, source.manifest.accessed
        published = published or source.manifest.updated
        assert published is not None
        assert accessed is not None
        assert published.earliest is not None
        assert accessed.latest is not None
        assert published.earliest <= accessed.latest


def _places() -> list[tuple[str, int]]:
    """Every row of every table of every source: file below seeds/, and number of the row."""
    return [
        (str(path.relative_to(shipped())), number)
        for source in _sources()
        for path in sorted(source.glob("*.csv"))
        for number in range(_count(path))
    ]


def _count(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped seeds, to be spoilt."""
    seeds = tmp_path_factory.mktemp("copy") / "seeds"
    shutil.copytree(shipped(), seeds, ignore=shutil.ignore_patterns("__pycache__"))
    return seeds


_CHANGE = {"place": st.sampled_from(_places()), "column": st.none() | st.integers(0, 99)}
_UNHURRIED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=examples(10), deadline=None, suppress_health_check=_UNHURRIED)
@given(**_CHANGE)
def test_a_row_that_is_lost_or_altered_is_missed(
    copy: Path, place: tuple[str, int], column: int | None
) -> None:
    """Deleting any row, or changing any cell of it, is found; the finding names the table."""
    _is_missed(copy, *place, column)


@pytest.mark.exhaustive
@pytest.mark.timeout(600)
@settings(max_examples=examples(200), deadline=None, suppress_health_check=_UNHURRIED)
@given(**_CHANGE)
def test_many_rows_that_are_lost_or_altered_are_missed(
    copy: Path, place: tuple[str, int], column: int | None
) -> None:
    _is_missed(copy, *place, column)


def _is_missed(copy: Path, name: str, number: int, column: int | None) -> None:
    """Delete the row, or change the cell, and find that; then put it back."""
    path = copy / name
    before = path.read_text("utf-8")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    if column is None:
        del rows[number + 1]
    else:
        cell = column % len(rows[0])
        rows[number + 1][cell] = _altered(rows[number + 1][cell])
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        with pytest.raises(InvalidSeeds) as found:
            read_landscape(seeds=copy)
    finally:
        path.write_text(before, "utf-8")
    table = path.name.split(".")[0]
    assert any(table in str(problem) for problem in found.value.problems)


def _altered(cell: str) -> str:
    """Another value that may well be a sound one: a digit, a word less, or some text."""
    if digit := re.search(r"\d", cell):
        return f"{cell[: digit.start()]}{(int(digit[0]) + 1) % 10}{cell[digit.end() :]}"
    head, separator, _ = cell.rpartition(" | ")
    return head if separator else f"{cell} x".strip()


def test_every_table_of_facts_is_listed_and_reviewed() -> None:
    """A report says of every kind of fact how completely it was read, and what was reviewed."""
    for source in _sources():
        manifest = _manifest(source)
        listed = manifest["tables"]
        there = {path.name.split(".")[0] for path in source.glob("*.csv")}
        assert there <= set(listed)
        assert all("reviewed" in listed[table] for table in there if listed[table]["rows"])
        complete = {name for name, spec in listed.items() if spec["complete"]}
        facts = {name for name, table in tables().items() if table.is_claim}
        if "read_for" in manifest:  # nobody has read the whole page
            assert set(manifest["read_for"]) <= set(listed)
            assert complete == set()
        else:
            assert complete >= facts
