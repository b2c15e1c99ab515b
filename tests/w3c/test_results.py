"""The comparison itself: what counts as the same result, and what does not."""

import pytest

from tests.w3c.results import Result, difference, read_result
from tests.w3c.values import by_value

TSV, CSV, TURTLE = "text/tab-separated-values", "text/csv", "text/turtle"
HERE = "http://example.org/"


def tsv(*rows: str) -> Result:
    return read_result("\n".join(("?a\t?b", *rows, "")).encode(), TSV, HERE)


def turtle(text: str) -> Result:
    return read_result(text.encode(), TURTLE, HERE)


def ordered(*values: str) -> Result:
    rows = " , ".join(
        f'[ rs:index {place} ; rs:binding [ rs:variable "a" ; rs:value {value} ] ]'
        for place, value in reversed(list(enumerate(values, 1)))
    )
    return turtle(
        "@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> ."
        f'[] a rs:ResultSet ; rs:resultVariable "a" ; rs:solution {rows} .'
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (tsv("1\t2", "3\t4"), tsv("3\t4", "1\t2")),
        (tsv("_:x\t_:y", "_:y\t1"), tsv("_:y\t1", "_:p\t_:y")),
        (tsv("1\t"), tsv("1\t")),
        (ordered("1", "2"), read_result(b"?a\n1\n2\n", TSV, HERE)),
        (turtle("_:a <p> [ <q> 1 ] ."), turtle("_:b <q> 1 . _:a <p> _:b .")),
    ],
)
def test_same(one: Result, other: Result) -> None:
    assert difference(one, other) is None


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        (tsv("1\t2"), tsv("1\t2", "1\t2"), '+ ?a "1"^^<integer>  ?b "2"^^<integer>'),
        (tsv("1\t2", "3\t4"), tsv("1\t2"), '- ?a "3"^^<integer>  ?b "4"^^<integer>'),
        (tsv("1\t2"), tsv("01\t2"), '- ?a "1"^^<integer>'),
        (tsv("_:x\t_:x"), tsv("_:x\t_:y"), "which blank nodes are the same"),
        (tsv("_:x\t1", "_:x\t2"), tsv("_:x\t1", "_:y\t2"), "which blank nodes are the same"),
        (tsv("1\t"), tsv("\t1"), '- ?a "1"^^<integer>'),
        (ordered("1", "2"), read_result(b"?a\n2\n1\n", TSV, HERE), "the order differs"),
        (tsv(), read_result(b"?a\n", TSV, HERE), "expected variables ['a', 'b'], got ['a']"),
        (turtle("<s> <p> 1 ."), turtle("<s> <p> 1.0 ."), "- <http://example.org/s>"),
        (turtle("_:x <p> _:x ."), turtle("_:x <p> _:y ."), "which blank nodes are the same"),
        (turtle("<s> <p> 1 ."), tsv(), "expected a Graph, not a Table"),
        (True, False, "expected True, got False"),
    ],
)
def test_different(expected: Result, actual: Result, told: str) -> None:
    assert told in (difference(expected, actual) or "the same")


def test_reduced_solutions_may_occur_less_often() -> None:
    expected = tsv("1\t2", "1\t2", "3\t4")
    assert difference(expected, tsv("3\t4", "1\t2"), reduced=True) is None
    assert difference(expected, tsv("3\t4", "3\t4"), reduced=True)
    assert difference(expected, tsv("1\t2", "1\t2", "3\t4", "3\t4"), reduced=True)


@pytest.mark.parametrize("values", [("01", "1"), ("1.0", "1.00"), ("1.0E2", "100e0")])
def test_values_are_compared_where_that_is_asked_for(values: tuple[str, str]) -> None:
    one, other = (tsv(f"{value}\t") for value in values)
    assert difference(one, other)
    assert difference(by_value(one), by_value(other)) is None


def test_types_are_compared_also_by_value() -> None:
    assert difference(by_value(tsv("1\t")), by_value(tsv("1.0\t")))


def test_blank_nodes_of_csv() -> None:
    def read(text: str) -> Result:
        return read_result(text.encode(), CSV, HERE)

    assert difference(read("a,b\r\n_:x,1\r\n"), read("b,a\r\n1,_:y\r\n")) is None
    assert difference(read("a,b\r\n_:x,_:x\r\n"), read("a,b\r\n_:x,_:y\r\n"))
