"""The watch sees what a page may not do; a page of the service does none of it."""

import pytest

from tests.browser.conftest import Open
from tests.browser.driving import Page, Route
from tests.browser.watching import Watch

pytestmark = pytest.mark.timeout(120)

STYLED = """<!doctype html><title>t</title><p style="color: red">red</p>"""
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'"


def styled(route: Route) -> None:
    """Answer with a page that breaks its own policy."""
    headers = {"Content-Security-Policy": POLICY}
    route.fulfill(body=STYLED, content_type="text/html", headers=headers)


def test_a_page_of_the_service_is_quiet(page: Page, watch: Watch) -> None:
    page.goto("/landscape", wait_until="networkidle")
    assert page.locator("h1").count() == 1
    assert watch.faults == []


def test_the_console_is_watched(page: Page, watch: Watch) -> None:
    page.goto("/about")
    with watch.expecting("console error: bad", "console warning: odd"):
        page.evaluate("console.error('bad'), console.warn('odd'), console.log('fine')")


def test_exceptions_are_watched(page: Page, watch: Watch) -> None:
    page.goto("/about")
    with watch.expecting("exception: lost", "exception: refused"):
        page.evaluate("""() => {
            setTimeout(() => { throw Error('lost') });
            Promise.reject(Error('refused'));
        }""")


@pytest.mark.parametrize("scripts", [True, False])
def test_violations_of_the_policy_are_watched(open_page: Open, watch: Watch, scripts: bool) -> None:
    page = open_page(java_script_enabled=scripts)
    page.route("**/styled", styled)
    with watch.expecting("style-src" if scripts else "inline style"):
        page.goto("/styled")


def test_requests_to_other_places_are_watched(page: Page, watch: Watch) -> None:
    page.goto("about:blank")
    told = ("foreign request (http://elsewhere.example/x.png)", "failed request", "console error")
    with watch.expecting(*told):
        page.set_content('<img src="http://elsewhere.example/x.png">')


def test_answers_that_refuse_are_watched(page: Page, watch: Watch) -> None:
    with watch.expecting("answered 404", "console error: Failed to load resource"):
        page.goto("/no-such-page")


def test_what_was_not_expected_stays_a_fault(page: Page, watch: Watch) -> None:
    with watch.expecting("console error: bad"):
        page.evaluate("console.error('worse'), console.error('bad')")
    assert [fault.partition(" (")[0] for fault in watch.faults] == ["console error: worse"]
    watch.faults.clear()
