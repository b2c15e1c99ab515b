"""Hostile names in a real browser: nothing runs, nothing is widened, all of it can be read."""

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.browser.conftest import Open
from tests.browser.driving import Dialog, Page, expect
from tests.browser.watching import Watch
from tests.hostile.server import Service
from tests.landscape.hostile import LONG, hostile_release

pytestmark = pytest.mark.timeout(600)

TWO = "ids=agent/brightcell&ids=agent/helio-group"
LABELLED = quote("SELECT ?s ?l { ?s a kg:Organisation ; rdfs:label ?l }")
TIED = quote("SELECT ?who ?where { ?who kg:activeIn ?where }")
PAGES = (
    "/",
    "/landscape",
    "/landscape?cols=m49&rows=group",
    "/landscape/evidence",
    "/explore?focus=therapy/lumicel",
    "/explore?focus=agent/helio-group",
    "/explore?view=network&focus=agent/brightcell",
    "/explore?view=table",
    f"/compare?{TWO}",
    "/compare?ids=place/norland&ids=place/sudria",
    "/timeline",
    "/markets",
    "/markets/global-lumen-grafts",
    "/search?q=alert",
    "/search?q=many",
    "/id/agent/helio-group",
    "/id/agent/ada-quince",
    "/id/therapy/lumicel",
    "/id/place/sudria",
    "/id/market/global-lumen-grafts",
    "/id/event/lumicel-approval-norland",
    "/id/claim/ao-fig-1",
    "/id/claim/ao-list-1",
    "/id/segment/ao-autologous",
    "/id/concept/autologous",
    "/id/technology/glow",
    "/id/agent/helio-group?inverse=kg:organisation",
    "/source/acme-outlook",
    "/source/acme-brief",
    *(f"/sparql?query={LABELLED}&view={view}" for view in ("table", "matrix", "raw")),
    f"/sparql?query={TIED}&view=network",
    "/data",
    "/changes",
    "/about",
    "/catalog",
)
SECONDS = 20.0  # far more than a page takes, since the machine may be busy
MADE = "img, iframe, object, embed, base, marquee, [onerror], [onclick], [onmouseover], main style"
RUNS = "a[href^='javascript:' i], a[href^='data:' i], a[href^='vbscript:' i]"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose data have hostile names: the one that the pages of this module are of."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile_release(folder)
    with Service(folder / "data") as running:
        yield running


@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.exhaustive), 320])
def test_nothing_runs_and_nothing_is_wider_than_the_page(
    open_page: Open, watch: Watch, width: int
) -> None:
    page = open_page(width=width)
    opened: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    wide = []
    for address in PAGES:
        began = time.monotonic()
        page.goto(address, wait_until="load")
        assert time.monotonic() - began < SECONDS, address
        assert page.locator("main h1").count() == 1, address
        assert page.locator(MADE).count() == 0, address
        assert page.locator(RUNS).count() == 0, address
        if (is_wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            wide.append(f"{address}: {is_wide}")
    assert wide == []
    assert opened == []
    assert watch.faults == []


def test_a_name_without_end_leaves_the_page_in_sight(page: Page) -> None:
    page.goto("/id/agent/helio-group")
    heading = page.locator("h1")
    assert LONG in heading.inner_text()
    box = heading.bounding_box()
    assert box
    assert box["height"] < 500
    heading.evaluate("element => element.scrollTo(0, 1e6)")
    assert heading.evaluate("element => element.scrollTop") > 500, "all of it can be scrolled to"


def test_suggestions_are_text(page: Page) -> None:
    page.goto("/about")
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("case")
    offers = page.get_by_role("option")
    expect(offers.filter(has_text="CASE alike").first).to_be_visible()
    page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first.fill("alert")
    expect(offers.filter(has_text="alert(1)").first).to_be_visible()
    assert page.locator(MADE).count() == 0


def test_evidence_in_place_is_text(page: Page) -> None:
    page.goto("/landscape")
    page.locator("[data-evidence]").first.click()
    expect(page.locator("dialog.behind[open] .evidence").first).to_be_visible()
    assert page.locator(MADE).count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("address", ["/landscape", "/id/agent/helio-group", f"/compare?{TWO}"])
def test_a_saved_page_shows_them_as_text(open_page: Open, tmp_path: Path, address: str) -> None:
    page = open_page(accept_downloads=True)
    page.goto(address)
    page.locator("details.share > summary").click()
    with page.expect_download() as caught:
        page.get_by_role("link", name="Save as one HTML file").click()
    kept = tmp_path / "saved.html"
    caught.value.save_as(kept)
    offline = open_page(offline=True)
    offline.goto(kept.as_uri())
    assert offline.locator("h1").count() == 1
    assert offline.locator("img, iframe, object, embed, base, script").count() == 0
    assert offline.locator(RUNS).count() == 0
    assert offline.evaluate("document.documentElement.scrollWidth") <= 1280
