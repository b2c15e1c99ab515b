"""From a question to the claims that answer it, and to the words of the publisher."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from service.reporting.box import kept_in
from tests.browser.conftest import Open
from tests.browser.driving import Page, expect
from tests.browser.taking import file_of, rows_of, words_at_publisher

pytestmark = pytest.mark.timeout(120)

ATOM = "{http://www.w3.org/2005/Atom}"
LINE = NamedNode("https://w3id.org/therascape/ns#paragraph")


def test_from_a_name_to_the_claim_and_the_words_of_the_publisher(page: Page) -> None:
    page.goto("/")
    search = page.get_by_role("combobox", name="Search companies")
    search.press_sequentially("novart")
    page.get_by_role("option", name="Novartis", exact=False).first.click()
    expect(page).to_have_url(re.compile("/id/agent/novartis$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Novartis")

    ties = page.get_by_role("table", name="Ties by place")
    row = ties.get_by_role("row").filter(has=page.get_by_role("link", name="United States"))
    row.get_by_role("link", name=re.compile("^Coherent")).click()
    stated = page.get_by_role("table", name="Where it is stated").locator("tbody tr").first
    expect(stated).to_contain_text("U.S. Market Trends")
    words = words_at_publisher(page.get_by_role("link", name="Check on the publisher"))
    assert words in stated.inner_text()

    store = Store()
    claim = file_of(page, page.get_by_role("link", name="Turtle"))
    store.load(claim.read_bytes(), format=RdfFormat.TURTLE)
    lines = [quad.object for quad in store.quads_for_pattern(None, LINE, None)]
    assert [one.value for one in lines if isinstance(one, Literal)] == [
        stated.get_by_role("cell").nth(1).inner_text()
    ]


def test_from_a_therapy_type_to_the_evidence_behind_a_cell_and_a_table(page: Page) -> None:
    page.goto("/landscape")
    page.get_by_label("Therapy type").select_option(label="Cell therapy")
    expect(page).to_have_url(re.compile("therapy="))
    matrix = page.locator("table.matrix")
    cell = matrix.locator("tbody td a[data-evidence]").first

    cell.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    facts = dialog.locator("ul.evidence > li")
    assert facts.count() >= int(cell.inner_text())
    words = facts.first.locator("q").all_inner_texts()
    section = facts.first.locator(".place span bdi").nth(1).inner_text()
    dialog.get_by_role("link", name=re.compile("^Open claim")).first.click()
    stated = page.get_by_role("table", name="Where it is stated")
    expect(stated).to_contain_text(section)
    for word in words:
        expect(stated).to_contain_text(word)
    page.go_back()

    shown = {}
    places = [
        (link.get_attribute("href") or "").rsplit("/", 1)[-1]
        for link in matrix.locator("thead th a").all()
    ]
    for row in matrix.locator("tbody tr").all():
        cells = [cell.inner_text().strip() for cell in row.locator("td").all()][: len(places)]
        filled = {place for place, text in zip(places, cells, strict=True) if text[:1].isdigit()}
        shown[row.locator("th").inner_text()] = filled
    rows = rows_of(file_of(page, page.get_by_role("link", name="CSV", exact=True)))
    assert {row["player"]: {name for name in places if row[name]} for row in rows} == shown


def test_from_three_companies_to_a_file_that_opens_without_a_network(
    page: Page, open_page: Open, tmp_path: Path
) -> None:
    page.goto("/compare")
    for name in ("Gilead Sciences", "Bristol Myers Squibb", "Terumo BCT"):
        page.get_by_label("Add by name").fill(name)
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("list", name="Compared")).to_contain_text(name)
    expect(page.get_by_role("heading", name="3 side by side")).to_be_visible()

    page.locator("table.compared a[data-evidence]").first.click()
    dialog = page.get_by_role("dialog")
    fact = dialog.locator("ul.evidence > li").first
    claim = fact.locator(".claim bdi").inner_text()
    place = fact.locator(".place > span").inner_text()
    assert "line" in place or "heading" in place
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()

    compared = page.locator("table.compared").all_inner_texts()
    page.get_by_text("Share or save").click()
    saved = tmp_path / "comparison.html"
    saved.write_bytes(
        file_of(page, page.get_by_role("link", name="Save as one HTML file")).read_bytes()
    )
    alone = open_page(offline=True)
    alone.goto(saved.as_uri())
    expect(alone.get_by_role("heading", level=1)).to_have_text("Compare")
    assert alone.locator("table.compared").all_inner_texts() == compared
    evidence = alone.locator("ul.evidence > li").filter(has_text=claim)
    expect(evidence.filter(has_text=place).first).to_be_visible()
    expect(alone.locator("footer")).to_contain_text("release")
    assert alone.locator("script").count() == 0


def test_from_a_report_to_a_claim_and_a_problem_for_the_curator(
    page: Page, served_data: Path
) -> None:
    page.goto("/source/towards-latin-america-cell-gene-therapy")
    assert page.locator("section.source tbody tr").count() > 0
    expect(page.locator("a[href*='#:~:text=']")).to_have_count(0)  # where it is, is not known

    page.goto("/source/coherent-cellular-immunotherapy")
    total = int(page.locator("#_claims .meta").inner_text().replace(",", ""))
    page.get_by_label("Kind of fact").select_option(index=1)
    expect(page).to_have_url(re.compile("class="))
    number, all_of_them = re.findall(r"[\d,]+", page.locator("#_claims .meta").inner_text())
    assert int(all_of_them.replace(",", "")) == total > int(number.replace(",", ""))
    lines = page.locator("section.source tbody tr")
    for where in lines.locator("td.number").all_inner_texts():
        assert re.fullmatch(r"\d+|heading|not counted", where)

    # The trust check: a claim, and the words of the publisher.
    row = lines.filter(has=page.get_by_role("link", name=re.compile("^publisher"))).first
    printed = row.locator("q").all_inner_texts()
    words = words_at_publisher(row.get_by_role("link", name=re.compile("^publisher")))
    assert any(words in " ".join(text.split()) for text in printed)
    row.get_by_role("rowheader").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/id/claim/"))
    name = page.get_by_role("heading", level=1).inner_text()
    assert words_at_publisher(page.get_by_role("link", name="Check on the publisher"))

    page.get_by_role("link", name="Report a problem").first.click()
    page.get_by_label("What is wrong?").fill(f"Not what the report says: {name}")
    page.get_by_role("button", name="Report it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kept")
    (kept,) = (one for one in kept_in(served_data) if name in one.reported.wrong)
    assert kept.id == page.locator("dd code.id").first.inner_text()
    assert kept.reported.about == page.locator("dd code.id").nth(1).inner_text()
    assert "/id/claim/" in kept.reported.about
    health = page.request.get("/health").json()
    assert kept.reported.release == health["release"]


def test_from_what_changed_to_two_links_and_a_feed(page: Page, open_page: Open) -> None:
    page.goto("/changes")
    expect(page.get_by_role("heading", name="In the release that is served")).to_be_visible()
    releases = page.get_by_role("table", name=re.compile("^Releases")).locator("tbody th a")
    names = [(link.get_attribute("href") or "").rsplit("/", 1)[-1] for link in releases.all()]
    assert len(names) == 2
    address = page.get_by_role("link", name="Atom feed").first.get_attribute("href") or ""
    feed = ElementTree.fromstring(page.request.get(address).body())
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == len(names)
    for name, entry in zip(names, entries, strict=True):
        assert name[:12] in ElementTree.tostring(entry, "unicode")
        assert entry.findtext(f"{ATOM}updated")

    page.goto("/landscape?rows=group")
    page.get_by_text("Share or save").click()
    links = page.locator("details.share dd copy-link a")
    pinned, latest = (link.get_attribute("href") or "" for link in links.all())
    assert parse_qs(urlsplit(pinned).query) == {"rows": ["group"], "release": [names[0]]}
    assert parse_qs(urlsplit(latest).query) == {"rows": ["group"]}
    for link in (pinned, latest):
        other = open_page(width=500)  # someone else's
        other.goto(link)
        assert cells_of(other) == cells_of(page)

    page.goto(f"/search?q=novartis&release={names[1]}")
    found = page.get_by_role("rowheader").get_by_role("link", name="Novartis", exact=True)
    found.click()  # the former release has another name for it
    expect(page.locator("p.notice")).to_contain_text(names[1][:12])
    expect(page.get_by_role("heading", level=1)).to_have_text("Novartis")
    page.get_by_role("link", name="What the latest says").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Novartis AG")


def cells_of(page: Page) -> list[str]:
    return page.locator("table.matrix tbody td a").all_text_contents()
