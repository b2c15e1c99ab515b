"""What was counted answers what the engine would, and nothing else."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    parse_query_results,
)

from graph.query import EmbeddedEngine, Formats, QueryError, Request
from graph.query.checks import admit
from graph.query.counting import Counted, from_counts
from graph.release import Release
from ontology.namespaces import RDF, RDFS
from ontology.vocabulary import prefixes

JSON = "application/sparql-results+json"
TYPE = str(RDF.type)
THINGS = {"urn:A": 3, "urn:B": 1, "urn:C": 2}
FORMATS = Formats(JSON, "text/turtle")


def stored() -> Store:
    """Six typed things, two of which have a label, and one of them two classes."""
    store = Store()
    for class_, number in THINGS.items():
        for one in range(number):
            thing = NamedNode(f"urn:thing:{one if class_ == 'urn:C' else class_[-1] + str(one)}")
            store.add(Quad(thing, RDF.type, NamedNode(class_), DefaultGraph()))
    for one in range(2):
        store.add(Quad(NamedNode(f"urn:thing:{one}"), RDFS.label, Literal("x"), DefaultGraph()))
    return store


STORE = stored()
COUNTED = Counted(len(STORE), THINGS)
PLAIN = EmbeddedEngine(STORE, prefixes())
QUICK = EmbeddedEngine(STORE, prefixes(), counted=COUNTED)


def answered(engine: EmbeddedEngine, query: str) -> Any:
    """The names and the solutions of an answer, in order where that is asked for; or the error."""
    try:
        body = engine.evaluate(Request(query, FORMATS)).body
    except QueryError as error:
        return type(error)
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    rows = [tuple(map(str, row)) for row in found]
    return found.variables, rows if "ORDER" in query else Counter(rows)


def replaced(query: str) -> bool:
    """Whether a query is answered from counts."""
    admitted = admit(query, prefixes())
    return from_counts(admitted.tokens[len(admitted.outline.prologue) :], COUNTED) is not None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "select (count(?p) as $n) where { $s ?p $o . } limit 10",
        "PREFIX ex: <urn:x> # all\nSELECT (COUNT(*) AS ?n) WHERE {\n ?s ?p ?o\n}",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } OFFSET 1",
        "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c",
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c . } GROUP BY ?c ORDER BY DESC(?n) ?c",
        f"SELECT (COUNT(*) AS ?n) ?c WHERE {{ ?s {TYPE} ?c }} GROUP BY ?c ORDER BY ?c LIMIT 2",
        "SELECT ?c (COUNT(?c) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ASC(?n) OFFSET 1 LIMIT 1",
        "SELECT DISTINCT ?c { ?s a ?c } ORDER BY ?c",
    ],
)
def test_the_first_questions_are_answered_from_counts(query: str) -> None:
    assert replaced(query)
    assert answered(QUICK, query) == answered(PLAIN, query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(?x) AS ?n) { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?s }",
        "SELECT (COUNT(*) AS ?s) { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(?o > 1) }",
        "SELECT (COUNT(*) AS ?n) { ?s a ?o }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }",
        "SELECT (COUNT(*) AS ?n) FROM <urn:g> { ?s ?p ?o }",
        "SELECT ?c (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c } GROUP BY ?c",
        "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?s",
        "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c HAVING(?n > 1)",
        "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(COUNT(?s))",
        "SELECT ?s (COUNT(?c) AS ?n) { ?s a ?c } GROUP BY ?s",
        "SELECT ?c { ?s a ?c }",
        "SELECT DISTINCT ?s { ?s a ?c }",
        "SELECT DISTINCT ?c { ?c a ?c }",
        "SELECT DISTINCT ?c { ?s a ?c } ORDER BY ?s",
        "SELECT DISTINCT ?c { ?s A ?c }",
    ],
)
def test_all_others_are_asked_of_the_engine(query: str) -> None:
    assert not replaced(query)
    assert answered(QUICK, query) == answered(PLAIN, query)


NAMES = st.sampled_from(["?x", "?y", "?z", "$x"])
INSIDE = st.sampled_from(["*", "?x", "?y", "DISTINCT ?x", "DISTINCT ?y", "DISTINCT *"])
VERBS = st.sampled_from(["a", TYPE, "?z", "rdfs:label"])
ENDS = st.sampled_from(
    ["", "GROUP BY ?y", "GROUP BY ?x", "GROUP BY ?y ORDER BY ?y", "ORDER BY ?x", "LIMIT 1"]
)


@given(NAMES, INSIDE, NAMES, NAMES, VERBS, NAMES, ENDS, st.booleans(), st.booleans())
def test_whatever_is_asked_the_answer_is_that_of_the_engine(  # noqa: PLR0917
    first: str,
    inside: str,
    number: str,
    subject: str,
    verb: str,
    thing: str,
    end: str,
    grouped: bool,
    distinct: bool,
) -> None:
    shown = (
        f"{first} (COUNT({inside}) AS {number})" if grouped else f"(COUNT({inside}) AS {number})"
    )
    shown = f"DISTINCT {first}" if distinct else shown
    query = f"SELECT {shown} {{ {subject} {verb} {thing} }} {end}"
    if end == "LIMIT 1" and ("GROUP" in query or distinct or "COUNT" not in query):
        return  # which one that is, is open
    assert answered(QUICK, query) == answered(PLAIN, query)


@pytest.mark.parametrize("prologue", ["PREFIX ex: <urn:\\u0020>", "BASE <x>", "PREFIX : <y>"])
def test_what_is_wrong_before_it_is_still_told(prologue: str) -> None:
    query = f"{prologue}\nSELECT (COUNT(*) AS ?n) {{ ?s ?p ?o }}"
    told = []
    for engine in (QUICK, PLAIN):
        try:
            told.append(engine.evaluate(Request(query, FORMATS)).body)
        except QueryError as error:
            told.append(str(error).encode())
    assert told[0] == told[1]


def test_counts_are_forgotten_with_the_first_write() -> None:
    store = Store()
    engine = EmbeddedEngine(store, prefixes(), counted=Counted(5, {}))
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert "5" in str(answered(engine, query))
    engine.changed()
    assert "0" in str(answered(engine, query))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY ?c",
        "SELECT DISTINCT ?c { ?s a ?c } ORDER BY ?c",
    ],
)
def test_what_is_shipped_was_counted_rightly(landscape_release: Release, query: str) -> None:
    quick = EmbeddedEngine.over(landscape_release)
    plain = EmbeddedEngine.over(landscape_release, landscape_release.store())
    assert answered(quick, query) == answered(plain, query)
