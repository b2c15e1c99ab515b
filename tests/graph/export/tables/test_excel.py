"""A workbook means the same as the other files, and nothing in it is calculated."""

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, Quad, Store

from graph.export.tables import excel
from graph.export.tables.cells import MOST_CHARACTERS, is_exact, text_cell
from graph.export.tables.errors import TooManyRows
from graph.export.tables.excel import DATA, Workbook
from graph.release import Release
from ontology.namespaces import KG, RDF
from tests.graph.export.tables.reading import IRIS, organisations, table_of, written

DANGEROUS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
)


def book_of(store: Store, release: Release, folder: Path, table: str = "organisations") -> Path:
    path = folder / "book.xlsx"
    with Workbook(path, release, "Test") as book, table_of(store, table) as rows:
        book.add(rows, DATA, lambda: None)
    return path


def labels(path: Path) -> list[openpyxl.cell.Cell]:
    sheet = openpyxl.load_workbook(path)[DATA]
    assert [cell.value for cell in sheet[1]][:2] == ["organisation", "label"]
    return [row[1] for row in sheet.iter_rows(min_row=2)]


def notes(path: Path) -> str:
    sheet = openpyxl.load_workbook(path)["Notes"]
    return "\n".join(str(row[2].value) for row in sheet.iter_rows())


def test_sheets(shipped: Release) -> None:
    one = openpyxl.load_workbook(io.BytesIO(written(shipped, "events-excel")))
    assert one.sheetnames == ["Data", "Sources", "Notes", "About"]
    assert {row[1].value for row in one["About"].iter_rows()} >= {shipped.id}
    every = openpyxl.load_workbook(io.BytesIO(written(shipped, "excel")))
    assert every.sheetnames[:2] == ["Organisations", "Therapies"]
    assert every.sheetnames[-3:] == ["Sources", "Notes", "About"]
    for sheet in every:
        assert sheet.freeze_panes == "A2"
        assert not any(row[0].hyperlink for row in sheet.iter_rows())


def test_no_cell_of_a_release_is_a_formula(shipped: Release) -> None:
    with zipfile.ZipFile(io.BytesIO(written(shipped, "excel"))) as archive:
        sheets = [name for name in archive.namelist() if "/worksheets/sheet" in name]
        assert len(sheets) == 13
        assert all(b"<f>" not in archive.read(name) for name in sheets)


def test_what_looks_like_a_formula_is_marked_as_text(shipped: Release, tmp_path: Path) -> None:
    harmless = ("São Paulo", "2-1", "a=b", "Müller & Söhne <r>", "Ünal")
    names = {f"a-{n:02}": text for n, text in enumerate((*DANGEROUS, *harmless))}
    found = labels(book_of(organisations(names), shipped, tmp_path))
    expected = [text.replace("\r", "\n") for text in names.values()]
    assert [cell.value for cell in found] == expected
    assert {cell.data_type for cell in found} == {"s"}
    marked = [cell.value for cell in found if cell.quotePrefix]
    assert marked == expected[: len(DANGEROUS)]


@given(st.text())
def test_a_cell_has_only_what_xml_and_excel_can_have(text: str) -> None:
    made = text_cell(text)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", made.text)
    if not made.replaced and "\r" not in text:
        assert made.text == text
    if text.lstrip()[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20"):
        assert made.quoted


def test_characters_that_xml_cannot_have_are_replaced_and_said(
    shipped: Release, tmp_path: Path
) -> None:
    path = book_of(organisations({"a": "a\x01b\ufffec", "b": "_x0041_"}), shipped, tmp_path)
    assert labels(path)[0].value == "a\ufffdb\ufffdc"
    assert "1 cells of the column label have U+FFFD" in notes(path)
    with zipfile.ZipFile(path) as archive:  # an escape of Excel's own is text
        assert b"_x005F_x0041_" in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("unit", ["x", "\U0001f9ec"])
def test_a_text_that_is_too_long_is_cut_and_said(
    unit: str, shipped: Release, tmp_path: Path
) -> None:
    units = len(unit.encode("utf-16-le")) // 2
    fits = "x" * (MOST_CHARACTERS % units) + unit * (MOST_CHARACTERS // units)
    path = book_of(organisations({"a": fits, "b": fits + "y"}), shipped, tmp_path)
    whole, cut = (str(cell.value) for cell in labels(path))
    assert whole == fits
    assert cut.endswith("…")
    assert fits.startswith(cut[:-1])
    assert len(cut.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert "1 cells of the column label are cut" in notes(path)


def test_text_that_looks_like_xml_is_text(shipped: Release, tmp_path: Path) -> None:
    hostile = "<r><t>x</t></r></is></c><c r='A9'><f>1+1</f></c></r>"
    path = book_of(organisations({"a": hostile}), shipped, tmp_path)
    assert str(labels(path)[0].value) == hostile


def test_numbers_are_numbers_and_those_too_long_are_text(shipped: Release, tmp_path: Path) -> None:
    store = Store()
    for number, value in enumerate(("24.00", "-1.5", "0.1234567890123456")):
        claim = IRIS.thing("claim", f"c-{number}")
        store.add(Quad(claim, RDF.type, KG.MarketFigure, DefaultGraph()))
        store.add(Quad(claim, KG.value, Literal(value), DefaultGraph()))
    path = book_of(store, shipped, tmp_path, "figures")
    sheet = openpyxl.load_workbook(path)[DATA]
    at = [cell.value for cell in sheet[1]].index("value")
    found = [row[at].value for row in sheet.iter_rows(min_row=2)]
    assert found == [24, -1.5, "0.1234567890123456"]
    assert "1 numbers of the column value are text" in notes(path)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=0, max_value=10**12))
def test_a_number_that_is_exact_survives(number: Decimal) -> None:
    if is_exact(number):
        assert Decimal(repr(float(number))) == number


def test_only_days_are_dates(shipped: Release) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(shipped, "events-excel")))[DATA]
    names = [cell.value for cell in sheet[1]]
    rows = [
        dict(zip(names, (cell.value for cell in row), strict=True))
        for row in sheet.iter_rows(min_row=2)
    ]
    for row in rows:
        for name, value in row.items():
            assert name == "day" or not isinstance(value, date), name
        assert isinstance(row["day"], datetime) == (row["date_precision"] == "Day")
        if row["date_precision"] == "Day":
            assert row["day"].date().isoformat() == row["date"]
    assert sum(row["date_precision"] == "Day" for row in rows) >= 1
    months = [row["date"] for row in rows if row["date_precision"] == "Month"]
    assert len(months) > 10
    assert all(re.fullmatch(r"\d{4}-\d\d", month) for month in months)


def test_a_table_with_too_many_rows_is_refused(
    shipped: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 3)
    assert len(labels(book_of(organisations({"a": "A", "b": "B"}), shipped, tmp_path))) == 2
    with pytest.raises(TooManyRows, match=r"organisations\.parquet"):
        book_of(organisations({"a": "A", "b": "B", "c": "C"}), shipped, tmp_path)
    monkeypatch.undo()
    assert excel.MOST_ROWS == 1_048_576
