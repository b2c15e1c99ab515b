"""Which lines a release may hold: the fast pattern and the engine agree."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from graph.bulk.lines import first_unfit, unfit
from graph.release import content_id

S, P, G = (NamedNode(f"https://example.org/{name}") for name in ("s", "p#x", "graph/g?a=b"))
XSD = "http://www.w3.org/2001/XMLSchema#"
START, END = "<https://e.org/s> <https://e.org/p> ", " <https://e.org/g> .\n"
TYPES = "integer decimal date gYear gYearMonth boolean double string dateTime int duration".split()
FORMS = st.one_of(
    st.from_regex(r"\A-?[0-9]{0,20}(\.[0-9]{0,20})?\Z"),
    st.from_regex(r"\A[0-9]{3,4}(-[0-9]{2}){0,2}\Z"),
    st.sampled_from(["true", "false", "1", "0", "TRUE", "1.50e1", "P1M", "24.00", "01", "-0"]),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
LITERALS = st.one_of(
    st.builds(Literal, FORMS),
    st.builds(lambda f, t: Literal(f, datatype=NamedNode(XSD + t)), FORMS, st.sampled_from(TYPES)),
    st.builds(
        lambda f, t: Literal(f, language=t), FORMS, st.sampled_from(["en", "en-gb", "x-a1", "deu"])
    ),
)


def fits_as_the_engine_writes_it_alone(value: Literal) -> None:
    given_ = f"{Quad(S, P, value, G)} .\n".encode()
    (canonical,) = content_id([Quad(S, P, value, G)])[1]
    assert first_unfit(canonical.encode() + b"\n") is None
    assert (first_unfit(given_) is None) == (canonical.encode() + b"\n" == given_)


@given(LITERALS)
def test_what_the_engine_writes_fits_and_what_it_would_rewrite_does_not(value: Literal) -> None:
    fits_as_the_engine_writes_it_alone(value)


@pytest.mark.parametrize("number", [0xEFFF, 0xF000, 0xFFFC, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE])
@pytest.mark.parametrize("text", ["{}", "a{}b", "\uf000{}{}\uffff"])
def test_what_no_xml_may_hold_is_an_escape(number: int, text: str) -> None:
    character = chr(number)
    text = text.format(character, character)
    fits_as_the_engine_writes_it_alone(Literal(text))
    raw = f'{START}"{text}"{END}'.encode()
    assert (first_unfit(raw) is None) == (unfit(raw) == "")


@pytest.mark.parametrize(
    ("middle", "says"),
    [
        ('"24.00"^^<' + XSD + "decimal>", 'write it as .*"24"'),
        ('"01"^^<' + XSD + "integer>", 'write it as .*"1"'),
        ('"a"^^<' + XSD + "string>", 'write it as .*"a" '),
        ('"a"@en-GB', "@en-gb"),
        ('"\\u0041"', 'write it as .*"A"'),
        ("_:b", "blank node"),
        ("<<( <https://e.org/s> <https://e.org/p> <https://e.org/o> )>>", "triple term"),
        ("<relative>", "no N-Quads"),
        ("<https://e.org/a b>", "no N-Quads"),
        ('"open', "no N-Quads"),
    ],
)
def test_what_a_release_cannot_hold_is_refused_with_the_reason(middle: str, says: str) -> None:
    line = (START + middle + END).encode()
    assert re.search(says, unfit(line))
    fits = f"{START}<https://e.org/o>{END}".encode()
    assert first_unfit(fits + fits + line + fits) == (2, unfit(line))


@pytest.mark.parametrize("line", [b"\n", b"# a comment\n", b"  \n"])
def test_a_line_without_a_statement_is_refused(line: bytes) -> None:
    assert "no statement" in unfit(line)


def test_the_default_graph_is_refused() -> None:
    assert "in no named graph" in unfit(f'{START}"a" .\n'.encode())


@pytest.mark.parametrize("change", ["  ", "\t"])
def test_other_spaces_are_refused(change: str) -> None:
    line = f"{START}<https://e.org/o>{END}".replace(" ", change, 1).encode()
    assert "not in canonical form" in unfit(line)
