"""Search, questions in words, parts of the network, the page and the document."""

import io
import xml.etree.ElementTree as ET

import networkx
import pytest
from flask.testing import FlaskClient

from graph.landscape import Parameter
from graph.landscape.catalogue import QUESTIONS as CATALOGUE
from graph.query import EmbeddedEngine
from graph.release import Release
from service.api.paging import SHARED
from service.api.questions import takes
from service.app import create_app
from service.kinds import KINDS
from tests.service.api.made_up import EVERYTHING, QUESTIONS

ALPHA = "https://w3id.org/therascape/id/agent/alpha-bio"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_search_finds_the_best_first(api: FlaskClient) -> None:
    found = api.get("/api/v1/search?q=gama+gene").get_json()
    assert found["rows"][0]["label"] == "Gamma Gene"
    assert (found["rows"][0]["how"], found["q"]) == ("typo", "gama gene")
    assert api.get("/api/v1/search?q=gamma&kind=place").get_json()["total"] == 0
    by_name = api.get("/api/v1/search?q=b&sort=-label").get_json()["rows"]
    labels = [row["label"].casefold() for row in by_name]
    assert labels == sorted(labels, reverse=True)
    problem = api.get("/api/v1/search").get_json()
    assert (problem["status"], problem["parameter"]) == (400, "q")


def test_suggestions_name_entities(api: FlaskClient) -> None:
    (row,) = api.get("/api/v1/suggest?q=alp").get_json()["rows"]
    assert (row["text"], row["kind"], row["iri"]) == ("Alpha Bio", "entity", ALPHA)


def test_what_is_not_understood_is_not_answered(api: FlaskClient) -> None:
    found = api.get("/api/v1/ask?q=why+is+the+sky+blue").get_json()
    assert (found["status"], found["answer"], found["readings"]) == ("not understood", None, [])
    assert found["reason"]
    problem = api.get("/api/v1/ask?q=why+is+the+sky+blue&timeout=soon").get_json()
    assert (problem["status"], problem["parameter"]) == (400, "timeout")


def test_the_short_address_of_questions_in_words(api: FlaskClient) -> None:
    response = api.get("/api/ask?q=a%20b")
    assert (response.status_code, response.location) == (303, "/api/v1/ask?q=a%20b")
    assert api.get("/api").location == "/api/v1/"


def test_the_network_around_a_thing(api: FlaskClient, release: Release) -> None:
    found = api.get("/api/v1/things/agent/alpha-bio/network.json?hops=2").get_json()
    assert found["release"] == release.id
    graph = networkx.node_link_graph(found, edges="edges")
    assert list(graph) == [ALPHA]
    response = api.get("/api/v1/things/agent/alpha-bio/network.graphml")
    assert response.mimetype == "application/graphml+xml"
    assert ET.fromstring(response.data).tag.endswith("graphml")
    assert list(networkx.read_graphml(io.BytesIO(response.data))) == [ALPHA]


@pytest.mark.parametrize(
    ("address", "status", "name"),
    [
        ("agent/nobody/network.json", 404, "unknown-entity"),
        ("agent/-/network.json", 404, "not-found"),
        ("nothing/alpha-bio/network.graphml", 404, "not-found"),
        ("agent/alpha-bio/network.json?hops=4", 400, "invalid-parameter"),
        ("agent/alpha-bio/network.json?limit=4", 400, "invalid-parameter"),
        ("agent/alpha-bio/network.json?kinds=nope", 409, "parameters-conflict"),
    ],
)
def test_what_has_no_network(api: FlaskClient, address: str, status: int, name: str) -> None:
    problem = api.get(f"/api/v1/things/{address}").get_json()
    assert (problem["status"], problem["type"].rpartition("#")[2]) == (status, name)


def test_a_service_without_a_network_says_so(release: Release) -> None:
    app = create_app(EmbeddedEngine.over(release), release, named=QUESTIONS)
    problem = app.test_client().get("/api/v1/things/agent/alpha-bio/network.json").get_json()
    assert (problem["status"], problem["type"].rpartition("#")[2]) == (409, "not-answerable")


def test_the_page_tells_of_every_question(api: FlaskClient) -> None:
    page = api.get("/api/v1/", headers=BROWSER)
    assert page.mimetype == "text/html"
    for question in QUESTIONS:
        assert question.title in page.text
        for parameter in question.parameters:
            assert f"<code>{parameter.name}</code>" in page.text
    assert "/api/v1/things/{kind}/{slug}/network.graphml" in page.text
    assert api.get("/api/v1/").get_json()["total"] == len(QUESTIONS)
    error = api.get("/api/v1/questions/everything?nope=1", headers=BROWSER)
    assert (error.status_code, error.mimetype) == (400, "text/html")


def test_the_document_has_what_the_questions_take(api: FlaskClient) -> None:
    document = api.get("/api/v1/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    for question in QUESTIONS:
        for ending in ("", ".csv"):
            operation = document["paths"][f"/api/v1/questions/{question.name}{ending}"]["get"]
            names = [parameter["name"] for parameter in operation["parameters"]]
            own = [parameter.name for parameter in question.parameters]
            shared = [one.name for one in SHARED if one.name not in own]
            assert names == own + shared
            assert operation["summary"].startswith(question.title)
    operation = document["paths"]["/api/v1/questions/everything"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    columns = schema["properties"]["rows"]["items"]["properties"]
    assert list(columns) == [column.name for column in EVERYTHING.columns]
    by_name = {one["name"]: one for one in operation["parameters"]}
    assert by_name["level"]["schema"] == {"type": "string", "enum": ["a", "b"], "default": "a"}
    assert by_name["least"]["schema"]["maximum"] == 30
    types = document["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]
    assert {kind.type for kind in KINDS} <= set(types)
    identifiers = [path["get"]["operationId"] for path in document["paths"].values()]
    assert len(set(identifiers)) == len(identifiers)


def test_questions_of_the_catalogue_leave_the_names_of_lists_alone() -> None:
    reserved = {"sort", "timeout", "format"}
    for question in CATALOGUE:
        assert not reserved & {parameter.name for parameter in question.parameters}, question.name


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (EVERYTHING.parameters[0], "a name, an alias or an IRI of: agent"),
        (EVERYTHING.parameters[2], "a or b; a unless given"),
        (EVERYTHING.parameters[4], "a whole number from 0 to 30; 30 unless given"),
        (EVERYTHING.parameters[5], "true or false; false unless given"),
        (EVERYTHING.parameters[6], "text; may be given several times"),
        (Parameter("x", "X", "", "date", required=True), "2025, 2025-08 or 2025-08-19; required"),
    ],
)
def test_what_a_parameter_takes_in_words(parameter: Parameter, words: str) -> None:
    assert takes(parameter) == words
