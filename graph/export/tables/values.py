"""Cells: what a lexical form is as a value of a column, and as text again."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from graph.export.tables.catalogue import SEPARATOR, Datatype, Field

Scalar: TypeAlias = str | int | bool | Decimal | date
Cell: TypeAlias = Scalar | tuple[Scalar, ...] | None
"""A tuple where a column takes several values; None, never an empty one, where there is none."""

Row: TypeAlias = tuple[Cell, ...]

DIGITS_BEFORE, DIGITS_BEHIND = 20, 18
"""Digits of a decimal before and behind the point: what Parquet's 128 bits hold."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLEAN = {"true": True, "1": True, "false": False, "0": False}
# A separator inside of a value would part it: its space becomes one that does not break.
_KEPT = SEPARATOR.replace(" ", "\N{NO-BREAK SPACE}")


def read_value(text: str, datatype: Datatype) -> Scalar | None:
    """The value of a lexical form (XML Schema 2); None where it is none of the datatype."""
    match datatype:
        case "iri" | "text":
            return text or None
        case "decimal":
            return _decimal(text)
        case "boolean":
            return _BOOLEAN.get(text)
        case "date":
            return _day(text)
        case "year":
            return int(text) if _YEAR.fullmatch(text) and text != "0000" else None
        case "integer":
            number = int(text) if _INTEGER.fullmatch(text) else None
            return number if number is not None and -(2**63) <= number < 2**63 else None


def as_text(value: Scalar, field: Field) -> str:
    """The lexical form of a value in CSV: decimals without exponents and idle zeros."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:04d}" if field.datatype == "year" else str(value)


def joined(values: Iterable[str]) -> str:
    """Several values as one text, which the separator parts again into as many."""
    return SEPARATOR.join(value.replace(SEPARATOR, _KEPT) for value in values)


def cell_text(cell: Cell, field: Field) -> str:
    """A cell as text: several values joined, nothing where there is none."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return joined(as_text(value, field) for value in cell)
    return as_text(cell, field)


def _decimal(text: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(text):
        return None
    before, _, behind = text.lstrip("+-").partition(".")
    before, behind = before.lstrip("0"), behind.rstrip("0")
    if len(before) > DIGITS_BEFORE or len(behind) > DIGITS_BEHIND:
        return None
    digits = f"{before or '0'}.{behind}" if behind else before or "0"
    negative = text.startswith("-") and digits != "0"
    return Decimal(f"-{digits}" if negative else digits)


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
