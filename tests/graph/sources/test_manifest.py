import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.dates import parse_date
from graph.problems import Problem
from graph.sources.manifest import Manifest, TableCount, read_manifest
from ontology.description import tables
from tests.examples import examples

SOUND = """\
version = 1
title = "Lumen Graft Outlook"
short_title = "Acme (2024)"
publisher = "acme-insights"
url = "https://acme.example/a?b=c"
code = "AI-7"
published = "2024-06"
accessed = 2026-11-02
language = "en"
id_prefix = "ao"
licence_note = "Invented."
text_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

[tables]
sections = { rows = 3, complete = true }
launches = { rows = 0, complete = false }
"""


def read(folder: Path, data: str | bytes) -> tuple[Manifest | None, list[Problem]]:
    path = folder / "source.toml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
    problems: list[Problem] = []
    manifest = read_manifest(path, "acme/source.toml", problems)
    assert (manifest is None) == bool(problems)
    return manifest, problems


def test_a_sound_manifest_is_read_as_it_stands(tmp_path: Path) -> None:
    manifest, problems = read(tmp_path, SOUND)
    assert problems == []
    assert manifest is not None
    assert manifest.title == "Lumen Graft Outlook"
    assert manifest.url == "https://acme.example/a?b=c"
    assert manifest.published == parse_date("2024-06")
    assert manifest.accessed == parse_date("2026-11-02")
    assert manifest.tables == {
        "sections": TableCount(3, complete=True),
        "launches": TableCount(0, complete=False),
    }
    assert manifest.lines["publisher"] == 4
    assert manifest.lines["tables.launches"] == 16


def test_a_page_may_only_say_when_it_was_changed_last(tmp_path: Path) -> None:
    manifest, _ = read(tmp_path, SOUND.replace('published = "2024-06"', "updated = 2024-06-30"))
    assert manifest is not None
    assert (manifest.published, manifest.updated) == (None, parse_date("2024-06-30"))


def test_what_is_optional_may_be_left_out(tmp_path: Path) -> None:
    optional = ("url", "code", "published", "accessed", "language", "text_sha256")
    lines = [line for line in SOUND.splitlines() if not line.startswith(optional)]
    manifest, problems = read(tmp_path, "\n".join(lines))
    assert problems == []
    assert manifest is not None
    assert {getattr(manifest, name) for name in optional} == {None}


GROUPED = 'data_group = "acme-press"\ndata_group_reason = "So it says."\n'


def test_a_page_of_figures_says_what_it_was_read_for_and_whose_data_it_prints(
    tmp_path: Path,
) -> None:
    plain, _ = read(tmp_path, SOUND)
    assert plain is not None
    assert (plain.read_for, plain.data_group, plain.counted_as) == ((), None, "acme-insights")
    page = SOUND.replace("[tables]", f'{GROUPED}read_for = ["market_figures", "shares"]\n[tables]')
    manifest, problems = read(tmp_path, page)
    assert problems == []
    assert manifest is not None
    assert manifest.read_for == ("market_figures", "shares")
    assert (manifest.counted_as, manifest.data_group_reason) == ("acme-press", "So it says.")


@pytest.mark.parametrize(
    ("lines", "column", "message", "remedy"),
    [
        ('data_group = "acme-press"\n', "data_group", "has no reason", "data_group_reason ="),
        ('data_group = "Acme"\ndata_group_reason = "x"\n', "data_group", "is no slug", "a-z"),
        ('data_group_reason = "x"\n', "data_group_reason", "no data group", "data_group ="),
        ("read_for = []\n", "read_for", "is no list of tables", "market_figures"),
        ('read_for = "figures"\n', "read_for", "is no list of tables", "market_figures"),
        ("read_for = [1]\n", "read_for", "is no list of tables", "market_figures"),
        ('read_for = ["figures"]\n', "read_for", "'figures' is no table", "market_figures?"),
        ('read_for = ["sections"]\n', "read_for", "'sections' is no table", "Did you mean"),
        ('read_for = ["xyzzy"]\n', "read_for", "'xyzzy' is no table", "They are activities,"),
    ],
)
def test_what_a_page_cannot_say_of_itself(
    tmp_path: Path, lines: str, column: str, message: str, remedy: str
) -> None:
    _, problems = read(tmp_path, SOUND.replace("[tables]", lines + "[tables]"))
    found = [p for p in problems if p.column == column]
    assert any(message in p.message and remedy in p.remedy for p in found), problems


@pytest.mark.parametrize("spec", ["rows = 1, complete = false", "rows = 0, complete = true"])
def test_what_a_page_was_not_read_for_has_no_rows(tmp_path: Path, spec: str) -> None:
    text = SOUND.replace("rows = 0, complete = false", spec)
    (problem,) = read(tmp_path, text.replace("[tables]", 'read_for = ["shares"]\n[tables]'))[1]
    assert (problem.column, problem.line) == ("tables.launches", 17)
    assert "was not read for it" in problem.message


@pytest.mark.parametrize("text", ["\ufeff" + SOUND, SOUND.replace("\n", "\r\n"), SOUND + "\n\n# x"])
def test_line_ends_and_byte_order_marks_change_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == read(tmp_path, SOUND)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "message", "remedy"),
    [
        ("version = 1", "version = 2", 1, "version", "is '2'", "Write version = 1"),
        ("version = 1\n", "", None, "version", "is 'None'", "Write version = 1"),
        ('title = "Lumen Graft Outlook"\n', "", None, "title", "is missing", "Write title ="),
        ('"Acme (2024)"', '"  "', 3, "short_title", "is missing or no text", "Write short_title ="),
        ('"AI-7"', "7", 6, "code", "is missing or no text", "the publisher's report code"),
        ('"AI-7"', '"a\\u0000b"', 6, "code", "has a control character", "one line"),
        ('"AI-7"', '"a\\nb"', 6, "code", "has a control character", "one line"),
        ('"AI-7"', '"a\\u202Eb"', 6, "code", "has a control character", "one line"),
        ('"acme-insights"', '"Acme"', 4, "publisher", "'Acme' is no slug", "Use a-z, 0-9"),
        ('"ao"', '"ao_"', 10, "id_prefix", "'ao_' is no slug", "Use a-z, 0-9"),
        ("https://acme.example/a?b=c", "acme.example", 5, "url", "no http(s)", "whole address"),
        ("https://acme.example/a?b=c", "https://[", 5, "url", "no http(s)", "whole address"),
        ("https://acme.example/a?b=c", "file:///x", 5, "url", "no http(s)", "whole address"),
        ('"2024-06"', '"2024-13"', 7, "published", "no month 13", "date of the edition"),
        ('"2024-06"', "true", 7, "published", "'True' is not a date", "date of the edition"),
        ("2026-11-02", "2026-11-02T10:00:00Z", 8, "accessed", "is not a date", "when it was read"),
        ('"en"', '"English"', 9, "language", "no language tag", "such as en"),
        ('sha256 = "012', 'sha256 = "12', 12, "text_sha256", "is no SHA-256", "64 digits"),
        ("code =", "cod =", 6, "cod", "is no field of source.toml", "Did you mean code?"),
        ("code =", "xyzzy =", 6, "xyzzy", "is no field of source.toml", "The fields are"),
        ("launches =", "launch =", 16, "tables.launch", "no table of a source", "launches?"),
        ("launches =", "xyzzy =", 16, "tables.xyzzy", "no table of a source", "The tables are"),
        ("rows = 0,", 'rows = "0",', 16, "tables.launches", "another form", "rows = 12"),
        ("rows = 0,", "rows = true,", 16, "tables.launches", "another form", "rows = 12"),
        ("false }", 'false, reviewed = "x" }', 16, "tables.launches", "another form", "review"),
        (" complete = false", " full = false", 16, "tables.launches", "another form", "rows = 12"),
        ("{ rows = 0, complete = false }", "0", 16, "tables.launches", "another form", "rows = 12"),
        ("[tables]", "[tablets]", 14, "tablets", "is no field", "Did you mean tables?"),
        ("code =", "code", 6, None, "cannot be read as TOML", "toml.io"),
        ("code =", 'title = "again"\ncode =', 6, None, "cannot be read as TOML", "toml.io"),
        ('"AI-7"', "[" * 9000, None, None, "cannot be read as TOML", "toml.io"),
        ("version = 1", "version = " + "9" * 9000, None, None, "cannot be read as TOML", "toml.io"),
    ],
)
def test_a_fault_has_its_line_and_its_remedy(
    tmp_path: Path,
    *,
    old: str,
    new: str,
    line: int | None,
    column: str | None,
    message: str,
    remedy: str,
) -> None:
    assert SOUND.count(old) == 1
    _, problems = read(tmp_path, SOUND.replace(old, new))
    found = [p for p in problems if message in p.message]
    assert [(p.file, p.line, p.column) for p in found] == [("acme/source.toml", line, column)]
    assert remedy in found[0].remedy
    assert found[0].remedy
    assert len(str(found[0])) < 1000


def test_without_tables_nothing_would_be_missed(tmp_path: Path) -> None:
    _, problems = read(tmp_path, SOUND.partition("[tables]")[0])
    assert [(p.column, p.remedy) for p in problems] == [
        ("tables", "List each table under [tables].")
    ]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = SOUND.replace('"en"', '"English"').replace("2024-06", "x").replace("rows = 3", "row = 3")
    _, problems = read(tmp_path, text)
    assert [p.column for p in problems] == ["language", "published", "tables.sections"]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"title = \xff", "is not UTF-8"), (b"title = \0", "NUL"), (b"", "is missing")],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    _, problems = read(tmp_path, data)
    assert any(message in problem.message for problem in problems)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "source.toml")
    problems: list[Problem] = []
    assert read_manifest(tmp_path / "source.toml", "acme/source.toml", problems) is None
    assert "no regular file" in problems[0].message


def test_every_table_of_a_source_can_be_counted(tmp_path: Path) -> None:
    known = list(tables())
    assert {"sections", "places"} <= set(known)
    reviewed = 'reviewed = "0123456789abcdef"'
    listed = "".join(f"{name} = {{ rows = 1, complete = true, {reviewed} }}\n" for name in known)
    manifest, problems = read(tmp_path, SOUND.partition("sections =")[0] + listed)
    assert problems == []
    assert manifest is not None
    assert sorted(manifest.tables) == sorted(known)
    assert {count.reviewed for count in manifest.tables.values()} == {"0123456789abcdef"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(50))
@given(st.integers(0, len(SOUND) - 1), st.text(max_size=8))
def test_no_text_breaks_the_reader(tmp_path: Path, place: int, text: str) -> None:
    read(tmp_path, SOUND[:place] + text + SOUND[place + len(text) :])
