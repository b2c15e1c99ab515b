"""What a lexical form becomes, and what it is as text."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.export.tables.catalogue import SEPARATOR, Datatype, Field
from graph.export.tables.values import as_text, joined, read_value


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("24.00", "decimal", Decimal(24)),
        ("-0.0", "decimal", Decimal(0)),
        ("+.5", "decimal", Decimal("0.5")),
        ("1e5", "decimal", None),
        ("NaN", "decimal", None),
        ("1" * 20 + "." + "1" * 18, "decimal", Decimal("1" * 20 + "." + "1" * 18)),
        ("1" * 21, "decimal", None),
        ("0." + "1" * 19, "decimal", None),
        ("0" * 30 + "7." + "0" * 30, "decimal", Decimal(7)),
        ("2025", "year", 2025),
        ("2025-01", "year", None),
        ("0000", "year", None),
        ("2024-02-29", "date", date(2024, 2, 29)),
        ("2025-02-29", "date", None),
        ("2025-01", "date", None),
        ("20250105", "date", None),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("TRUE", "boolean", None),
        ("9223372036854775807", "integer", 2**63 - 1),
        ("9223372036854775808", "integer", None),
        ("٣", "integer", None),
        ("", "text", None),
        ("=1+1", "text", "=1+1"),
    ],
)
def test_values(text: str, datatype: Datatype, value: object) -> None:
    found = read_value(text, datatype)
    assert found == value
    assert type(found) is type(value)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=18, min_value=-(10**19), max_value=10**19
    )
)
def test_a_decimal_is_read_as_it_is_written(number: Decimal) -> None:
    field = Field("value", "Value", "It.", "decimal")
    found = read_value(f"{number:f}", "decimal")
    assert isinstance(found, Decimal)
    assert found == number
    text = as_text(found, field)
    assert read_value(text, "decimal") == number
    assert "E" not in text
    assert not (text.endswith("0") and "." in text)


@given(st.lists(st.text("a; \u00a0,", min_size=1), min_size=1))
def test_several_values_are_parted_into_as_many(values: list[str]) -> None:
    kept = [value.replace(SEPARATOR, ";\u00a0") for value in values]
    assert joined(values).split(SEPARATOR) == kept
