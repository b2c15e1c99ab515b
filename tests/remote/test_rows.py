"""Rows of a database, read and written in little memory."""

import json
import tracemalloc

import pytest

from graph.remote import RemoteError
from graph.remote.results import bindings
from graph.remote.rows import Rows, read_rows

JSON = "application/sparql-results+json"


def result(variables: list[str], rows: list[dict[str, object]]) -> bytes:
    document = {"head": {"vars": variables}, "results": {"bindings": rows}}
    return json.dumps(document).encode()


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def test_equal_terms_are_kept_once() -> None:
    text = {"type": "literal", "value": "urn:a"}
    rows = read_rows(result(["x"], [{"x": uri("urn:a")}, {"x": uri("urn:a")}, {"x": text}]))
    one, two, three = (row["x"] for row in rows.bindings)
    assert one is two
    assert (one, three) == (uri("urn:a"), text)


def test_variables_may_be_called_as_parts_of_a_term() -> None:
    row: dict[str, object] = {"type": uri("urn:a"), "value": uri("urn:b"), "datatype": uri("urn:a")}
    rows = read_rows(result(["type", "value", "datatype"], [row]))
    assert rows.bindings == [row]
    written = json.loads(bindings(rows, rows.variables, JSON))
    assert written["results"]["bindings"] == [row]


@pytest.mark.parametrize(
    "row",
    [
        {"x": uri("urn:a"), "y": {"type": "uri"}},
        {"type": "uri", "value": "urn:a"},
        {"x": {"type": "uri", "value": "urn:a", "more": 1}},
        {"x": [uri("urn:a")]},
        {"x": "urn:a"},
    ],
)
def test_what_is_no_row(row: dict[str, object]) -> None:
    with pytest.raises(RemoteError):
        bindings(read_rows(result(["x"], [row])), ["x"], JSON)


def test_a_triple_is_a_term() -> None:
    triple = {"subject": uri("urn:a"), "predicate": uri("urn:b"), "object": uri("urn:c")}
    rows = read_rows(result(["x"], [{"x": {"type": "triple", "value": triple}}]))
    assert json.loads(bindings(rows, ["x"], JSON))["results"]["bindings"][0]["x"]["value"] == triple


def test_blank_nodes_are_the_same_in_all_rows() -> None:
    node = {"type": "bnode", "value": "nodeID://b10"}
    rows = Rows(["x", "y"], [{"x": dict(node)}, {"y": dict(node)}])
    written = json.loads(bindings(rows, rows.variables, JSON))["results"]["bindings"]
    assert written[0]["x"] == written[1]["y"]


def test_a_large_result_takes_few_times_the_memory_of_its_text() -> None:
    """It is read in the process that answers, beside others."""
    number = "http://www.w3.org/2001/XMLSchema#integer"
    rows: list[dict[str, object]] = [
        {
            "s": uri(f"https://w3id.org/therascape/id/claim/{n % 500}"),
            "p": uri(f"https://w3id.org/therascape/ns#{n % 30}"),
            "o": {"type": "literal", "value": str(n % 2000), "datatype": number},
        }
        for n in range(20_000)
    ]
    body = result(["s", "p", "o"], rows)
    del rows
    tracemalloc.start()
    try:
        written = bindings(read_rows(body), ["s", "p", "o"], JSON)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written.count(b'"s"') == 20_001
    assert peak < 6 * len(body)
