"""SPARQLWrapper: every return format, every way to send, updates, timeouts, errors."""

import json
import time
import urllib.error
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from rdflib import Graph
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDF,
    RDFXML,
    TSV,
    TURTLE,
    XML,
    SPARQLWrapper,
    SPARQLWrapper2,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

from tests.hostile.corpus import text
from tests.hostile.server import WRITE_TOKEN, Service
from tests.service.dataset import FIRST, SECOND

NAMES = "SELECT ?name { ?s rdfs:label ?name } ORDER BY ?name"
COMPANIES = "CONSTRUCT { ?s a kg:Organisation } WHERE { ?s a kg:Organisation }"
WAYS = ("get", "form", "direct")

pytestmark = [
    pytest.mark.timeout(60),
    # Its own: it converts JSON-LD with a class that rdflib advises against.
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]


def client(endpoint: str, way: str, query: str, form: str = JSON) -> Any:
    """A client that sends this query in one of the three ways of the protocol."""
    found = SPARQLWrapper(endpoint, returnFormat=form)
    found.setMethod(GET if way == "get" else POST)
    if way == "direct":
        found.setRequestMethod(POSTDIRECTLY)
    found.setQuery(query)
    return found


def csv_rows(body: bytes) -> int:
    return len(body.decode().strip().splitlines()) - 1


ROWS: dict[str, Callable[[Any], int]] = {
    JSON: lambda found: len(found["results"]["bindings"]),
    XML: lambda found: len(found.getElementsByTagName("result")),
    CSV: csv_rows,
    TSV: csv_rows,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", ROWS)
def test_rows_in_every_format(endpoint: str, way: str, form: str) -> None:
    assert ROWS[form](client(endpoint, way, NAMES, form).queryAndConvert()) == 34


@pytest.mark.parametrize("way", WAYS)
def test_yes_or_no(endpoint: str, way: str) -> None:
    query = "ASK { ?s a kg:Organisation }"
    assert client(endpoint, way, query).queryAndConvert()["boolean"] is True
    found = client(endpoint, way, query, XML).queryAndConvert()
    assert found.getElementsByTagName("boolean")[0].firstChild.data == "true"


def as_graph(found: Any) -> Graph:
    return found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, XML, JSONLD])
def test_triples_in_every_format(endpoint: str, way: str, form: str) -> None:
    assert len(as_graph(client(endpoint, way, COMPANIES, form).queryAndConvert())) == 4


def test_the_format_that_names_no_media_type(endpoint: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # its own: RDF is no format to accept
        assert len(as_graph(client(endpoint, "get", COMPANIES, RDF).queryAndConvert())) == 4


@pytest.mark.parametrize("way", WAYS)
def test_content_negotiation_alone(endpoint: str, way: str) -> None:
    asking = client(endpoint, way, NAMES, CSV)
    asking.setOnlyConneg(True)
    assert csv_rows(asking.queryAndConvert()) == 34


@pytest.mark.parametrize("way", WAYS)
def test_datasets(endpoint: str, way: str) -> None:
    asking = client(endpoint, way, "SELECT * { ?s rdfs:label ?name }")
    asking.addParameter("default-graph-uri", FIRST.value)
    assert ROWS[JSON](asking.queryAndConvert()) == 4
    asking = client(endpoint, way, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    asking.addParameter("named-graph-uri", SECOND.value)
    (row,) = asking.queryAndConvert()["results"]["bindings"]
    assert row["g"]["value"] == SECOND.value


def test_rows_as_objects(endpoint: str) -> None:
    asking = SPARQLWrapper2(endpoint)
    asking.setQuery(NAMES)
    assert len(asking.query().bindings) == 34


def test_a_query_with_a_mistake(endpoint: str) -> None:
    with pytest.raises(QueryBadFormed) as refusal:
        client(endpoint, "get", "SELECT * { ?s ?p }").query()
    assert "line 1" in str(refusal.value)


def test_a_query_that_takes_too_long(endpoint: str) -> None:
    asking = client(endpoint, "form", text("values-doubling"))
    asking.addParameter("timeout", "0.5")
    with pytest.raises(urllib.error.HTTPError) as refusal:
        asking.query()
    with refusal.value as answer:
        assert answer.code == 504
        assert json.load(answer)["type"].endswith("#deadline-exceeded")


def test_a_client_that_waits_no_longer(endpoint: str, service: Service) -> None:
    asking = client(endpoint, "form", text("values-doubling"))
    asking.setTimeout(1)
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        asking.query()
    assert time.monotonic() - begin < 20
    assert service.processes.idle_after(3) < 3


@pytest.mark.parametrize("way", ["form", "direct"])
@pytest.mark.parametrize("authority", ["bearer", "basic"])
def test_updates(own: Service, way: str, authority: str) -> None:
    endpoint, graph = f"{own.address}sparql", f"urn:{way}:{authority}"
    writing = client(endpoint, way, f"INSERT DATA {{ GRAPH <{graph}> {{ <urn:s> <urn:p> 1 }} }}")
    if authority == "bearer":
        writing.addCustomHttpHeader("Authorization", f"Bearer {WRITE_TOKEN}")
    else:
        writing.setCredentials("anybody", WRITE_TOKEN)
    with writing.query().response as response:
        assert response.status in (200, 204)
    asking = client(endpoint, "get", f"ASK {{ GRAPH <{graph}> {{ <urn:s> <urn:p> 1 }} }}")
    assert asking.queryAndConvert()["boolean"] is True


@pytest.mark.parametrize("header", [None, "Bearer wrong"])
def test_updates_without_the_token(own: Service, header: str | None) -> None:
    writing = client(f"{own.address}sparql", "form", "INSERT DATA { <urn:s> <urn:p> 2 }")
    if header is not None:
        writing.addCustomHttpHeader("Authorization", header)
    with pytest.raises(Unauthorized):
        writing.query()
