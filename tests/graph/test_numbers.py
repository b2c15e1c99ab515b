import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, QuerySolutions, Store

from graph.numbers import parse_measure, shows, spelt


@pytest.mark.parametrize(
    ("printed", "value", "half_unit"),
    [
        ("7.64", "7.64", "0.005"),
        ("24.00", "24", "0.005"),
        ("24.0", "24", "0.05"),
        ("24", "24", "0.5"),
        ("100", "100", "0.5"),
        ("0", "0", "0.5"),
        ("0.0", "0", "0.05"),
        ("007", "7", "0.5"),
        ("-3.5", "-3.5", "0.05"),
        ("999999999999999999", "999999999999999999", "0.5"),
        ("0.00000000000000001", "0.00000000000000001", "0.000000000000000005"),
    ],
)
def test_the_digits_are_kept_and_the_rounding_is_half_a_unit_of_the_last(
    printed: str, value: str, half_unit: str
) -> None:
    measure = parse_measure(printed)
    assert measure.printed == printed
    assert measure.value == Decimal(value)
    assert measure.half_unit == Decimal(half_unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "5.",
        "+5",
        "1,000",
        "1 000",
        "5e3",
        "24%",
        "$24",
        "USD 24",
        "NaN",
        "Infinity",
        "0x10",
        "1_000",
        "24\n",
        "\u0662\u0664",
        "\u00bd",
        "\u22125",
        "1.2.3",
    ],
)
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number; write the digits as printed"):
        parse_measure(text)


@pytest.mark.parametrize("text", ["9" * 19, "0." + "0" * 17 + "1", "9" * 100_000, "-" + "1" * 19])
def test_a_number_that_the_engine_cannot_count_with_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="more than 18 digits") as refused:
        parse_measure(text)
    assert len(str(refused.value)) < 200


digits = st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{1,17})?", fullmatch=True)


@given(digits)
def test_every_number_prints_back_and_lies_within_its_rounding(text: str) -> None:
    measure = parse_measure(text)
    assert measure.printed == text
    assert measure.value == Decimal(text)
    assert measure.half_unit > 0
    assert measure.half_unit * 2 == Decimal(1).scaleb(-len(text.partition(".")[2]))


@given(digits)
def test_the_engine_counts_with_every_accepted_number(text: str) -> None:
    measure = parse_measure(text)
    for value in (measure.value, measure.half_unit):
        query = f'SELECT ("{value:f}"^^<http://www.w3.org/2001/XMLSchema#decimal> + 0 AS ?n) {{}}'
        solutions = Store().query(query)
        assert isinstance(solutions, QuerySolutions)
        (row,) = solutions
        assert isinstance(row["n"], Literal)
        assert Decimal(row["n"].value) == value


@given(st.text(max_size=12))
def test_any_other_text_is_refused_and_never_breaks(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert parse_measure(text).printed == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("USD 24.00 Bn", "24.00"),
        ("USD24.00Bn", "24.00"),
        ("24.00%", "24.00"),
        ("nearly 1,250 people", "1250"),
        ("1,00,000 people", "100000"),
        ("from 45-50", "50"),
        ("fell by \u22123.5%", "-3.5"),
        ("No.5", "5"),
        ("in 2024.", "2024"),
        ("One in six", "one"),
    ],
)
def test_a_number_is_seen_where_it_is_printed(text: str, number: str) -> None:
    assert shows(text, number)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("24.00", "4.00"),
        ("24.00", "24"),
        ("24.00", "24.0"),
        ("24.00", "00"),
        ("1,250", "250"),
        ("12024", "2024"),
        ("20245", "2024"),
        ("3.5.2", "5.2"),
        ("someone", "one"),
        ("", "5"),
    ],
)
def test_a_part_of_a_longer_number_is_another_number(text: str, number: str) -> None:
    assert not shows(text, number)


def test_small_numbers_may_be_words() -> None:
    assert spelt(Decimal(7)) == ("7", "seven")
    assert spelt(Decimal("7.0")) == ("7.0", "seven")
    assert spelt(Decimal("7.5")) == ("7.5",)
    assert spelt(2) == ("2", "two")
    assert spelt(45) == ("45",)
