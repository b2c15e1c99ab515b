import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.dates import StatedDate, parse_date
from graph.numbers import Measure
from graph.sources.cells import CONTROL, MAX_VALUE, parse_cell
from graph.sources.records import Reference, Value
from ontology.description import LITERALS, REFERENCES, Column, Table, tables

LAUNCHES = tables()["launches"]


def column(type_: str, **more: int | bool) -> Column:
    return Column("acme", type_, "What Acme says.", **more)  # type: ignore[arg-type]


def cell(text: str, type_: str, table: Table = LAUNCHES, **more: int | bool) -> tuple[Value, ...]:
    return parse_cell(text, column(type_, **more), table, "acme")


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("text", "Acme, Inc. \u2013 \u2019\u00e9\u65e5", "Acme, Inc. \u2013 \u2019\u00e9\u65e5"),
        ("phrase", "in short", "in short"),
        ("slug", "acme-1", "acme-1"),
        ("integer", "12", 12),
        ("integer", "-3", -3),
        ("integer", "007", 7),
        ("measure", "24.00", Measure(Decimal("24.00"), "24.00", Decimal("0.005"))),
        ("measure-base", "10", Decimal(10)),
        ("year", "2025", parse_date("2025")),
        ("date", "../2024-06", parse_date("../2024-06")),
        ("plain-date", "2024-06", parse_date("2024-06")),
        ("column", "place", "place"),
        ("any", "agent:acme", Reference("agent", "acme")),
        ("any", "source:acme", Reference("source", "acme")),
        ("any", "section:news", Reference("section", "news", "acme")),
        ("organisation", "acme", Reference("agent", "acme")),
        ("person", "ann", Reference("agent", "ann")),
        ("section", "news", Reference("section", "news", "acme")),
        ("concept", "graft", Reference("concept", "graft")),
        ("claim", "a-1", Reference("claim", "a-1")),
    ],
)
def test_a_cell_becomes_a_value_of_its_type(type_: str, text: str, value: Value) -> None:
    assert cell(text, type_) == (value,)


def test_every_type_is_read() -> None:
    good = {"measure": "1", "measure-base": "1", "integer": "1", "column": "place"}
    good |= {"iri": "https://acme.example/a", "match": "exactMatch", "notation": "AR"}
    good |= {"year": "2024", "date": "2024", "plain-date": "2024", "any": "agent:a"}
    for type_ in sorted({*REFERENCES, *LITERALS}):
        assert len(cell(good.get(type_, "a"), type_)) == 1


@pytest.mark.parametrize(
    ("type_", "text", "reason"),
    [
        ("slug", "Acme", "'Acme' is no slug; use a-z, 0-9 and single hyphens"),
        ("organisation", "Acme Inc", "use the slug (a-z, 0-9, -), not the name"),
        ("organisation", "agent:acme", "is no slug"),
        ("integer", "1.5", "is not a whole number"),
        ("integer", "1e3", "is not a whole number"),
        ("integer", "\u0663", "is not a whole number"),
        ("integer", "9" * 16, "is not a whole number"),
        ("measure", "1,000", "without thousands separators"),
        ("measure", "\u0663", "is not a number"),
        ("measure-base", "ten", "is not a number"),
        ("year", "2025-01", "is not a year; write four digits"),
        ("year", "2024/2025", "is not a year"),
        ("year", "25", "is not a date"),
        ("date", "2025-13", "has no month 13"),
        ("plain-date", "May 2024", "is not a date"),
        ("iri", "acme.example/a", "is no IRI that begins with http:// or https://"),
        ("iri", "urn:isbn:1", "is no IRI that begins with"),
        ("iri", "https://acme.example/a b", "is no IRI that begins with"),
        ("match", "sameAs", "is no mapping relation of SKOS"),
        ("notation", "ar", "has the form of no code"),
        ("notation", "32", "has the form of no code"),
        ("column", "plaace", "no column of launches.csv. Did you mean place?"),
        ("any", "acme", "must be kind:slug"),
        ("any", "agnt:acme", "Did you mean agent?"),
        ("any", "rule:acme", "must be kind:slug"),
        ("any", "agent:", "is no slug"),
        ("any", "agent:a:b", "is no slug"),
        ("any", ":acme", "must be kind:slug"),
        ("text", "a\x00b", "control character U+0000"),
        ("text", "a\nb", "control character U+000A"),
        ("text", "a\x85b", "control character U+0085"),
        ("text", "a\u2028b", "control character U+2028"),
        ("phrase", "a\u202eb", "control character U+202E"),
        ("text", "a\ufeffb", "control character U+FEFF"),
        ("slug", "a\tb", "control character U+0009"),
        ("text", "x" * (MAX_VALUE + 1), "has 1,001 characters; at most 1,000"),
        ("slug", "x" * 100_000, "characters; at most"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(type_: str, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)) as refused:
        cell(text, type_)
    assert len(str(refused.value)) < MAX_VALUE + 200


@pytest.mark.parametrize("type_", ["integer", "measure"])
def test_limits_hold_and_their_ends_belong_to_them(type_: str) -> None:
    for good in ("0", "100"):
        assert cell(good, type_, minimum=0, maximum=100)
    with pytest.raises(ValueError, match="must be at least 0, not -1"):
        cell("-1", type_, minimum=0)
    with pytest.raises(ValueError, match="must be at most 100, not 101"):
        cell("101", type_, maximum=100)
    if type_ == "measure":
        with pytest.raises(ValueError, match=r"must be at least 0, not -0\.001"):
            cell("-0.001", type_, minimum=0)


def test_many_values_are_parted_by_a_bar() -> None:
    assert cell(" a |b| c d ", "text", many=True) == ("a", "b", "c d")
    assert cell("acme | brightcell", "organisation", many=True) == (
        Reference("agent", "acme"),
        Reference("agent", "brightcell"),
    )
    assert cell("a | b", "text") == ("a | b",)


@pytest.mark.parametrize("text", ["|", "a|", "|a", "a||b", "a| |b"])
def test_no_part_is_empty(text: str) -> None:
    with pytest.raises(ValueError, match=r"has an empty part between its \|"):
        cell(text, "text", many=True)


def test_no_value_is_named_twice() -> None:
    with pytest.raises(ValueError, match="names the same value twice"):
        cell("acme | brightcell | acme", "organisation", many=True)


def test_a_further_mention_may_imply_a_column_of_its_claim() -> None:
    assert cell("licensor", "column", tables()["mentions"]) == ("licensor",)


@given(st.text(max_size=30), st.sampled_from(sorted({*REFERENCES, *LITERALS})), st.booleans())
def test_any_text_is_a_value_or_a_reason(text: str, type_: str, many: bool) -> None:
    try:
        values = cell(text.strip(), type_, many=many)
    except ValueError:
        return
    for value in values:
        match value:
            case str():
                assert not CONTROL.search(value)
            case StatedDate():
                assert isinstance(value.earliest or value.latest, date)
            case Reference():
                assert value.slug.isascii()
