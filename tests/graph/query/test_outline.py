import pytest

from graph.query import QuerySyntaxError, UpdateRefused
from graph.query.checks import admit
from tests.graph.query.samples import PREFIXES


@pytest.mark.parametrize(
    ("query", "defaults", "named"),
    [
        ("SELECT * {}", [], []),
        ("SELECT * FROM <a:b> {}", ["<a:b>"], []),
        ("SELECT*FROM<a:b>FROM NAMED<a:c>WHERE{}", ["<a:b>"], ["<a:c>"]),
        ("select ?x from ex:a from named ex:b from ex:c where {}", ["ex:a", "ex:c"], ["ex:b"]),
        ("SELECT (EXISTS { ?s ?p ?o } AS ?x) FROM ex:a {}", ["ex:a"], []),
        ("ASK FROM ex:a {}", ["ex:a"], []),
        ("CONSTRUCT { ?s ?p ?o } FROM ex:a WHERE { ?s ?p ?o }", ["ex:a"], []),
        ("CONSTRUCT FROM ex:a WHERE { ?s ?p ?o }", ["ex:a"], []),
        ("DESCRIBE ex:x FROM ex:a", ["ex:a"], []),
        ("DESCRIBE ?x ex:y FROM NAMED ex:a FROM ex:b LIMIT 1", ["ex:b"], ["ex:a"]),
        ("PREFIX from: <a:> BASE <b:> VERSION '1.1' ASK FROM from:from {}", ["from:from"], []),
        ("SELECT ?from FROM # FROM <x:y>\n <a:b> {}", ["<a:b>"], []),
        ("SELECT ('FROM <x:y>' AS ?x) { ?s ex:from ?from }", [], []),
    ],
)
def test_dataset_clauses_are_found(query: str, defaults: list[str], named: list[str]) -> None:
    outline = admit(query, PREFIXES).outline
    assert [token.text for token in outline.default_graphs] == defaults
    assert [token.text for token in outline.named_graphs] == named


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:b> <a:b> 1 }",
        "insert { ?s ?p ?o } where { ?s ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
        "WITH <a:b> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "PREFIX a: <a:> # SELECT\n CLEAR ALL",
        "DROP GRAPH <a:b>",
        "CREATE SILENT GRAPH <a:b>",
        "ADD <a:b> TO <a:c>",
        "MOVE DEFAULT TO <a:c>",
        "COPY <a:b> TO DEFAULT",
    ],
)
def test_updates_are_told_from_queries(update: str) -> None:
    with pytest.raises(UpdateRefused, match=r"line \d+, column \d+: .* for reading only"):
        admit(update, PREFIXES)


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        ("", (1, 1), "the query is empty"),
        ("# nothing\n", (2, 1), "the query is empty"),
        ("PREFIX a: <a:>", (1, 15), "there is no SELECT"),
        ("SELEC * {}", (1, 1), "Did you mean SELECT"),
        ("\n SELECTDISTINCT * {}", (2, 2), "a query begins with SELECT"),
        ("{ ?s ?p ?o }", (1, 1), "a query begins with SELECT"),
        ("PREFIX ex <a:> ASK {}", (1, 1), "PREFIX name: <IRI>"),
        ("PREFIX ex:a <a:> ASK {}", (1, 1), "PREFIX name: <IRI>"),
        ("PREFIX", (1, 1), "PREFIX name: <IRI>"),
        ("BASE ex: ASK {}", (1, 1), "BASE <IRI>"),
        ("VERSION 1.1 ASK {}", (1, 1), "VERSION"),
        ("SELECT * FROM {}", (1, 10), "FROM <IRI>"),
        ("SELECT * FROM NAMED ?g {}", (1, 10), "FROM <IRI>"),
        ("SELECT *\nFROM foo:g {}", (2, 6), "the prefix foo: is not declared.*ex:, xsd:"),
        ("SELECT * FROMex:g {}", (1, 10), "the prefix FROMex: is not declared"),
        ("SELECT * { ?s ?p ?o FILTR(?o) }", (1, 21), "Did you mean FILTER"),
    ],
)
def test_a_malformed_beginning_is_told_with_its_place(
    query: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(QuerySyntaxError, match=message) as caught:
        admit(query, PREFIXES)
    assert (caught.value.line, caught.value.column) == place


def test_half_a_surrogate_pair_is_no_character() -> None:
    with pytest.raises(QuerySyntaxError, match="surrogate") as caught:
        admit("ASK {\n ?s ?p '\ud83d' }", PREFIXES)
    assert (caught.value.line, caught.value.column) == (2, 9)
