"""What a database is sent: complete in itself, and nothing that we did not understand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from graph.query import QueryError, QuerySyntaxError
from graph.query.checks import admit
from graph.remote.text import Dataset, Sendable, sendable
from ontology.vocabulary import prefixes
from tests.remote.test_answers import PATTERNS

BASE = "https://w3id.org/therascape/"


DATASET = Dataset(["urn:default"], ["urn:named"])
CLAUSES = "FROM <urn:default> FROM NAMED <urn:named>"


def sent(query: str, base: str | None = BASE) -> Sendable:
    return sendable(admit(query, prefixes()), base, prefixes(), DATASET)


@pytest.mark.parametrize("name", PATTERNS)
def test_it_can_be_read_without_anything_that_only_we_know(name: str) -> None:
    text = sent(PATTERNS[name]).text
    Store().query(text)  # neither base nor prefixes are given
    assert text.count("FROM") == 2
    assert not any(line.lstrip().startswith("#") for line in text.splitlines())


def test_only_prefixes_that_are_used_are_declared() -> None:
    text = sent("SELECT * { ?s a kg:Organisation }").text
    assert text.count("PREFIX") == 1
    text = sent("PREFIX kg: <urn:x:> SELECT * { ?s a kg:Organisation }").text
    assert "urn:x:" in text
    assert text.count("PREFIX") == 1


def test_a_base_of_the_query_counts_after_ours() -> None:
    text = sent("BASE <other/> SELECT * { <a> ?p ?o }").text
    assert text.index(f"BASE <{BASE}>") < text.index("BASE <other/>")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("SELECT * FROM <urn:a> { ?s ?p ?o }", "SELECT * + { ?s ?p ?o }"),
        (
            "SELECT * FROM <urn:a> FROM NAMED <urn:b> WHERE { ?s ?p ?o }",
            "SELECT * + WHERE { ?s ?p ?o }",
        ),
        (
            "CONSTRUCT { ?s ?p <urn:a> } FROM <urn:a> WHERE { ?s ?p <urn:a> }",
            "CONSTRUCT { ?s ?p <urn:a> } + WHERE { ?s ?p <urn:a> }",
        ),
        ("ASK FROM NAMED <urn:a> { ?s <urn:FROM> ?o }", "ASK + { ?s <urn:FROM> ?o }"),
        ('SELECT ("FROM <urn:a>" AS ?x) {}', 'SELECT ( "FROM <urn:a>" AS ?x ) + { }'),
    ],
)
def test_our_dataset_takes_the_place_of_its_own(query: str, kept: str) -> None:
    assert sent(query, None).text.split() == kept.replace("+", CLAUSES).split()


@pytest.mark.parametrize(
    ("query", "counted"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "WHERE { ?s ?p ?o }"),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3", "{ ?s ?p ?o } LIMIT 3"),
        ("CONSTRUCT WHERE { ?s ?p ?o } OFFSET 1", "WHERE { ?s ?p ?o } OFFSET 1"),
        ("CONSTRUCT { _:b <urn:p> [ ] } { { ?s ?p ?o } }", "{ { ?s ?p ?o } }"),
    ],
)
def test_the_solutions_of_a_graph_are_counted(query: str, counted: str) -> None:
    expected = f"SELECT (COUNT(*) AS ?n) {CLAUSES} {{ {{ SELECT * {counted} }} }}"
    assert sent(query, None).solutions.split() == expected.split()
    Store().query(sent(query, None).solutions)


def test_what_is_described_is_told_apart() -> None:
    names, query = sent("DESCRIBE <urn:a> ?x kg:b WHERE { ?x ?p ?o } LIMIT 2", None).described()
    assert [token.text for token in names] == ["<urn:a>", "kg:b"]
    assert query is not None
    assert (
        query[0].split()
        == (
            sent("DESCRIBE ?x kg:b WHERE { ?x ?p ?o }", None).prologue
            + f" SELECT DISTINCT ?x {CLAUSES} WHERE {{ ?x ?p ?o }} LIMIT 2"
        ).split()
    )
    names, query = sent("DESCRIBE <urn:a>", None).described()
    assert query is None
    _, query = sent("DESCRIBE * { ?x ?p ?o }", None).described()
    assert query is not None
    assert "DISTINCT *" in query[0]


@pytest.mark.parametrize("scheme", ["java", "bif", "sql", "tag", "file", "ftp", "javascript"])
def test_names_of_other_schemes_are_not_sent(scheme: str) -> None:
    with pytest.raises(QuerySyntaxError, match=f"line 1, column 15: .*{scheme}:"):
        sent(f"SELECT * {'{'} ?s <{scheme}:x> ?o {'}'}")


@pytest.mark.parametrize(
    "query",
    [
        r"SELECT * { ?s <\u006aava:x> ?o }",
        r"SELECT * { ?s <\U0000006Aava\u003ax> ?o }",
        r"BASE <\u006Aava:com.x/> SELECT * { ?s <y> ?o }",
        r"PREFIX e: <\u006aava:com.x.> SELECT * { ?s e:y ?o }",
    ],
)
def test_escapes_hide_no_scheme(query: str) -> None:
    with pytest.raises(QuerySyntaxError, match="java:"):
        sent(query)


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        (r'"caf\u00e9"', '"café"'),
        (r'"\u0022 \u005C \u000a \U0000000D \u0009"', '"\\" \\\\ \\n \\r \t"'),
        (r'"\\u0041 \t"', r'"\\u0041 \t"'),
        (r"'''\u0027\u0027\u0027'''", r"'''\'\'\''''"),
    ],
)
def test_what_is_sent_has_no_codepoint_escapes(written: str, spelt: str) -> None:
    text = sent(f"SELECT ({written} AS ?x) {{}}", None).text
    assert f"SELECT ( {spelt} AS ?x )" in text
    assert value_of(text) == value_of(f"SELECT ({written} AS ?x) {{}}")


def value_of(query: str) -> str:
    found = Store().query(query)
    assert isinstance(found, QuerySolutions)
    return str(next(found)["x"].value)


@pytest.mark.parametrize("letter", ["003e", "003c", "0020", "005c", "0000", "007b"])
def test_an_iri_has_no_escape_for_what_ends_it(letter: str) -> None:
    with pytest.raises(QuerySyntaxError):
        sent(rf"SELECT * {{ ?s <http://a.example/\u{letter}b> ?o }}")


@pytest.mark.parametrize("nothing", ["\0", r"\u0000"])
def test_nothing_after_a_null_can_be_left_out(nothing: str) -> None:
    with pytest.raises(QuerySyntaxError, match="U\\+0000"):
        sent(f'SELECT * {{ ?s ?p "a{nothing}" }}')


def test_but_data_may_have_any_name() -> None:
    text = sent("SELECT * { VALUES ?s { <javascript:alert(1)> <tag:x> } ?s ?p <urn:o> }").text
    assert "<javascript:alert(1)>" in text
    with pytest.raises(QuerySyntaxError):
        sent("SELECT * { VALUES ?s { <tag:x> } ?s <tag:y> ?o }")


@given(st.text(st.sampled_from("{}()<>?sSELCTFROMNAMD:ab.;#\"'\\ \n*+/^"), max_size=40))
def test_whatever_is_sent_was_understood(text: str) -> None:
    query = f"SELECT * {{ ?s ?p ?o }} {text}"
    try:
        Store().query(query, prefixes=prefixes())
        made = sent(query, None).text
    except (SyntaxError, ValueError, RuntimeError, QueryError):
        return
    Store().query(made)
