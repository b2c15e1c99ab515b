"""Addresses that there are not: what may be meant is offered, and is really there."""

import json
import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from graph.release.finding import UnknownRelease
from service.pages.missing import offers_for
from service.problems import describe
from tests.service.pages.shipped import BROWSER

MEANT = {
    "/Landscape/": "/landscape",
    "/landscap": "/landscape",
    "/landscape.html": "/landscape",
    "/explore/?view=table": "/explore?view=table",
    "/companies": "/landscape",
    "/reports": "/#sources",
    "/market": "/markets",
    "/id/agent/Novartis": "/id/agent/novartis",
    "/id/agent/novartis/": "/id/agent/novartis",
    "/id/agent/novarti": "/id/agent/novartis",
    "/markets/latin-america": "/markets/latin-america-cell-and-gene-therapy-market",
}


@pytest.mark.parametrize(("asked", "meant"), MEANT.items())
def test_what_may_be_meant_is_offered(shipped: FlaskClient, asked: str, meant: str) -> None:
    offered = _offers(shipped, asked)
    assert meant in offered
    for address in offered:
        assert shipped.get(address, headers=BROWSER).status_code == 200, address


def test_a_release_that_is_not_here_leads_to_the_latest(shipped: FlaskClient) -> None:
    with shipped.application.test_request_context("/landscape?show=any-tie&release=abc"):
        offered = offers_for(describe(UnknownRelease("there is none")))
    assert [one.partition("/landscape")[2] for one, _ in offered] == ["?show=any-tie"]


@pytest.mark.parametrize("path", ["/foo", "/%E2%80%AEabc", "/id/agent/%E8%AF%BA%E5%8D%8E", "/%00"])
def test_nothing_is_offered_where_nothing_is_alike(shipped: FlaskClient, path: str) -> None:
    assert _offers(shipped, path) == []


def test_readers_are_told_in_words_of_theirs(shipped: FlaskClient) -> None:
    """Members of a JSON document mean nothing to who reads a page."""
    for path in ("/id/agent/nobody", "/landscape?therapy=nobody", "/timeline?foo=1", "/nowhere"):
        response = shipped.get(path, headers=BROWSER)
        assert response.status_code in (400, 404)
        assert "member" not in re.sub("<[^>]+>", " ", response.text), path


@pytest.mark.parametrize(
    "path",
    [
        "/timeline?company=Novartis",
        "/markets?foo=1",
        "/markets/global-cellular-immunotherapy-market?asof=2025-02-30",
        "/landscape?foo=1",
        "/explore?foo=1",
        "/compare?foo=1",
    ],
)
def test_a_filter_that_there_is_not_is_never_passed_over(shipped: FlaskClient, path: str) -> None:
    response = shipped.get(path, headers=BROWSER)
    assert response.status_code == 400
    assert "is no parameter here" in response.text


def test_a_reason_that_is_known_is_told(shipped: FlaskClient) -> None:
    response = shipped.get("/api/v1/questions/players", headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert "players-in" in json.loads(response.data)["detail"]


def _offers(visitor: FlaskClient, path: str) -> list[str]:
    response = visitor.get(path, headers=BROWSER)
    assert response.status_code == 404
    _, _, rest = response.text.partition("Did you mean")
    return [unescape(one) for one in re.findall(r'href="([^"]+)"', rest.partition("</ul>")[0])]
