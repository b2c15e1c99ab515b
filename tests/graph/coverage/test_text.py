import hashlib

import pytest

from graph.coverage.text import LocatedText, locate
from graph.problems import Problem
from graph.sources.records import Record
from ontology.description import tables


def located(text: str | bytes, *headings: str) -> tuple[LocatedText, list[Problem]]:
    records = [
        Record(tables()["sections"], "acme", "sections.csv", n, f"s{n}", {"heading": (heading,)})
        for n, heading in enumerate(headings, 1)
    ]
    problems: list[Problem] = []
    data = text if isinstance(text, bytes) else text.encode()
    return locate(data, records, problems), problems


def test_lines_with_text_are_counted_from_the_heading() -> None:
    text, problems = located("A\n\n  one \ntwo\n\nB\nthree\n", "A", "B")
    assert problems == []
    assert {place: (line.number, line.text) for place, line in text.lines.items()} == {
        ("s1", 0): (1, "A"),
        ("s1", 1): (3, "one"),
        ("s1", 2): (4, "two"),
        ("s2", 0): (6, "B"),
        ("s2", 1): (7, "three"),
    }


def test_what_stands_before_the_first_heading_is_of_no_section() -> None:
    text, _ = located("zero\nA\n", "A")
    assert ("", 0) in text.lines


def test_the_beginning_of_a_heading_is_enough_behind_a_bullet_too() -> None:
    text, problems = located(
        "\u2022 Market size and share\n- News of 2024\n", "Market size", "News"
    )
    assert problems == []
    assert text.lines["s2", 0].number == 2


def test_the_same_heading_may_come_twice() -> None:
    text, problems = located("News\none\nNews\ntwo\n", "News", "News")
    assert problems == []
    assert (text.lines["s1", 1].text, text.lines["s2", 1].text) == ("one", "two")


def test_a_heading_that_is_missing_leaves_the_others_in_place() -> None:
    text, problems = located("A\none\nC\ntwo\n", "A", "B", "C")
    assert [(p.line, p.column) for p in problems] == [(2, "heading")]
    assert text.lines["s3", 1].text == "two"


def test_a_section_without_a_heading_takes_no_line() -> None:
    text, problems = located("Title\nMarket size", "", "Market size")
    assert problems == []
    assert {key for key in text.lines if key[0]} == {("s2", 0)}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_editors_do(end: str) -> None:
    text, _ = located(end.join(["A", "\x0cone\u2028still one", "two\x85still two"]), "A")
    assert [line.number for line in text.lines.values()] == [1, 2, 3]


def test_the_hash_is_that_of_the_file_with_its_byte_order_mark() -> None:
    data = b"\xef\xbb\xbfA\n"
    text, problems = located(data, "A")
    assert problems == []
    assert text.sha256 == hashlib.sha256(data).hexdigest()
