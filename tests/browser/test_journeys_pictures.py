"""From a picture to what it shows: lanes, a network, a timeline, figures of a market."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import networkx
import pytest

from tests.browser.driving import Page, expect
from tests.browser.taking import file_of, rows_of

pytestmark = pytest.mark.timeout(120)

PNG = b"\x89PNG\r\n\x1a\n"


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def medians(file: Path) -> dict[int, float]:
    return {int(row["year"]): float(row["median"]) for row in rows_of(file) if not row["part"]}


def test_from_lanes_to_a_network_that_a_program_reads(page: Page) -> None:
    page.goto("/explore")
    page.locator(".lanes-wide").get_by_role("link", name=re.compile("^Kymriah")).click()
    expect(page).to_have_url(re.compile("focus=.*kymriah"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kymriah")
    page.get_by_role("link", name="Its network").click()
    expect(page).to_have_url(re.compile("view=network"))

    page.get_by_role("button", name="Arrange it").click()
    network = page.get_by_role("application", name="Network")
    expect(network).to_be_focused()
    said = page.locator("network-view > [role=status]")
    expect(said).to_contain_text("things")
    number = int(said.inner_text().split()[0])
    page.get_by_role("button", name=re.compile("Unfold")).first.click()
    expect(said).to_contain_text("more than before")
    unfolded = int(said.inner_text().split()[0])
    assert unfolded > number
    page.get_by_role("button", name=re.compile(": Pin ")).first.click()
    expect(page).to_have_url(re.compile("pin="))
    there = page.url
    page.get_by_role("button", name="Undo").click()
    expect(page).not_to_have_url(there)
    assert "pin" not in query_of(page)
    page.get_by_role("button", name="Redo").click()
    expect(page).to_have_url(there)

    page.reload()  # the address says it all
    twin = page.get_by_text("The same as a table")
    twin.click()
    rows = page.locator("details.twin tbody tr")
    ties = {
        tuple(row.locator("th, td").nth(at).inner_text().strip() for at in (0, 2))
        for row in rows.all()
    }
    graph = networkx.parse_graphml(
        file_of(page, page.get_by_role("link", name="GraphML")).read_text("utf-8")
    )
    labels = networkx.get_node_attributes(graph, "label")
    assert len(graph) == unfolded
    expect(page.locator("network-view figcaption")).to_contain_text(f"{unfolded} things")
    assert {(labels[start], labels[end]) for start, end in graph.edges()} == ties


def test_from_the_timeline_to_the_approvals_of_a_year(page: Page) -> None:
    page.goto("/timeline")
    page.get_by_label("Kind", exact=True).select_option(label="Regulatory events")
    expect(page).to_have_url(re.compile("kind="))
    page.get_by_label("From", exact=True).fill("2024")
    page.get_by_label("Until").fill("2024")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("until=2024"))
    events = page.get_by_role("table", name=re.compile("^Events by date"))
    rows = events.locator("tbody tr[id]")
    assert rows.count() > 0
    dated = [row for row in rows.all() if "perhaps" not in row.locator("th").inner_text()]
    assert all("2024" in row.locator("th").inner_text() for row in dated)
    expect(events).to_contain_text("Accelerated approval")

    taken = rows_of(file_of(page, page.get_by_role("link", name="CSV", exact=True)))
    assert len(taken) == rows.count()
    shown = {row.locator("td").nth(1).inner_text().split(" only implied")[0] for row in rows.all()}
    assert "Amtagvi" in " ".join(shown)
    assert any("Accelerated approval" in value for row in taken for value in row.values())
    mark = page.locator("figure .wide svg a").first
    mark.click()
    assert page.locator(f"[id='{page.url.partition('#')[2]}']").count() == 1


def test_from_figures_of_publishers_to_an_audit_a_scenario_and_a_picture(page: Page) -> None:
    page.goto("/markets")
    page.get_by_role("link", name="Global cell and gene therapy market").first.click()
    expect(page).to_have_url(re.compile("/global-cell-and-gene-therapy-market$"))
    expect(page.get_by_text("published for past years").first).to_be_attached()
    figures = page.get_by_role("table", name="Figures of the market as a whole, by report")
    assert figures.locator("tbody tr").count() > 2
    audit = page.get_by_role("region", name="Audit")
    claim = audit.locator("details[open] tbody a[href^='/id/claim/']").first
    expect(claim).to_be_visible()

    csv = page.get_by_role("link", name="CSV", exact=True).first
    before = medians(file_of(page, csv))
    page.get_by_text("More choices and scenarios").click()
    page.get_by_label("Growth is at most").fill("5")
    page.get_by_role("button", name="Compute").click()
    expect(page.locator("p.chosen")).to_contain_text("Scenario: Growth is at most, % a year: 5")
    after = medians(file_of(page, csv))
    last = max(after)
    assert after[last] == pytest.approx(after[last - 1] * 1.05, rel=1e-3)
    assert before[last] > after[last]
    assert [before[year] for year in before if year < last - 1] == [
        after[year] for year in after if year < last - 1
    ]
    page.get_by_text("The range as a table").click()
    shown = page.get_by_role("table", name=re.compile("^Pooled publisher range")).locator(
        "tbody tr", has=page.get_by_role("rowheader", name=str(last))
    )
    median = float(shown.get_by_role("cell").first.inner_text().replace(",", ""))
    assert median == pytest.approx(after[last], rel=0.01)
    expect(page.get_by_role("heading", name="Method and settings")).to_be_visible()
    picture = file_of(page, page.get_by_role("button", name="PNG")).read_bytes()
    assert picture.startswith(PNG)
    assert len(picture) > 10_000
