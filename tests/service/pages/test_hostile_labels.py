"""Names that are markup, formulas, addresses, far too long or written backwards: shown as text."""

import csv
import io
import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode

from graph.network.calls import LocalTraversal
from graph.network.reading import read_network
from graph.problems import InvalidSeeds
from graph.query import EmbeddedEngine
from graph.release import Release
from graph.sources.landscape import read_landscape
from graph.terms import DEFAULT_BASE
from ontology.namespaces import RDFS
from service.app import create_app
from service.text import legible
from tests.landscape.hostile import LONG, LONG_WORDS, NAMES, REVERSED, WORDS, hostile_release
from tests.landscape.spoil import OUTLOOK, copied, edit, swap

BROWSER = {"Accept": "text/html"}
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
NEVER = frozenset("img iframe frame style base object embed audio video applet".split())
ADDRESS = re.compile(r"https?://|mailto:|[/#?]|\Z")
ATOM = "{http://www.w3.org/2005/Atom}"
DIFF = re.compile(r"/releases/\w+/diff/\w+")
SECONDS = 10.0  # far more than a page takes, since the machine may be busy

TWO = "ids=agent/brightcell&ids=agent/helio-group"
PLACES = "ids=place/norland&ids=place/sudria"
LABELLED = (
    "SELECT ?s ?l (1 AS ?n) { ?s a ?c ; rdfs:label ?l"
    " FILTER(?c IN (kg:Organisation, kg:Place, kg:Therapy, kg:Market)) }"
)
TIED = "SELECT ?who ?where { ?who kg:activeIn ?where }"
ADDRESSES = (
    "/",
    "/landscape",
    "/landscape?rows=group&cols=m49",
    "/landscape?download=html",
    "/landscape/evidence",
    "/explore",
    "/explore?focus=therapy/lumicel",
    "/explore?focus=agent/helio-group",
    "/explore?view=network&focus=agent/helio-group&hops=2",
    "/explore?view=table",
    "/explore?download=html",
    "/compare",
    f"/compare?{TWO}",
    f"/compare?{PLACES}",
    f"/compare/evidence?{TWO}",
    "/timeline",
    "/timeline?download=html",
    "/markets",
    "/markets/global-lumen-grafts",
    "/markets/global-lumen-grafts?download=html",
    "/search?q=alert",
    "/search?q=many words",
    "/search?q=%22%3E%3Cimg src=x onerror=alert(1)%3E",
    "/sparql",
    *(f"/sparql?query={LABELLED}&view={view}" for view in ("table", "matrix", "chart", "raw")),
    f"/sparql?query={TIED}&view=network",
    f"/sparql?query={TIED}&view=matrix",
    "/data",
    "/changes",
    "/about",
    "/catalog",
    "/examples",
    "/ns",
    "/report-a-problem?about=https%3A%2F%2Fw3id.org%2Ftherascape%2Fid%2Fagent%2Fhelio-group",
    "/id/agent/helio-group?inverse=kg:organisation",
)
PICTURES = (
    "/landscape.svg",
    "/landscape.svg?width=narrow",
    "/explore.svg?focus=therapy/lumicel",
    "/explore.svg?view=network&focus=agent/helio-group&hops=2",
    "/timeline.svg",
    "/markets/global-lumen-grafts.svg",
)
DOCUMENTS = (
    "/explore.graphml?focus=therapy/lumicel",
    "/api/v1/things/agent/helio-group/network.graphml",
    "/changes.atom",
    "/sitemap.xml",
)
OBJECTS = (
    "/landscape.json",
    "/landscape/evidence.json",
    "/explore.json",
    f"/compare.json?{TWO}",
    "/timeline.json",
    "/markets.json",
    "/markets/global-lumen-grafts.json",
    "/search.json?q=alert",
    "/api/v1/suggest?q=case",
    "/api/v1/things/agent/helio-group/network.json",
    "/data.json",
    "/changes.json",
    "/query/schema.json",
)
TABLES = ("/landscape.csv", "/explore.csv", "/timeline.csv", "/markets.csv", "/search.csv?q=many")


class Strict(HTMLParser):
    """A page in which every element ends where it must; `faults` are what a page may not have."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.elements: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.text: dict[str, list[str]] = {"": []}
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        self.faults += [f"{tag} is not closed" for tag in self._open]
        self.faults += [
            f"two have the id {name}" for name, number in self.ids.items() if number > 1
        ]
        if unfit := re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", page):
            self.faults.append(f"the control character {unfit[0]!r}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.faults.append(f"</{tag}> within {self._open[-3:]}, at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script":
            self.scripts.append(data)
            return
        for name in ("", *self._open):
            self.text.setdefault(name, []).append(data)

    def said(self, element: str = "") -> str:
        """The text of the page, or of all elements of a name in it."""
        return "".join(self.text.get(element, ()))

    def _element(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements[tag] += 1
        if "id" in given:
            self.ids[str(given["id"])] += 1
        if len(given) < len(attrs):
            self.faults.append(f"{tag} has an attribute twice: {attrs}")
        if tag in NEVER:
            self.faults.append(f"{tag} {given}")
        source = str(given.get("src", ""))
        data = given.get("type") in ("application/json", "application/ld+json")
        if tag == "script" and not (data or source.startswith("/static/")):
            self.faults.append(f"script {given}")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{tag} has {name}: {value}")
            if name in ("href", "src", "action", "formaction", "xlink:href"):
                allowed = ADDRESS.match(value or "") or (value or "").startswith("data:image/svg")
                if not allowed:
                    self.faults.append(f"{tag} leads to {value!r:.80}")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return hostile_release(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def client(release: Release) -> FlaskClient:
    network = LocalTraversal(read_network(release), read_network(release, "all"))
    return create_app(EmbeddedEngine.over(release), release, network=network).test_client()


@pytest.fixture(scope="module")
def labels(release: Release) -> Mapping[str, str]:
    """What the things with a page are called, by the path of their IRI."""
    return {
        quad.subject.value.removeprefix(DEFAULT_BASE): quad.object.value
        for quad in release.store().quads_for_pattern(None, RDFS.label, None, None)
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and re.fullmatch(r"(id/[a-z]+|source)/[a-z0-9-]+", _path(quad.subject))
    }


def _path(node: NamedNode) -> str:
    return node.value.removeprefix(DEFAULT_BASE)


def strict(client: FlaskClient, address: str) -> Strict:
    """The page at an address, which must be one that nothing is wrong with."""
    began = time.process_time()
    response = client.get(address, headers=BROWSER)
    page = Strict(response.text)
    if "download=html" in address:  # styles are within it
        page.faults = [fault for fault in page.faults if not fault.startswith("style ")]
    assert response.status_code == 200, response.text[:1000]
    assert response.mimetype == "text/html"
    assert page.faults == []
    assert time.process_time() - began < SECONDS
    for name, value in response.headers:
        assert all(" " <= c <= "~" for c in value), name
    for script in page.scripts:
        if script.strip():
            json.loads(script)
    return page


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_takes_a_name_for_markup(client: FlaskClient, address: str) -> None:
    page = strict(client, address)
    assert page.elements["h1"] == 1


def test_the_page_of_each_thing_has_its_name_as_text(
    client: FlaskClient, labels: Mapping[str, str]
) -> None:
    seen = Counter(path.rpartition("/")[0] for path in labels)
    assert seen.keys() >= {"id/agent", "id/therapy", "id/place", "id/market", "id/event"}
    assert seen.keys() >= {"id/claim", "id/concept", "id/segment", "id/technology", "source"}
    told = []
    for number, (path, label) in enumerate(labels.items()):
        if path.startswith(("id/statement/", "id/rule/", "id/scheme/")):
            continue  # hundreds, of one kind; some are below
        if number % 3 and not any(words in label for words in WORDS):
            continue
        page = strict(client, f"/{path}")
        told.append(label)
        assert _words(legible(label)) in _words(page.said("h1") + page.said("title")), path
    for words in WORDS:
        short = " ".join(words.split())
        assert any(short in " ".join(label.split()) for label in told), f"nothing is called {words}"


def test_pages_of_what_is_derived_are_sound(client: FlaskClient, labels: Mapping[str, str]) -> None:
    derived = [path for path in labels if path.startswith(("id/statement/", "id/rule/"))]
    assert len(derived) > 30
    for path in derived[::12]:
        strict(client, f"/{path}")


def test_long_names_are_whole_where_they_are_at_home(client: FlaskClient) -> None:
    for path, name in NAMES.items():
        if name in (LONG, LONG_WORDS):
            page = strict(client, f"/{path}")
            assert name in page.said("h1"), path


def test_names_that_differ_in_case_alone_are_two(client: FlaskClient) -> None:
    page = strict(client, "/landscape")
    assert "CASE alike" in page.said("table")
    assert "case ALIKE" in page.said("table")


def test_what_reorders_text_ends_with_the_name(client: FlaskClient) -> None:
    page = client.get("/landscape", headers=BROWSER).text
    assert "\u202e" in page, "the name is shown as it is"
    for text in Strict(page).text[""]:
        assert text.count("\u202e") <= text.count("\u202c"), text
        assert sum(map(text.count, "\u2066\u2067\u2068")) <= text.count("\u2069"), text


@pytest.mark.parametrize("address", PICTURES)
def test_pictures_stay_well_formed(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.mimetype == "image/svg+xml"
    allowed = {"svg", "g", "path", "rect", "line", "circle", "text", "tspan", "title", "desc"}
    allowed |= {
        "style",
        "a",
        "polygon",
        "polyline",
        "defs",
        "marker",
        "use",
        "clipPath",
        "ellipse",
        "pattern",
    }
    for element in ElementTree.fromstring(response.data).iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in allowed
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert not name.endswith("href") or ADDRESS.match(value), value
    assert "style-src" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", DOCUMENTS)
def test_documents_of_xml_stay_well_formed(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    ElementTree.fromstring(response.data)


@pytest.mark.parametrize("path", ["/catalog", "/id/place/sudria"])
def test_what_xml_cannot_hold_is_refused_and_not_broken(client: FlaskClient, path: str) -> None:
    response = client.get(f"{path}.rdf", headers={"Accept": "application/problem+json"})
    assert response.status_code == 406
    assert "XML cannot write the character" in json.loads(response.data)["detail"]
    assert client.get(f"{path}.ttl").status_code == 200


@pytest.mark.parametrize("address", OBJECTS)
def test_data_have_names_as_they_are(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.mimetype == "application/json"
    json.loads(response.data)


@pytest.mark.parametrize("address", TABLES)
def test_no_cell_is_taken_for_a_formula(client: FlaskClient, address: str) -> None:
    text = client.get(address).text
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[=+@\t\r]|-\D", cell), cell[:80]


def test_names_of_files_are_plain(client: FlaskClient) -> None:
    for address in (*PICTURES, *TABLES, "/explore?download=html&focus=agent/helio-group"):
        named = client.get(address).headers["Content-Disposition"]
        assert re.fullmatch(r'(inline|attachment); filename="[a-z0-9.-]{1,130}"', named), named


def test_what_differs_is_told_as_text(client: FlaskClient) -> None:
    page = strict(client, "/changes")
    assert page.elements["li"] > 3
    (entry, *_) = ElementTree.fromstring(client.get("/changes.atom").data).iter(f"{ATOM}entry")
    told = Strict(entry.findtext(f"{ATOM}content") or "")
    assert told.faults == []
    compared = DIFF.search(client.get("/changes", headers=BROWSER).text)
    assert compared
    assert LONG[:50] in strict(client, compared[0]).said()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (REVERSED, "control character"),
        ("right\u202eto left", "control character U+202E"),
        ("a\x1b[31mred", "control character U+001B"),
        ("x" * 1_001, "1,001 characters; at most 1,000"),
    ],
)
def test_the_reader_says_what_it_refuses_in_a_table(tmp_path: Path, name: str, said: str) -> None:
    seeds = copied(tmp_path)
    edit(seeds / "reference" / "organisations.csv", "helio-group", label=name.replace("\x00", ""))
    assert said in _refused(seeds)


def test_the_reader_refuses_a_nul(tmp_path: Path) -> None:
    seeds = copied(tmp_path)
    swap(seeds / "reference" / "people.csv", "Ada Quince", "Ada\x00Quince")
    assert "has a NUL character" in _refused(seeds)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", 'https://a.example/\\"><b>']
)
def test_the_reader_refuses_what_is_no_address(tmp_path: Path, address: str) -> None:
    seeds = copied(tmp_path)
    manifest = seeds / OUTLOOK / "source.toml"
    swap(manifest, "https://acme.example/reports/lumen?edition=7", address)
    assert "is no http(s) address" in _refused(seeds)


def _refused(seeds: Path) -> str:
    with pytest.raises(InvalidSeeds) as caught:
        read_landscape(seeds=seeds)
    return "\n".join(map(str, caught.value.problems))


def _words(text: str) -> str:
    return " ".join(text.split())
