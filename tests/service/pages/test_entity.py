"""Pages of things: what reports say of each, where, and from there to the publisher."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad

from graph.description.facts import Fact
from graph.description.fragment import at_text, text_of
from graph.landscape.mentions import Mention, Value
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from graph.terms import Iris
from ontology.namespaces import DCT, KG, RDF, RDFS, SKOS
from service.app import create_app
from tests.service.dataset import DETAILS, quads

BROWSER = {"Accept": "text/html"}
OURS = Iris()
HOSTILE = "</title><script>alert(1)</script>\"'\u202e🧬"
LONG = "x" * 10_000
# One thing of each kind that the shipped release has, and what its page must show.
SHOWN = {
    "id/agent/novartis": ("Company", "Ties by place", "Launched products (stated)", "Listed"),
    "id/agent/kite": None,
    "id/therapy/kymriah": ("Therapy", "Type, target, owner", "Events over time"),
    "id/technology/clinimacs-prodigy": None,
    "id/place/brazil": ("Place", "Players", "Events over time", "Regions as reports draw them"),
    "id/market/global-cell-and-gene-therapy-market": (
        *("Market", "Figures by publisher", "Do the figures fit?", "Stated differently"),
    ),
    "id/segment/cmi8447-car-t": ("Segment of a report", "Where it is stated", "Shares"),
    "id/concept/cancer": ("Indication", "Players with a tie to it"),
    "id/concept/usd-billion": ("Concept",),
    "id/scheme/unit": ("Code list", "Concepts in it", "US dollars, billion"),
    "id/rule/listed-in": ("Rule", "Statements that it derived", "What the rule says"),
    "id/claim/aa-cgt-fig-1": ("Claim: market figure", "What it says", "Where it is stated"),
    "id/claim/cmi8447-note-157": ("Doubt about a report",),
    "id/statement/listed-in-5d68ea7d20e6b874": ("Derived statement", "Why?", "Premises: Listed"),
    "id/statement/implied-growth-094d60bfdc63fc56": (
        *("Finding, computed from figures", "Rests on: Figures"),
    ),
    "id/event/brazil-car-t-public-funding-2024": ("Initiative", "Where it is stated"),
}


class Page(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def links(self) -> list[str]:
        return [str(attributes.get("href")) for tag, attributes in self.tags if tag == "a"]


@pytest.fixture(scope="module")
def whole(landscape_release: Release, landscape_engine: EmbeddedEngine) -> Flask:
    return create_app(landscape_engine, landscape_release)


@pytest.fixture
def visitor(whole: Flask) -> FlaskClient:
    return whole.test_client()


def page_of(visitor: FlaskClient, path: str) -> Page:
    response = visitor.get(f"/{path}", headers=BROWSER)
    assert response.status_code == 200, path
    return Page(response.text)


@pytest.mark.parametrize("path", [path for path, shown in SHOWN.items() if shown])
def test_each_kind_of_thing_has_a_page_of_its_own(visitor: FlaskClient, path: str) -> None:
    page = page_of(visitor, path)
    for words in SHOWN[path] or ():
        assert words in page.text, words
    assert "All statements" in page.text
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert sum(tag == "h1" for tag, _ in page.tags) == 1
    assert not [tag for tag, attributes in page.tags if "style" in attributes]
    filled = [a for t, a in page.tags if a.get("class") == "button"]
    assert len(filled) <= 1


@pytest.mark.parametrize("path", ["id/agent/novartis", "id/place/brazil", "id/claim/aa-cgt-fig-1"])
def test_links_of_a_page_lead_somewhere(visitor: FlaskClient, path: str) -> None:
    ours = {link.partition("#")[0] for link in page_of(visitor, path).links()}
    links = sorted(link for link in ours if link.startswith("/"))
    assert len(links) > 10
    for link in links[:: len(links) // 10]:
        assert visitor.get(link, headers=BROWSER).status_code == 200, link


def test_a_fragment_of_each_named_thing_is_there_once(visitor: FlaskClient) -> None:
    """A mention and a link outward keep the name that their IRIs have."""
    page = page_of(visitor, "id/claim/aa-cgt-fig-1")
    assert [a["id"] for t, a in page.tags if t == "tr" and a.get("id") == "m1"] == ["m1"]


def test_every_row_says_who_states_it(visitor: FlaskClient) -> None:
    text = visitor.get("/id/agent/novartis", headers=BROWSER).text
    (listed,) = re.findall(r'aria-labelledby="_listing".*?</section>', text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", listed.partition("<tbody>")[2], re.DOTALL)
    assert len(rows) == 4
    for row in rows:
        assert re.search(r'href="/id/claim/[a-z0-9-]+"', row)
        assert "/report-a-problem?about=https://w3id.org/therascape/id/claim/" in unescape(row)


def test_a_summary_is_counted_from_facts(visitor: FlaskClient) -> None:
    lead = re.search(
        r'<p class="lead">(.*?)</p>', visitor.get("/id/agent/novartis", headers=BROWSER).text
    )
    assert lead
    assert re.match(
        r"\d+ facts in 2 reports; 4 listings; 2 ties to places, 1 of them stated", lead[1]
    )


def test_figures_of_one_year_that_differ_stand_side_by_side(visitor: FlaskClient) -> None:
    page = page_of(visitor, "id/market/global-cellular-immunotherapy-market")
    assert "US dollars, billion, 2025, Market size" in page.text
    assert [a for t, a in page.tags if t == "section" and a.get("class") == "conflict"]


def test_a_derived_fact_says_why(visitor: FlaskClient) -> None:
    links = page_of(visitor, "id/agent/novartis").links()
    why = next(link for link in links if link.startswith("/id/statement/"))
    page = page_of(visitor, why.lstrip("/"))
    assert "Why?" in page.text
    assert any(link.startswith("/id/claim/") for link in page.links())
    assert any(link.startswith("/id/rule/") for link in page.links())


def test_from_a_fact_to_the_page_of_the_publisher_in_two_clicks(visitor: FlaskClient) -> None:
    market = page_of(visitor, "id/market/global-cell-and-gene-therapy-market")
    assert "/id/claim/aa-cgt-fig-1" in market.links()
    claim = page_of(visitor, "id/claim/aa-cgt-fig-1")
    there = "https://www.astuteanalytica.com/index.php/industry-report/cell-and-gene-therapy-market"
    assert f"{there}#:~:text=36.5" in claim.links()
    assert "“2024”" in claim.text or "2024" in claim.text
    assert "not counted" in claim.text  # the line, of a page whose text is not at hand


def test_without_an_address_there_is_no_link_to_a_publisher(visitor: FlaskClient) -> None:
    claim = page_of(visitor, "id/claim/th6287-listing-025")
    assert "address not known" in claim.text
    assert not [link for link in claim.links() if ":~:" in link]


def test_a_picture_has_a_name_and_a_table(visitor: FlaskClient) -> None:
    page = page_of(visitor, "id/place/brazil")
    pictures = [a for t, a in page.tags if t == "svg" and "timeline" in str(a.get("class"))]
    assert len(pictures) == 2
    ids = {a["id"] for _, a in page.tags if "id" in a}
    assert all(name in ids for a in pictures for name in str(a["aria-labelledby"]).split())
    assert "public funding of domestic CAR-T manufacture, in Brazil" in page.text


def test_data_stay_at_the_same_address(visitor: FlaskClient) -> None:
    turtle = visitor.get("/id/agent/novartis", headers={"Accept": "text/turtle"})
    assert turtle.mimetype == "text/turtle"
    assert visitor.get("/id/agent/novartis.ttl").data == turtle.data
    assert visitor.get("/id/agent/novartis?section=x", headers=BROWSER).status_code == 400


def _hostile() -> Iterator[Quad]:
    graph, registers = OURS.graph("first-report"), OURS.graph("reference")
    report = OURS.source("first-report")
    company, claim = OURS.thing("agent", "evil"), OURS.thing("claim", "evil-1")
    mention = NamedNode(f"{claim.value}#m1")
    section = NamedNode(f"{report.value}#head")
    yield Quad(company, RDF.type, KG.Organisation, registers)
    yield Quad(company, RDFS.label, Literal(HOSTILE), registers)
    yield Quad(company, SKOS.altLabel, Literal(LONG), registers)
    yield Quad(report, RDFS.label, Literal(HOSTILE), graph)
    yield Quad(
        report,
        NamedNode("http://www.w3.org/ns/dcat#landingPage"),
        NamedNode("javascript:alert(1)"),
        graph,
    )
    yield Quad(section, RDFS.label, Literal(HOSTILE), graph)
    yield Quad(section, DCT.isPartOf, report, graph)
    for class_ in (KG.Fact, KG.Claim, KG.Listing):
        yield Quad(claim, RDF.type, class_, graph)
    yield Quad(claim, RDFS.label, Literal(LONG + HOSTILE), graph)
    yield Quad(claim, KG.organisation, company, graph)
    yield Quad(claim, KG.entry, Literal(HOSTILE), graph)
    yield Quad(claim, DCT.source, report, graph)
    yield Quad(claim, KG.mention, mention, graph)
    yield Quad(mention, KG.claim, claim, graph)
    yield Quad(mention, KG.section, section, graph)
    yield Quad(mention, KG.printed, Literal(HOSTILE), graph)
    yield Quad(mention, KG.approximation, Literal(HOSTILE), graph)


@pytest.mark.parametrize("path", ["id/agent/evil", "id/claim/evil-1", "source/first-report"])
def test_hostile_text_stays_text(tmp_path: Path, path: str) -> None:
    release = DataDirectory(tmp_path).publish([*_hostile(), *quads()], DETAILS)
    page = page_of(create_app(EmbeddedEngine.over(release), release).test_client(), path)
    scripts = [a for t, a in page.tags if t == "script"]
    assert all(a == {"type": "application/ld+json"} or "src" in a for a in scripts)
    assert not [link for link in page.links() if link.startswith("javascript:")]
    assert "<script>alert(1)</script>" in page.text


def test_a_thing_that_no_fact_names_says_so(client: FlaskClient) -> None:
    page = page_of(client, "id/agent/gamma-gene")
    assert "No fact names it" in page.text
    assert "Nothing in these 2 reports does" in page.text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("45.2% in 2025", "45.2%25%20in%202025"),
        ("CAR-T, TIL & NK", "CAR%2DT%2C%20TIL%20%26%20NK"),
        ("細胞", "%E7%B4%B0%E8%83%9E"),
        ("a\n  b", "a%20b"),
        ("#:~:x=1", "%23%3A~%3Ax%3D1"),
    ],
)
def test_a_text_fragment_is_escaped(text: str, escaped: str) -> None:
    assert at_text("https://x.example/a?b=c", text) == f"https://x.example/a?b=c#:~:text={escaped}"
    assert at_text("https://x.example/a#part", text) == f"https://x.example/a#part:~:text={escaped}"


def test_an_address_is_never_guessed() -> None:
    assert at_text("https://x.example/", "") == "https://x.example/"
    assert at_text("https://x.example/#:~:text=a", "b") == "https://x.example/#:~:text=a"
    for address in ("", "javascript:alert(1)", "x.example", "https://", "http://[", "https://a b/"):
        assert at_text(address, "1") is None


def _fact(printed: tuple[str, ...], **values: str) -> tuple[Fact, Mention]:
    mention = Mention("m", "c", Value("r", "r"), Value("s", "s"), printed=printed)
    said = {f"kg:{name}": (Value(text),) for name, text in values.items()}
    return Fact("f", "f", ("kg:Fact",), said, {}, (mention,)), mention


@pytest.mark.parametrize(
    ("printed", "values", "text"),
    [
        (("2025", "45.2% in 2025"), {"valueAsPrinted": "45.2"}, "45.2% in 2025"),
        (("2024",), {"valueAsPrinted": "36.5"}, "36.5"),
        (("Novartis AG",), {"entry": "Novartis"}, "Novartis AG"),
        (("driven by",), {}, ""),
        (("driven by", "CAR-T"), {}, "CAR-T"),
        (("2025", "in the U.S."), {}, "in the U.S."),
        (("A" * 200,), {}, ""),
        ((), {"name": "B" * 200}, ""),
    ],
)
def test_what_is_sought_is_the_number_or_the_name(
    printed: tuple[str, ...], values: dict[str, str], text: str
) -> None:
    assert text_of(*_fact(printed, **values)) == text


def test_whom_a_therapy_is_for_stands_in_its_tables(visitor: FlaskClient) -> None:
    """Refractory is not the same as first-line: the disease alone says too little."""
    text = page_of(visitor, "id/concept/car-t-cell-therapy").text
    for words in ("Disease status", "Refractory", "Line of therapy", "First-line", "Adults"):
        assert words in text, words


def test_dates_are_words_and_none_is_a_code(visitor: FlaskClient) -> None:
    for path in ("id/event/amtagvi-accelerated-approval-2024", "id/agent/impact-center"):
        whole = visitor.get(f"/{path}", headers=BROWSER).text
        html = whole.partition("All statements")[0]  # there, they are as the data have them
        cells = [unescape(re.sub("<[^>]+>", "", one)).strip() for one in _cells(html)]
        code = re.compile(r"[0-9]{4}(-[0-9]{2})+|[0-9.-]*/[0-9.-]*")
        assert not [one for one in cells if code.fullmatch(one)], path
    assert "February 2024" in page_of(visitor, "id/event/amtagvi-accelerated-approval-2024").text
    assert "not before 2024" in page_of(visitor, "id/agent/impact-center").text


def test_a_cell_says_nothing_twice(visitor: FlaskClient) -> None:
    text = page_of(visitor, "id/event/amtagvi-accelerated-approval-2024").text
    label = "Accelerated approval, Amtagvi, Melanoma, United States, 2024-02"
    assert label in text
    assert f"{label}, {label}" not in text


def _cells(html: str) -> list[str]:
    return re.findall(r"<(?:td|dd)[^>]*>(.*?)</(?:td|dd)>", html, re.DOTALL)
