"""Tables: any rows, in any order, in parts, and through CSV and back."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.landscape import Column, InvalidParameter, Thing
from service.api.encoding import as_json, plain
from service.api.paging import Wish, page_of
from service.api.tables import Table, text_of, write_csv

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
THING = st.builds(Thing, st.just("https://example.org/x"), TEXT)
VALUES = {
    "text": st.none() | TEXT,
    "number": st.none() | st.decimals(-100, 100, places=2),
    "thing": st.none() | THING,
    "things": st.lists(THING, max_size=3),
    "texts": st.lists(TEXT, max_size=3),
}
COLUMNS = tuple(Column(kind, kind.title(), kind, "") for kind in VALUES)  # type: ignore[arg-type]
ROWS = st.lists(st.fixed_dictionaries(VALUES), max_size=12)


@given(ROWS, st.sampled_from(list(VALUES)), st.booleans())
def test_sorting_keeps_every_row_and_puts_missing_ones_last(
    rows: list[dict[str, Any]], name: str, falling: bool
) -> None:
    found = Table(COLUMNS, rows).ordered([f"-{name}" if falling else name]).rows
    assert sorted(map(id, found)) == sorted(map(id, rows))
    filled = [row[name] not in (None, "", []) and text_of(row[name]) != "" for row in found]
    if name in ("text", "number", "thing"):
        assert filled == sorted(filled, reverse=True)
    if name == "number":
        numbers = [row[name] for row in found if row[name] is not None]
        assert numbers == sorted(numbers, reverse=falling)


def test_rows_that_are_equal_stay_in_order_and_a_second_column_decides() -> None:
    columns = (Column("a", "A", "integer", ""), Column("b", "B", "text", ""))
    rows = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}, {"a": 1, "b": "a"}, {"a": 2, "b": "y"}]
    table = Table(columns, rows)
    assert table.ordered(["-b", "a"]).rows[:2] == [rows[1], rows[3]]
    assert [row["b"] for row in table.ordered(["a"]).rows] == ["x", "a", "y", "y"]
    assert [row["b"] for row in table.ordered(["-a", "b"]).rows] == ["y", "y", "a", "x"]
    with pytest.raises(InvalidParameter, match="no column here; there are a, b"):
        table.ordered(["c"])


@given(ROWS)
def test_csv_has_every_row_and_a_column_for_iris(rows: list[dict[str, Any]]) -> None:
    read = list(csv.DictReader(io.StringIO(write_csv(Table(COLUMNS, rows)), newline="")))
    assert len(read) == len(rows)
    for row, cells in zip(rows, read, strict=True):
        assert list(cells) == [
            "text",
            "number",
            "thing",
            "thing_iri",
            "things",
            "things_iri",
            "texts",
        ]
        shown = row["text"] or ""
        assert cells["text"].removeprefix("'") == shown.removeprefix("'")
        assert cells["thing_iri"] == (row["thing"].iri if row["thing"] else "")
        assert cells["things_iri"].count("https:") == len(row["things"])
        if row["number"] is not None:
            assert Decimal(cells["number"]) == row["number"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_text_in_csv_is_no_formula(text: str) -> None:
    columns = (
        Column("a", "A", "text", ""),
        Column("b", "B", "thing", ""),
        Column("c", "C", "texts", ""),
    )
    written = write_csv(Table(columns, [{"a": text, "b": Thing("urn:x", text), "c": [text, "y"]}]))
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert (row["a"], row["b"], row["c"]) == (f"'{text}", f"'{text}", f"'{text}; y")


def test_a_negative_number_in_csv_stays_one() -> None:
    columns = (Column("a", "A", "number", ""),)
    assert write_csv(Table(columns, [{"a": Decimal("-1.50")}])) == "a\r\n-1.5\r\n"


@given(st.integers(0, 30), st.integers(1, 12), st.integers(0, 40))
def test_pages_are_a_partition(total: int, limit: int, start: int) -> None:
    """From any place, the pages after it give the rest, and those before it what came before."""
    table = Table((Column("n", "N", "integer", ""),), [{"n": n} for n in range(total)])

    def numbers(offset: int, number: int) -> tuple[list[int], str | None, str | None]:
        page = page_of(table, Wish(number, offset), "/x", {"q": ["a b"]}, whole=False)
        assert page.total == total
        return [row["n"] for row in page.table.rows], page.next, page.previous

    after, following, previous = numbers(start, limit)
    while following:
        found, following, _ = numbers(*_place(following))
        after += found
    assert after == list(range(start, total))
    before: list[int] = []
    while previous:
        found, _, previous = numbers(*_place(previous))
        before = found + before
    assert before == list(range(min(start, total)))


def _place(address: str) -> tuple[int, int]:
    assert address.startswith("/x?q=a+b&limit=")
    parts = dict(part.split("=") for part in address.partition("?")[2].split("&"))
    return int(parts.get("offset", 0)), int(parts["limit"])


def test_what_has_no_place_in_json_is_refused() -> None:
    assert plain({"a": Decimal("2.0"), "b": Decimal("0.1"), "c": {"y", "x"}}) == {
        "a": 2,
        "b": 0.1,
        "c": ["x", "y"],
    }
    with pytest.raises(TypeError, match="object has no form in JSON"):
        as_json({"a": object()})
    with pytest.raises(ValueError, match="JSON"):
        as_json({"a": float("nan")})
