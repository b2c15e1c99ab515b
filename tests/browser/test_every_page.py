"""What holds for every page: it is on the list, quiet, light, accessible, and needs no script.

A page that is added to the application and not to `tests.browser.pages` fails here. Of pages that
are made alike some are looked at, each either wide and light or narrow and dark, in turn; all of
them, in all four ways, are for `-m exhaustive`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from service.pages.entity.kinds import _BY_CLASS
from tests.browser.accessible import ALL, ALL_ROWS, SOME, SOME_ROWS, Way, faults
from tests.browser.conftest import Open
from tests.browser.history import History
from tests.browser.pages import OPENED, PAGES, SAMPLED, Page
from tests.browser.watching import Watch
from tests.hostile.server import Service
from tests.service.pages.whole import Given, given_once, read_given, whole_application

# Whoever is first builds the seeds.
pytestmark = pytest.mark.timeout(300)

MOST = 100_000
"""Bytes of a first visit, compressed, without the editor and what arranges a network."""
#: What answers with data or a file even where a page is asked for.
DATA = frozenset(
    "asked_csv ask chart end_query explore_csv explore_graphml explore_json explore_svg "
    "changes_atom changes_json compare_csv compare_evidence_csv compare_evidence_json compare_json "
    "data_json export_file forecast_chart graph_file health landscape_csv landscape_evidence_csv "
    "landscape_evidence_json landscape_json landscape_svg market_csv market_json market_svg "
    "markets_csv markets_json metrics network_graphml network_json ns_context ns_shapes "
    "openapi_document queries query_schema questions questions_csv ready release_bibtex "
    "release_cff release_current release_manifest robots search search_csv search_page_csv "
    "search_page_json sitemap sitemap_part static_file store stored suggest suggest_csv "
    "timeline_csv timeline_json timeline_svg asked in_words latest_ask ns_version".split()
)
#: Parts of pages, and what only a writer with a token is answered.
PARTS = re.compile(
    r".*_macros\.html|macros\.html|base\.html|resource_head\.html|entity/frame\.html"
)
WRITERS = frozenset({"written.html"})
#: What is seen without scripts, too: one page of each address, and some things of other kinds.
PLAIN = (
    *{one.endpoint: one for one in reversed(SAMPLED) if one.status == 200}.values(),
    *[one for one in SAMPLED if one.name.startswith("thing-")][1::4],
    *[one for one in SAMPLED if one.needs == "network"],
)
#: How each of the sample is looked at.
WAYS = {one.name: SOME[number % 2] for number, one in enumerate(SAMPLED)}
_FETCHED = """() => [...performance.getEntriesByType("navigation"),
  ...performance.getEntriesByType("resource")].map((one) => [one.name, one.encodedBodySize])"""
_TEXT = "() => document.querySelector('main').innerText"


@pytest.fixture(scope="module")
def app(history: History, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app, archive = whole_application(history, tmp_path_factory.mktemp("reports"))
    yield app
    archive.stop()


@pytest.fixture(scope="module")
def given(history: History, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Given]:
    """The answer for every page, by its name."""
    return read_given(given_once(tmp_path_factory, history))


def test_every_address_is_a_page_of_the_list_or_data(app: Flask) -> None:
    pages = {one.endpoint for one in PAGES if one.endpoint}
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert known - pages - DATA == set(), "add a page to the list, or say that it is data"
    assert pages <= known
    assert not pages & DATA


def test_what_is_said_to_be_data_is_no_page(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in DATA and not rule.arguments and "GET" in (rule.methods or ()):
            response = client.get(rule.rule, headers={"Accept": "text/html"})
            ok = response.status_code < 300
            assert not (ok and response.mimetype == "text/html"), rule.rule


def test_every_page_is_what_the_list_says(app: Flask, given: Mapping[str, Given]) -> None:
    routes = app.url_map.bind("localhost")
    for page in PAGES:
        found = given[page.name]
        if page.endpoint:
            path = found.address.partition("?")[0]
            assert routes.match(path)[0] == page.endpoint, page.name
        assert (found.status, found.media_type) == (page.status, "text/html"), page.name
    rendered = {name for page in PAGES for name in given[page.name].templates}
    templates = files("service") / "templates"
    names = {
        path.relative_to(str(templates)).as_posix() for path in Path(str(templates)).rglob("*.html")
    }
    whole = {name for name in names if not PARTS.fullmatch(name)}
    assert whole - rendered == WRITERS, "a template that no page of the list has"


def test_every_kind_of_thing_is_in_the_list() -> None:
    listed = {one.address.strip("{}") for one in PAGES} | {"schema:CreativeWorkSeries"}
    assert set(_BY_CLASS) <= listed
    assert len({one.name for one in PAGES}) == len(PAGES)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit showed and fetched, what it was told, and what axe found, by the way."""

    text: str
    fetched: Mapping[str, int]
    told: Sequence[str]
    faults: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Opens pages of a service one after the other in one window, which takes least."""

    browser: Any
    service: Service
    history: History

    def visited(
        self, pages: Iterable[tuple[Page, Sequence[Way]]], axe: str, *, rows: int = SOME_ROWS
    ) -> Mapping[str, Visit]:
        """A visit of each page, opened in the first of these ways, by its name."""
        found = {}
        watch = Watch(self.service.address)
        with self.browser.new_context(base_url=self.service.address) as context:
            watch.follow(context)
            page = context.new_page()
            for one, ways in pages:
                self._open(page, one, ways[0])
                page.evaluate("document.fonts.ready.then(() => true)")
                # What is in the cache has its size, too.
                sizes = {str(name): int(size) for name, size in page.evaluate(_FETCHED)}
                text, told = page.evaluate(_TEXT), tuple(watch.faults)
                wrong = faults(page, axe, *ways, rows=rows)
                found[one.name] = Visit(text, sizes, told, wrong)
                watch.faults.clear()
        return found

    def shown_plainly(self, pages: Iterable[tuple[Page, Way]]) -> Mapping[str, str]:
        """What each page shows without scripts, by its name."""
        base = self.service.address
        with self.browser.new_context(base_url=base, java_script_enabled=False) as context:
            page = context.new_page()
            found = {}
            for one, way in pages:
                self._open(page, one, way)
                found[one.name] = page.locator("main").inner_text()
        return found

    def _open(self, page: Any, one: Page, way: Way) -> None:
        (width, height), scheme = way
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        response = page.goto(self.history.fill(one.address), wait_until="load")
        assert response.status == one.status, one.name


@pytest.fixture(scope="module")
def visitor(browser: Any, service: Service, history: History) -> Visitor:
    return Visitor(browser, service, history)


@pytest.fixture(scope="module")
def visits(visitor: Visitor, axe: str) -> Mapping[str, Visit]:
    """Visits of the pages that no other stands for."""
    return visitor.visited(((one, (WAYS[one.name],)) for one in SAMPLED), axe)


@pytest.fixture(scope="module")
def plain(visitor: Visitor) -> Mapping[str, str]:
    """What pages of each kind show without scripts."""
    return visitor.shown_plainly((one, WAYS[one.name]) for one in PLAIN)


def noises(one: Page, visit: Visit) -> list[str]:
    """What a visit was told, but for its status: the browser notes that of a page of a fault."""
    return [
        fault
        for fault in visit.told
        if not (
            one.status >= 400 and (f"answered {one.status}" in fault or str(one.status) in fault)
        )
    ]


def weight(one: Page, visit: Visit) -> int:
    """Bytes that were fetched, without the editor and what arranges a network (known by size), and
    without what the first asks for.
    """
    return sum(
        size
        for name, size in visit.fetched.items()
        if not (one.needs and name.endswith(".js") and size > 50_000)
        and not name.endswith("/query/schema.json")
    )


@pytest.mark.parametrize("one", SAMPLED, ids=str)
def test_a_page_is_quiet(visits: Mapping[str, Visit], one: Page) -> None:
    assert noises(one, visits[one.name]) == []


@pytest.mark.parametrize("one", SAMPLED, ids=str)
def test_a_page_is_light(visits: Mapping[str, Visit], one: Page) -> None:
    assert 0 < weight(one, visits[one.name]) < MOST, visits[one.name].fetched


@pytest.mark.parametrize("one", SAMPLED, ids=str)
def test_a_page_is_accessible(visits: Mapping[str, Visit], one: Page) -> None:
    assert visits[one.name].faults == {}


def lost_without_scripts(one: Page, with_scripts: str, without: str) -> list[str]:
    """Figures that a page shows with scripts alone."""
    words = _words(without)
    assert len(words) > 3, one.name
    if one.needs == "editor":
        return []
    # Scripts may add words of what they do; they may not be what shows the data.
    return [word for word in _words(with_scripts) if word not in words and re.search(r"\d", word)]


@pytest.mark.parametrize("one", PLAIN, ids=str)
def test_a_page_says_the_same_without_scripts(
    visits: Mapping[str, Visit], plain: Mapping[str, str], one: Page
) -> None:
    assert lost_without_scripts(one, visits[one.name].text, plain[one.name]) == []


@pytest.mark.exhaustive
@pytest.mark.timeout(900)
def test_all_pages_are_so_in_every_way(visitor: Visitor, axe: str) -> None:
    visits = visitor.visited(((one, ALL) for one in OPENED), axe, rows=ALL_ROWS)
    shown = visitor.shown_plainly((one, ALL[0]) for one in OPENED)
    wrong = {
        one.name: (noises(one, visit), visit.faults, lost_without_scripts(one, visit.text, without))
        for one, visit, without in ((one, visits[one.name], shown[one.name]) for one in OPENED)
    }
    assert {name: found for name, found in wrong.items() if any(found)} == {}
    assert all(0 < weight(one, visits[one.name]) < MOST for one in OPENED)


def _words(text: str) -> set[str]:
    return set(text.split())


def test_without_scripts_a_query_can_be_written_and_run(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/sparql")
    page.locator("textarea#query").fill("SELECT ?name { <id/agent/novartis> rdfs:label ?name }")
    page.get_by_role("button", name="Run query").click()
    assert "Novartis AG" in page.locator("#outcome table").inner_text()


def test_without_scripts_filters_and_the_search_work(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/landscape")
    page.get_by_label("Columns", exact=True).select_option("m49")
    page.get_by_role("button", name="Apply").click()
    assert "cols=m49" in page.url
    page.goto("/about")
    page.get_by_role("searchbox").fill("novartis")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    assert "q=novartis" in page.url
    assert "Novartis" in page.locator("main").inner_text()


def test_without_scripts_a_network_has_its_list(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    page.goto("/explore?view=network&focus=agent/novartis")
    page.locator("details > summary").filter(has_text="table").first.click()
    assert page.locator("main table tbody tr").count() > 3
    assert page.locator("main svg a").count() > 3


def test_without_scripts_a_problem_can_be_reported(open_page: Open) -> None:
    plain = open_page(java_script_enabled=False)
    plain.goto(
        "/report-a-problem?about=https%3A%2F%2Fw3id.org%2Ftherascape%2Fid%2Fagent%2Fnovartis"
    )
    plain.locator("textarea[name=wrong]").fill("It is spelt so.")
    plain.locator("main form button[type=submit]").last.click()
    assert "Thank you" in plain.locator("main").inner_text()
