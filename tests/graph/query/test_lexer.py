import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.query.lexer import lex


def kinds(text: str) -> list[tuple[str, str]]:
    lexed = lex(text)
    assert lexed.error is None, str(lexed.error)
    return [(token.kind, token.text) for token in lexed.tokens]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("iri", "<https://example.org/a?b=c#d>"),
        ("iri", "<>"),
        ("iri", r"<a\u00e9\U0001F600>"),
        ("iri", "<SERVICE>"),
        ("name", "ex:a"),
        ("name", "ex:"),
        ("name", ":"),
        ("name", ":a:b"),
        ("name", "ex:a.b.c"),
        ("name", "a.b-c:d-e_f"),
        ("name", "ex:1"),
        ("name", "ex:%41%e9"),
        ("name", r"ex:\-a\/b\#c\'"),
        ("name", "café:naïve"),
        ("name", "ex:🧬"),
        ("blank", "_:a"),
        ("blank", "_:1.2"),
        ("variable", "?x"),
        ("variable", "$1_é"),
        ("string", '""'),
        ("string", "''"),
        ("string", r'"a\"b\\"'),
        ("string", r"'\t\b\n\r\f\u0041\U00000041'"),
        ("string", r'"\\uD800"'),
        ("string", '""""""'),
        ("string", '"""a"b""c\nd\\""""'),
        ("string", "'''it's\n''fine'''"),
        ("language", "@en"),
        ("language", "@en-GB-1694"),
        ("language", "@ar--rtl"),
        ("number", "1"),
        ("number", "1.5"),
        ("number", ".5"),
        ("number", "1e5"),
        ("number", "1.E-5"),
        ("number", ".5e+10"),
        ("word", "SELECT"),
        ("word", "group_concat"),
        ("word", "SHA256"),
        ("word", "a"),
        ("mark", "^^"),
        ("mark", "||"),
        ("mark", "!="),
        ("mark", "<="),
    ],
)
def test_each_kind_of_token_is_one_token(kind: str, text: str) -> None:
    assert kinds(text) == [(kind, text)]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("?x<?y", ["?x", "<", "?y"]),
        ("1.", ["1", "."]),
        ("1.?x", ["1", ".", "?x"]),
        ("ex:a.", ["ex:a", "."]),
        ("ex:a..", ["ex:a", ".", "."]),
        ("_:a.", ["_:a", "."]),
        ("ex:a#b", ["ex:a"]),
        ("ex:a<b>", ["ex:a", "<b>"]),
        ("'a'@en^^<b>", ["'a'", "@en", "^^", "<b>"]),
        ("# comment\r?x # \n?y#", ["?x", "?y"]),
        ("'#'#'", ["'#'"]),
        ('"""a"""b', ['"""a"""', "b"]),
        ("-1+1", ["-", "1", "+", "1"]),
        ("SELECT*", ["SELECT", "*"]),
        ("trueSERVICE", ["trueSERVICE"]),
        ("1SERVICE", ["1", "SERVICE"]),
        ("<<(?s ?p ?o)>>", ["<<", "(", "?s", "?p", "?o", ")", ">>"]),
        ("<<?s ?p <o>>>", ["<<", "?s", "?p", "<o>", ">>"]),
        ("{|?p ?o|}", ["{|", "?p", "?o", "|}"]),
    ],
)
def test_tokens_end_where_they_should(text: str, texts: list[str]) -> None:
    assert [text for _, text in kinds(text)] == texts


@pytest.mark.parametrize(
    ("query", "is_iri"),
    [
        # In an expression, what follows an operand is an operator, whatever comes after it.
        ("ASK { FILTER(?a<?b&&?c>?d) }", False),
        ("ASK { FILTER(1<2||3>2) }", False),
        ("ASK { FILTER(?a<<b>) }", True),
        ("ASK { FILTER ex:f(?a<?b,?c>?d) }", False),
        ("ASK { FILTER <f>(?a<?b,?c>?d) }", True),
        ("ASK { BIND(IF(?a<1,2,3) AS ?b) FILTER(?c>1) }", False),
        ("SELECT (?a<?b AS ?c) (?d>1 AS ?e) {}", False),
        ("SELECT * { {SELECT * {} HAVING(?a<1) ORDER BY (?b>1)} }", False),
        ("ASK {} HAVING(?a<1) ORDER BY (?b>1)", False),
        ("ASK { FILTER(?a IN (<b>)) }", True),
        # In data, it is an IRI.
        ("ASK { ?s ?p (?a <b#c>) }", True),
        ("ASK { ?s a (?a <b'c>) }", True),
        ("ASK { (1 <b>) ?p ?o }", True),
        ("ASK { VALUES (?a ?b) {(1 <b(c)>) (<d> <e>)} }", True),
        ("ASK { FILTER EXISTS { ?s ?p (?a <b>) } }", True),
        ("ASK { ?s (<a>|^<b>) ?o }", True),
        ("ASK { ?s ?p <<(?a <b> <c>)>> }", True),
        ("ASK { FILTER(<<(?a <b> ?c)>> = ?d) }", True),
    ],
)
def test_brackets_tell_whether_a_sign_is_less_than_or_begins_an_iri(
    query: str, is_iri: bool
) -> None:
    assert any(kind == "iri" for kind, _ in kinds(query)) == is_iri


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('SELECT "a', (1, 8)),
        ('SELECT\n  "a\nb"', (2, 3)),
        ('SELECT """a""', (1, 8)),
        (r'SELECT "\q"', (1, 8)),
        (r'SELECT "\u12"', (1, 8)),
        (r'SELECT "\uD800"', (1, 8)),
        (r"SELECT <\U00110000>", (1, 8)),
        (r'SELECT """ \q """', (1, 8)),
        ("ASK {\n ?é§", (2, 4)),
        ("ASK { ?s ?p 1 )", (1, 15)),
        ("ASK {\n  FILTER (1\n}", (3, 1)),
        ("ASK {\n  FILTER (1", (2, 10)),
        ("ASK { \\", (1, 7)),
        ("ASK { ?s ex:filter (?a <b'c>) }", (1, 24)),
    ],
)
def test_what_is_no_token_is_told_with_its_place(text: str, place: tuple[int, int]) -> None:
    error = lex(text).error
    assert error is not None
    assert (getattr(error, "line", 0), getattr(error, "column", 0)) == place


@given(st.text(st.sampled_from("ab:<>(){}[]'\"\\#.?@1 \n\r\tué🧬{|}^"), max_size=40))
def test_tokens_stand_where_they_say(text: str) -> None:
    lines = text.split("\n")
    end = 0
    for token in lex(text).tokens:
        assert token.offset >= end
        end = token.offset + len(token.text)
        assert text[token.offset : end] == token.text
        line = "\n".join(lines[token.line - 1 :])
        assert line.startswith(token.text, token.column - 1)


def test_reading_takes_time_in_proportion() -> None:
    # Each of these took minutes with a lexer that looks ahead without bound.
    for text in (
        "a." * 20_000,
        "<a" * 20_000,
        "ex:a" + "." * 40_000,
        '"' * 40_001,
        "a-" * 20_000,
    ):
        lex(text)
