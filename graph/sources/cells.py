"""One cell of text into typed values; ValueError says what is wrong and how to write it."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from graph.authorities import MATCHES, notation_of
from graph.dates import parse_date
from graph.numbers import parse_measure
from graph.problems import candidates
from graph.sources.records import Reference, Value
from graph.terms import is_slug, is_web_address
from ontology.description import REFERENCES, Column, Table

#: Parts the values of one cell.
SEPARATOR = "|"
#: Longest value, in characters. Cells hold names, figures and short notes.
MAX_VALUE = 1000
#: What nobody sees in a table, and what shows text in another order than it is stored in: control
#: characters, line and paragraph separators, bidirectional overrides, byte order marks.
CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_ANY_KINDS = sorted({*REFERENCES.values(), "source"})


def parse_cell(text: str, column: Column, table: Table, source: str | None) -> tuple[Value, ...]:
    """The values of a non-empty cell: one, or several where the column takes many."""
    if not column.many and SEPARATOR in text and (column.is_reference or column.type == "any"):
        raise ValueError(f"takes one value, and {text!r} has several; use a row for each")
    parts = [part.strip() for part in text.split(SEPARATOR)] if column.many else [text]
    if not all(parts):
        raise ValueError(f"has an empty part between its {SEPARATOR}")
    if len(set(parts)) < len(parts):
        raise ValueError("names the same value twice")
    return tuple(_value(part, column, table, source) for part in parts)


def _value(text: str, column: Column, table: Table, source: str | None) -> Value:
    if len(text) > MAX_VALUE:
        raise ValueError(f"has {len(text):,} characters; at most {MAX_VALUE:,}")
    if found := CONTROL.search(text):
        raise ValueError(f"has the control character U+{ord(found[0]):04X}; delete it")
    if column.is_reference:
        return _reference(REFERENCES[column.type], text, source)
    if column.type == "any":
        return _any(text, source)
    if column.type == "column":
        return _column(text, table)
    return _LITERALS[column.type](text, column)


def _reference(kind: str, slug: str, source: str | None) -> Reference:
    if not is_slug(slug):
        raise ValueError(f"{slug!r} is no slug; use the slug (a-z, 0-9, -), not the name")
    return Reference(kind, slug, source if kind == "section" else None)


def _any(text: str, source: str | None) -> Reference:
    kind, colon, slug = text.partition(":")
    if not colon or kind not in _ANY_KINDS:
        kinds = candidates(kind, _ANY_KINDS) or f"The kinds are {', '.join(_ANY_KINDS)}."
        raise ValueError(f"{text!r} must be kind:slug. {kinds}")
    return _reference(kind, slug, source)


def _column(text: str, table: Table) -> str:
    # A further mention implies columns of its claim's table, which is not known here.
    if text not in table.columns and table.role != "mentions":
        near = candidates(text, table.columns) or f"They are {', '.join(table.columns)}."
        raise ValueError(f"{text!r} is no column of {table.name}.csv. {near}")
    return text


def _slug(text: str, _: Column) -> str:
    if not is_slug(text):
        raise ValueError(f"{text!r} is no slug; use a-z, 0-9 and single hyphens")
    return text


def _text(text: str, _: Column) -> str:
    return text


def _iri(text: str, _: Column) -> str:
    if not is_web_address(text):
        raise ValueError(f"{text!r} is no IRI that begins with http:// or https://")
    return text


def _match(text: str, _: Column) -> str:
    if text not in MATCHES:
        near = candidates(text, MATCHES) or f"They are {', '.join(MATCHES)}."
        raise ValueError(f"{text!r} is no mapping relation of SKOS. {near}")
    return text


def _notation(text: str, _: Column) -> str:
    if notation_of(text) is None:
        raise ValueError(f"{text!r} has the form of no code: AR, ARG (ISO 3166-1), 032 (UN M49)")
    return text


def _within(value: Decimal | int, text: str, column: Column) -> None:
    if column.minimum is not None and value < column.minimum:
        raise ValueError(f"must be at least {column.minimum}, not {text}")
    if column.maximum is not None and value > column.maximum:
        raise ValueError(f"must be at most {column.maximum}, not {text}")


def _integer(text: str, column: Column) -> int:
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise ValueError(f"{text!r} is not a whole number")
    _within(int(text), text, column)
    return int(text)


def _measure(text: str, column: Column) -> Value:
    measure = parse_measure(text)
    _within(measure.value, text, column)
    return measure


def _base(text: str, _: Column) -> Value:
    return parse_measure(text).value


def _year(text: str, _: Column) -> Value:
    date = parse_date(text)
    if date.precision != "year":
        raise ValueError(f"{text!r} is not a year; write four digits")
    return date


def _date(text: str, _: Column) -> Value:
    return parse_date(text)


_LITERALS: Mapping[str, Callable[[str, Column], Value]] = {
    "text": _text,
    "phrase": _text,
    "slug": _slug,
    "integer": _integer,
    "measure": _measure,
    "measure-base": _base,
    "year": _year,
    "date": _date,
    "plain-date": _date,
    "iri": _iri,
    "match": _match,
    "notation": _notation,
}
