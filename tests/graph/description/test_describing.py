"""What a description has: exactly what is said, links that lead here, names, evidence."""

import random
from collections import Counter

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store, Triple

from graph.description import PAGE, Description, Reading, describe, inverse_page
from graph.terms import Iris
from ontology.namespaces import DCT, KG, RDF, RDFS
from ontology.vocabulary import expand

IRIS = Iris()
TERUMO = IRIS.thing("agent", "terumo-bct")
REPORT = IRIS.source("coherent-cellular-immunotherapy")
STATED = IRIS.thing("concept", "stated")
CLAIM = IRIS.thing("claim", "th6287-name-m-001")
TRIPLES = NamedNode(expand("void:triples"))
NEXT = NamedNode("http://www.w3.org/1999/xhtml/vocab#next")


def said(store: Store, subject: NamedNode) -> set[Triple]:
    quads = store.quads_for_pattern(subject, None, None, DefaultGraph())
    return {Triple(q.subject, q.predicate, q.object) for q in quads}


def leading(store: Store, node: NamedNode) -> dict[NamedNode, set[NamedNode]]:
    """What points to a resource from elsewhere, by property, counted without SPARQL."""
    found: dict[NamedNode, set[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, None, node, DefaultGraph()):
        assert isinstance(quad.subject, NamedNode)
        if quad.subject.value.partition("#")[0] != node.value:
            found.setdefault(quad.predicate, set()).add(quad.subject)
    return found


def described(reading: Reading, node: NamedNode) -> Description:
    found = describe(reading, node)
    assert found is not None
    return found


def some_of_every_class(store: Store) -> list[NamedNode]:
    """Two documents of each class, chosen by a fixed seed."""
    by_class: dict[str, list[NamedNode]] = {}
    for quad in store.quads_for_pattern(None, RDF.type, None, DefaultGraph()):
        subject, class_ = quad.subject, quad.object
        assert isinstance(subject, NamedNode)
        assert isinstance(class_, NamedNode)
        if subject.value.startswith(IRIS.namespaces) and "#" not in subject.value:
            by_class.setdefault(class_.value, []).append(subject)
    chosen = random.Random(7)
    ordered = [sorted(nodes, key=str) for _, nodes in sorted(by_class.items())]
    return [node for nodes in ordered for node in chosen.sample(nodes, min(2, len(nodes)))]


def test_what_is_said_is_what_the_data_say(reading: Reading, landscape_store: Store) -> None:
    """Nothing is invented about a resource, and nothing left out."""
    for node in some_of_every_class(landscape_store):
        found = described(reading, node)
        assert {t for t in found.graph if t.subject == node} == said(landscape_store, node)
        assert set(found.of(node)) == said(landscape_store, node)


def test_links_are_counted_and_shown(reading: Reading, landscape_store: Store) -> None:
    for node in some_of_every_class(landscape_store):
        expected = leading(landscape_store, node)
        found = {links.by: links for links in described(reading, node).inverse}
        assert found.keys() == expected.keys()
        for by, links in found.items():
            assert links.number == len(expected[by])
            ordered = sorted(expected[by], key=lambda one: one.value)
            assert list(links.shown) == ordered[:PAGE]
            assert (links.following is None) == (links.number <= PAGE)


@pytest.mark.parametrize(
    ("node", "by"),
    [(STATED, KG.manner), (REPORT, DCT.source), (IRIS.thing("rule", "named-in"), KG.rule)],
)
def test_pages_are_complete_and_repeat_nothing(
    reading: Reading, landscape_store: Store, node: NamedNode, by: NamedNode
) -> None:
    seen: list[NamedNode] = []
    offset: int | None = 0
    while offset is not None:
        page = inverse_page(reading, node, by, offset)
        assert page is not None
        (links,) = page.inverse
        seen += links.shown
        offset = links.following
    assert Counter(seen) == Counter(leading(landscape_store, node)[by])
    assert seen == sorted(seen, key=lambda one: one.value)
    assert inverse_page(reading, node, by, len(seen)) is None
    assert inverse_page(reading, node, RDFS.label, 0) is None


def test_lists_say_how_long_they_are_and_where_more_is(reading: Reading) -> None:
    graph = described(reading, STATED).graph
    whole = NamedNode(f"{STATED.value}?inverse=kg:manner")
    (length,) = [t.object for t in graph if (t.subject, t.predicate) == (whole, TRIPLES)]
    assert int(length.value) > 1000  # type: ignore[union-attr]
    (following,) = [t.object for t in graph if (t.subject, t.predicate) == (whole, NEXT)]
    assert following == NamedNode(f"{whole.value}&offset={PAGE}")


@pytest.mark.parametrize("node", [TERUMO, REPORT, CLAIM, STATED])
def test_everything_pointed_to_has_its_name(
    reading: Reading, landscape_store: Store, node: NamedNode
) -> None:
    graph = described(reading, node).graph
    ends = {t.object for t in graph} | {t.subject for t in graph}
    for end in ends:
        if not isinstance(end, NamedNode):
            continue
        names = landscape_store.quads_for_pattern(end, RDFS.label, None, DefaultGraph())
        for quad in names:
            assert Triple(quad.subject, quad.predicate, quad.object) in graph


def test_mentions_are_in_the_document_of_their_claim(
    reading: Reading, landscape_store: Store
) -> None:
    found = described(reading, CLAIM)
    assert len(found.fragments) > 10
    assert [f.value.partition("#m")[2] for f in found.fragments] == [
        str(number) for number in range(1, len(found.fragments) + 1)
    ]
    for fragment in found.fragments:
        assert set(found.of(fragment)) == said(landscape_store, fragment)


def test_sections_are_in_the_document_of_their_source(
    reading: Reading, landscape_store: Store
) -> None:
    parts = landscape_store.quads_for_pattern(None, DCT.isPartOf, REPORT, DefaultGraph())
    assert set(described(reading, REPORT).fragments) == {quad.subject for quad in parts}


def test_what_points_here_says_where_it_is_stated(reading: Reading) -> None:
    found = described(reading, TERUMO)
    facts = [s for links in found.inverse if links.by == KG.organisation for s in links.shown]
    assert facts
    for fact in facts:
        assert found.values(fact, DCT.source)
        assert found.values(fact, KG.statedIn)
        for section in found.values(fact, KG.statedIn):
            assert section.value in found.labels


def test_derived_edges_are_marked_and_no_others(reading: Reading, landscape_store: Store) -> None:
    place = IRIS.thing("place", "brazil")
    for node in (TERUMO, place):
        found = described(reading, node)
        shown = {t for t in found.graph if node in (t.subject, t.object)}
        expected: dict[Triple, set[NamedNode]] = {}
        statements = landscape_store.quads_for_pattern(
            None, RDF.type, KG.DerivedStatement, DefaultGraph()
        )
        for quad in statements:
            of = {t.predicate: t.object for t in said(landscape_store, quad.subject)}  # type: ignore[arg-type]
            edge = Triple(of[RDF.subject], of[RDF.predicate], of[RDF.object])  # type: ignore[arg-type]
            if edge in shown:
                expected.setdefault(edge, set()).add(quad.subject)  # type: ignore[arg-type]
        assert expected
        assert {edge: set(behind) for edge, behind in found.derived.items()} == expected
        for behind in found.derived.values():
            assert all(found.values(statement, KG.rule) for statement in behind)


def test_nothing_is_described_of_what_is_not_there(reading: Reading) -> None:
    assert describe(reading, IRIS.thing("agent", "nobody")) is None


def test_a_page_of_links_has_what_is_behind_those_and_nothing_else(reading: Reading) -> None:
    """Companies are tied to Brazil in two ways; a page of one has no evidence of the other."""
    page = inverse_page(reading, IRIS.thing("place", "brazil"), KG.basedIn, 0)
    assert page is not None
    assert page.derived
    assert {edge.predicate for edge in page.derived} == {KG.basedIn}
    assert page.derived.keys() <= page.graph
