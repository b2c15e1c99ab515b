import csv
import io
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import cast
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store

from graph.query import (
    MEDIA_TYPES,
    EmbeddedEngine,
    Engine,
    EngineFailure,
    Formats,
    NotAcceptable,
    QueryError,
    QuerySyntaxError,
    QueryTooDeep,
    Request,
    UpdateRefused,
)
from tests.graph.query.samples import (
    BASE,
    CSV,
    JSON,
    N_TRIPLES,
    PREFIXES,
    TSV,
    XML,
    ask,
    engine,
    merged,
    node,
    quads,
    rows,
)

DATA = quads({"g1": [("s", "p", "o"), ("s", "p", "x")], "g2": [("s", "p", "o")]})
ALL = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?o"
SPARQL_XML = "{http://www.w3.org/2005/sparql-results#}"
FORMS = {
    "SELECT * { ?s ?p ?o }": "bindings",
    "ASK { ?s ?p ?o }": "boolean",
    "CONSTRUCT WHERE { ?s ?p ?o }": "graph",
    "DESCRIBE ex:s": "graph",
}


def test_the_default_graph_has_each_triple_once() -> None:
    assert rows(ask(ALL, DATA)) == Counter({("s", "p", "o"): 1, ("s", "p", "x"): 1})


def test_all_named_graphs_can_be_named() -> None:
    query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    assert rows(ask(query, DATA)) == Counter({("g1", "2"): 1, ("g2", "1"): 1})


@pytest.mark.parametrize(("query", "form"), FORMS.items())
def test_an_answer_has_its_form_and_type_and_is_complete(query: str, form: str) -> None:
    answer = ask(query, DATA)
    assert answer.form == form
    assert answer.media_type == (N_TRIPLES if form == "graph" else CSV)
    assert answer.body
    assert answer.notices == ()


def test_an_embedded_engine_is_an_engine() -> None:
    used: Engine = engine(DATA)
    assert used.evaluate(Request("ASK {}", Formats(CSV, None))).body == b"true"


@pytest.mark.parametrize("offered", [None, "text/html", "application/json", "text/csv;q=1", ""])
@pytest.mark.parametrize(("query", "form"), FORMS.items())
def test_what_the_client_does_not_accept_is_not_written(
    query: str, form: str, offered: str | None
) -> None:
    graph = form == "graph"
    formats = Formats(CSV if graph else offered, offered if graph else N_TRIPLES)
    with pytest.raises(NotAcceptable) as caught:
        engine(DATA).evaluate(Request(query, formats))
    assert caught.value.form == ("graph" if graph else "bindings")
    assert caught.value.offered == MEDIA_TYPES["graph" if graph else "bindings"]
    assert all(media_type in str(caught.value) for media_type in caught.value.offered)


def test_a_query_that_cannot_be_read_is_told_before_what_cannot_be_written() -> None:
    with pytest.raises(QuerySyntaxError):
        engine(DATA).evaluate(Request("SELECT * { ?s }", Formats(None, None)))


def test_results_can_be_read_back_in_every_format() -> None:
    values = 'a,b;"c"\n\t é🧬 <&> '
    data = [
        Quad(node("s"), node("p"), Literal(values, language="en"), node("g")),
        Quad(node("s"), node("p"), Literal("1"), node("g")),
    ]
    query = "SELECT ?s ?o ?unbound { ?s ?p ?o } ORDER BY ?o"
    found = json.loads(ask(query, data, bindings=JSON).body)
    assert found["head"]["vars"] == ["s", "o", "unbound"]
    assert found["results"]["bindings"][1]["o"] == {
        "type": "literal",
        "value": values,
        "xml:lang": "en",
    }
    root = ET.fromstring(ask(query, data, bindings=XML).body)
    literals = [element.text for element in root.iter(f"{SPARQL_XML}literal")]
    assert literals == ["1", values]
    table = list(csv.reader(io.StringIO(ask(query, data).body.decode(), newline="")))
    assert table == [["s", "o", "unbound"], [BASE + "s", "1", ""], [BASE + "s", values, ""]]
    tabbed = ask(query, data, bindings=TSV).body.decode().splitlines()
    assert tabbed[:2] == ["?s\t?o\t?unbound", f'<{BASE}s>\t"1"\t']
    assert tabbed[2].endswith('"@en\t')


@pytest.mark.parametrize(
    ("query", "truth"), [("ASK { ?s ?p ?o }", True), ("ASK {?s ?s ?s}", False)]
)
def test_a_truth_can_be_read_back_in_every_format(query: str, truth: bool) -> None:
    assert json.loads(ask(query, DATA, bindings=JSON).body)["boolean"] is truth
    root = ET.fromstring(ask(query, DATA, bindings=XML).body)
    assert [e.text for e in root.iter(f"{SPARQL_XML}boolean")] == [str(truth).lower()]
    for media_type in (CSV, TSV):
        assert ask(query, DATA, bindings=media_type).body == str(truth).lower().encode()


def test_predefined_prefixes_can_be_used_and_declared_anew() -> None:
    assert ask("ASK { ex:s ex:p ex:o }", DATA).body == b"true"
    assert ask("PREFIX ex: <https://other.example/> ASK { ex:s ?p ?o }", DATA).body == b"false"
    assert ask("PREFIX ex: <https://example.org/s> ASK { ex: ?p ?o }", DATA).body == b"true"


def test_relative_iris_are_resolved_against_the_base_of_the_request() -> None:
    assert ask("ASK { <s> <p> <o> }", DATA, base=BASE).body == b"true"
    assert ask("BASE <http://other/> ASK { <s> ?p ?o }", DATA, base=BASE).body == b"false"
    with pytest.raises(QuerySyntaxError, match="no BASE"):
        ask("ASK { <s> <p> <o> }", DATA)


def test_arithmetic_and_aggregates_are_those_of_sparql() -> None:
    query = (
        "SELECT (1-2-3 AS ?a) (8/2/2 AS ?b) (SUM(?n) AS ?c) (GROUP_CONCAT(STR(?n)) AS ?d)"
        " { VALUES ?n { 1 2 } }"
    )
    assert ask(query).body.splitlines()[1] == b"-4,2,3,1 2"


def test_updates_change_nothing() -> None:
    store = merged(DATA)
    used = EmbeddedEngine(store, PREFIXES)
    before = len(store)
    for update in ("CLEAR ALL", "INSERT DATA { ex:a ex:b 1 }", "DELETE WHERE { ?s ?p ?o }"):
        with pytest.raises(UpdateRefused):
            used.evaluate(Request(update, Formats(CSV, N_TRIPLES)))
    assert len(store) == before


def test_a_failure_of_the_engine_is_told_as_such() -> None:
    # Nothing is known that makes the engine panic; a panic is no Exception in Python.
    class PanicException(BaseException):
        __module__ = "pyo3_runtime"

    class Panicking:
        def query(self, *_: object, **__: object) -> None:
            raise PanicException("no entry")

    used = EmbeddedEngine(cast("Store", Panicking()), PREFIXES)
    with pytest.raises(EngineFailure, match="no entry"):
        used.evaluate(Request("ASK {}", Formats(CSV, None)))


def test_deep_queries_and_errors_in_them_come_back_from_their_thread() -> None:
    deep = "SELECT (" + "(" * 300 + "1" + ")" * 300 + " AS ?x) {}"
    assert ask(deep).body == b"x\r\n1\r\n"
    with pytest.raises(QuerySyntaxError, match="unexpected"):
        ask(deep.replace("1)", "1 1)"))
    with pytest.raises(QueryTooDeep):
        ask("ASK " + "{" * 501 + "}" * 501)


def test_an_engine_serves_several_threads() -> None:
    used = engine(DATA)
    queries = [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) FROM ex:g1 FROM ex:g2 { ?s ?p ?o }",
        "SELECT (1" + "+1" * 100 + "-99 AS ?n) {}",
    ] * 30
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda q: used.evaluate(Request(q, Formats(CSV, None))).body, queries)
    assert set(answers) == {b"n\r\n2\r\n"}


def test_prefixes_given_to_the_engine_are_its_own() -> None:
    prefixes = {"ex": BASE}
    used = EmbeddedEngine(merged(DATA), prefixes)
    prefixes.clear()
    assert used.evaluate(Request("ASK { ex:s ?p ?o }", Formats(CSV, None))).body == b"true"


def test_the_store_is_left_as_it_was() -> None:
    store = merged(DATA)
    before = set(store)
    used = EmbeddedEngine(store, PREFIXES)
    for query in (*FORMS, "SELECT * FROM ex:g1 FROM ex:g2 { ?s ?p ?o }", "ASK FROM ex:new {}"):
        used.evaluate(Request(query, Formats(CSV, N_TRIPLES)))
    assert set(store) == before
    assert not store.contains_named_graph(NamedNode(BASE + "new"))


def test_no_error_but_ours() -> None:
    for query in (
        "ASK { FILTER(1/0) }",
        "SELECT (1/0 AS ?x) {}",
        "ASK { FILTER(REGEX('a', '[')) }",
    ):
        try:
            ask(query)
        except QueryError:
            pytest.fail(f"{query} is a query that evaluates, to nothing")


def test_no_result_of_the_engine_outlives_its_thread_in_an_error() -> None:
    """The engine cannot drop its results on another thread; a traceback would carry them there."""
    used = engine(DATA)
    refused = Request("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", Formats(CSV, None))
    with pytest.raises(NotAcceptable) as caught:
        used.evaluate(refused)
    held = [
        value
        for entry in caught.traceback
        for value in entry.frame.f_locals.values()
        if isinstance(value, QueryTriples)
    ]
    assert held == []
