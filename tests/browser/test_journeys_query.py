"""From the matrix to the query behind it, to programs, and from a mistake to an answer."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest

from tests.browser.conftest import Open
from tests.browser.driving import Locator, Page, expect
from tests.browser.taking import copied, file_of, rows_of
from tests.browser.watching import Watch
from tests.hostile.server import ADMIN_TOKEN, Service

pytestmark = pytest.mark.timeout(120)

CLIPBOARD = ["clipboard-read", "clipboard-write"]
# Pairs of pairs of statements: no machine is through with it before the deadline.
LONG = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c < ?f && ?f < ?i) }"
MISTAKEN = "SELECT ?kind {\n  ?thing a ?kind\n} LIMITS 5"
PAIRS = """SELECT ?kind (COUNT(?thing) AS ?number) {
  ?thing a ?kind
} GROUP BY ?kind ORDER BY DESC(?number) LIMIT 5"""


def editor_of(page: Page) -> Locator:
    """The editor, which takes the place of the text area once it is loaded."""
    return page.locator("query-editor .editor").get_by_role("textbox", name="SPARQL query")


def running(service: Service) -> list[str]:
    """The texts of the queries that the service works on."""
    asked = urllib.request.Request(
        f"{service.address}queries", headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return [str(one) for one in json.load(answer)["queries"]]


def test_from_the_matrix_to_its_query_and_on_to_a_program(open_page: Open) -> None:
    page = open_page(permissions=CLIPBOARD)
    page.goto("/landscape")
    shown = {
        row.locator("th").inner_text(): row.locator("td.total").first.inner_text()
        for row in page.locator("table.matrix tbody tr").all()
    }
    page.get_by_role("link", name="Open as query").click()
    heading = page.get_by_role("heading", name=re.compile(r"^\d+ rows"))
    expect(heading).to_be_visible()
    page.get_by_role("button", name="Run query").click()
    expect(page.locator("[data-told]")).to_have_text(re.compile(r"^\d+ rows"))
    number = int(heading.inner_text().split()[0])
    table = page.locator("table.result")
    columns = table.locator("thead th").all_inner_texts()
    who, many = columns.index("playerLabel"), columns.index("total_places")
    rows = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    assert len(rows) == number
    assert {row[who]: row[many] for row in rows} == shown

    page.get_by_text("Use this result from a program").click()
    page.get_by_role("button", name=re.compile("Copy.*Python")).click()
    expect(page.get_by_role("button", name=re.compile("Copied.*Python"))).to_be_visible()
    code = copied(page)
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    printed = ran.stdout.splitlines()
    assert len(printed) == number
    for name, total in shown.items():
        assert any(repr(name) in line and repr(total) in line for line in printed)

    page.get_by_role("button", name=re.compile("Copy.*curl")).click()
    expect(page.get_by_role("button", name=re.compile("Copied.*curl"))).to_be_visible()
    command = copied(page)
    ran = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.splitlines()[0].split(",") == columns


def test_from_a_mistake_to_its_place_an_answer_a_chart_and_a_matrix(
    page: Page, watch: Watch
) -> None:
    page.goto("/query")
    editor = editor_of(page)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(MISTAKEN)
    with watch.expecting("answered 400", "console error: Failed to load resource"):
        page.keyboard.press("Control+Enter")
        problem = page.locator("#outcome[data-problem]")
        expect(problem).to_have_attribute("data-line", "3")
    expect(problem).to_have_attribute("data-column", "3")
    expect(problem).to_contain_text("line 3")
    expect(page.locator("query-editor .cm-lintRange-error")).to_have_text("LIMITS")

    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type("SELECT ?who { ?who a kg:Organi")
    page.keyboard.press("Control+Space")
    offered = page.get_by_role("option", name=re.compile("kg:Organisation"))
    expect(offered.first).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(PAIRS)
    page.get_by_role("button", name="Run query").click()
    expect(page.get_by_role("heading", name=re.compile("^5 rows"))).to_be_visible()
    table = page.locator("table.result")
    cells = [row.locator("td").all_inner_texts() for row in table.locator("tbody tr").all()]
    rows = rows_of(file_of(page, page.locator("#outcome .downloads a", has_text="CSV").first))
    assert [int(row["number"]) for row in rows] == [int(cell[1].replace(",", "")) for cell in cells]

    views = page.get_by_role("navigation", name="Views of the result")
    views.get_by_role("link", name="Chart").click()
    expect(page.locator("#outcome figure svg")).to_be_visible()
    expect(page.locator("#outcome figure tbody tr")).to_have_count(5)
    views.get_by_role("link", name="Matrix").click()
    expect(page.locator("#outcome table.matrix, #outcome .state")).to_be_visible()

    page.reload()
    history = page.locator("query-history")
    history.locator("summary").click()
    expect(history.get_by_role("button", name=re.compile("^SELECT \\?kind"))).to_be_visible()


def test_a_query_that_takes_too_long_is_cancelled_and_ends_in_the_service(
    page: Page, service: Service, watch: Watch
) -> None:
    page.goto("/query")
    editor = editor_of(page)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(LONG)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-clock]")).to_contain_text("running for")
    assert any("?g ?h ?i" in one for one in running(service))
    with watch.expecting("answered 409", "console error: Failed to load resource"):
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#outcome")).to_contain_text("ended")
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    assert not [one for one in running(service) if "?g ?h ?i" in one]
    expect(editor).to_contain_text("?g ?h ?i")
