"""What differs between releases, as a page, as JSON, and as a feed that readers can keep."""

import os
import re
import shutil
import threading
from collections import OrderedDict
from datetime import datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, Quad

from graph.query import EmbeddedEngine
from graph.release import JSON, DataDirectory, Release
from ontology.namespaces import RDFS
from service.app import create_app
from service.pages import changes
from service.pages.feed import Entry, Feed, write_feed
from tests.service.dataset import DETAILS, FIRST, HOSTILE, IRIS, quads

BROWSER = {"Accept": "text/html"}
ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 3339, with the restrictions of RFC 4287, section 3.3.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LONG = "x" * 10_000
NEWER: dict[str, JSON] = {
    "slug": "third-report",
    "graph": IRIS.graph("third-report").value,
    "title": "Third",
    "short_title": "Third <script>alert(1)</script> \u202e",
    "publisher": "Third",
    "published": "2026-01",
    "url": None,
    "licence_note": "Facts only.",
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release]:
    """A release, and one with another source, a name less and two names more."""
    data = DataDirectory(tmp_path_factory.mktemp("changes"))
    before = data.publish(quads(), DETAILS)
    names = (HOSTILE, LONG)
    more = [
        Quad(IRIS.thing("agent", f"new-{n}"), RDFS.label, Literal(name), FIRST)
        for n, name in enumerate(names)
    ]
    sources = DETAILS["sources"]
    assert isinstance(sources, list)
    details = DETAILS | {"sources": [*sources[1:], NEWER]}
    after = data.publish([*list(quads())[2:], *more], details)
    os.utime(before.path / "data.nq", (1_700_000_000, 1_700_000_000))
    os.utime(after.path / "data.nq", (1_700_086_400, 1_700_086_400))
    return before, after


@pytest.fixture(scope="module")
def asking(pair: tuple[Release, Release]) -> FlaskClient:
    return create_app(EmbeddedEngine.over(pair[1]), pair[1]).test_client()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PATIENCE", 60.0)


def feed_of(client: FlaskClient) -> ElementTree.Element:
    response = client.get("/changes.atom", base_url="http://a.example/")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.data)


def test_the_page_tells_what_differs_and_why(
    asking: FlaskClient, pair: tuple[Release, Release]
) -> None:
    page = asking.get("/changes", headers=BROWSER).text
    assert page.count("<h1>") == 1
    assert "New: Third &lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "No longer in it: First (2025)." in page
    assert "Alpha Bio" in page
    assert "<script>" not in page
    assert LONG[:100] in page
    for release in pair:
        assert f'href="/releases/{release.id}"' in page
    assert f"/releases/{pair[0].id}/diff/{pair[1].id}?format=csv" in page
    assert "A release has no date" in page


def test_each_cause_is_a_heading_with_what_it_means(asking: FlaskClient) -> None:
    page = asking.get("/changes", headers=BROWSER).text
    causes = re.findall(r'<h3 id="cause-([\w-]+)">', page)
    assert causes
    assert len(set(causes)) == len(causes)


def test_what_takes_long_goes_on_while_the_page_says_so(
    asking: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = threading.Event()
    told = changes.told_of

    def slowly(step: changes.Step) -> changes.Told:
        go.wait(60)
        return told(step)

    monkeypatch.setattr(changes, "told_of", slowly)
    monkeypatch.setattr(changes, "_told", OrderedDict())
    monkeypatch.setattr(changes, "PATIENCE", 0.01)
    page = asking.get("/changes", headers=BROWSER)
    assert page.status_code == 200
    assert "are being compared" in page.text
    assert "New: Third" in page.text
    go.set()
    monkeypatch.setattr(changes, "PATIENCE", 60.0)
    page = asking.get("/changes", headers=BROWSER)
    assert "are being compared" not in page.text
    assert "Alpha Bio" in page.text


def test_programs_get_a_list(asking: FlaskClient, pair: tuple[Release, Release]) -> None:
    found = asking.get("/changes").get_json()
    assert found == asking.get("/changes.json").get_json()
    assert [one["release"] for one in found["changes"]] == [pair[1].id, pair[0].id]
    first, last = found["changes"]
    assert (first["before"], last["before"]) == (pair[0].id, None)
    assert first["written"] == "2023-11-15T22:13:20Z"
    assert asking.get(first["differences"]).status_code == 200


def test_one_release_has_nothing_to_be_compared_with(client: FlaskClient) -> None:
    page = client.get("/changes", headers=BROWSER)
    assert page.status_code == 200
    assert "There is nothing to compare with yet" in page.text
    assert len(feed_of(client).findall(f"{ATOM}entry")) == 1


def test_the_feed_has_what_atom_asks_for(asking: FlaskClient) -> None:
    feed = feed_of(asking)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):  # exactly one (4.1.1, 4.1.2)
            (found,) = element.findall(f"{ATOM}{name}")
            assert (found.text or "").strip()
        assert DATE.fullmatch(element.findtext(f"{ATOM}updated") or "")
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", element.findtext(f"{ATOM}id") or "")
        alternates = [x for x in element.findall(f"{ATOM}link") if x.get("rel") == "alternate"]
        assert len(alternates) == 1
        assert all(str(x.get("href")).startswith("http://a.example/") for x in alternates)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The Therascape authors"
    (own,) = (x for x in feed.findall(f"{ATOM}link") if x.get("rel") == "self")
    assert own.get("href") == "http://a.example/changes.atom"
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 2
    dates = [entry.findtext(f"{ATOM}updated") or "" for entry in feed.findall(f"{ATOM}entry")]
    assert feed.findtext(f"{ATOM}updated") == max(dates)


def test_an_entry_says_what_is_new_and_hostile_names_stay_text(asking: FlaskClient) -> None:
    entry = feed_of(asking).find(f"{ATOM}entry")
    assert entry is not None
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "<script>" not in (content.text or "")
    assert HOSTILE in unescape(content.text or "")


def test_ids_are_those_of_the_releases_wherever_and_whenever_they_are_served(
    pair: tuple[Release, Release], asking: FlaskClient, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(pair[0].path.parents[1], folder)
    data = DataDirectory(folder)
    for release in pair:
        os.utime(data.release(release.id).path / "data.nq")
    after = data.release(pair[1].id)
    other = create_app(EmbeddedEngine.over(after), after).test_client()

    def told(client: FlaskClient) -> dict[str, str]:
        entries = feed_of(client).findall(f"{ATOM}entry")
        return {
            entry.findtext(f"{ATOM}id") or "": entry.findtext(f"{ATOM}updated") or ""
            for entry in entries
        }

    here, there = told(asking), told(other)
    assert here.keys() == there.keys()
    assert set(here.values()).isdisjoint(there.values()), "when it was written is another"


def test_what_xml_cannot_have_is_replaced() -> None:
    moment = datetime.fromisoformat("2025-01-02T03:04:05+00:00")
    entry = Entry("urn:x", "a\x00b\x1b", moment, "http://a.example/", ("<b>\ufffe&",))
    feed = Feed("urn:f", "t", "s", moment, "http://a.example/f", "http://a.example/", [entry])
    read = ElementTree.fromstring(write_feed(feed))
    assert read.findtext(f"{ATOM}entry/{ATOM}title") == "a\ufffdb\ufffd"
    assert read.findtext(f"{ATOM}entry/{ATOM}content") == "<ul><li>&lt;b&gt;\ufffd&amp;</li></ul>"
    assert read.findtext(f"{ATOM}updated") == "2025-01-02T03:04:05Z"
