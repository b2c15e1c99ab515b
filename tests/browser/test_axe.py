"""What a page opens, and a page that was saved, has no violation that axe finds either.

Pages as they come are looked at in `test_every_page.py`.
"""

from pathlib import Path

import pytest

from tests.browser.accessible import SOME, faults
from tests.browser.conftest import Open
from tests.browser.driving import Page
from tests.browser.history import History
from tests.browser.pages import SAVED
from tests.browser.pages import Page as Listed

# Whoever is first builds the seeds.
pytestmark = pytest.mark.timeout(300)


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
