"""Two addresses of every page that can be kept to a release, one footnote, and both in files."""

import html
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from service.charts.footnote import with_footnote
from service.pages.saving import one_file
from service.pages.sharing import can_be_pinned
from tests.browser.history import History
from tests.browser.pages import MARKET, OPENED, PAGES, SAVED, Page
from tests.service.pages.whole import BROWSER, Given

FOOT = re.compile(r'<p class="footnote">(.*?)</p>', re.DOTALL)
PRINTED = re.compile(r'<p class="printed footnote">(.*?)</p>', re.DOTALL)
HREF = re.compile(r'\shref="([^"]*)"')
TAG = re.compile(r"<[^>]*>")
#: What has an address for each release, and nothing on it that a release says.
BEFORE = {"compare-begin", "query", "query-led", "search-begin", "timeline-empty"}


def _has_release(address: str) -> bool:
    """Whether it is kept to a release; what stands for a thing of a class is one."""
    return address.startswith("{") or can_be_pinned(urlsplit(address).path)


PINNED = tuple(
    page
    for page in OPENED
    if page.status == 200 and page.name not in BEFORE and _has_release(page.address)
)
PICTURES = (
    "/landscape.svg",
    "/landscape.svg?width=narrow",
    "/explore.svg",
    "/explore.svg?view=network&focus=agent/novartis",
    "/timeline.svg",
    "/timeline.svg?width=360",
    f"/markets/{MARKET}.svg",
    f"/api/v1/questions/forecast.svg?market=id/market/{MARKET}",
)


def text_of(markup: str) -> str:
    return " ".join(html.unescape(TAG.sub("", markup)).split())


def in_footer(page: str) -> list[str]:
    return FOOT.findall(page[page.rindex("<footer") :])


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_page_ends_in_one_footnote(
    given: Mapping[str, Given], history: History, page: Page
) -> None:
    answer = given[page.name]
    (line,) = in_footer(answer.text)
    release = history.former if page.name.endswith("-older") else history.current
    said = text_of(line)
    assert re.match(r"[\d,]+ reports? · ", said)
    assert f"release {release.id[:12]}" in said
    assert re.search(r"newest report of \d{4}-\d\d", said)
    (printed,) = PRINTED.findall(answer.text)
    assert text_of(printed).startswith("http://localhost/")


@pytest.mark.parametrize("page", SAVED, ids=str)
def test_a_saved_page_ends_in_its_footnote(given: Mapping[str, Given], page: Page) -> None:
    saved = given[page.name]
    assert saved.status == 200
    (line,) = in_footer(saved.text)
    (live,) = in_footer(given[page.name.removeprefix("saved-")].text)
    assert text_of(line).split(" · ")[:2] == text_of(live).split(" · ")[:2]
    assert "Saved from" in saved.text


@pytest.mark.parametrize("page", PINNED, ids=str)
def test_a_page_of_a_release_has_both_addresses(
    given: Mapping[str, Given], history: History, page: Page
) -> None:
    answer = given[page.name].text
    shared = re.search(r'<details class="share">(.*?)</details>', answer, re.DOTALL)
    assert shared, "the two addresses"
    links = [html.unescape(one) for one in HREF.findall(shared[1])]
    asked = [dict(parse_qsl(urlsplit(one).query)) for one in links]
    release = history.former if page.name.endswith("-older") else history.current
    assert asked[0]["release"] == release.id
    assert "release" not in asked[1]
    assert asked[0] == asked[1] | {"release": release.id}


@pytest.mark.parametrize("page", PINNED, ids=str)
def test_a_page_that_is_kept_to_a_release_leads_to_pages_that_are(
    whole: FlaskClient, history: History, page: Page
) -> None:
    address = history.fill(page.address)
    if "release=" in address:
        pytest.skip("it is one itself")
    joint = "&" if "?" in address else "?"
    pinned = f"{address}{joint}release={history.former.id}"
    response = whole.get(pinned, headers={**BROWSER, "Accept-Encoding": "identity"})
    if response.status_code == 404 and "/id/" in address:
        pytest.skip("it was not there yet")
    assert response.status_code == 200
    assert f"release {history.former.id[:12]}" in text_of(in_footer(response.text)[0])
    loose = []
    latest = re.search(r"<dt>Latest</dt>.*?</dd>", response.text, re.DOTALL)
    without = response.text.replace(latest[0] if latest else "", "")
    notice = re.search(
        r'<p class="notice"><strong>Note:</strong> This page says.*?</p>', without, re.DOTALL
    )
    without = without.replace(notice[0] if notice else "", "")
    for written in HREF.findall(without):
        parts = urlsplit(html.unescape(written))
        ours = parts.netloc in ("", "localhost") and parts.path.startswith("/")
        if ours and can_be_pinned(parts.path):
            asked = dict(parse_qsl(parts.query))
            if asked.get("release") != history.former.id:
                loose.append(written)
    assert loose == []


@pytest.mark.parametrize("address", PICTURES)
def test_every_picture_ends_in_its_footnote(
    whole: FlaskClient, history: History, address: str
) -> None:
    root = ElementTree.fromstring(whole.get(address, headers={"Accept": "*/*"}).data)
    below: dict[float, str] = {}
    for text in root.iter("{http://www.w3.org/2000/svg}text"):
        y = float(text.get("y", "0"))
        below[y] = f"{below.get(y, '')} {''.join(text.itertext())}"
    lines = " ".join(below[y] for y in sorted(below)[-6:])
    assert f"elease {history.current.id[:12]}" in lines
    assert re.search(r"\d reports?\b", lines)
    assert max(below) < float(str(root.get("viewBox")).split()[3])


def test_a_long_footnote_is_broken_and_stays_within_the_picture() -> None:
    drawn = '<svg viewBox="0 0 300 40" width="300" height="40"><path d="M0 0"/></svg>'
    made = with_footnote(drawn, "<b> & words " * 30, ink="#000", ground="#fff")
    root = ElementTree.fromstring(made)
    texts = list(root.iter("text"))
    assert len(texts) > 5
    assert root.get("width") == "300"
    assert float(str(root.get("height"))) > max(float(str(text.get("y"))) for text in texts)
    assert "".join(text.text or "" for text in texts).startswith("<b> & words")


def test_a_saved_page_names_the_address_that_stays(whole: FlaskClient, history: History) -> None:
    saved = whole.get(
        "/landscape?show=any-tie&download=html", headers=BROWSER | {"Accept-Encoding": "identity"}
    )
    (address,) = re.findall(r'Saved from <a href="([^"]*)"', saved.text)
    asked = dict(parse_qsl(urlsplit(html.unescape(address)).query))
    assert asked == {"show": "any-tie", "release": history.current.id}
    again = whole.get(html.unescape(address), headers=BROWSER)
    assert again.status_code == 200


def test_what_is_saved_has_the_evidence_in_it(whole: FlaskClient) -> None:
    headers = BROWSER | {"Accept-Encoding": "identity"}
    for address in (
        "/landscape?rows=group",
        "/compare?ids=place/brazil&ids=place/mexico",
        "/id/agent/novartis",
    ):
        joint = "&" if "?" in address else "?"
        saved = whole.get(f"{address}{joint}download=html", headers=headers)
        assert saved.status_code == 200, address
        assert saved.headers["Content-Disposition"].startswith("attachment")
        inner = [one for one in HREF.findall(saved.text) if one.startswith("#")]
        ids = set(re.findall(r'\sid="([^"]*)"', saved.text))
        assert {one[1:] for one in inner if one != "#"} <= ids, address
        live = whole.get(address, headers=headers).text
        assert len(re.findall(r"/id/claim/", saved.text)) >= len(re.findall(r"/id/claim/", live))
        assert "/id/claim/" in saved.text, address


def test_a_file_has_its_footnote_once() -> None:
    foot = '<footer><p class="footnote">1 report</p></footer>'
    page = f"<!doctype html><html><head></head><body>{foot}</body></html>"
    assert one_file(page, "http://a.example/", lambda _: None).count("1 report") == 1
