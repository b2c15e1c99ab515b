"""No page has a violation that axe finds, with all of it open.

The tool comes with the development tools of web/. It is run through the debugger, so the policy of
the page stays in force. Of pages that are made alike some are looked at, each either wide and light
or narrow and dark, in turn; all four ways on all of them are for `-m exhaustive`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import pytest

from tests.browser.conftest import Open
from tests.browser.driving import Browser, Page
from tests.browser.history import History
from tests.browser.pages import OPENED, SAMPLED, SAVED
from tests.browser.pages import Page as Listed
from tests.hostile.server import Service
from tests.web.tools import tools

# Whoever is first builds the seeds.
pytestmark = pytest.mark.timeout(300)

Way = tuple[tuple[int, int], Literal["light", "dark"]]
"""A width and a height, and a theme."""
WIDE, NARROW = (1280, 800), (320, 800)
SOME: tuple[Way, ...] = ((WIDE, "light"), (NARROW, "dark"))
ALL: tuple[Way, ...] = (*SOME, (WIDE, "dark"), (NARROW, "light"))
_FOUND = """(options) => axe.run(document, options).then((found) => found.violations.map((one) =>
  `${one.id}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 200)}`))"""
_OPEN = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: More of the same: rows, items, sections and shapes that differ in their words alone.
_MOST = """(most) => document.querySelectorAll('main, main *').forEach((parent) => {
  if (parent.localName === 'tr' || parent.localName === 'select') return;
  const seen = {};
  for (const child of [...parent.children]) {
    const kind = `${child.localName}.${child.getAttribute('class')}`;
    seen[kind] = (seen[kind] || 0) + 1;
    if (seen[kind] > most) child.remove();
  }
})"""
SOME_ROWS, ALL_ROWS = 5, 12
#: Styles are in the page for the rules that ask for them; none needs them fetched again.
_OPTIONS = {"resultTypes": ["violations"], "preload": False}


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script."""
    return (tools(tmp_path_factory) / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, axe: str, *ways: Way, rows: int = SOME_ROWS) -> Mapping[str, Sequence[str]]:
    """What is wrong in these widths and themes, with so many rows of a kind."""
    page.evaluate(_MOST, rows)
    page.evaluate(_OPEN)
    page.evaluate(axe)
    found: dict[str, Sequence[str]] = {}
    for (width, height), scheme in ways:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        told = page.evaluate(_FOUND, _OPTIONS)
        if (over := page.evaluate(_OVERFLOW)) > 0:
            told.append(f"{over} pixels too wide")
        if told:
            found[f"{width}, {scheme}"] = told
    return found


def in_turn(pages: Sequence[Listed]) -> Iterator[tuple[Listed, tuple[Way, ...]]]:
    """Give each page with one way to look at it."""
    for number, one in enumerate(pages):
        yield one, (SOME[number % 2],)


def look_at_all(
    history: History,
    service: Service,
    browser: Browser,
    axe: str,
    pages: Iterable[tuple[Listed, tuple[Way, ...]]],
    *,
    rows: int = SOME_ROWS,
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """What is wrong with each page: one after the other in one window, which takes least."""
    found = {}
    context = browser.new_context(base_url=service.address)
    page = context.new_page()
    for one, ways in pages:
        response = page.goto(history.fill(one.address))
        assert response is not None
        assert response.status == one.status, one.name
        found[one.name] = faults(page, axe, *ways, rows=rows)
    context.close()
    return found


@pytest.fixture(scope="module")
def looked_at(
    history: History, service: Service, browser: Browser, axe: str
) -> Mapping[str, Mapping[str, Sequence[str]]]:
    return look_at_all(history, service, browser, axe, in_turn(SAMPLED))


@pytest.mark.parametrize("name", [one.name for one in SAMPLED])
def test_every_page_is_accessible(
    looked_at: Mapping[str, Mapping[str, Sequence[str]]], name: str
) -> None:
    assert looked_at[name] == {}


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_every_page_is_accessible_in_every_way(
    history: History, service: Service, browser: Browser, axe: str
) -> None:
    pages = ((one, ALL) for one in OPENED)
    found = look_at_all(history, service, browser, axe, pages, rows=ALL_ROWS)
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("listed", SAVED[:3], ids=str)
def test_a_saved_page_is_accessible(
    open_page: Open, history: History, axe: str, listed: Listed, tmp_path: Path
) -> None:
    page = open_page()
    answer = page.request.get(history.fill(listed.address))
    assert answer.ok
    file = tmp_path / "saved.html"
    file.write_bytes(answer.body())
    page.goto(file.as_uri())
    assert page.locator("h1").count() == 1
    assert faults(page, axe, *SOME) == {}


def test_what_is_opened_by_a_key_is_accessible(page: Page, axe: str) -> None:
    page.goto("/about")
    page.keyboard.press("?")
    page.locator("key-help dialog[open]").wait_for()
    assert faults(page, axe, *SOME) == {}
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("novar")
    page.locator(".offers [role=option]").first.wait_for()
    assert faults(page, axe, *SOME) == {}


def test_evidence_that_is_opened_is_accessible(page: Page, axe: str) -> None:
    page.goto("/landscape")
    page.locator("table.matrix td a").first.click()
    page.locator("dialog.behind[open] li, dialog.behind[open] h2").first.wait_for()
    assert faults(page, axe, *SOME) == {}


def test_the_editor_with_offers_and_an_error_is_accessible(page: Page, axe: str) -> None:
    page.goto("/sparql")
    page.locator("query-editor .cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?s kg:Org")
    page.locator(".cm-tooltip-autocomplete li").first.wait_for()
    assert faults(page, axe, *SOME) == {}


def test_it_sees_what_is_wrong(page: Page, axe: str) -> None:
    page.goto("/about")
    page.locator("main").evaluate(
        """(main) => main.insertAdjacentHTML("beforeend",
          '<img src="/static/favicon.svg"><button></button>')"""
    )
    found = faults(page, axe, *SOME)
    assert any(told.startswith("image-alt") for told in found["1280, light"])
    assert any(told.startswith("button-name") for told in found["320, dark"])
