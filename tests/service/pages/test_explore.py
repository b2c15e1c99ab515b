"""Explore: lanes, network and table of one selection, with all of the state in the address."""

import html
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import networkx as nx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, Quad, Store

from graph.network.calls import LocalTraversal
from graph.network.reading import read_network
from graph.query import Answer, DeadlineExceeded, EmbeddedEngine, Job, MemoryExceeded, Request
from graph.release import Release
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import RDFS
from ontology.vocabulary import prefixes
from service.app import create_app
from tests.service.test_pages import Outline

BROWSER = {"Accept": "text/html"}
HOSTILE = '<script>alert("1")</script>\u202e ' + "x" * 10_000
NETWORK = "/explore?view=network&focus=agent/novartis"
PAGES = (
    "/explore",
    "/explore?focus=therapy/yescarta",
    "/explore?view=table&focus=therapy/yescarta",
    "/explore?view=network",
    f"{NETWORK}&hops=2",
    f"{NETWORK}&facts=true&without=kg:activeIn&open=place/united-states&pin=place/united-states@40,60",
    "/explore?cols=region,company&all=true&active=headquartered&tie=stated",
)


@pytest.fixture(scope="module")
def explored(landscape_release: Release, landscape_engine: EmbeddedEngine) -> Flask:
    network = LocalTraversal(read_network(landscape_release))
    return create_app(landscape_engine, landscape_release, network=network)


@pytest.fixture
def client(explored: Flask) -> FlaskClient:
    return explored.test_client()


def page(client: FlaskClient, path: str) -> Outline:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == 200, path
    return Outline(response.text)


def links(outline: Outline, name: str) -> list[str]:
    return [str(a["href"]) for a in outline.all("a") if name in str(a.get("class")).split()]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_sound_and_its_links_lead_somewhere(client: FlaskClient, path: str) -> None:
    outline = page(client, path)
    assert len(outline.all("h1")) == 1
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert not [tag for tag, attributes in outline.tags if "style" in attributes]
    assert not [a for _, attributes in outline.tags for a in attributes if a.startswith("on")]
    # Some of them: every shape of an address is asked for with the other pages (test_links).
    addresses = sorted({str(a["href"]) for a in outline.all("a")})
    ours = [one for one in addresses if one.startswith("/explore") and "download=" not in one]
    things = [one for one in addresses if one.startswith("/id/")]
    for address in (*ours[:: max(1, len(ours) // 4)], *things[:: max(1, len(things) // 2)]):
        status = client.get(address, headers=BROWSER).status_code
        assert status == 200, f"{path}: {address}"


def test_lanes_lead_to_a_focus_and_then_to_the_page_of_it(client: FlaskClient) -> None:
    nodes = links(page(client, "/explore"), "node")
    assert "/explore?focus=therapy/yescarta" in nodes
    outline = page(client, "/explore?focus=therapy/yescarta")
    current = [a for a in outline.all("a") if "current" in str(a.get("class")).split()]
    assert [a["href"] for a in current] == ["/id/therapy/yescarta"]
    on = {a for a in links(outline, "on") if "focus=" in a and "view=" not in a}
    assert on == {
        f"/explore?focus={one}"
        for one in ("agent/daiichi-sankyo", "agent/kite-pharma", "place/japan")
    }


def test_the_narrow_variant_has_every_thing_of_the_picture(client: FlaskClient) -> None:
    text = client.get("/explore", headers=BROWSER).text
    lists = text[text.index('class="lanes-lists"') : text.index('<ul class="key"')]
    nodes = set(links(Outline(text), "node"))
    assert nodes
    assert nodes == {str(a["href"]) for a in Outline(lists).all("a")}


def test_a_picture_is_limited_and_says_what_it_leaves_out(client: FlaskClient) -> None:
    outline = page(client, "/explore?cols=company,region")
    stubs = links(outline, "stub")
    assert len(stubs) == 1
    assert "+11 more" in client.get("/explore?cols=company,region", headers=BROWSER).text
    whole = page(client, stubs[0])
    assert not links(whole, "stub")
    assert len(links(whole, "node")) == len(links(outline, "node")) + 10


def test_the_table_has_evidence_and_says_why(client: FlaskClient) -> None:
    text = client.get("/explore?view=table&focus=therapy/abecma", headers=BROWSER).text
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    assert body.count("<tr ") == 2
    assert "Japan Market Trends" in body
    assert "derived: <a href=" in body  # of the company; that of the region is a fact itself
    assert body.count("derived:") == 1


def test_lines_lead_to_their_row_in_the_table(client: FlaskClient) -> None:
    lines = links(page(client, "/explore"), "line")
    assert len(lines) == client.get("/explore.json").get_json()["total"]
    address, _, fragment = lines[0].partition("#")
    ids = {a["id"] for _, a in page(client, address).tags if "id" in a}
    assert fragment in ids


def test_nothing_found_says_so(client: FlaskClient) -> None:
    text = client.get("/explore?place=place/chile", headers=BROWSER).text
    assert "Nothing stands together so" in text
    assert client.get("/explore.svg?place=place/chile").status_code == 200


def test_the_state_makes_a_round_trip(client: FlaskClient) -> None:
    asked = (
        "view=network&cols=region,company&focus=agent/novartis&tie=stated&hops=2&facts=true"
        "&without=kg:placeWithin&open=place/united-states&pin=place/united-states@40,60"
    )
    outline = page(client, f"/explore?{asked}")
    table = next(str(a["href"]) for a in outline.all("a") if "view=table" in str(a.get("href")))
    kept = parse_qs(urlsplit(table).query) | {"view": ["network"]}
    assert kept == parse_qs(asked)
    field = {str(f["name"]): f.get("value") for f in outline.all("input") if "name" in f}
    assert field["pin"] == "place/united-states@40,60"
    assert field["open"] == "place/united-states"
    assert field["focus"] == "Novartis"


def test_what_is_usual_is_not_in_addresses(client: FlaskClient) -> None:
    usual = "/explore?cols=company,therapy,region&view=lanes&tie=any&hops=1&facts=false&focus="
    tabs = [
        a["href"] for a in page(client, usual).all("a") if str(a.get("href")).startswith("/explore")
    ]
    assert "/explore" in tabs
    assert "/explore?view=network" in tabs
    assert "/explore?view=table" in tabs


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/explore?cols=company", 400, "two or more"),
        ("/explore?cols=company,nonsense", 400, "nonsense"),
        ("/explore?focus=nonsense", 404, "nonsense"),
        ("/explore?nonsense=1", 400, "is no parameter here"),
        ("/explore?view=network&focus=agent/novartis&hops=9", 400, "hops"),
        ("/explore?pin=agent/novartis@1", 400, "is no place of a thing"),
        (f"{NETWORK}&without=kg:nonsense", 400, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page(
    client: FlaskClient, path: str, status: int, said: str
) -> None:
    response = client.get(path, headers=BROWSER)
    assert response.status_code == status
    assert said in html.unescape(response.text)
    assert "<h1>" in response.text
    assert client.get(path).get_json()["status"] == status


def test_a_network_is_around_its_focus_and_the_same_every_time(client: FlaskClient) -> None:
    one = client.get(NETWORK.replace("/explore?", "/explore.json?")).get_json()
    nodes = {node["id"]: node for node in one["nodes"]}
    assert {f"{DEFAULT_BASE}id/{name}" for name in ("agent/novartis", "therapy/kymriah")} <= set(
        nodes
    )
    assert all(type(node[axis]) is int for node in nodes.values() for axis in ("x", "y"))
    assert not [one for one in nodes if "/claim/" in one]
    again = client.get(NETWORK.replace("/explore?", "/explore.json?")).get_json()
    assert again == one
    ties = [(e["source"], e["key"], e["target"]) for e in one["edges"]]
    assert ties == list(dict.fromkeys(ties)) or len(ties) > len(set(ties))
    assert {e["source"] for e in one["edges"]} | {e["target"] for e in one["edges"]} <= set(nodes)


def test_facts_are_nodes_where_they_are_asked_for(client: FlaskClient) -> None:
    found = client.get("/explore.json?view=network&focus=agent/novartis&facts=true").get_json()
    assert [node for node in found["nodes"] if node["what"] == "fact"]


def test_a_count_unfolds_what_it_counts(client: FlaskClient) -> None:
    before = client.get("/explore.json?view=network&focus=agent/novartis").get_json()
    place = next(n for n in before["nodes"] if n["id"].endswith("/place/united-states"))
    outline = page(client, NETWORK)
    unfold = next(a for a in links(outline, "unfold") if "open=place/united-states" in a)
    assert place["more"] > 0
    after = client.get(unfold.replace("/explore?", "/explore.json?")).get_json()
    new = {n["id"] for n in after["nodes"]} - {n["id"] for n in before["nodes"]}
    ends = {
        end
        for edge in after["edges"]
        for end in (edge["source"], edge["target"])
        if place["id"] in (edge["source"], edge["target"])
    }
    assert len(new & ends) == place["more"]
    opened = next(n for n in after["nodes"] if n["id"] == place["id"])
    assert opened["more"] == 0


def test_kinds_of_ties_can_be_left_out_and_had_again(client: FlaskClient) -> None:
    found = client.get(
        "/explore.json?view=network&focus=agent/novartis&without=kg:activeIn"
    ).get_json()
    assert "kg:activeIn" not in {edge["key"] for edge in found["edges"]}
    kinds = {one["key"]: one["count"] for one in found["graph"]["kinds"]}
    assert kinds["kg:activeIn"] == 0
    boxes = [
        f for f in page(client, f"{NETWORK}&without=kg:activeIn").all("input")
        if f.get("type") == "checkbox"
    ]  # fmt: skip
    assert [f["value"] for f in boxes if "checked" in f] == ["kg:activeIn"]


def test_what_is_pinned_stays_where_it_is(client: FlaskClient) -> None:
    path = "/explore.json?view=network&focus=agent/novartis&pin=therapy/kymriah@612,44"
    nodes = client.get(path).get_json()["nodes"]
    pinned = [node for node in nodes if node["pinned"]]
    assert [(n["id"].rsplit("/", 1)[-1], n["x"], n["y"]) for n in pinned] == [("kymriah", 612, 44)]


def test_networks_are_no_larger_than_they_may_be(client: FlaskClient) -> None:
    path = "/explore.json?view=network&focus=place/united-states&hops=2&facts=true"
    some = client.get(path).get_json()
    assert len(some["nodes"]) == 60
    assert some["graph"]["nodes_left_out"] > 0
    assert len(client.get(f"{path}&all=true").get_json()["nodes"]) <= 300
    text = client.get(path.replace(".json", ""), headers=BROWSER).text
    assert "things are left out" in text


def test_downloads_are_what_they_say(client: FlaskClient) -> None:
    for path in ("?focus=therapy/yescarta", "?view=network&focus=agent/novartis", "?view=network"):
        svg = client.get(f"/explore.svg{path}")
        assert svg.mimetype == "image/svg+xml"
        root = ElementTree.fromstring(svg.text)
        hrefs = [a.get("href") for a in root.iter("{http://www.w3.org/2000/svg}a")]
        assert hrefs
        assert all(str(href).startswith("http://localhost/") for href in hrefs)
        graph = nx.parse_graphml(client.get(f"/explore.graphml{path}").text)
        assert graph.number_of_nodes() > 2
        table = client.get(f"/explore.csv{path}")
        assert table.mimetype == "text/csv"
        assert table.text.count("\r\n") > 2
    asked = client.get("/explore?focus=therapy/yescarta").get_json()
    assert asked == client.get("/explore.json?focus=therapy/yescarta").get_json()
    assert {row["tie"] for row in asked["rows"]} == {"stated", "implied"}


def test_the_same_is_at_the_api(client: FlaskClient) -> None:
    text = client.get("/explore?cols=company,region&tie=stated", headers=BROWSER).text
    found = re.search(r'href="([^"]+)">The same by the API', text)
    assert found
    rows = client.get(f"{html.unescape(found[1])}&limit=1000").get_json()["rows"]
    assert rows == client.get("/explore.json?cols=company,region&tie=stated").get_json()["rows"]


def test_without_a_network_lanes_are_there_and_the_network_says_why(
    landscape_release: Release,
    landscape_engine: EmbeddedEngine,
) -> None:
    app = create_app(landscape_engine, landscape_release)
    client = app.test_client()
    assert client.get("/explore", headers=BROWSER).status_code == 200
    assert client.get("/explore?view=network", headers=BROWSER).status_code == 200
    response = client.get(NETWORK, headers=BROWSER)
    assert response.status_code >= 400
    assert "has no network" in response.text


class _Failing:
    """An engine that answers nothing but with an error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:  # noqa: ARG002
        raise self.error


@pytest.mark.parametrize(
    ("error", "said"),
    [(DeadlineExceeded(1.0), "It took too long"), (MemoryExceeded(1), "It is too much at once")],
)
def test_what_takes_too_much_is_told_on_the_page(
    landscape_release: Release, error: Exception, said: str
) -> None:
    app = create_app(_Failing(error), landscape_release)
    response = app.test_client().get("/explore", headers=BROWSER)
    assert response.status_code >= 500
    assert said in response.text


@pytest.fixture(scope="module")
def hostile(landscape_release: Release, landscape_store: Store) -> FlaskClient:
    """The landscape, with names that nobody should have."""
    store = Store()
    iris = Iris()
    renamed = {iris.thing("agent", "novartis"), iris.thing("therapy", "kymriah")}
    store.bulk_extend(
        Quad(q.subject, q.predicate, Literal(HOSTILE), q.graph_name)
        if q.subject in renamed and q.predicate == RDFS.label
        else q
        for q in landscape_store
    )
    engine = EmbeddedEngine(store, prefixes())
    return create_app(engine, landscape_release).test_client()


@pytest.mark.parametrize("path", ["", "?view=table", "?view=network", "?focus=agent/novartis"])
def test_hostile_names_are_text(hostile: FlaskClient, path: str) -> None:
    text = hostile.get(f"/explore{path}", headers=BROWSER).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    ElementTree.fromstring(hostile.get(f"/explore.svg{path}").text)
    drawing = text[text.find("<svg xmlns") : text.find("</svg>", text.find("<svg xmlns"))]
    assert "\u202e" not in drawing


def test_the_data_of_hostile_names_are_whole(hostile: FlaskClient) -> None:
    rows = json.loads(hostile.get("/explore.json").text)["rows"]
    assert HOSTILE in {row["start"]["label"] for row in rows}
    nx.parse_graphml(hostile.get("/explore.graphml").text)


def test_a_page_is_small(client: FlaskClient) -> None:
    for path in PAGES:
        sent = client.get(path, headers=BROWSER | {"Accept-Encoding": "gzip"})
        assert len(sent.data) < 50_000, path


def test_scripts_of_the_network_are_on_its_page_alone() -> None:
    template = Path("service/templates/explore.html").read_text("utf-8")
    script = template.index('page_script("network.js")')
    assert 'state.view == "network"' in template[:script].rpartition("{% if ")[2]
