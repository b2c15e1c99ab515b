"""From a question to downloaded evidence with the keyboard alone: nothing here is clicked."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from tests.browser.driving import Locator, Page, expect
from tests.browser.taking import file_by_key, rows_of, words_at_publisher

pytestmark = pytest.mark.timeout(120)

PRINTED = NamedNode("https://w3id.org/therascape/ns#printed")
MOST_STEPS = 200


def tab_to(page: Page, target: Locator) -> None:
    """Go on with Tab until `target` has the focus."""
    expect(target).to_be_visible()
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === element.getRootNode().activeElement"):
            return
    raise AssertionError(f"{MOST_STEPS} times Tab do not lead to {target}")


def test_search_entity_evidence_and_download_with_keys_alone(page: Page) -> None:
    page.goto("/about")
    page.keyboard.press("/")
    search = page.get_by_role("combobox", name="Search companies")
    expect(search).to_be_focused()
    page.keyboard.type("biont")
    expect(page.get_by_role("option").first).to_contain_text("BioNTech")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/id/agent/biontech$"))

    page.keyboard.press("Tab")  # the first of all is the way past the header
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#content$"))
    ties = page.get_by_role("table", name="Ties by place")
    tab_to(page, ties.get_by_role("link", name=re.compile("^Coherent")).first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/id/claim/"))
    words = words_at_publisher(page.get_by_role("link", name="Check on the publisher"))
    stated = page.get_by_role("table", name="Where it is stated")
    expect(stated).to_contain_text(words)

    tab_to(page, page.get_by_role("link", name="Turtle"))
    store = Store()
    store.load(file_by_key(page).read_bytes(), format=RdfFormat.TURTLE)
    assert list(store.quads_for_pattern(None, PRINTED, Literal(words)))


def test_landscape_evidence_and_table_with_keys_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page).to_have_url(re.compile("/landscape$"))
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Landscape")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()

    therapy = page.get_by_label("Therapy type")
    tab_to(page, therapy)
    page.keyboard.type("Cell therapy")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("therapy="))
    expect(therapy.locator("option:checked")).to_have_text("Cell therapy")

    cell = page.locator("table.matrix tbody td a").first
    tab_to(page, cell)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    facts = dialog.locator("ul.evidence > li").count()
    download = dialog.get_by_role("link", name="CSV")
    tab_to(page, download)
    rows = rows_of(file_by_key(page))
    assert len(rows) == facts > 0
    claims = dialog.locator("p.claim bdi").all_inner_texts()
    assert [row["claim"] for row in rows] == claims
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(cell).to_be_focused()


def test_a_query_is_written_run_and_taken_with_keys_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page).to_have_url(re.compile("/sparql$"))
    editor = page.locator("query-editor .editor").get_by_role("textbox", name="SPARQL query")
    tab_to(page, editor)
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT ?who ?name { ?who a kg:Organis")
    offer = page.get_by_role("option", name=re.compile("^kg:Organisation"))
    page.keyboard.press("Control+Space")
    expect(offer.first).to_have_attribute("aria-selected", "true")
    # The editor takes no key for an offer that came just now, so that none is taken unseen.
    page.wait_for_timeout(150)
    page.keyboard.press("Tab")
    page.keyboard.type(" ; rdfs:label ?name } ORDER BY ?name LIMIT 7")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name=re.compile("^7 rows"))).to_be_visible()
    names = [
        row.locator("td").nth(1).inner_text() for row in page.locator("table.result tbody tr").all()
    ]

    tab_to(page, page.locator("#outcome .downloads").get_by_role("link", name="CSV"))
    assert [row["name"] for row in rows_of(file_by_key(page))] == names
    assert names == sorted(names)
