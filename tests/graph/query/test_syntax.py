import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.query import EngineFailure, QueryError, QuerySyntaxError, UnsupportedFunction
from tests.graph.query.samples import ask, quads

DATA = quads({"g": [("s", "p", "o")]})


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        ("SELECT", (1, 7), "the query ends too early; expected one of: "),
        ("SELECT *\n", (2, 1), "the query ends too early; expected one of: {"),
        ("SELECT * { ?s ?p }", (1, 18), "unexpected }"),
        ("SELECT * {?s ?p}", (1, 16), "unexpected }"),
        ("SELECT * {\n  ?s ?p ?o\n  ?x\n}", (3, 3), "unexpected ?x"),
        ("SELECT * {\n  ?s ?p 'é🧬' ?x\n}", (2, 14), "unexpected ?x"),
        ("SELECT * {\r\n  # é\r\n  ?s ?p ?o ?x\r\n}", (3, 12), "unexpected ?x"),
        ('SELECT * { ?s ?p """a\nb\n""" ?x }', (3, 5), "unexpected ?x"),
        ("SELECT * { ?s ?p ?o FILTER ?o }", (1, 28), "unexpected ?o"),
        ("SELECT * { ?s ?p ?o FILTER(?o > ) }", (1, 33), "unexpected )"),
        ("SELECT * { ?s ?p ?o FILTER(?o => 3) }", (1, 32), "unexpected >"),
        ("SELECT * WHERE { ?s ?p ?o } ORDER ?s", (1, 35), "unexpected ?s"),
        ("SELECT * { OPTIONAL ?s ?p ?o }", (1, 21), "unexpected ?s; expected one of: {"),
        ("SELECT ?s, ?o { ?s ?p ?o }", (1, 10), "unexpected ,"),
        ("SELECT * { ?s ?p ?o } LIMIT -1", (1, 29), "unexpected -"),
        ("SELECT COUNT(*) { ?s ?p ?o }", (1, 8), "(… AS ?name)"),
        ("SELECT * { ?s ?p ?o BIND(1 AS ?s) }", (1, 35), "perhaps BIND sets"),
        ("SELECT * { ?s ?p ?o { BIND(1 AS ?s) } ?x }", (1, 42), "unexpected }"),
        ("SELECT * { {_:a ?p ?o} {_:a ?p ?o} }", (1, 25), "two groups"),
        ("SELECT ?x { ?s ?p ?o } GROUP BY ?s", (1, 35), "a variable that is unbound"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", (1, 34), "not authorized with GROUP BY"),
        ("SELECT (1 AS ?x) (2 AS ?x) {}", (1, 30), "Duplicated variable name"),
        ("SELECT * { VALUES (?a ?b) {(1)} }", (1, 31), "exactly the same number of values"),
        ("SELECT * { ?s ?p ?o } LIMIT 99999999999999999999", (1, 29), "non negative integer"),
        ("SELECT * {\n ?s <rel> ?o }", (2, 5), "<rel> is no IRI, or a relative one"),
        ("SELECT * { ?s <http://a:b:c/> ?o }", (1, 15), "<http://a:b:c/> is no IRI"),
        ("PREFIX a: <rel> SELECT * { ?s ?p ?o }", (1, 11), "<rel> is no IRI"),
        ("SELECT * {\n ?s foo:bar ?o }", (2, 5), "write PREFIX foo: <…> first"),
        ("SELECT * {\n ?s foo:bar ?o }", (2, 5), "Predefined are: ex:, xsd:"),
        ("SELECT * { ?s ?p 1^^xds:date }", (1, 19), "unexpected ^^"),
        ("SELECT * { ?s ?p '1'^^xds:date }", (1, 23), "Did you mean xsd"),
        ("SELECT * { ?s ?p ?o . FILTER(:x = 1) }", (1, 30), "the prefix : is not declared"),
        ("SELECT * { ?s ex:🧬 ?o }", (1, 15), "write it as a full <IRI>"),
        ("ASK { ?s ?p ?o } }", (1, 18), "unexpected }"),
        ("\ufeffASK {}", (1, 1), "unexpected"),
        ("ASK {\x0c}", (1, 6), "unexpected"),
    ],
)
def test_errors_name_the_token_and_its_place(
    query: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ask(query, DATA)
    assert (caught.value.line, caught.value.column) == place
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"line {place[0]}, column {place[1]}: ")


def test_places_are_those_of_the_text_as_written() -> None:
    query = "S\\u0045LECT * {\n ?\\u0073 ex:\\u0070 ?o\n\\u003Fx }"
    with pytest.raises(QuerySyntaxError, match=r"unexpected \?x") as caught:
        ask(query, DATA)
    assert (caught.value.line, caught.value.column) == (3, 1)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER <https://example.org/f>(1) }",
        "ASK { FILTER ex:f (1) }",
        "PREFIX e: <https://example.org/> ASK { FILTER(STR(1) = ex:s || e:f(1)) }",
    ],
)
def test_an_unknown_function_is_told_with_its_place(query: str) -> None:
    with pytest.raises(
        UnsupportedFunction, match=r"no function <https://example\.org/f>"
    ) as caught:
        ask(query, DATA)
    called = query[(caught.value.column or 0) - 1 :]
    assert called.startswith(("<https://example.org/f>", "ex:f", "e:f"))


@pytest.mark.parametrize("given", [0, 2])
def test_a_function_with_too_few_or_many_arguments_is_told_with_its_place(given: int) -> None:
    arguments = ", ".join("1" * given)
    with pytest.raises(UnsupportedFunction, match=f"takes 1 argument, not {given}") as caught:
        ask(f"SELECT (xsd:double({arguments}) AS ?d) {{}}", DATA)
    assert (caught.value.line, caught.value.column) == (1, 9)


@pytest.mark.parametrize(
    "query",
    [
        # Valid SPARQL 1.1 that the engine reads only when it is spelt otherwise.
        "SELECT (CONCAT ('a', COALESCE # why\n ('b')) AS ?x) {}",
        "SELECT (IF(ISBLANK(BNODE ()), 'ab', '') AS ?x) {}",
        "SELECT ?x { ex:s ex:p ?o . BIND('ab' AS ?x) OPTIONAL { ?s ex:a.b.c.d ?y } }",
        "SELECT ?x { VALUES ?x { 'ab' } OPTIONAL { ?s ex:a\\.b.c.d\\- ?y } }",
        "SELECT ?\\u0078 { BIND('\\u0061b' AS ?x) FILTER(?x = 'a\\u0062') }",
        "S\\U00000045LECT ?x { BIND('ab' AS ?x) OPTIONAL { ?s ex:caf\\u00e9 ?o } }",
    ],
)
def test_valid_queries_that_the_engine_does_not_read_are_spelt_for_it(query: str) -> None:
    assert ask(query, DATA).body == b"x\r\nab\r\n"


def test_names_with_dots_keep_their_meaning() -> None:
    data = quads({"g": [("a.b.c", "p", "o")]})
    assert ask("SELECT ?o { ex:a.b.c ex:p ?o }", data).body == b"o\r\nhttps://example.org/o\r\n"


def test_a_base_that_is_none_is_a_failure_and_no_crash() -> None:
    with pytest.raises(EngineFailure, match="base IRI"):
        ask("ASK {}", DATA, base="no base")


def test_errors_are_of_one_family() -> None:
    assert issubclass(QuerySyntaxError, QueryError)
    assert issubclass(UnsupportedFunction, QuerySyntaxError)


def test_a_number_keeps_its_sign_in_what_is_spelt_anew() -> None:
    five = Quad(NamedNode("urn:s"), NamedNode("urn:a.b.c"), Literal(-5), NamedNode("urn:g"))
    query = "PREFIX u: <urn:> SELECT ?s { ?s u:a.b.c -5 }"
    assert ask(query, [five]).body == b"s\r\nurn:s\r\n"
