"""Over HTTP: the parameter, and the pages of what only superseded editions say."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, Triple, parse

from ontology.namespaces import DCT
from tests.editions.made import NEW, OLD
from tests.landscape.made import IRIS

COUNT = quote("SELECT (COUNT(*) AS ?n) { ?r a kg:Report }")
FROM = quote(f"SELECT (COUNT(*) AS ?n) FROM <{IRIS.graph(OLD).value}> {{ ?r a kg:Report }}")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def triples(client: FlaskClient, path: str) -> set[Triple]:
    answer = client.get(path, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, path
    found = parse(answer.data, format=RdfFormat.N_TRIPLES)
    return {Triple(quad.subject, quad.predicate, quad.object) for quad in found}


@pytest.mark.parametrize(
    ("query", "wish", "number"),
    [
        (COUNT, "", "2"),
        (COUNT, "&editions=current", "2"),
        (COUNT, "&editions=all", "3"),
        (FROM, "", "1"),
        (FROM, "&editions=all", "1"),
    ],
)
def test_sparql_asks_what_is_wanted(
    client: FlaskClient, query: str, wish: str, number: str
) -> None:
    by_get = client.get(f"/sparql?format=csv&query={query}{wish}")
    assert by_get.text.split() == ["n", number]
    form = f"format=csv&query={query}{wish}"
    kind = "application/x-www-form-urlencoded"
    assert client.post("/sparql", data=form, content_type=kind).text == by_get.text


def test_answers_of_both_views_have_tags_of_their_own(client: FlaskClient) -> None:
    tags = [
        client.get(f"/sparql?format=csv&query={COUNT}{wish}").headers["ETag"]
        for wish in ("", "&editions=all")
    ]
    assert tags[0] != tags[1]
    again = client.get(
        f"/sparql?format=csv&query={COUNT}&editions=all", headers={"If-None-Match": tags[1]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        f"/sparql?query={COUNT}&editions=old",
        f"/sparql?query={COUNT}&editions=all&editions=all",
        f"/sparql?query={COUNT}&editions=",
        "/api/v1/questions/editions?editions=old",
        "/api/v1/search?q=x&editions=old",
        "/api/v1/suggest?q=x&editions=old",
        "/api/v1/ask?q=x&editions=old",
    ],
)
def test_another_value_is_refused_with_the_choices(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert "current" in answer.text or "is empty" in answer.text
    assert "all" in answer.text


def test_an_update_is_of_no_edition(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"update": "CLEAR ALL", "editions": "all"})
    assert answer.status_code in (400, 403)


def rows(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.get_json()["rows"]
    return found


def test_questions_search_and_networks_take_it(client: FlaskClient) -> None:
    path = "/api/v1/questions/timeline?entity=lumicel"
    launch = IRIS.thing("event", "lumicel-launch-sudria").value
    assert launch not in {row["event"]["iri"] for row in rows(client, path)}
    assert launch in {row["event"]["iri"] for row in rows(client, f"{path}&editions=all")}
    links = client.get(f"{path}&editions=all").get_json()["links"]
    assert "editions=all" in links["csv"]
    assert "editions=all" in links["sparql"]
    assert "editions=all" not in client.get(path).get_json()["links"]["sparql"]
    assert rows(client, "/api/v1/search?q=donor+grafts&kind=segment") == []
    assert len(rows(client, "/api/v1/search?q=donor+grafts&kind=segment&editions=all")) == 1
    # A thing that only a superseded edition names is found where all are asked.
    assert client.get("/api/v1/questions/compare?one=x").status_code == 400
    network = f"/api/v1/things/event/{launch.rpartition('/')[2]}/network.json"
    assert client.get(network).status_code == 404 or client.get(network).status_code == 400
    assert client.get(f"{network}?editions=all").status_code == 200


def test_a_question_in_words_on_editions_is_understood(client: FlaskClient) -> None:
    answer = client.get("/api/v1/ask?q=what changed between editions of Lumen Outlook").get_json()
    assert answer["status"] == "understood"
    assert answer["answer"]["question"] == "editions"
    assert answer["answer"]["total"] == 9


@pytest.mark.parametrize(
    "path",
    [
        f"source/{OLD}",
        "id/claim/ao-fig-1",
        "id/claim/ao-note-1",
        "id/event/lumicel-launch-sudria",
        "id/segment/ao-donor",
    ],
)
def test_what_only_a_superseded_edition_says_is_described_and_says_so(
    client: FlaskClient, path: str
) -> None:
    page = client.get(f"/{path}", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "Superseded edition" in page.text
    assert f'href="/source/{NEW}"' in page.text
    link = Triple(IRIS.source(OLD), DCT.isReplacedBy, IRIS.source(NEW))
    assert link in triples(client, f"/{path}")


def test_the_current_edition_says_what_it_replaces(client: FlaskClient) -> None:
    page = client.get(f"/source/{NEW}", headers={"Accept": "text/html"}).text
    assert "This is the current edition." in page
    assert f'href="/source/{OLD}"' in page
    said = triples(client, f"/source/{NEW}")
    assert Triple(IRIS.source(NEW), DCT.replaces, IRIS.source(OLD)) in said


def test_other_pages_say_nothing_of_editions(client: FlaskClient) -> None:
    for path in (
        "/id/claim/ap-fig-1",
        "/id/event/lumicel-approval-norland",
        "/id/agent/brightcell",
    ):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "Superseded edition" not in page.text
        assert "current edition" not in page.text
        links = client.get(f"{path}.nt").text
        assert f"{IRIS.source(OLD)} {DCT.isReplacedBy}" not in links


def test_a_current_description_is_as_if_there_were_no_history(
    client: FlaskClient, newer: Any
) -> None:
    from graph.query import EmbeddedEngine
    from service.app import create_app

    alone = create_app(EmbeddedEngine.over(newer), newer).test_client()
    for path in ("/id/claim/ap-list-1", "/id/event/lumicel-approval-norland", "/id/place/norland"):
        assert triples(client, path) == triples(alone, path)


def test_the_list_of_links_of_a_superseded_thing_goes_on(client: FlaskClient) -> None:
    page = client.get(f"/source/{OLD}?inverse=dct:source", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "Superseded edition" in page.text


def test_graphs_of_the_history_have_addresses(client: FlaskClient) -> None:
    for name in (OLD, "history"):
        assert len(triples(client, f"/graph/{name}")) > 100
    home = client.get("/", headers={"Accept": "text/html"}).text
    assert "Superseded editions" in home
    assert f'href="/source/{OLD}"' in home
