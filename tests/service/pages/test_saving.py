"""A page as one file: nothing in it is fetched or run, and what it says is all there."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from graph.release import Release
from service.pages.saving import one_file, static_bytes

HERE = "http://a.example/under/landscape?rows=group"
HOSTILE = "<script>alert(1)</script> \"'&; \u202eright to left\u202c"
# Attributes that have a browser fetch something by itself.
FETCHING = {"src", "srcset", "srcdoc", "data", "poster", "background", "ping", "action", "style"}


class Parts(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def saved(
    body: str, head: str = "", files: Mapping[str, bytes] | None = None, *, fonts: bool = False
) -> str:
    page = f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"
    return one_file(page, HERE, (files or {}).get, fonts=fonts)


def assert_fetches_nothing(page: str) -> None:
    parts = Parts(page)
    for tag, attributes in parts.tags:
        assert tag not in {"script", "iframe", "object", "embed", "form", "video", "audio", "base"}
        for name, value in attributes.items():
            assert name not in FETCHING or str(value).startswith("data:"), (tag, name)
            assert not name.startswith("on"), (tag, name)
            assert not str(value).strip().lower().startswith("javascript:"), (tag, name)
        if tag == "link":
            assert attributes["rel"] == "canonical" or str(attributes["href"]).startswith("data:")
        if tag in {"use", "image"}:
            assert str(attributes.get("href") or attributes.get("xlink:href")).startswith("#")
    for style in re.findall(r"<style>(.*?)</style>", page, re.DOTALL):
        assert "@import" not in style
        assert not re.search(r"url\((?!\"?data:)", style)


def test_styles_are_within_it_without_what_they_would_fetch() -> None:
    style = (
        b'@import "other.css";@font-face{font-family:A;src:url(./a-1.woff2)}'
        b'p{color:red;background:url("/x.png")}b{background:url(data:image/png;base64,AA)}'
        b'i::before{content:"</style><script>"}'
    )
    head = '<link rel="stylesheet" href="/static/base-1.css?v=2">'
    page = saved("<p>text</p>", head, {"base-1.css": style})
    assert_fetches_nothing(page)
    assert "p{color:red;background:none}" in page
    assert "url(data:image/png;base64,AA)" in page
    assert "@font-face" not in page
    assert page.count("</style>") == page.count("<style>")


def test_fonts_are_within_it_where_they_are_wanted() -> None:
    style = b"@font-face{font-family:A;src:url(./a-1.woff2)}"
    files = {"b.css": style, "a-1.woff2": b"font"}
    page = saved("", '<link rel="stylesheet" href="b.css">', files, fonts=True)
    assert 'url("data:font/woff2;base64,Zm9udA==")' in page
    assert_fetches_nothing(page)


def test_what_runs_or_is_for_going_about_is_left_out() -> None:
    page = saved(
        '<script>alert(1)</script><script src="/a.js"></script><form><p>in a form</p></form>'
        '<div class="top"><p>above all</p></div><dialog><p>keys</p></dialog><button>press</button>'
        '<p onclick="x()" style="color:red">kept</p><iframe src="/x"></iframe>'
        "<noscript>no script</noscript><div data-unsaved><br><p>aside</p></div><p>end</p>"
    )
    assert_fetches_nothing(page)
    for word in ("alert", "in a form", "above all", "keys", "press", "no script", "aside"):
        assert word not in page, word
    assert "<p>kept</p>" in page
    assert "<p>end</p>" in page


def test_links_lead_to_the_service_or_stay_within_the_file() -> None:
    links = {
        "/id/x?a=1&b=2": "http://a.example/id/x?a=1&b=2",
        "#part": "#part",
        "?rows=group#part": "#part",
        "/under/landscape?rows=group&release=0a#part": "#part",
        "/under/landscape#part": "http://a.example/under/landscape#part",
        "http://elsewhere.example/": "http://elsewhere.example/",
        "mailto:a@a.example": "mailto:a@a.example",
    }
    for href, whole in links.items():
        page = saved(f'<a class="it" href="{href.replace("&", "&amp;")}">x</a>')
        (link,) = (a for a in Parts(page).all("a") if a.get("class") == "it")
        assert link["href"] == whole, href


@pytest.mark.parametrize("href", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x"])
def test_a_link_that_runs_something_is_none(href: str) -> None:
    page = saved(f'<a href="{href}">text</a>')
    assert "<a>text</a>" in page


def test_tables_and_drawings_stay_as_they_are() -> None:
    table = (
        '<table class="data"><caption>A &amp; B</caption><tr><td colspan="2">1</td></tr></table>'
    )
    drawing = (
        '<svg viewBox="0 0 1 1"><title>T</title><a href="/id/x"><path d="M0 0"/></a>'
        '<use href="#a"/><use href="/other.svg#a"/><image href="/a.png"/></svg>'
    )
    page = saved(table + drawing)
    assert table in page
    assert '<path d="M0 0"/></a>' in page
    assert '<a href="http://a.example/id/x">' in page
    assert_fetches_nothing(page)


def test_a_picture_of_its_own_address_is_named() -> None:
    page = saved('<img src="/chart.svg" alt="A chart"><img src="data:image/png;base64,AA" alt="b">')
    assert '<a href="http://a.example/chart.svg">A chart</a>' in page
    assert '<img src="data:image/png;base64,AA" alt="b">' in page


def test_hostile_text_stays_text() -> None:
    text = HOSTILE.replace("&", "&amp;").replace("<", "&lt;") * 300
    page = saved(f"<p>{text}</p><p title='&lt;&quot;&#39;'>x</p><textarea>{text}</textarea>")
    assert_fetches_nothing(page)
    assert "".join(Parts(page).text).count(HOSTILE) == 300


def test_a_policy_in_the_file_forbids_every_request() -> None:
    (policy,) = (m for m in Parts(saved("")).all("meta") if m.get("http-equiv"))
    assert "default-src 'none'" in str(policy["content"])
    assert "script" not in str(policy["content"])


@pytest.mark.parametrize("path", ["/", "/data", "/changes", "/about"])
def test_pages_give_themselves_as_a_file(client: FlaskClient, release: Release, path: str) -> None:
    response = client.get(f"{path}?download=html", base_url="http://a.example/")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    named = response.headers["Content-Disposition"]
    assert named.startswith('attachment; filename="therascape-')
    assert release.id[:12] in named
    page = response.text
    assert_fetches_nothing(page)
    assert f"release {release.id}" in page
    assert 'href="/' not in page
    assert len(Parts(page).all("h1")) == 1
    assert "download=html" not in page
    assert ".frame" in page, "the styles are within it"


def test_only_what_is_asked_for_as_a_file_is_one(client: FlaskClient) -> None:
    page = client.get("/about?download=pdf", headers={"Accept": "text/html"})
    assert "Content-Disposition" not in page.headers
    assert "/static/" in page.text


def test_files_are_those_of_the_service() -> None:
    assert b"<svg" in (static_bytes("favicon.svg") or b"")
    assert static_bytes("../app.py") is None


def test_things_reports_and_comparisons_are_files_with_their_evidence(shipped: FlaskClient) -> None:
    for path, words in (
        ("/compare?ids=novartis&ids=pfizer&download=html", "as printed"),
        ("/id/agent/novartis?download=html", "Report a problem"),
        ("/source/coherent-cellular-immunotherapy?download=html", "Foot of the page"),
    ):
        response = shipped.get(path)
        assert response.status_code == 200, path
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert words in response.text, path
        assert "<script" not in response.text
