"""Rows of a database: what of them is taken, and how they come out."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.query import ResultTooLarge
from graph.remote import RemoteError
from graph.remote.results import bindings, iris, triples, triples_of_rows
from graph.remote.rows import LONGEST_ROW, RowsAsTheyCome, read_rows

JSON = "application/sparql-results+json"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
MIB = 1024 * 1024


def result(variables: list[str], rows: list[dict[str, object]]) -> bytes:
    document = {"head": {"link": [], "vars": variables}, "results": {"bindings": rows}}
    return json.dumps(document).encode()


def parts(body: bytes, size: int = 1000) -> Iterator[bytes]:
    return (body[at : at + size] for at in range(0, len(body), size))


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def literal(value: str, datatype: str) -> dict[str, str]:
    return {"type": "literal", "value": value, "datatype": datatype}


def given_back(variables: list[str], body: bytes, size: int = 1000) -> list[dict[str, object]]:
    written, number = bindings(parts(body, size), variables, JSON, MIB)
    rows: list[dict[str, object]] = json.loads(written)["results"]["bindings"]
    assert number == len(rows)
    return rows


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ['"bindings":[', "}]}", '{"type":"bnode"}', "\\", 'a"b', "XMLSchema#", "\n,"]
)
TERMS = st.fixed_dictionaries({"type": st.just("literal"), "value": TEXTS})


@given(
    st.lists(st.dictionaries(st.sampled_from(["x", "type", "value", "bindings"]), TERMS)),
    st.integers(1, 50),
    st.booleans(),
)
def test_rows_are_the_same_however_they_are_cut(
    rows: list[dict[str, object]], size: int, ascii_: bool
) -> None:
    variables = ["x", "type", "value", "bindings"]
    document = {"head": {"vars": variables}, "results": {"distinct": False, "bindings": rows}}
    body = json.dumps(document, ensure_ascii=ascii_, indent=size % 3 or None).encode()
    assert given_back(variables, body, size) == rows
    assert read_rows(body).bindings == rows


@pytest.mark.parametrize(
    "row",
    [
        {"x": uri("urn:a"), "y": {"type": "uri"}},
        {"type": "uri", "value": "urn:a"},
        {"x": {"type": "uri", "value": "urn:a", "more": 1}},
        {"x": [uri("urn:a")]},
        {"x": "urn:a"},
        {"x": 1},
        {"x": {"type": "uri"}},
        {"x": {"type": "bnode"}},
        {"x": {"type": "uri", "value": 7}},
        {"x": {"type": "uri", "value": "no iri"}},
        {"x": {"type": "literal", "value": "a", "datatype": 7}},
        {"x": {"type": "literal", "value": 7, "datatype": INTEGER}},
        {"x": {"type": "literal", "value": "\ud800"}},
        {"x": literal("\ud800", INTEGER)},
        {"x": {"type": "triple", "value": {"subject": uri("urn:a")}}},
    ],
)
def test_what_is_no_row(row: dict[str, object]) -> None:
    with pytest.raises(RemoteError):
        bindings(parts(result(["x", "y"], [row])), ["x", "y"], JSON, MIB)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b'{"boolean": true}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": 1}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{} {}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{},]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [,{}]}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}]}} more',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{}], "bindings": []}}',
        b'{"head": {"vars": ["x"]}, "other": {"bindings": [{}]}, "results": {"bindings": []}}',
        b'{"head": {"vars": [1]}, "results": {"bindings": [{}]}}',
        b'{"head": {"vars": "x"}, "results": {"bindings": [{}]}}',
        b'{"head": {"vars": ["y"]}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x',
    ],
)
def test_what_is_no_result(body: bytes) -> None:
    with pytest.raises(RemoteError):
        bindings(parts(body), ["x"], JSON, MIB)


def test_what_stands_around_the_rows_may_come_in_any_order() -> None:
    body = (
        b'{"results": {"bindings": [ {} , {} ], "ordered": true}, "head": {"vars": ["x"]}, "a":1}'
    )
    assert given_back(["x"], body) == [{}, {}]


def test_literals_are_spelt_as_here() -> None:
    terms = [literal(value, INTEGER) for value in ("01", "7", "-0", "none", "1" * 30)]
    decimal = {"type": "typed-literal", "value": "24.00", "datatype": INTEGER[:-7] + "decimal"}
    rows: list[dict[str, object]] = [{"x": term} for term in (*terms, decimal)]
    found = [row["x"]["value"] for row in given_back(["x"], result(["x"], rows))]  # type: ignore[index]
    assert found == ["1", "7", "0", "none", "1" * 30, "24"]
    slashed = result(["x"], rows).replace(b"/", b"\\/")
    assert given_back(["x"], slashed) == given_back(["x"], result(["x"], rows))


def test_a_triple_is_a_term() -> None:
    triple = {"subject": uri("urn:a"), "predicate": uri("urn:b"), "object": literal("01", INTEGER)}
    within = {"subject": uri("urn:a"), "predicate": uri("urn:b")}
    term = {"type": "triple", "value": within | {"object": {"type": "triple", "value": triple}}}
    (row,) = given_back(["x"], result(["x"], [{"x": term}]))
    kept = triple | {"object": literal("1", INTEGER)}
    assert row["x"] == {
        "type": "triple",
        "value": within | {"object": {"type": "triple", "value": kept}},
    }


def test_blank_nodes_are_the_same_in_all_rows() -> None:
    names = ["nodeID://b10", "b10", "nodeID___b10", "é"]
    nodes = [{"type": "bnode", "value": name} for name in names]
    rows: list[dict[str, object]] = [{"x": one, "y": other} for one in nodes for other in nodes]
    found = given_back(["x", "y"], result(["x", "y"], rows))
    assert [row["x"] == row["y"] for row in found] == [row["x"] == row["y"] for row in rows]


def test_a_row_that_is_too_long() -> None:
    head, tail = b'{"head":{"vars":["x"]},"results":{"bindings":[', b"]}}"
    for size in (9 * MIB, LONGEST_ROW + MIB):
        row = b'{"x":{"type":"literal","value":"%b"}}' % (b"a" * size)
        with pytest.raises(RemoteError, match=r"too large|more than 15,728,640 bytes"):
            bindings(parts(head + row + tail, 256 * 1024), ["x"], JSON, 64 * MIB)
    endless = iter(lambda: b" " * MIB, None)
    with pytest.raises(RemoteError, match="more than 1,048,576 bytes"):
        bindings(endless, ["x"], JSON, MIB)


def test_what_is_written_ends_where_it_is_too_large() -> None:
    """However much were to come."""

    def endless() -> Iterator[bytes]:
        yield b'{"head":{"vars":["x"]},"results":{"bindings":[{}'
        while True:
            yield b',{"x":{"type":"uri","value":"urn:a"}}' * 100

    for media_type in (JSON, "text/csv", "application/sparql-results+xml"):
        with pytest.raises(ResultTooLarge):
            bindings(endless(), ["x"], media_type, MIB)
    body = result(["x"], [{"x": uri(f"urn:{n}")} for n in range(1000)])
    with pytest.raises(ResultTooLarge):
        iris(parts(body), 10_000)


def test_iris_of_rows() -> None:
    triple = {"subject": uri("urn:a"), "predicate": uri("urn:b"), "object": uri("urn:c")}
    rows: list[dict[str, object]] = [
        {"x": uri("urn:2"), "y": uri("urn:1")},
        {"x": literal("urn:3", INTEGER), "y": {"type": "triple", "value": triple}},
        {"x": uri("urn:2")},
    ]
    assert iris(parts(result(["x", "y"], rows)), MIB) == (["urn:2", "urn:1"], 3)


def test_triples_of_rows() -> None:
    row: dict[str, object] = {"s": uri("urn:a"), "p": uri("urn:b"), "o": literal("01", INTEGER)}
    (found,) = triples_of_rows(parts(result(["s", "p", "o"], [row])))
    assert str(found) == f'<urn:a> <urn:b> "1"^^<{INTEGER}>'
    others: list[dict[str, object]] = [{}, {**row, "p": literal("1", INTEGER)}, {"s": row["s"]}]
    for wrong in others:
        with pytest.raises(RemoteError, match="no triple"):
            list(triples_of_rows(parts(result(["s", "p", "o"], [wrong]))))


def test_triples_of_n_triples() -> None:
    text = b'<urn:a> <urn:b> "01"^^<%b> .\n_:x <urn:b> "a"@en-GB .\n' % INTEGER.encode()
    found = [str(triple) for triple in triples(parts(text, 7))]
    assert found[0] == f'<urn:a> <urn:b> "1"^^<{INTEGER}>'
    with pytest.raises(RemoteError, match="not N-Triples"):
        list(triples(parts(b"<urn:a> <urn:b> .\n")))


def test_the_number_of_rows_is_known_though_they_are_empty() -> None:
    rows = RowsAsTheyCome(parts(result(["x"], [{}] * 5), 3))
    assert [*rows] == [b"{}"] * 5
    assert (rows.number, rows.variables) == (5, ["x"])
