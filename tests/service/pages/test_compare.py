"""Entities side by side: the rows are those of the question, each cell with what says so."""

import datetime
import re
from html import escape, unescape
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Store

from graph.landscape import Asking, Thing
from graph.landscape.dated import Dated
from graph.landscape.forecasting import PUBLISHED
from graph.query import EmbeddedEngine
from graph.release import Release
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes
from service.charts.lanes import Event
from service.charts.timeline import Timeline, timeline_chart
from service.pages.compare_model import conflicts_of
from tests.graph.landscape.asked import ask
from tests.service.pages.landscape_app import BROWSER, HOSTILE, application, renamed, text_of

COMPANIES = ("agent/novartis", "agent/gilead-sciences", "agent/bristol-myers-squibb")
PLACES = ("place/brazil", "place/mexico")
MARKETS = (
    "market/global-cell-and-gene-therapy-market",
    "market/global-cellular-immunotherapy-market",
)
TYPES = ("concept/car-t-cell-therapy", "concept/gene-therapy")
_LINK = re.compile(r'<td><a href="(/compare/evidence\?[^"]+)" data-evidence aria-label="([^"]+)"')
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def shipped(landscape_store: Store, landscape_release: Release) -> Flask:
    return application(landscape_store, landscape_release)


@pytest.fixture
def client(shipped: Flask) -> FlaskClient:
    return shipped.test_client()


def page_of(client: FlaskClient, *ids: str, more: str = "") -> str:
    asked = "&".join(f"ids={one}" for one in ids)
    response = client.get(f"/compare?{asked}{more}", headers=BROWSER)
    assert response.status_code == 200
    return response.text


def answer_of(client: FlaskClient, *ids: str) -> dict[str, list[dict[str, object]]]:
    asked = "&".join(f"entities={one}" for one in ids)
    found: dict[str, list[dict[str, object]]] = client.get(
        f"/api/v1/questions/compare?limit=1000&{asked}"
    ).get_json()
    return found


@pytest.mark.parametrize("ids", [COMPANIES, PLACES, TYPES], ids=["agents", "places", "concepts"])
def test_the_rows_are_those_of_the_question(client: FlaskClient, ids: tuple[str, ...]) -> None:
    page = page_of(client, *ids)
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    answer = answer_of(client, *ids)
    assert len(rows) == len(answer["rows"]) > 5
    for (head, rest), want in zip(rows, answer["rows"], strict=True):
        label = " ".join(want["value"]["label"].split())  # type: ignore[index]
        assert text_of(head).startswith(label)
        cells = re.findall(r"<td>(.*?)</td>", rest, re.DOTALL)
        assert len(cells) == len(ids)
        for number, cell in enumerate(cells, 1):
            assert text_of(cell).startswith(str(want[f"entity_{number}"] or ""))
    for note in answer["notes"]:
        assert " ".join(str(note).split()) in text_of(page)


def test_every_cell_that_tells_something_has_its_own_evidence(client: FlaskClient) -> None:
    page = page_of(client, *PLACES)
    links = _LINK.findall(page)
    told = [
        value
        for row in answer_of(client, *PLACES)["rows"]
        for name, value in row.items()
        if name.startswith("entity_") and value in ("stated", "implied")
    ]
    assert len(links) == len(told) > 10
    for href, label in links[::4]:
        address = unescape(href)
        rows = client.get(address.replace("/evidence?", "/evidence.json?")).get_json()["rows"]
        number = re.search(r", (\d+) fact", label)
        assert number
        assert len({row["claim"]["label"] for row in rows}) == int(number[1]) > 0
        shown = client.get(address, headers=BROWSER)
        assert shown.status_code == 200
        assert "Open claim" in shown.text


def test_evidence_is_of_the_entity_alone(client: FlaskClient) -> None:
    asked = "&".join(f"ids={one}" for one in COMPANIES)
    rest = f"{asked}&aspect=therapy type&value={TYPES[0]}"
    claims = {}
    for one in COMPANIES:
        rows = client.get(f"/compare/evidence.json?{rest}&of={one}").get_json()["rows"]
        claims[one] = {row["claim"]["iri"] for row in rows}
        assert claims[one]
    assert len(set(map(frozenset, claims.values()))) > 1


def test_events_lie_on_one_axis_and_in_the_table(client: FlaskClient) -> None:
    page = page_of(client, *PLACES)
    drawn = re.findall(r"<svg xmlns.*?</svg>", page, re.DOTALL)
    assert len(drawn) == 2, "one for pages and one for phones"
    for picture in drawn:
        root = ElementTree.fromstring(picture)
        title, desc = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
        assert title is not None
        assert desc is not None
        assert title.text
        assert desc.text
        links = root.findall(f"{SVG}a")
        assert links
        for link in links:
            href = link.get("href", "")
            assert f'<th scope="row"><a href="{href}">' in page, "each is in the table"
            assert client.get(href, headers=BROWSER).status_code == 200
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_an_entity_without_events_has_a_lane_of_its_own() -> None:
    day = datetime.date(2024, 5, 1)
    same = tuple(Event(f"No {n}", f"{n}", day, day, f"#{n}") for n in range(4))
    data = Timeline("T", "D", (("One", same), ("None", ())))
    root = ElementTree.fromstring(timeline_chart(data, width=360, standalone=False, prefix="x"))
    assert [text.text for text in root.iter(f"{SVG}text")].count("None") == 1
    marks = {
        tuple(area.get(name) for name in ("x", "y"))
        for link in root.iter(f"{SVG}a")
        for area in link.iter(f"{SVG}rect")
        if area.get("pointer-events") == "all"
    }
    assert len(marks) == 4, "each can be pointed at"


def test_markets_stand_side_by_side_by_publisher(
    client: FlaskClient, landscape_store: Store
) -> None:
    page = page_of(client, *MARKETS)
    beside = page.split('id="markets"')[1].split("</section>")[0]
    asking = Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)
    for number, market in enumerate(MARKETS):
        for row in ask(asking, PUBLISHED, {"market": f"id/{market}"}).rows:
            head = f'<th scope="row"><bdi>{escape(row["publisher"].label, quote=False)}</bdi></th>'
            assert head in beside
            line = beside.split(head)[1].split("</tr>")[0]
            cell = re.findall(r"<td>(.*?)</td>", line, re.DOTALL)[number]
            claim = row["figure"].iri.removeprefix(DEFAULT_BASE)
            assert f'href="/{claim}"' in cell, row["publisher"].label
    text = text_of(beside)
    for said in (
        "Lowest to highest for",
        "Stated growth, a year",
        "Forecasts end in",
        "growth a year",
    ):
        assert said in text
    assert 'id="figure"' not in page, "they stand above"
    assert 'id="publisher"' in page
    assert "id/market" not in text


def test_a_year_of_markets_is_one_that_each_has_figures_for(client: FlaskClient) -> None:
    text = text_of(page_of(client, *MARKETS))
    year = re.search(r"Lowest to highest for (\d{4})", text)
    assert year
    for market in MARKETS:
        rows = client.get(
            f"/api/v1/questions/published-figures?limit=1000&market=id/{market}"
        ).get_json()["rows"]
        assert int(year[1]) in {row["year"] for row in rows}


def test_a_market_without_figures_says_so(client: FlaskClient) -> None:
    page = page_of(client, MARKETS[0], "market/brazil-pharmaceutical-3pl-market")
    assert "Lowest to highest" not in page, "they have no year in common"
    assert "none printed" in page
    assert "prints none" in page


def test_reports_that_date_an_event_differently_stand_side_by_side(app: Flask) -> None:
    event = Thing(f"{DEFAULT_BASE}id/event/one", "One", "event")
    first, second = (Thing(f"{DEFAULT_BASE}source/{n}", n, "source") for n in ("a", "b"))
    with app.test_request_context("/compare"):
        ((name, rows),) = conflicts_of(
            [Dated(event, first, "2024-05"), Dated(event, second, "2024-06")]
        )
        assert name == "One"
        assert [(row["report"], row["value"]) for row in rows] == [
            ("a", "2024-05"),
            ("b", "2024-06"),
        ]
        same = [Dated(event, first, "2024-05"), Dated(event, second, "2024-05")]
        assert conflicts_of(same) == []


def test_figures_say_what_is_printed(client: FlaskClient) -> None:
    page = page_of(client, *PLACES)
    figures = page.split('id="figure"')[1].split("</table>")[0]
    assert re.search(r'<span class="meta">(share|market value|growth rate|ranking)', figures)


def test_names_slugs_and_commas(client: FlaskClient) -> None:
    def compared(*ids: str, more: str = "") -> str:
        page = page_of(client, *ids, more=more)
        return page.split("<evidence-dialog>")[1].split("</evidence-dialog>")[0]

    assert "Brazil" in compared(*PLACES)
    assert compared("place/brazil,place/mexico") == compared(*PLACES)
    assert compared("Brazil", "Mexico") == compared(*PLACES)
    assert compared(*PLACES, more="&ids=") == compared(*PLACES)


def test_examples_are_offered_where_they_can_be_had(client: FlaskClient, app: Flask) -> None:
    (three, two, markets) = re.findall(
        r'<a href="([^"]+)">(?:three companies|two countries|two markets)<', page_of(client)
    )
    for address in (three, two, markets):
        assert client.get(unescape(address), headers=BROWSER).status_code == 200
    assert "For example" not in app.test_client().get("/compare", headers=BROWSER).text


def test_one_is_kept_until_another_comes(client: FlaskClient) -> None:
    assert "Nothing is chosen yet" in page_of(client)
    page = page_of(client, "Novartis")
    assert "Choose another one" in page
    assert '<input type="hidden" name="ids" value="agent/novartis">' in page


@pytest.mark.parametrize(
    ("ids", "status", "words"),
    [
        (("place/brazil", "Novartis"), 409, "several kinds"),
        (("Novarti", "agent/gilead-sciences"), 404, "Did you mean"),
        (("%3Cscript%3E", "Brazil"), 404, "&lt;script&gt;"),
        (tuple(f"place/{p}" for p in ("brazil", "mexico", "chile", "peru", "japan", "china")),
         409, "give 2 to 5"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_told_on_the_page(
    client: FlaskClient, ids: tuple[str, ...], status: int, words: str
) -> None:
    asked = "&".join(f"ids={one}" for one in ids)
    response = client.get(f"/compare?{asked}", headers=BROWSER)
    assert response.status_code == status
    assert words in response.text
    assert "<script>" not in response.text


def test_a_name_that_is_near_keeps_the_others(client: FlaskClient) -> None:
    page = client.get("/compare?ids=Novarti&ids=agent/gilead-sciences", headers=BROWSER).text
    near = re.search(r'<li><a href="(/compare\?[^"]+)"><bdi>Novartis', page)
    assert near
    found = client.get(unescape(near[1]), headers=BROWSER)
    assert found.status_code == 200
    assert "2 side by side" in found.text


def test_the_data_are_at_the_same_address(client: FlaskClient) -> None:
    asked = "ids=place/brazil&ids=place/mexico"
    found = client.get(f"/compare.json?{asked}").get_json()
    assert found["rows"] == answer_of(client, *PLACES)["rows"][:100]
    assert client.get(f"/compare?{asked}").get_json()["rows"] == found["rows"]
    table = client.get(f"/compare.csv?{asked}")
    assert table.mimetype == "text/csv"
    entities = "entities=place/brazil&entities=place/mexico"
    assert table.text == client.get(f"/api/v1/questions/compare.csv?{entities}").text


def test_hostile_names_are_text(landscape_store: Store, landscape_release: Release) -> None:
    store = renamed(landscape_store, f"{DEFAULT_BASE}id/place/brazil", HOSTILE)
    page = page_of(application(store, landscape_release).test_client(), *PLACES)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert " style=" not in page
    for picture in re.findall(r"<svg xmlns.*?</svg>", page, re.DOTALL):
        assert not list(ElementTree.fromstring(picture).iter(f"{SVG}script"))
