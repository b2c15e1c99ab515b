"""What the first visit of a page sends: under 100 KB with styles, scripts and fonts, compressed.

Counted is what a browser fetches by itself: the page, its styles, its scripts with all they import
at once, and each font file of which the text of the page has a character. What is fetched when it
is asked for is left out: the editor of queries, and what arranges a network.
"""

import html
import re
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from flask.testing import FlaskClient

from tests.browser.pages import PAGES
from tests.service.pages.whole import Given

# Whoever is first builds the seeds and asks for every page.
pytestmark = pytest.mark.timeout(300)

MOST = 100_000
#: Of styles, of scripts and of fonts alone, on any page.
MOST_STYLES, MOST_SCRIPTS, MOST_FONTS = 12_000, 15_000, 60_000
_ENCODED = {"Accept-Encoding": "br"}
_FETCHED = re.compile(r'<(?:link rel="(?:stylesheet|preload)"[^>]*href|script[^>]*src)="([^"]+)"')
_IMPORTED = re.compile(r"""(?:from|\bimport)\s*["'](\./[^"']+)["']""")
_FACE = re.compile(r"@font-face\s*\{(.*?)\}", re.DOTALL)
_SOURCE = re.compile(r"url\(\"?([^\")]+)\"?\)")
_RANGE = re.compile(r"unicode-range:\s*([^;}]+)")
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


class Weights:
    """What a client is sent for each static file."""

    def __init__(self, client: FlaskClient) -> None:
        self.sent = cache(self._sent)
        self._client = client

    def _sent(self, address: str) -> tuple[int, str]:
        """The bytes that are sent, and the text of what is no font."""
        response = self._client.get(address, headers=_ENCODED)
        assert response.status_code == 200, address
        size = len(response.data)
        if address.partition("?")[0].endswith((".css", ".js")):
            return size, self._client.get(address).text
        return size, ""

    def fetched(self, page: str) -> Mapping[str, int]:
        """Each file that a browser fetches for a page, and its size."""
        found: dict[str, int] = {}
        waiting = [html.unescape(one) for one in _FETCHED.findall(page)]
        characters = {ord(one) for one in html.unescape(_TAGS.sub(" ", page))}
        while waiting:
            address = waiting.pop()
            if address in found:
                continue
            found[address], text = self.sent(address)
            folder = address.rpartition("/")[0]
            if ".css" in address:
                waiting += [f"{folder}/{one}" for one in _fonts(text, characters)]
            elif ".js" in address:
                waiting += [f"{folder}{one[1:]}" for one in _IMPORTED.findall(text)]
        return found


def _fonts(style: str, characters: set[int]) -> Iterator[str]:
    """The font files that a style has for these characters."""
    for face in _FACE.findall(style):
        (ranges,) = _RANGE.findall(face)
        bounds = [_bounds(one.strip()) for one in ranges.split(",")]
        if any(first <= one <= last for one in characters for first, last in bounds):
            yield _SOURCE.findall(face)[0].removeprefix("./")


def _bounds(text: str) -> tuple[int, int]:
    first, _, last = text.upper().removeprefix("U+").partition("-")
    if "?" in first:
        return int(first.replace("?", "0"), 16), int(first.replace("?", "F"), 16)
    return int(first, 16), int(last or first, 16)


@pytest.fixture(scope="module")
def weights(whole: FlaskClient) -> Weights:
    found = Weights(whole)
    if ".js" not in "".join(
        found.fetched(whole.get("/about", headers={"Accept": "text/html"}).text)
    ):
        pytest.skip("the pages are made without their scripts, so they have no weight to look at")
    return found


def _sum(files: Mapping[str, int], ending: str) -> int:
    return sum(size for address, size in files.items() if ending in address)


@pytest.mark.parametrize("name", [one.name for one in PAGES])
def test_a_page_is_light(given: Mapping[str, Given], weights: Weights, name: str) -> None:
    page = given[name]
    files = weights.fetched(page.text)
    whole = page.sent + sum(files.values())
    assert whole < MOST, {"page": page.sent, **files}
    assert 0 < _sum(files, ".css") < MOST_STYLES
    assert 0 < _sum(files, ".js") < MOST_SCRIPTS
    assert 0 < _sum(files, ".woff2") < MOST_FONTS


def test_the_editor_and_the_network_come_when_they_are_asked_for(
    given: Mapping[str, Given], weights: Weights
) -> None:
    for name in ("query-table", "explore-network"):
        for address in weights.fetched(given[name].text):
            _, text = weights.sent(address)
            assert "cytoscape" not in text or len(text) < 50_000
            assert len(text) < 50_000, address


def test_what_is_counted(weights: Weights) -> None:
    plain = '<link rel="stylesheet" href="{}">'
    about = weights.fetched(plain.format(_style(weights)) + "<p>a</p>")
    more = weights.fetched(plain.format(_style(weights)) + "<p>a\u0142</p>")
    assert _sum(about, ".woff2") < _sum(more, ".woff2")
    assert _bounds("U+4??") == (0x400, 0x4FF)


def _style(weights: Weights) -> str:
    page = weights._client.get("/about", headers={"Accept": "text/html"}).text
    return next(str(one) for one in _FETCHED.findall(page) if ".css" in one)
