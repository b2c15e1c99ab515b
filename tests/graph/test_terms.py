from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from graph.errors import GraphError
from graph.terms import KINDS, SHARED_GRAPHS, InvalidIri, Iris, is_slug, is_web_address

IRIS = Iris("https://data.acme.example/x/")


def test_every_iri_has_its_pattern() -> None:
    assert IRIS.thing("agent", "acme-1").value == "https://data.acme.example/x/id/agent/acme-1"
    assert IRIS.source("acme").value == "https://data.acme.example/x/source/acme"
    assert IRIS.section("acme", "news").value == "https://data.acme.example/x/source/acme#news"
    assert IRIS.mention("a-1", 2).value == "https://data.acme.example/x/id/claim/a-1#m2"
    assert IRIS.graph("derived").value == "https://data.acme.example/x/graph/derived"
    assert IRIS.default_graph.value == "https://data.acme.example/x/graph/default"
    assert IRIS.writes_graph.value == "https://data.acme.example/x/graph/writes"
    assert IRIS.write(7).value == "https://data.acme.example/x/graph/writes#w7"
    assert IRIS.genid == "https://data.acme.example/x/.well-known/genid/"
    assert Iris().base == "https://w3id.org/therascape/"


def test_the_kinds_are_a_closed_list() -> None:
    # A kind can never change for a thing that was published: this list only grows.
    assert sorted(KINDS) == [
        *("agent", "claim", "concept", "event", "market", "place", "rule", "scheme", "segment"),
        *("series", "statement", "technology", "therapy"),
    ]
    for kind in ("source", "section", "organisation", "Agent", "", "../agent", "agent/x"):
        with pytest.raises(InvalidIri, match="is no kind of IRI"):
            IRIS.thing(kind, "acme")


def test_a_derived_statement_is_named_by_its_parts() -> None:
    one = IRIS.statement("based-in", ["a", "b"])
    assert one == IRIS.statement("based-in", iter(["a", "b"]))
    assert one not in {
        IRIS.statement("based-in", ["b", "a"]),
        IRIS.statement("based-in", ["ab"]),
        IRIS.statement("based-in", ["a", "b", ""]),
        IRIS.statement("owns", ["a", "b"]),
    }
    assert one.value.startswith("https://data.acme.example/x/id/statement/based-in-")


def test_a_derived_statement_has_the_same_slug_in_every_deployment() -> None:
    slugs = set()
    for iris in (IRIS, Iris(), Iris("http://localhost:8000/")):
        statement = iris.statement("owns", [iris.thing("agent", "a").value, "urn:other"])
        slugs.add(statement.value.removeprefix(iris.base))
    assert len(slugs) == 1


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text("a/%#é", max_size=3))
def test_whoever_writes_has_an_iri_of_their_own(name: str, other: str) -> None:
    assert (IRIS.writer(name) == IRIS.writer(other)) == (name == other)


HOSTILE = [
    *("", "-", "a-", "-a", "a--b", "A", "\u00e9", "a b", "a/b", "a.b", "..", "a#b", "a?b", "a%41"),
    *("a\n", "\na", "a\0", "a>b", "a\u200b", "\u0430", "\uff41", "\u0663", "a" * 121),
]


@pytest.mark.parametrize("slug", HOSTILE)
def test_a_hostile_slug_is_refused_everywhere(slug: str) -> None:
    assert not is_slug(slug)
    mints: list[Callable[[], NamedNode]] = [
        lambda: IRIS.thing("agent", slug),
        lambda: IRIS.source(slug),
        lambda: IRIS.section(slug, "a"),
        lambda: IRIS.section("a", slug),
        lambda: IRIS.mention(slug, 1),
        lambda: IRIS.graph(slug),
        lambda: IRIS.statement(slug, ["a"]),
    ]
    for mint in mints:
        with pytest.raises(InvalidIri, match="is no slug"):
            mint()


@pytest.mark.parametrize("slug", ["a", "0", "a-1", "2024", "a" * 120, *sorted(SHARED_GRAPHS)])
def test_a_plain_slug_is_accepted(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize(
    "base",
    [
        *("", "/", "acme", "acme.example/", "https://", "https:///", "https:///x/", "http:/a/"),
        *("ftp://acme.example/", "javascript:alert(1)/", "file:///tmp/", "urn:acme:/", "//acme/"),
        *("https://acme.example", "https://acme.example/x", "https://acme.example/x#/"),
        *("https://acme.example/?q=/", "https://acme.example/#a/", "https://a b.example/"),
        *("https://acme.example/a b/", "https://acme.example/<x>/", 'https://acme.example/"/'),
        *("https://acme.example/\\/", "https://acme.example/{x}/", "https://acme.example/x\n/"),
        *("https://acme.example/x/\n", " https://acme.example/", "https://acme.example/\x01/"),
        *("https://acme.example/../", "https://acme.example/a/./", "https://acme.example/a/../b/"),
        *("https://acme.example/%zz/", "https://[/", "HTTPS://acme.example/"),
    ],
)
def test_a_base_that_would_not_hold_is_refused(base: str) -> None:
    with pytest.raises(InvalidIri, match="base IRI") as refused:
        Iris(base)
    assert isinstance(refused.value, GraphError)
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    "base",
    [
        "http://localhost:8000/",
        "https://acme.example/",
        "https://acme.example/a/b/",
        "https://acme.example:8443/~x/",
        "https://\u00e4cme.example/\u00fc/",
        "http://[::1]:8000/",
        "http://127.0.0.1/",
    ],
)
def test_a_deployment_may_set_its_base(base: str) -> None:
    assert Iris(base).graph("a").value == f"{base}graph/a"


@given(st.text(max_size=40))
def test_what_passes_for_a_slug_or_an_address_makes_an_iri(text: str) -> None:
    if is_slug(text):
        assert IRIS.thing("agent", text).value.endswith("/" + text)
    if is_web_address(text):
        assert text.startswith("http")
    try:
        base = Iris(text).base
    except InvalidIri:
        return
    assert Iris(base).source("a").value == f"{base}source/a"


@pytest.mark.parametrize("text", ["https://acme.example/a?b=c&d#e", "http://acme.example"])
def test_a_web_address_is_one(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text", ["", "acme.example", "https://", "https://[", "http:///x", "http://a b"]
)
def test_what_is_no_web_address_is_none(text: str) -> None:
    assert not is_web_address(text)
