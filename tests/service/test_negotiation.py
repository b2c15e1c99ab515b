"""Content negotiation, as RFC 9110, section 12.5.1 has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.negotiation import (
    FORMATS,
    HTML,
    Form,
    choose,
    choose_format,
    named_format,
    parse_accept,
    prefers_page,
)

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "bindings", "graph"),
    [
        (None, JSON, "text/turtle"),
        ("", JSON, "text/turtle"),
        ("*/*", JSON, "text/turtle"),
        ("*", JSON, "text/turtle"),
        ("text/csv", "text/csv", None),
        ("TEXT/CSV", "text/csv", None),
        ("text/tab-separated-values", "text/tab-separated-values", None),
        ("application/rdf+xml", None, "application/rdf+xml"),
        ("text/*", "text/csv", "text/turtle"),
        ("application/*", JSON, "application/n-triples"),
        ("application/json", "application/json", "application/json"),
        ("application/xml", "application/xml", "application/xml"),
        (f"{JSON};q=0.5, {XML}", XML, None),
        (f"{XML};q=0.5, {JSON};q=0.51", JSON, None),
        (f"{XML}, {JSON}", JSON, None),  # equal: the order of the service
        ("text/csv;q=0, */*", JSON, "text/turtle"),
        ("text/*;q=0.3, text/turtle;q=0, */*;q=0.1", "text/csv", "text/xml"),
        ("text/turtle;q=0, */*;q=0.1", JSON, "application/n-triples"),
        ("*/*;q=0", None, None),
        ("text/csv;q=0.000", None, None),
        ("text/csv;q=1.5", None, None),  # no weight: the element does not count
        ("text/csv;q=high, text/turtle", None, "text/turtle"),
        ("text/turtle;charset=utf-8;q=0.9", None, "text/turtle"),
        ('application/ld+json;profile="a,b;c"', None, "application/ld+json"),
        ("csv", None, None),
        ("*/csv", None, None),
        ("image/png", None, None),
        (FIREFOX, HTML, HTML),
        (f"{FIREFOX}, text/csv;q=0.95", HTML, HTML),
        (f"text/html;q=0.5, {XML}", XML, HTML),
        ("text/html, application/json", "application/json", "application/json"),
        (" text/csv ; q=0.2 , , text/turtle ;Q=0.1", "text/csv", "text/turtle"),
    ],
)
def test_table(accept: str | None, bindings: str | None, graph: str | None) -> None:
    ranges = parse_accept(accept)
    chosen = {form: choose_format(ranges, form) for form in ("bindings", "graph")}
    assert [c.media_type if c else None for c in chosen.values()] == [bindings, graph]


def test_a_page_is_offered_only_where_there_is_one() -> None:
    choice = choose_format(parse_accept(FIREFOX), "bindings", page=False)
    assert choice is not None
    assert choice.media_type == "application/xml"


def test_a_choice_knows_which_format_the_engine_has_to_write() -> None:
    choice = choose_format(parse_accept("application/json"), "graph")
    assert choice is not None
    assert choice.format is not None
    assert choice.format.media_type == "application/ld+json"


@pytest.mark.parametrize("form", ["bindings", "graph"])
def test_every_format_has_a_name_and_answers_to_its_types(form: Form) -> None:
    for format_ in (f for f in FORMATS if f.form == form):
        for name in (format_.name, format_.media_type, *format_.aliases):
            choice = named_format(name, form)
            assert choice is not None
            assert choice.format == format_


def test_json_and_xml_name_formats_of_both_forms() -> None:
    for name, media_type in (("json", "application/ld+json"), ("xml", "application/rdf+xml")):
        choice = named_format(name, "graph")
        assert choice is not None
        assert choice.media_type == media_type
    assert named_format("turtle", "bindings") is None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [(FIREFOX, True), ("text/html", True), ("*/*", False), (None, False), ("text/csv", False)],
)
def test_who_reads_a_problem(accept: str | None, expected: bool) -> None:
    assert prefers_page(accept) is expected


@given(st.text(max_size=300))
def test_any_header_is_read_without_an_error(header: str) -> None:
    assert all(0 <= range_.weight <= 1 for range_ in parse_accept(header))


@given(st.lists(st.sampled_from([f.media_type for f in FORMATS]), min_size=1, unique=True))
def test_what_is_accepted_alone_is_chosen(types: list[str]) -> None:
    assert choose(parse_accept(", ".join(reversed(types))), types) == types[0]
