"""The forecast of a market as a chart over HTTP, from a real server and in this process."""

import json
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Store

from graph.query import EmbeddedEngine
from graph.release import DataDirectory, Release
from graph.terms import DEFAULT_BASE
from service.api.chart import CHART_PARAMETERS
from service.app import create_app
from tests.service.conftest import Server
from tests.service.dataset import DETAILS

MARKET = f"{DEFAULT_BASE}id/market/global-cellular-immunotherapy-market"
CHART = "/api/v1/questions/forecast.svg"
ADDRESS = f"{CHART}?market={quote(MARKET, safe='')}"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@pytest.fixture(scope="module")
def shipped_data(tmp_path_factory: pytest.TempPathFactory, landscape_store: Store) -> Path:
    """A data directory with the shipped statements as its release."""
    folder = tmp_path_factory.mktemp("shipped")
    quads = (quad for quad in landscape_store if quad.graph_name != DefaultGraph())
    DataDirectory(folder).publish(quads, DETAILS)
    return folder


@pytest.fixture(scope="module")
def shipped(shipped_data: Path) -> Release:
    found = DataDirectory(shipped_data).current()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def client(shipped: Release) -> FlaskClient:
    return create_app(EmbeddedEngine.over(shipped), shipped).test_client()


@pytest.fixture(scope="module")
def real(shipped_data: Path) -> Iterator[Server]:
    server = Server(shipped_data)
    yield server
    assert server.stop() == (0, "")


def ask(
    server: Server, address: str, method: str = "GET", **headers: str
) -> tuple[int, Message, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        server.address.rstrip("/") + address, method=method, headers=named
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_a_chart_from_a_real_server(real: Server) -> None:
    status, headers, body = ask(real, ADDRESS)
    assert (status, headers["Content-Type"]) == (200, "image/svg+xml")
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == 'inline; filename="forecast.svg"'
    assert headers["Access-Control-Allow-Origin"] == "*"
    root = ET.fromstring(body)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    text = body.decode()
    assert "Global cellular immunotherapy market" in text
    assert "Where another publisher of comparable scope would put its figure" in text
    assert headers["Therascape-Release"][:12] in text


def test_it_can_be_kept_and_asked_for_again(real: Server) -> None:
    _, headers, body = ask(real, ADDRESS)
    status, again, nothing = ask(real, ADDRESS, If_None_Match=headers["ETag"])
    assert (status, nothing, again["ETag"]) == (304, b"", headers["ETag"])
    assert ask(real, ADDRESS, If_None_Match='"another"')[2] == body
    assert ask(real, f"{ADDRESS}&width=961")[1]["ETag"] != headers["ETag"]


def test_head_has_the_headers_of_get(real: Server) -> None:
    own = {"query-id", "date"}
    _, of_get, _ = ask(real, ADDRESS)
    status, of_head, body = ask(real, ADDRESS, "HEAD")
    assert (status, body) == (200, b"")
    assert {n: v for n, v in of_head.items() if n.lower() not in own} == {
        n: v for n, v in of_get.items() if n.lower() not in own
    }
    assert ask(real, ADDRESS, "POST")[0] == 405


@pytest.mark.parametrize(
    "market",
    ["<script>alert(1)</script>", "\x00", "x\r\nSet-Cookie: a=b", '"><svg onload=a()>', "💥" * 500,
     f"{DEFAULT_BASE}id/market/nothing", "' OR 1=1 --", "} DROP ALL {"],
)  # fmt: skip
def test_hostile_names_are_told_as_text(real: Server, market: str) -> None:
    status, headers, body = ask(real, f"{CHART}?market={quote(market, safe='')}")
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert "Set-Cookie" not in headers
    assert json.loads(body)["parameter"] == "market"


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("", 400, "market"),
        ("year=2025", 400, "year"),
        ("parts=true", 400, "parts"),
        ("width=319", 400, "width"),
        ("width=4001", 400, "width"),
        ("width=wide", 400, "width"),
        ("theme=pink", 400, "theme"),
        ("axis=cubic", 400, "axis"),
        ("model=R2", 400, "model"),
        ("limit=3", 400, "limit"),
        ("nope=1", 400, "nope"),
        ("model=R0&model=R1", 400, "model"),
        ("timeout=0", 400, "timeout"),
        ("beyond=51", 400, "beyond"),
        ("model=R0&cap=3", 409, "model"),
        ("ceiling=0", 409, "ceiling"),
        ("damping=0", 409, "damping"),
    ],
)
def test_what_is_refused(client: FlaskClient, query: str, status: int, name: str) -> None:
    response = client.get(f"{ADDRESS}&{query}" if query else CHART)
    assert response.content_type == "application/problem+json"
    assert (response.status_code, response.get_json()["parameter"]) == (status, name)


def test_a_market_without_figures(client: FlaskClient) -> None:
    response = client.get(f"{CHART}?market=Brazil+pharmaceutical+3PL+market")
    assert (response.status_code, response.mimetype) == (409, "application/problem+json")
    assert "not stated" in response.get_json()["detail"]


@pytest.mark.parametrize("name", ["Global Cellular Immunotherapy Market", MARKET])
def test_a_market_by_name_or_iri(client: FlaskClient, name: str) -> None:
    assert client.get(CHART, query_string={"market": name}).data == client.get(ADDRESS).data


@pytest.mark.parametrize(
    "query",
    ["theme=dark", "theme=light", "axis=linear", "width=320", "width=4000", "model=R0",
     "beyond=50", "cap=1", "damping=0.1", "ceiling=30", "without=Reanin", "scope=same",
     "as_of=1999"],
)  # fmt: skip
def test_choices_change_the_chart(client: FlaskClient, query: str) -> None:
    plain, other = client.get(ADDRESS), client.get(f"{ADDRESS}&{query}")
    assert (plain.status_code, other.status_code) == (200, 200)
    assert plain.data != other.data
    ET.fromstring(other.data)


def test_nothing_is_fetched_by_the_chart(client: FlaskClient) -> None:
    text = client.get(ADDRESS).text.replace("http://www.w3.org/2000/svg", "")
    assert not any(word in text for word in ("href", "url(http", "<image", "@import", "<script"))


def test_the_chart_takes_the_choices_of_the_question(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    described = {p["name"] for p in document["paths"]["/api/v1/questions/forecast.svg"]["get"]
                 ["parameters"] if "name" in p}  # fmt: skip
    assert {one.name for one in CHART_PARAMETERS} <= described
