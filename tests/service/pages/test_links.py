"""Every link of every page leads somewhere: to an answer, to a place on a page, or to a sound
address elsewhere, which is not fetched.

An own address is asked for once, and that of a page on the list not again. Pages of things are so
many that only some are asked for; of the others it is looked up whether the release says anything
of them. Of addresses with the same path, some are asked for that have all that can be chosen there;
`-m exhaustive` takes every set of what is chosen together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from tests.browser.history import IRIS, History
from tests.browser.pages import PAGES
from tests.service.pages.whole import Given

# Whoever is first builds the seeds and asks for every page.
pytestmark = pytest.mark.timeout(300)

HERE = "http://localhost"
#: How many addresses are asked for whose places are to be there and that no test has asked for.
MOST_PLACES = 10
_BROWSER = {"Accept": "text/html"}
_THING = re.compile(r"/(?:id/[a-z]+/[a-z0-9-]+|source/[a-z0-9-]+)(\.\w+)?")
#: Each is made when it is asked for; that all of them can be is for the tests of exports.
_EXPORT = re.compile(
    r"(?P<folder>/exports/RELEASE/\w+/)[\w-]+\.\w+|(/exports/RELEASE/)[\w-]+(\.\w+)(?:\.gz)?"
)
_MADE = re.compile(r"(?<=/exports/RELEASE/).+")
_ATTRIBUTES = ("href", "src", "action", "formaction", "poster", "data-schema")
_TEXT_FRAGMENT = ":~:"


@dataclass
class Outline(HTMLParser):
    """What a page leads to, and the places that can be led to."""

    links: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.places.add(given["id"])
        for name in _ATTRIBUTES:
            if name in given:
                self.links.append((tag, given[name], given))


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    return found


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands on a page; `whole` is its address."""

    page: str
    tag: str
    whole: str
    attributes: Mapping[str, str]

    @property
    def own(self) -> bool:
        """Whether it leads to the service."""
        return self.whole.startswith(f"{HERE}/")


@pytest.fixture(scope="module")
def outlines(given: Mapping[str, Given]) -> Mapping[str, Outline]:
    return {one.name: outline(given[one.name].text) for one in PAGES}


@pytest.fixture(scope="module")
def links(given: Mapping[str, Given], outlines: Mapping[str, Outline]) -> list[Link]:
    return [
        Link(name, tag, urljoin(f"{HERE}{given[name].address}", href), attributes)
        for name, found in outlines.items()
        for tag, href, attributes in found.links
    ]


def _own(links: list[Link]) -> Mapping[str, str]:
    """Each own address once, without its fragment, and a page that it is on."""
    return {urldefrag(one.whole).url.removeprefix(HERE): one.page for one in links if one.own}


Shape = tuple[str, frozenset[str]]
"""A path without what is named in it, and the names of what is asked with."""


@pytest.mark.parametrize(
    "every",
    [
        pytest.param(False, id="some"),
        pytest.param(True, id="every-shape", marks=pytest.mark.exhaustive),
    ],
)
def test_own_addresses_are_answered(
    links: list[Link],
    given: Mapping[str, Given],
    whole: FlaskClient,
    history: History,
    every: bool,
) -> None:
    known = {one.address: one.status for one in given.values() if not one.page.form}
    own = _own(links)
    broken = {}
    for address in _of_each_shape(own) if every else _with_each_name(own):
        status = known.get(address) or whole.get(address, headers=_BROWSER).status_code
        if status >= 400:
            broken[address] = (status, own[address])
    # What tells of a fault leads to itself, too.
    told = {unquote(history.fill(one.address)): one.status for one in PAGES if one.status >= 400}
    assert not {one: why for one, why in broken.items() if told.get(unquote(one)) != why[0]}


def _of_each_shape(own: Iterable[str]) -> Iterable[str]:
    """The first address of each shape."""
    found: dict[Shape, str] = {}
    for address in sorted(own):
        found.setdefault(_shape(address), address)
    return found.values()


def _with_each_name(own: Iterable[str]) -> Iterator[str]:
    """Some of these, with all names that are asked with at a path: longest first."""
    seen: dict[str, set[str]] = {}
    for address in sorted(_of_each_shape(own), key=lambda one: (-len(_shape(one)[1]), one)):
        path, names = _shape(address)
        path = _MADE.sub("FILE", path)  # a second of work each
        if path not in seen or not names <= seen[path]:
            yield address
        seen.setdefault(path, set()).update(names)


def _shape(address: str) -> Shape:
    parts = urlsplit(address)
    path = _THING.sub(lambda found: f"{found[0].split('/')[1]}{found[1] or ''}", parts.path)
    path = re.sub(r"[0-9a-f]{64}", "RELEASE", path)
    # Every ending of the whole release, any of a part of it.
    path = _EXPORT.sub(lambda found: f"{found['folder'] or f'{found[2]}{found[3]}'}FILE", path)
    return path, frozenset(name for name, _ in parse_qsl(parts.query))


def test_things_that_are_led_to_are_there(links: list[Link], history: History) -> None:
    missing = {}
    for address, page in _own(links).items():
        if (found := _THING.fullmatch(urlsplit(address).path)) is None:
            continue
        path = urlsplit(address).path.removesuffix(found[1] or "").lstrip("/")
        node = NamedNode(IRIS.base + path)
        if next(history.store.quads_for_pattern(node, None, None, None), None) is None:
            missing[address] = page
    names = {one.name for one in PAGES if one.status in (404, 410)}
    assert not {address: page for address, page in missing.items() if page not in names}


def test_fragments_are_there(
    links: list[Link],
    outlines: Mapping[str, Outline],
    given: Mapping[str, Given],
    whole: FlaskClient,
) -> None:
    places = {
        f"{HERE}{one.address}": outlines[name].places
        for name, one in given.items()
        if name in outlines
    }
    absent = {}
    asked = 0
    for link in links:
        page, fragment = urldefrag(link.whole)
        if not (link.own and fragment) or fragment.startswith(_TEXT_FRAGMENT):
            continue
        if link.whole.startswith(f"{HERE}/graph/"):
            continue  # the name of something within a graph: its page is about the graph
        if page not in places:
            if asked >= MOST_PLACES:
                continue
            asked += 1
            response = whole.get(page.removeprefix(HERE), headers=_BROWSER, follow_redirects=True)
            places[page] = outline(response.text).places
        if unquote(fragment) not in places[page] and fragment not in places[page]:
            absent[link.whole] = link.page
    assert not absent


def test_links_elsewhere_are_sound(links: list[Link]) -> None:
    outside = [one for one in links if not one.own]
    assert len({one.whole for one in outside}) > 50
    for link in outside:
        parts = urlsplit(link.whole)
        told = f"{link.whole} on {link.page}"
        # Nothing is fetched from elsewhere: it is only led to.
        assert link.tag in ("a", "link"), told
        if link.tag == "link":
            assert link.attributes.get("rel") in ("canonical", "alternate", "license"), told
            continue
        assert parts.scheme in ("https", "http", "mailto"), told
        if parts.scheme == "http":
            assert parts.netloc in NAMES, told
        assert re.fullmatch(r"[a-z0-9.-]+", parts.hostname or ""), told
        assert not re.search(r"[\s<>\"{}|\\^`]", link.whole), told
        # With the policy `same-origin`, nobody elsewhere is told where a reader came from.
        assert "target" not in link.attributes, told


def test_nobody_elsewhere_is_told_where_a_reader_came_from(whole: FlaskClient) -> None:
    assert whole.get("/", headers=_BROWSER).headers["Referrer-Policy"] == "same-origin"


#: IRIs of standards and of authorities, which are as they are: with `https` they name nothing.
NAMES = frozenset(
    "www.w3.org purl.org xmlns.com www.wikidata.org purl.obolibrary.org id.nlm.nih.gov".split()
)
