"""Text from elsewhere cannot steer a terminal, and errors show their place."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.query import Answer
from service.results import Rows, Term, read_rows, short
from service.tables import print_rows, terminal
from service.text import excerpt, legible, visible

BASE = "https://w3id.org/therascape/"


@given(st.text())
def test_no_control_character_is_left(text: str) -> None:
    assert not set(visible(text)) & {chr(c) for c in (*range(10), *range(11, 32), 127, 0x202E)}


def test_an_excerpt_ends_at_the_line_at_fault() -> None:
    lines = excerpt("a\nb\r\nc\u2028c\nd\ne", 3, 2)
    assert [(line.number, line.text, line.column) for line in lines] == [
        (1, "a", None),
        (2, "b", None),
        (3, "c\u2028c", 2),
    ]
    assert excerpt("a", 0, 0) == ()


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/therascape/ns#Claim", "kg:Claim"),
        ("https://w3id.org/therascape/id/agent/x", "<id/agent/x>"),
        ("http://elsewhere.example/x", "<http://elsewhere.example/x>"),
    ],
)
def test_short_iris_are_what_a_query_may_say(iri: str, expected: str) -> None:
    assert short(iri, BASE) == expected


def test_a_table_in_a_pipe_is_never_cut() -> None:
    out = io.StringIO()
    long = "long " * 60
    rows = Rows(
        ("name\x1b", "n"),
        ((Term("literal", f"\x1b[31m{long}"), None), (Term("blank", "b"), None)),
        2,
    )
    print_rows(terminal(file=out), rows, BASE)
    assert long.strip() in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert "2 rows" in out.getvalue()


def test_terms_of_a_result() -> None:
    body = (
        b'{"head":{"vars":["a","b","c","d"]},"results":{"bindings":[{'
        b'"a":{"type":"uri","value":"urn:x"},"b":{"type":"bnode","value":"b0"},'
        b'"c":{"type":"literal","value":"7","datatype":'
        b'"http://www.w3.org/2001/XMLSchema#integer"},'
        b'"d":{"type":"literal","value":"sieben","xml:lang":"de"}},{}]}}'
    )
    rows = read_rows(Answer("bindings", "application/sparql-results+json", body, ()), most=1)
    assert rows.total == 2
    (row,) = rows.rows
    assert [(t.kind, t.value, t.language, t.is_number) for t in row if t] == [
        ("iri", "urn:x", None, False),
        ("blank", "b0", None, False),
        ("literal", "7", None, True),
        ("literal", "sieben", "de", False),
    ]


def test_a_graph_is_shown_in_order() -> None:
    body = b'<urn:b> <urn:p> "2" .\n<urn:a> <urn:p> "1"@en .\n'
    rows = read_rows(Answer("graph", "application/n-triples", body, ()))
    assert [row[0].value for row in rows.rows if row[0]] == ["urn:a", "urn:b"]


def test_what_a_page_cannot_have_is_shown_by_its_picture() -> None:
    assert legible("plain\ttext\n") == "plain\ttext\n"
    assert legible("a\x00b\x1bc\x7fd\x85e") == "a\u2400b\u241bc\u2421d\ufffde"
    assert legible("a\r\nb\rc") == "a\nb\u240dc"
    assert legible("\ufffe\ud800\U0001ffff") == "\ufffd" * 3
    assert legible("\U0001f9ec \u05e9") == "\U0001f9ec \u05e9"


def test_no_direction_of_writing_goes_on_behind_a_text() -> None:
    assert legible("\u202eabc") == "\u202eabc\u202c"
    assert legible("\u202ea\u202cb") == "\u202ea\u202cb"
    assert legible("\u2067a\u202eb") == "\u2067a\u202eb\u202c\u2069"
    assert legible("\u2067a\u202eb\u2069") == "\u2067a\u202eb\u2069"
    assert legible("\u2069\u202c\u2066") == "\u2069\u202c\u2066\u2069"


def test_marks_upon_one_letter_are_few() -> None:
    assert legible("Z" + "\u0315" * 200) == "Z" + "\u0315" * 8
    assert legible("o\u0302\u0301") == "o\u0302\u0301"
