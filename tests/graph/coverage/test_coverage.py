"""A source and its text: nothing in the text is lost, nothing is said that it does not show."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.coverage import CoverageReport, Gap, coverage
from graph.problems import InvalidSeeds
from graph.sources.landscape import read_landscape
from tests.landscape.spoil import (
    BRIEF,
    OUTLOOK,
    SEEDS,
    TEXTS,
    add,
    cells,
    copied,
    delete,
    edit,
    recount,
    swap,
    write,
)

SOURCES = (OUTLOOK, BRIEF)


def held(seeds: Path, source: str = OUTLOOK, text: Path | None = None) -> CoverageReport:
    return coverage(seeds / source, text or TEXTS / f"{source}.txt", seeds=seeds)


def told(seeds: Path, source: str = OUTLOOK) -> list[str]:
    """What check or coverage finds, as text; empty where nothing is."""
    try:
        report = held(seeds, source)
    except InvalidSeeds as invalid:
        return [str(problem) for problem in invalid.problems]
    assert report.clean == (not report.missing and not report.uncovered)
    gaps = [f"{gap.section}/{gap.paragraph}: {gap.kind} {gap.token}" for gap in report.uncovered]
    return [*map(str, report.missing), *gaps]


@pytest.mark.parametrize("source", SOURCES)
def test_the_invented_sources_cover_their_texts(source: str) -> None:
    report = held(SEEDS, source)
    assert report.missing == ()
    assert report.uncovered == ()
    assert report.clean
    assert report.tokens > 10
    assert 0 < report.share_ignored < 0.1


# -- rows that are lost -----------------------------------------------------------------------

ROWS = [
    (source, path.name, number)
    for source in SOURCES
    for path in sorted((SEEDS / source).glob("*.csv"))
    for number in range(1, len(cells(path)))
]


def without(folder: Path, source: str, table: str, number: int) -> Path:
    seeds = copied(folder)
    rows = cells(seeds / source / table)
    del rows[number]
    write(seeds / source / table, rows)
    return seeds


@pytest.mark.parametrize(("source", "table", "number"), ROWS)
def test_a_lost_row_is_missed(tmp_path: Path, source: str, table: str, number: int) -> None:
    seeds = without(tmp_path, source, table, number)
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape(seeds=seeds)
    assert any(table.removesuffix(".csv") in str(problem) for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("source", "table", "number"),
    [row for row in ROWS if row[1] != "quality_notes.csv"],  # doubts are ours, not the text's
)
def test_a_lost_row_is_missed_in_the_text_even_if_the_count_is_corrected(
    tmp_path: Path, source: str, table: str, number: int
) -> None:
    seeds = without(tmp_path, source, table, number)
    recount(seeds / source)
    assert told(seeds, source)


def test_what_a_lost_row_leaves_uncovered_is_told_beside_the_count(tmp_path: Path) -> None:
    report = held(without(tmp_path, OUTLOOK, "shares.csv", 1))
    assert any("shares has" in problem.message for problem in report.missing)
    assert "62.50%" in {gap.token for gap in report.uncovered}


# -- cells that are altered -------------------------------------------------------------------

Alteration = Callable[[Path], object]


def cell(table: str, key: str, **changes: str) -> Alteration:
    return lambda seeds: edit(seeds / OUTLOOK / f"{table}.csv", key, **changes)


ALTERED: dict[str, tuple[Alteration, str]] = {
    "value": (cell("shares", "ao-share-1", value="61.50"), "the digits 61.50 stand in no printed"),
    "value and its fragment": (
        cell("shares", "ao-share-1", value="61.50", printed="2024 | Autologous Grafts | 61.50%"),
        "'61.50%' does not stand in line 7",
    ),
    "value that another line prints": (
        cell("market_figures", "ao-fig-1", value="7.64"),
        "the digits 7.64 stand in no printed",
    ),
    "base": (cell("statistics", "ao-stat-1", base="8"), "the digits 8 stand in no printed"),
    "year": (cell("market_figures", "ao-fig-1", year="2025"), "2025 is not printed in the line"),
    "year of a period": (cell("growth_rates", "ao-rate-1", to_year="2032"), "2032 is not printed"),
    "day": (cell("regulatory_events", "ao-reg-1", date="2024-03-15"), "2024-03-15 is not printed"),
    "month": (cell("regulatory_events", "ao-reg-1", date="2024-04-05"), "2024-04-05 is not pr"),
    "month alone": (
        cell("launches", "ao-launch-1", date="../2024-07"),
        "../2024-07 is not printed",
    ),
    "quarter": (cell("deals", "ao-deal-1", date="2023-34"), "2023-34 is not printed in the line"),
    "half for a quarter": (cell("deals", "ao-deal-1", date="2023-40"), "2023-40 is not printed"),
    "one end of an interval": (
        cell("milestones", "ao-mile-1", date="2021/2023"),
        "2021/2023 is not printed",
    ),
    "open end": (cell("initiatives", "ao-init-1", date="2020-02/.."), "2020-02/.. is not printed"),
    "quoted date": (cell("statistics", "ao-stat-1", quoted_date="2024-06"), "2024-06 is not print"),
    "organisation": (
        cell("activities", "ao-act-1", organisation="estia-biolabs"),
        "the line names agent:estia-biolabs by no name",
    ),
    "one of several organisations": (
        cell("deals", "ao-deal-1", parties="brightcell | helio-norland"),
        "the line names agent:helio-norland by no name",
    ),
    "part of a longer name": (
        cell("references", "ao-ref-1", organisation="norland-medicines-board"),
        "the line names agent:norland-medicines-board",
    ),
    "place": (cell("launches", "ao-launch-1", place="norland"), "the line names place:norland"),
    "therapy": (
        cell("names", "ao-name-1", entity="therapy:lumicel"),
        "the line names therapy:lumicel by no name",
    ),
    "technology": (cell("technology_profiles", "ao-tech-1", based_on=""), "name Flicker"),
    "indication": (
        cell("therapy_profiles", "ao-ther-1", indications="", printed="Lumicel | graft"),
        "name Brightcell",
    ),
    "person": (cell("credits", "ao-cred-1", printed="12 years"), "name Ada"),
    "fragment": (
        cell("factors", "ao-fact-1", printed="Aging | Norland"),
        "'Aging' does not stand in line 42",
    ),
    "fragment in other letters": (
        cell("factors", "ao-fact-1", printed="ageing | Norland"),
        "'ageing' does not stand",
    ),
    "approximation": (
        cell("market_figures", "ao-fig-1", approximation="about"),
        "'about' does not stand in line 5",
    ),
    "name as printed": (cell("segments", "ao-seg-3", name="Donor Graft Cells"), "does not stand"),
    "code as printed": (cell("therapy_profiles", "ao-ther-1", code="LG-13"), "'LG-13' does not"),
    "line": (cell("launches", "ao-launch-1", paragraph="3"), "does not stand in line 33"),
    "line behind the last": (cell("launches", "ao-launch-1", paragraph="99"), "has no line 99"),
    "section": (
        cell("launches", "ao-launch-1", section="outlook"),
        "does not stand in line 43 of the text. It stands in line 32: section events, paragraph 2",
    ),
    "further mention": (
        cell("mentions", "ao-fig-1", printed="in 2024 | USD 3.11 Bn"),
        "'USD 3.11 Bn' does not stand in line 9",
    ),
    "ignored words": (cell("ignored", "Call 555", text="Call 556"), "'Call 556' does not stand in"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_cell_is_found(tmp_path: Path, name: str) -> None:
    alter, message = ALTERED[name]
    seeds = copied(tmp_path)
    alter(seeds)
    if name == "technology":  # then nothing in the row rests on it, and its fragment may go
        edit(
            seeds / OUTLOOK / "technology_profiles.csv",
            "ao-tech-1",
            printed="Helio Group owns Glow",
        )
    found = told(seeds)
    assert any(message in text for text in found), found


def test_a_finding_has_its_place_and_its_remedy(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    line = edit(seeds / OUTLOOK / "launches.csv", "ao-launch-1", place="norland", implied="date")
    (problem,) = held(seeds).missing
    assert (problem.file, problem.line, problem.column) == (
        f"seeds/{OUTLOOK}/launches.csv",
        line,
        "place",
    )
    assert "add the name as an alias, or name the column in implied" in problem.remedy


def test_what_is_implied_need_not_be_printed(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    edit(
        seeds / OUTLOOK / "launches.csv",
        "ao-launch-1",
        place="norland",
        date="2030",
        implied="place | date",
    )
    assert held(seeds).missing == ()


def test_an_alias_is_a_name_and_so_is_the_name_of_what_was_merged(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    delete(seeds / "reference" / "aliases.csv", "place:sudria")
    assert any("place:sudria by no name" in text for text in told(seeds))
    seeds = copied(tmp_path / "again")
    merged = {"entity": "agent:old-helio", "replaced_by": "agent:helio-norland"}
    add(seeds / "reference" / "retired.csv", **merged, reason="held to be one")
    assert held(seeds).clean


def test_a_thing_may_be_named_by_any_name_of_its_row(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    line = "The Norland Medicines Board approved {} in March 2024.\n"
    for name, known in (("LG-12", True), ("lumigrafts", True), ("LG-1", False), ("XLG-12", False)):
        text.write_text("Lumen Brief\nAcme Press\nNews\n" + line.format(name), "utf-8")
        missing = [p for p in held(SEEDS, BRIEF, text).missing if p.column == "therapy"]
        assert (missing == []) == known


def test_a_name_is_found_however_it_is_cased_joined_or_accented(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    text = tmp_path / "text.txt"
    text.write_text(
        "Lumen Brief\nAcme Press\nNews\nTHE NORLAND-MEDICINES B\u00d6ARD\u2019s\n", "utf-8"
    )
    edit(seeds / BRIEF / "regulatory_events.csv", "ab-reg-1", printed="THE", implied="date | place")
    edit(seeds / BRIEF / "regulatory_events.csv", "ab-reg-1", therapy="", technology="glow")
    messages = [problem.message for problem in held(seeds, BRIEF, text).missing]
    assert not any("agent:" in message for message in messages)
    assert any("technology:glow" in message for message in messages)


# -- what is passed over ----------------------------------------------------------------------


def test_uncovered_words_are_told_with_their_place(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    delete(seeds / OUTLOOK / "growth_rates.csv", "ao-rate-1")
    assert held(seeds).uncovered == (
        Gap(6, "market-size", 2, "13.8%", "number"),
        Gap(6, "market-size", 2, "2024", "number"),
        Gap(6, "market-size", 2, "2031", "number"),
    )


def test_no_more_than_a_tenth_may_be_ignored(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    path = seeds / BRIEF / "ignored.csv"
    add(path, "page 7", paragraph="2", text="*")
    (seeds / BRIEF / "market_figures.csv").unlink()
    swap(
        seeds / BRIEF / "source.toml", "market_figures = { rows = 1", "market_figures = { rows = 0"
    )
    report = held(seeds, BRIEF)
    assert (report.missing, report.uncovered) == ((), ())
    assert report.share_ignored > 0.1
    assert not report.clean


def test_what_a_row_covers_is_not_ignored_though_it_might_be(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    add(
        seeds / OUTLOOK / "ignored.csv",
        "Sources",
        section="market-size",
        paragraph="1",
        text="*",
    )
    assert held(seeds).ignored == held(SEEDS).ignored


# -- the text ---------------------------------------------------------------------------------


def test_another_text_is_not_the_one_that_was_read(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    data = (TEXTS / f"{OUTLOOK}.txt").read_bytes() + b"\n"
    text.write_bytes(data)
    (problem,) = held(SEEDS, OUTLOOK, text).missing
    assert (problem.file, problem.column) == (f"seeds/{OUTLOOK}/source.toml", "text_sha256")
    assert hashlib.sha256(data).hexdigest() in problem.message
    assert problem.line == 12
    assert "put its hash into text_sha256" in problem.remedy


def test_a_source_without_a_hash_is_held_against_any_text(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    manifest = seeds / OUTLOOK / "source.toml"
    lines = manifest.read_text("utf-8").splitlines(keepends=True)
    manifest.write_text("".join(x for x in lines if not x.startswith("text_sha256")), "utf-8")
    text = tmp_path / "text.txt"
    data = (TEXTS / f"{OUTLOOK}.txt").read_bytes()
    for written in (data, b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r\n")):
        text.write_bytes(written)
        assert held(seeds, OUTLOOK, text).clean


@pytest.mark.parametrize(("old", "new"), [("News\n", "Nws\n"), ("News\n", "")])
def test_a_heading_that_is_not_there_is_told(tmp_path: Path, old: str, new: str) -> None:
    text = tmp_path / "text.txt"
    text.write_text((TEXTS / f"{BRIEF}.txt").read_text("utf-8").replace(old, new), "utf-8")
    problems = held(SEEDS, BRIEF, text).missing
    (told_,) = [p for p in problems if p.column == "heading"]
    assert (told_.file, told_.line) == (f"seeds/{BRIEF}/sections.csv", 3)
    assert told_.message == "no line after line 1 of the text begins with 'News'"
    assert "in the order of the text" in told_.remedy
    # Its rows have no place any more; that is told once each, and nothing that follows from it.
    rows = [p for p in problems if p.file.endswith("regulatory_events.csv")]
    assert [p.message for p in rows] == ["the text has no line 1 in that section"]


def test_headings_stand_in_the_order_of_the_text(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    head, *rows = cells(seeds / OUTLOOK / "sections.csv")
    write(seeds / OUTLOOK / "sections.csv", [head, *reversed(rows)])
    assert any(p.column == "heading" for p in held(seeds).missing)


def test_a_text_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    for text in (tmp_path / "gone.txt", tmp_path, tmp_path / "latin.txt"):
        with pytest.raises(InvalidSeeds, match="Name the UTF-8 text"):
            held(SEEDS, OUTLOOK, text)


@pytest.mark.parametrize("folder", ["reference", ""])
def test_what_is_no_source_folder_is_refused(folder: str) -> None:
    with pytest.raises(InvalidSeeds, match=r"is no source folder\. Name a folder with"):
        held(SEEDS, folder)


def test_a_source_of_ones_own_is_held_with_the_registers_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeds = copied(tmp_path)
    own = tmp_path / "own"
    own.mkdir()
    shutil.move(seeds / BRIEF, own / BRIEF)
    organisations = seeds / "reference" / "organisations.csv"
    (own / "reference").mkdir()
    head, *rows = cells(organisations)
    write(organisations, [head, *(row for row in rows if row[0] != "acme-press")])
    write(
        own / "reference" / "organisations.csv", [head, *(r for r in rows if r[0] == "acme-press")]
    )
    text = TEXTS / f"{BRIEF}.txt"
    assert coverage(own / BRIEF, text, seeds=seeds).clean
    monkeypatch.chdir(own / BRIEF)
    assert coverage(Path(), text, seeds=seeds).clean
    (own / "acme-other").symlink_to(own / BRIEF)
    with pytest.raises(InvalidSeeds):  # of another name it is another source, of the same ids
        coverage(own / "acme-other", text, seeds=own)


def test_a_report_of_nothing_has_no_share() -> None:
    assert CoverageReport((), (), 0, 0).share_ignored == 0.0
