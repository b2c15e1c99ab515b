import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.coverage.tokens import Tokens


def found(line: str, *text: str) -> list[tuple[str, str]]:
    return [(token.text, token.kind) for token in Tokens([line, *text]).of(line)]


def test_numbers_dates_codes_and_names_must_be_accounted_for() -> None:
    line = "by May, 1,250 units (24.00%) of LG-12 and mRNA went to Acme Genes"
    assert found(line) == [
        ("May", "date"),
        ("1,250", "number"),
        ("24.00%", "number"),
        ("LG-12", "code"),
        ("mRNA", "code"),
        ("Acme", "name"),
        ("Genes", "name"),
    ]


def test_a_word_that_the_text_writes_small_is_no_name_where_a_sentence_begins() -> None:
    assert found("Growth is slow. Growth it is", "the growth of it") == []
    assert found("so it calls Growth", "the growth of it") == [("Growth", "name")]
    assert found("Acme grows. Acme it is") == [("Acme", "name"), ("Acme", "name")]


def test_a_word_that_the_text_writes_small_is_no_name_in_a_heading() -> None:
    assert found("Acme Growth Outlook", "growth", "outlook") == [("Acme", "name")]


@pytest.mark.parametrize("line", ["", "   ", "all small here", "\u2022 \u2013 ..."])
def test_some_lines_have_nothing_to_account_for(line: str) -> None:
    assert found(line) == []


@given(st.text(max_size=60))
def test_a_token_stands_where_it_says_and_every_digit_is_in_one(line: str) -> None:
    tokens = list(Tokens([line]).of(line))
    covered = set[int]()
    for token in tokens:
        assert line[token.start : token.end] == token.text
        covered |= set(range(token.start, token.end))
    assert [t.start for t in tokens] == sorted(t.start for t in tokens)
    assert all(i in covered for i, c in enumerate(line) if c in "0123456789")
