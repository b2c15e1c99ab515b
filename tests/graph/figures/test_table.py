"""A table of figures is read as it is printed, or refused with file, line, column and remedy."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.figures.errors import InvalidFigures
from graph.figures.model import Published
from graph.figures.table import COLUMNS, MOST_BYTES, MOST_PROBLEMS, read_table

HEADER = ",".join(COLUMNS)
ROW = {
    "publisher": "Acme", "url": "https://acme.example", "market": "grafts", "geography": "global",
    "year": "2024", "value_usd_bn": "3.10", "kind": "actual", "cagr_percent": "13.8",
    "cagr_from": "2024", "cagr_to": "2031", "published": "2025-07",
}  # fmt: skip


def table(*rows: dict[str, str], extra: tuple[str, ...] = ()) -> str:
    columns = (*COLUMNS, *extra)
    lines = [",".join(f'"{(ROW | row).get(name, "")}"' for name in columns) for row in rows]
    return "\n".join([",".join(columns), *lines]) + "\n"


def problems(text: str | Path) -> list[str]:
    with pytest.raises(InvalidFigures) as caught:
        read_table(text)
    return [str(problem) for problem in caught.value.problems]


def test_a_row_is_a_claim_of_its_publication() -> None:
    published = read_table(table({}))
    (figure,) = published.figures
    assert figure.value is not None
    assert (figure.year, figure.value.printed, figure.value.half_unit) == (
        2024, "3.10", Decimal("0.005"),
    )  # fmt: skip
    assert (figure.unit, figure.manner, figure.relation) == ("usd-billion", "actual", "unknown")
    assert figure.publication.edition is not None
    assert figure.publication.edition.form == "2025-07"
    assert figure.publication.url == "https://acme.example"
    assert published.scope_name(figure.scope) == "grafts, global"
    (rate,) = published.rates
    assert (rate.value.printed, rate.from_year, rate.to_year) == ("13.8", 2024, 2031)
    assert rate.publication == figure.publication
    assert published.notices == []


def test_a_rate_that_is_repeated_in_each_row_is_one() -> None:
    rows = [{"year": "2024"}, {"year": "2031"}, {"year": "2031", "cagr_to": ""}]
    assert len(read_table(table(*rows)).rates) == 2
    other = [{}, {"published": "2024-01"}, {"market": "skin"}, {"cagr_percent": "13.80"}]
    assert len(read_table(table(*other)).rates) == 4


def test_a_row_that_repeats_another_counts_once() -> None:
    published = read_table(table({}, {}, {}))
    assert len(published.figures) == 1
    assert published.notices == ["2 rows repeat another one and count once"]
    assert len(read_table(table({}, {"value_usd_bn": "3.1"})).figures) == 2


@pytest.mark.parametrize(
    ("cell", "word", "printed"),
    [
        ("nearly 58", "nearly", "58"),
        ("~58", "~", "58"),
        ("About  5.2", "about", "5.2"),
        ("more than 7.0", "more than", "7.0"),
        (" 24.00 ", "", "24.00"),
    ],
)
def test_a_word_that_blurs_a_number_is_kept(cell: str, word: str, printed: str) -> None:
    (figure,) = read_table(table({"value_usd_bn": cell})).figures
    assert figure.value is not None
    assert (figure.approximation, figure.value.printed) == (word, printed)


@pytest.mark.parametrize(
    "cell",
    ["1,234.5", "5%", "$5", "US$ 5", "€5", "5e3", "1E400", "-5", "0", "0.00", "nan", "inf",
     "\uff15", "5.", ".5", "five", "5 bn", "=1+1", "0x10", "1_000", "9" * 30, "5 6", "USD 5"],
)  # fmt: skip
def test_a_value_that_cannot_be_counted_with(cell: str) -> None:
    (problem,) = problems(table({"value_usd_bn": cell}))
    assert problem.startswith("figures.csv:2: value_usd_bn: ")
    assert "Write" in problem


@pytest.mark.parametrize(
    "cell", ["1899", "2201", "24", "2024.0", "20255", "\uff12\uff10\uff12\uff15", "-2024", "x"]
)
@pytest.mark.parametrize("column", ["year", "cagr_from", "cagr_to"])
def test_a_year_that_is_none(column: str, cell: str) -> None:
    (problem,) = problems(table({column: cell}))
    assert problem.startswith(f"figures.csv:2: {column}: ")


def test_all_problems_are_told_at_once() -> None:
    rows = [{"year": "soon", "cagr_percent": "5%"}, {}, {"published": "yesterday"}]
    told = problems(table(*rows, {"publisher": " ", "scope": "wide"}, extra=("scope",)))
    assert [problem.split(": ")[0:2] for problem in told] == [
        ["figures.csv:2", "year"], ["figures.csv:2", "cagr_percent"],
        ["figures.csv:4", "published"], ["figures.csv:5", "publisher"], ["figures.csv:5", "scope"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"value_usd_bn": ""}, "it has no value in US dollars"),
        ({"value_usd_bn": "EUR 1.8"}, "its value is in EUR, and nothing is converted"),
        ({"value_usd_bn": "1.8 bn EUR"}, "its value is in EUR, and nothing is converted"),
        ({"year": ""}, "it has no year"),
        ({"year": "", "value_usd_bn": ""}, "it has no value in US dollars and it has no year"),
    ],
)
def test_what_is_never_pooled_is_kept_and_said(row: dict[str, str], why: str) -> None:
    published = read_table(table(row))
    (figure,) = published.figures
    assert figure.value is None or figure.year is None
    (notice,) = published.notices
    assert notice == f"figures.csv:2: Acme, grafts, global: never pooled, since {why}"


def group(**row: str) -> tuple[str, str]:
    published = read_table(table(row, extra=("group", "group_reason")))
    publication = published.figures[0].publication
    return published.name(publication.group), publication.group_reason


@pytest.mark.parametrize(
    ("publisher", "expected"),
    [
        ("Acme", "Acme"),
        ("Acme (syndicated)", "Acme"),
        ("Wire (Acme Insights data)", "Acme Insights"),
        ("Acme / Wire", "Acme"),
        ("Acme (grafts) / Wire", "Acme"),
        ("Acme/Wire", "Acme/Wire"),
        ("(all in brackets)", "(all in brackets)"),
        ("Acme (a (b) c)", "Acme"),
        ("Acme)", "Acme)"),
        ("Wire (data)", "Wire"),
    ],
)
def test_the_data_group_by_the_name(publisher: str, expected: str) -> None:
    found, reason = group(publisher=publisher)
    assert found == expected
    assert bool(reason) == (publisher != expected)


def test_a_column_decides_the_group_and_capitals_do_not() -> None:
    assert group(group="Somebody", group_reason="They said so") == ("Somebody", "They said so")
    assert group(group="Somebody")[1] == "the column `group`"
    names = [{"publisher": "ACME  Insights"}, {"publisher": "Acme insights", "published": ""}]
    published = read_table(table(*names))
    assert len({figure.publication.group for figure in published.figures}) == 1
    rows = [{"group": "A"}, {"group": "B", "year": "2025"}]
    (problem,) = problems(table(*rows, extra=("group",)))
    assert "figures.csv:3: group: 'B' is another group than 'A'" in problem


def test_columns_in_any_order_and_unknown_ones() -> None:
    text = "publishd,value_usd_bn,Year, MARKET ,publisher,\n2024,5.0,2024,grafts,Acme,x\n"
    published = read_table(text)
    (figure,) = published.figures
    assert figure.year == 2024
    assert published.notices[1] == "column '' is not read."
    assert published.notices[0].startswith("column 'publishd' is not read. Did you mean published")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_ways_to_write_a_table(tmp_path: Path, end: str, mark: str) -> None:
    text = mark + "\n" + table({"publisher": "A, B"}, {"year": "2025"}) + ",,,,,,,,,,\n\n"
    file = tmp_path / "my.csv"
    file.write_bytes(text.replace("\n", end).encode())
    assert len(read_table(file).figures) == 2


def test_lines_are_counted_over_cells_with_line_feeds() -> None:
    text = table({"publisher": "Ac\nme"}, {"year": "x"})
    assert problems(text)[0].startswith("figures.csv:4: year")
    assert read_table(table({"publisher": "Ac\nme"})).figures[0].publication.title == "Ac me"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (HEADER.encode(), "has no rows below its header"),
        (b"a,b\n1,2\n", "publisher: is no column of this table"),
        (b"publisher,year,market\nA,2024,m\n", "value_usd_bn: is no column"),
        (f"{HEADER},year\n".encode(), "'year': is there more than once"),
        (b"publisher,year\n\0", "has a NUL byte"),
        (b"publisher,\xff\xfe\n", "is not UTF-8"),
        (f'{HEADER}\n"open,'.encode(), "is no comma-separated text"),
        (f"{HEADER}\na,b\n".encode(), "has 2 cells, and the header has 11"),
        (f"{HEADER}\n{'9' * 200_000}".encode(), "is no comma-separated text"),
    ],
)
def test_files_that_are_no_table(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "my.csv"
    file.write_bytes(content)
    told = problems(file)
    assert message in told[0]
    assert str(file) in told[0]


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    assert "cannot be read" in problems(tmp_path / "nothing.csv")[0]
    assert "cannot be read" in problems(tmp_path)[0]


def test_a_file_without_end_is_refused_soon(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES * 2)  # sparse: takes no room
    began = time.process_time()
    assert f"has more than {MOST_BYTES:,} bytes" in problems(large)[0]
    assert "has more than" in problems(Path("/dev/zero"))[0]
    assert time.process_time() - began < 10


def test_many_problems_are_not_all_told() -> None:
    told = problems(table(*[{"year": "x"}] * 5_000))
    assert len(told) == MOST_PROBLEMS + 1
    assert "there may be more problems" in told[-1]


def test_a_number_of_a_million_digits_is_refused_in_short() -> None:
    began = time.process_time()
    told = problems(table({"value_usd_bn": "9" * 100_000}))
    assert len(told[0]) < 1_000
    assert time.process_time() - began < 5


def _read_or_refused(made: str) -> bool:
    try:
        return isinstance(read_table(made), Published)
    except InvalidFigures as error:
        return bool(error.problems)


@given(st.text(max_size=200), st.text(max_size=30))
def test_no_text_ends_otherwise_than_read_or_refused(text: str, cell: str) -> None:
    cell = cell.replace('"', "")
    for made in (text, f"{HEADER}\n{text}", table({"value_usd_bn": cell, "publisher": cell})):
        assert _read_or_refused(made)
