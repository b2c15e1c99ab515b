"""What is no update: the place, and the words."""

import pickle

import pytest

from graph.query import QuerySyntaxError, QueryTooDeep, RemoteAccessRefused
from graph.update import (
    CuratedGraph,
    DefaultGraphIsView,
    DerivedGraph,
    GraphExists,
    GraphNotFound,
    InvalidBody,
    UnsupportedBodyType,
    UpdateError,
    UsingConflict,
)
from tests.graph.update.samples import filled, on, update

SYNTAX = [
    ("SELECT * {}", "line 1, column 1: SELECT begins a query, .* send it as query="),
    ("PREFIX a: <a:>\nASK {}", "line 2, column 1: ASK begins a query"),
    ("INSRT DATA {}", "line 1, column 1: INSRT is no word of SPARQL. Did you mean INSERT"),
    ("{}", "line 1, column 1: an operation begins with one of ADD, CLEAR, .* not {"),
    (";", "line 1, column 1: an operation begins"),
    ("INSERT DATA {} ;; CLEAR ALL", "line 1, column 17: an operation begins"),
    ("INSERT DATA {}\nCLEAR ALL", "line 2, column 1: unexpected CLEAR; a semicolon stands"),
    ("INSERT DATA { e:a ex:p 1 }", "line 1, column 15: the prefix e: is not .* Did you mean ex?"),
    ("CLEAR ALL ; PREFIX x: <x:> CREATE GRAPH y:g", "line 1, column 41: the prefix y: is not"),
    ("CLEAR GRAPH x:g ; PREFIX x: <x:>", "line 1, column 13: the prefix x: is not declared"),
    ("INSERT DATA { ex:a <p> 1 }", "line 1, column 20: <p> is no IRI, or a relative one"),
    ("PREFIX x: <rel/> CLEAR ALL", "line 1, column 11: <rel/> is no IRI"),
    ("PREFIX <x:> CLEAR ALL", "line 1, column 1: expected here: PREFIX name: <IRI>"),
    ("INSERT DATA {\n ex:a ex:p 1", "line 1, column 13: { is never closed"),
    ("INSERT DATA { ex:a ex:p }", "line 1, column 25: unexpected }"),
    ("INSERT DATA { ex:a ?p 1 }", "line 1, column 20: INSERT DATA holds no var.*INSERT .* WHERE"),
    ("DELETE DATA { ex:a ex:p ?o }", "line 1, column 25: DELETE DATA holds no variables"),
    ("DELETE DATA { ex:a ex:p _:b }", "line 1, column 25: DELETE DATA holds no blank nodes"),
    ("DELETE { ?s ?p [] } WHERE { ?s ?p 1 }", "line 1, column 16: the template of DELETE holds"),
    ("DELETE WHERE { ?s ?p (1) }", "line 1, column 22: DELETE WHERE holds no blank nodes"),
    ("WITH ex:g DELETE WHERE { ?s ?p ?o }", "line 1, column 18: unexpected WHERE"),
    ("INSERT { ?s ?p 1 } WHERE { ?s ?p 1 } LIMIT 1", "line 1, column 38: unexpected LIMIT"),
    ("INSERT { ?s ?p 1 }", "line 1, column 19: the operation ends too early"),
    ("CLEAR GRAPH ; CLEAR ALL", "line 1, column 13: the operation ends too early"),
    ("COPY ex:a ex:b", "line 1, column 11: unexpected ex:b"),
    ("INSERT DATA { _:b ex:p 1 } ;\nINSERT DATA { _:b ex:p 2 }", "line 2, column 15: _:b is in"),
    (
        "DELETE {} WHERE { _:b ex:p 1 } ; INSERT {} WHERE { _:b ex:p 1 }",
        "line 1, column 52: _:b is in an operation before",
    ),
    ("INSERT DATA { ex:a ex:p '\ud800' }", "line 1, column 26: half of a surrogate pair"),
]


@pytest.mark.parametrize(("text", "message"), SYNTAX)
def test_a_syntax_error_has_its_place_and_a_remedy(text: str, message: str) -> None:
    with pytest.raises(QuerySyntaxError, match=f"^{message.replace('{', '[{]')}"):
        update(text)


def test_labels_may_be_the_same_in_a_template_and_in_data() -> None:
    text = """
        INSERT DATA { _:b ex:p 1 } ;
        INSERT { _:b ex:p 2 } WHERE { _:b ex:p 1 } ;
        INSERT { _:b ex:p 3 } WHERE {}
    """
    assert update(text).inserted == 3


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <http://127.0.0.1:9/> INTO GRAPH ex:g",
        "CREATE GRAPH ex:g ; load <http://127.0.0.1:9/>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { SERVICE SILENT ?x { ?s ?p ?o } } }",
        r"INSERT { ?s ?p ?o } WHERE { S\u0045RVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_nothing_reaches_out(text: str) -> None:
    with pytest.raises(RemoteAccessRefused, match="would reach out to another machine"):
        update(text)


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ ex:a ex:p {'[ ex:p ' * 501} 1 {']' * 501} }}",
        f"INSERT {{ ex:a ex:p ?x }} WHERE {{ BIND(1{'-1' * 1100} AS ?x) }}",
        f"DELETE WHERE {{ {' '.join(f'GRAPH ?g{n} {{ ?s ?p {n} }}' for n in range(201))} }}",
    ],
)
def test_what_the_engine_might_not_survive_is_refused(text: str) -> None:
    with pytest.raises(QueryTooDeep, match="limit"):
        update(text)


def test_data_may_be_wide_and_deep() -> None:
    graphs = " ".join(f"GRAPH ex:g{n} {{ ex:a ex:p -{n} }}" for n in range(1, 2000))
    assert update(f"INSERT DATA {{ {graphs} }}").inserted == 1999
    nested = "[ ex:p " * 450 + "1" + "]" * 450
    assert update(f"INSERT DATA {{ ex:a ex:p {nested} }}").inserted == 451
    assert update(f"INSERT DATA {{ ex:a ex:p ({' 1' * 5000}) }}").inserted == 10_001


def test_an_error_in_the_last_operation_comes_before_anything_is_done() -> None:
    store = filled("ex:a ex:p 1")
    before = {*store}
    with pytest.raises(QuerySyntaxError):
        on(store, "DELETE WHERE { ?s ?p ?o } ; INSERT DATA { ex:a ex:p 2 } ; CREATE ex:g")
    with pytest.raises(DerivedGraph):
        on(store, "DELETE WHERE { ?s ?p ?o } ; CREATE SILENT GRAPH g:default")
    assert {*store} == before


@pytest.mark.parametrize(
    "error",
    [
        CuratedGraph("http://e/g", "seeds/e/"),
        DerivedGraph("http://e/g"),
        DefaultGraphIsView(),
        GraphNotFound("http://e/g"),
        GraphNotFound(None),
        GraphExists("http://e/g"),
        InvalidBody("no triples", 3, 4),
        InvalidBody("no triples"),
        UnsupportedBodyType("text/html", ("text/turtle",)),
        UsingConflict("WITH", 1, 2),
    ],
)
def test_errors_cross_processes(error: UpdateError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)
