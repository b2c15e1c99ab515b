"""What the page on the audit shows is what comes out, and every kind is on it."""

import re

from graph.audit import KINDS, findings
from graph.figures.cells import FIRST_YEAR, LAST_YEAR
from graph.figures.table import COLUMNS, MOST_BYTES, MOST_ROWS, OPTIONAL, read_table
from tests.docs.markdown import ROOT, blocks

PAGE = ROOT / "docs" / "audit.md"


def test_the_findings_of_the_example_are_those_of_the_page() -> None:
    (table,) = [block for block in blocks(PAGE) if block.note == "file"]
    (shown,) = [block for block in blocks(PAGE) if block.language == "text"]
    published = read_table(table.text)
    found = [f"{finding.kind}: {finding.text}" for finding in findings(published)]
    told = {line for line in found if not line.startswith(("implied", "first-year-growth"))}
    assert set(shown.text.splitlines()) == told
    assert len(published.notices) == 1


def test_every_kind_column_and_limit_is_on_the_page() -> None:
    text = PAGE.read_text("utf-8")
    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", text)) >= set(KINDS)
    assert set(re.findall(r"`([a-z_]+)`", text)) >= {*COLUMNS, *OPTIONAL}
    assert f"{MOST_BYTES // 2**20} MiB and {MOST_ROWS:,} rows" in text
    assert f"between {FIRST_YEAR} and {LAST_YEAR}" in text
