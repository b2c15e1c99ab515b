"""Whatever is asked, there is an answer or an error of ours."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.query import Answer, QueryError
from graph.query.checks import admit
from tests.examples import examples
from tests.graph.query.samples import BASE, PREFIXES, TURTLE, ask, quads
from tests.graph.query.test_remote import DISGUISED, ESCAPED, GLUED, INNOCENT, PLAIN

DATA = quads({"g1": [("s", "p", "o")], "g2": [("s", "p", "o"), ("o", "p", "s")]})
LONG = """
SELECT DISTINCT ?s (COUNT(?o) AS ?n) FROM ex:g1 FROM <g2> FROM NAMED ex:g1 {
  ?s ex:p ?o .
  OPTIONAL { ?o ^ex:p/ex:q*|!(ex:r|^a) ?x }
  FILTER(?n > 3 && !BOUND(?x) || ?o IN (1, 'a'@en))
} GROUP BY ?s HAVING (COUNT(?o) < 5) ORDER BY DESC(?n) LIMIT 10 OFFSET 1
"""
SEEDS = [
    LONG,
    "SELECT * { ?s ?p ?o }",
    'PREFIX a: <urn:a> BASE <http://b/> ASK { a:b.c <d> """e"f""" , 1.5e3 , true ; a [] , (1 2) }',
    "CONSTRUCT { ?s ex:x [ ex:y ?o ] } WHERE { GRAPH ?g { ?s ?p ?o } MINUS { ?o ?p ?s } }",
    "DESCRIBE ex:s ?o WHERE { VALUES (?o ?p) { (ex:o UNDEF) (ex:s 1) } BIND(STR(?o) AS ?t) }",
    "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 1 } UNION { FILTER NOT EXISTS { ?s ?p ?o } } }",
    "SELECT (REPLACE(CONCAT ('a', 'b'), 'a', 'b') AS ?x) (<<(ex:s ex:p 1)>> AS ?t) { # c\n }",
]
WORDS = r"""
    SERVICE FROM NAMED WHERE SELECT FILTER( BIND( EXISTS{ LIMIT UNION UNDEF COUNT(*) REGEX( a true
    1 1.5 ?x ex:a ex:a.b.c ex: : <> <b> <b#c> 'd' ' " @en ^^ # \ \u0041 \uD800 { } ( ) [ ]
    << >> {| |} . ; , = < > <= ! !! - + * / | ^ && || é 🧬
"""
PIECES = st.one_of(
    st.sampled_from([*WORDS.split(), " ", "\n", "\r", "\t", "\0", "\ufeff", '"' * 3, "'" * 3]),
    st.text(max_size=3),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    query = draw(st.sampled_from(SEEDS + PLAIN + GLUED + DISGUISED + ESCAPED + INNOCENT))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(query)))
        end = start + draw(st.integers(0, 4))
        piece = draw(st.one_of(PIECES, st.just(query[end : end + 12])))
        query = query[:start] + piece + query[end:]
    return query


def outcome(query: str) -> Answer | QueryError:
    try:
        return ask(query, DATA, graph=TURTLE, base=BASE)
    except QueryError as error:
        return error


@settings(max_examples=examples(600))
@given(mutated())
def test_a_query_is_answered_or_refused_with_a_place_in_it(query: str) -> None:
    found = outcome(query)
    line, column = getattr(found, "line", None), getattr(found, "column", None)
    if line is not None and column is not None:
        lines = query.split("\n")
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1
    assert str(found)


@settings(max_examples=examples(300))
@given(mutated())
def test_what_is_admitted_means_the_same_without_the_word(query: str) -> None:
    # If the engine read a keyword SERVICE in what is admitted, it could not read the query with
    # another word in its place; in a name, a string or a comment any word will do.
    try:
        admit(query, PREFIXES)
    except QueryError:
        return
    other = query
    for word in ("SERVICE", "service", "SeRvIcE"):
        other = other.replace(word, word.replace("c", "x").replace("C", "X"))
    assert isinstance(outcome(query), Answer) == isinstance(outcome(other), Answer)


@pytest.mark.parametrize("query", SEEDS)
def test_the_seeds_are_queries(query: str) -> None:
    assert not isinstance(outcome(query), QueryError), str(outcome(query))
