"""The first page: the search first, a part of the landscape, and where to go on."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.query import EmbeddedEngine, QueueFull
from graph.questions import questions
from graph.release import Release
from service.app import create_app
from service.pages import home
from service.pages.sharing import LATEST, PINNED
from service.representation import encode

BROWSER = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def shipped(landscape_release: Release, landscape_engine: EmbeddedEngine) -> Flask:
    """The service over the shipped seeds."""
    return create_app(landscape_engine, landscape_release, examples=questions())


def cells(page: str) -> list[str]:
    return re.findall(r'<td class="level-\d[^"]*"><a href="([^"]*)"[^>]*aria-label="\d', page)


def test_the_search_comes_first_and_once(client: FlaskClient) -> None:
    page = client.get("/", headers=BROWSER).text
    assert page.count('role="search"') == 1
    assert page.index('role="search"') > page.index("<main")
    assert page.index('role="search"') < page.index("<h2")
    assert len(re.findall(r"<button[^>]*>Search</button>", page)) == 1


def test_it_has_a_part_of_the_landscape_with_evidence_in_each_cell(shipped: Flask) -> None:
    client = shipped.test_client()
    page = client.get("/", headers=BROWSER).text
    table = page.partition('<table class="matrix')[2].partition("</table>")[0]
    assert 3 <= table.count('<th scope="row">') - 1 <= 8
    found = cells(table)
    assert found
    for address in found[:3]:
        evidence = client.get(address.replace("&amp;", "&"), headers=BROWSER)
        assert evidence.status_code == 200
    assert "blank: nothing in these 2 reports" in page
    assert 'href="/landscape' in page


def test_it_is_small(shipped: Flask) -> None:
    page = shipped.test_client().get("/", headers=BROWSER).data
    assert len(encode(page, "br")) < 20_000


def test_it_has_three_questions_and_leads_to_all(shipped: Flask) -> None:
    page = shipped.test_client().get("/", headers=BROWSER).text
    assert len(re.findall(r'class="run"', page)) == 3
    assert f"All {len(questions())} questions" in page


def test_it_says_what_the_release_holds(shipped: Flask, landscape_release: Release) -> None:
    page = shipped.test_client().get("/", headers=BROWSER).text
    counts = landscape_release.manifest["counts"]
    assert f"{counts['statements']:,} statements" in page
    organisations = counts["classes"]["https://w3id.org/therascape/ns#Organisation"]
    assert re.search(rf"Organisation</a></dt><dd>{organisations:,}</dd>", page)
    assert "pages of figures" in page


def test_a_busy_service_still_has_its_first_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy() -> None:
        raise QueueFull(1, 1)

    monkeypatch.setattr(home, "_top", busy)
    response = client.get("/", headers=BROWSER)
    assert response.status_code == 200
    assert "could not be had just now" in response.text
    assert "First Report on Cell Therapy" in response.text


def test_it_waits_only_so_long_for_its_matrix(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "_PATIENCE", {"timeout": ["0.000001"]})
    response = client.get("/", headers=BROWSER)
    assert response.status_code == 200
    assert "could not be had just now" in response.text


def test_programs_still_get_the_catalogue(client: FlaskClient) -> None:
    response = client.get("/", headers={"Accept": "text/turtle"})
    assert response.mimetype == "text/turtle"
    assert response.headers["Content-Location"] == "/catalog"
    page = client.get("/").text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(block)["@type"] == "Dataset"
    for kind in ("text/turtle", "application/ld+json", "application/atom+xml"):
        assert f'<link rel="alternate" type="{kind}"' in page


def test_a_page_has_an_address_for_this_release_and_one_for_the_latest(
    client: FlaskClient, release: Release
) -> None:
    page = client.get("/", headers=BROWSER, base_url="http://a.example/").text
    assert f'href="http://a.example/?release={release.id}"' in page
    assert 'href="http://a.example/"' in page
    assert "Save as one HTML file" in page


def test_a_page_that_is_kept_to_a_release_leads_to_others_that_are(
    client: FlaskClient, release: Release
) -> None:
    environ = {PINNED: release.id, LATEST: False}
    page = client.get("/", headers=BROWSER, environ_overrides=environ).text
    assert f"This page says what release <code>{release.id[:12]}</code> says" in page
    assert f'href="/landscape?release={release.id}"' in page
    assert f'<input type="hidden" name="release" value="{release.id}">' in page
    assert 'href="/data"' in page
    environ[LATEST] = True
    page = client.get("/", headers=BROWSER, environ_overrides=environ).text
    assert "This page says what release" not in page


def test_links_to_things_keep_to_it_too(client: FlaskClient, release: Release) -> None:
    environ = {PINNED: release.id, LATEST: False}
    page = client.get("/search?q=alpha", headers=BROWSER, environ_overrides=environ).text
    assert f'href="/id/agent/alpha-bio?release={release.id}"' in page
