"""Follow your nose: from the first page to everything that is published, by Turtle alone.

Samples are drawn anew with each release. `-m exhaustive` crawls the whole.
"""

import json
import random
import re
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache

import networkx
import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from graph.release import Release
from graph.terms import DEFAULT_BASE, Iris
from ontology.vocabulary import NAMESPACE

#: The documents that a document names.
Links = Callable[[str], set[str]]
CLAIM = "/id/claim/"  # their lists are short
OURS = tuple(DEFAULT_BASE + folder for folder in ("id/", "source/", "graph/"))


def first_links(client: FlaskClient) -> tuple[set[str], set[str]]:
    """The sources and the graphs that the data block of the first page names."""
    page = client.get("/", headers={"Accept": "text/html"}).text
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    document = json.loads(block)
    sources = {source["@id"] for source in document["isBasedOn"]}
    return sources, {part["@id"] for part in document["hasPart"]}


def document_of(iri: str) -> str:
    return iri.partition("#")[0]


def links_in(client: FlaskClient, document: str) -> set[str]:
    """Every document of ours that the Turtle of one names."""
    path = document.removeprefix(DEFAULT_BASE)
    response = client.get(f"/{path}", headers={"Accept": "text/turtle"})
    assert (response.status_code, response.mimetype) == (200, "text/turtle"), document
    found: set[str] = set()
    for quad in parse(response.data, format=RdfFormat.TURTLE):
        for term in (quad.subject, quad.object):
            if isinstance(term, NamedNode) and term.value.startswith(OURS):
                found.add(document_of(term.value))
    return found


def published(store: Store) -> set[str]:
    """The documents of everything that something is said of."""
    subjects = {quad.subject for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    return {
        document_of(subject.value)
        for subject in subjects
        if isinstance(subject, NamedNode)
        and subject.value.startswith(OURS)
        and not subject.value.startswith(NAMESPACE)
    }


def dangling(client: FlaskClient, documents: Iterable[str]) -> list[tuple[str, int]]:
    statuses = {
        document: client.head(
            "/" + document.removeprefix(DEFAULT_BASE), headers={"Accept": "text/turtle"}
        ).status_code
        for document in sorted(documents)
    }
    return [(document, status) for document, status in statuses.items() if status != 200]


def links_over(client: FlaskClient) -> Links:
    """Asks for each document once."""
    return cache(lambda document: links_in(client, document))


def listed(links: Links, document: str) -> set[str]:
    """Every document that one and the pages of its lists name."""
    seen, waiting = set[str](), deque([document])
    while waiting:
        found = links(waiting.popleft()) - seen
        seen |= found
        waiting += [one for one in found if one.startswith(f"{document}?")]
    return seen


def leads(links: Links, reached: set[str], document: str) -> bool:
    """Whether a way of links leads to a document from one that is reached.

    It is looked for backwards, since descriptions name what points to them; that what is found this
    way names what it was found from is checked.
    """
    seen, waiting = {document}, deque([document])
    while waiting:
        to = waiting.popleft()
        near = (one for one in links(to) - seen if "?" not in one)
        for one in sorted(near, key=lambda one: (one not in reached, CLAIM not in one, one)):
            if to in listed(links, one):
                if one in reached:
                    return True
                seen.add(one)
                waiting.append(one)
    return False


def unlinked(store: Store, sources: set[str]) -> set[str]:
    """What no chain of statements ties to a source."""
    tied: networkx.Graph[str] = networkx.Graph()
    tied.add_nodes_from(published(store) | sources)
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            ends = document_of(quad.subject.value), document_of(quad.object.value)
            if all(end.startswith(OURS) for end in ends):
                tied.add_edge(*ends)
    parts = networkx.connected_components(tied)
    return set().union(*(part for part in parts if not part & sources))


@pytest.fixture
def chance(landscape_release: Release) -> random.Random:
    """Draws the same for one release, and something else for the next."""
    return random.Random(landscape_release.id)


def test_what_some_documents_name_is_there(
    visitor: FlaskClient, landscape_store: Store, chance: random.Random
) -> None:
    chosen = chance.sample(sorted(published(landscape_store)), 30)
    named = set().union(*(links_in(visitor, document) for document in chosen))
    assert len(named) > 100
    some = chance.sample(sorted(named), 100)
    assert dangling(visitor, some) == []


def test_sources_lead_to_every_claim_of_theirs(
    visitor: FlaskClient, landscape_store: Store
) -> None:
    """The way through the pages of a list, for one report."""
    source = Iris().source("mordor-intelligence-cell-and-gene-therapy")
    assert source.value in first_links(visitor)[0]
    seen, waiting = set[str](), deque([source.value])
    while waiting:
        found = links_in(visitor, waiting.popleft()) - seen
        seen |= found
        waiting += [one for one in found if one.startswith(f"{source.value}?")]
    quads = landscape_store.quads_for_pattern(None, None, source, DefaultGraph())
    claims = {document_of(q.subject.value) for q in quads if isinstance(q.subject, NamedNode)}
    assert claims <= seen | {source.value}


@pytest.mark.slow
def test_some_of_what_is_published_is_reached(
    visitor: FlaskClient, landscape_store: Store, chance: random.Random
) -> None:
    """All that sources list is, and a sample of the rest."""
    links = links_over(visitor)
    sources, graphs = first_links(visitor)
    whole, alone = published(landscape_store), unlinked(landscape_store, sources) - graphs
    reached = sources.union(*(listed(links, source) for source in sorted(sources)))
    some = chance.sample(sorted(whole - reached - graphs), 6)
    missing = {one for one in some if not leads(links, reached, one)}
    # Lists of codes that nothing uses, rules that derive nothing: only their graphs name them.
    assert missing <= alone
    assert len(alone) < len(whole) / 100, sorted(alone)
    if missing:
        assert missing <= set().union(*(links(graph) for graph in sorted(graphs)))


def test_what_nothing_leads_to_is_seen(
    visitor: FlaskClient, landscape_store: Store, chance: random.Random
) -> None:
    """As if no document named a place, though places name what is there."""
    links = links_over(visitor)
    places = {one for one in published(landscape_store) if "/id/place/" in one}
    reached = set(chance.sample(sorted(published(landscape_store) - places), 40))
    for place in chance.sample(sorted(places), 3):
        assert leads(links, {*reached, *links(place)}, place)
        assert not leads(lambda one: links(one) - places, {*reached, *links(place)}, place)


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
def test_everything_that_is_published_is_reached(
    visitor: FlaskClient, landscape_store: Store
) -> None:
    """Nothing dangles. The dumps of graphs are left out until the rest is seen."""
    sources, graphs = first_links(visitor)
    waiting, seen = deque(sorted(sources)), set(sources)
    while waiting:
        found = links_in(visitor, waiting.popleft()) - seen
        seen |= found
        waiting += sorted(one for one in found if one not in graphs)
    whole = published(landscape_store)
    missing = whole - seen - graphs
    # Lists of codes that nothing uses, rules that derive nothing: only their graphs name them.
    assert len(missing) < len(whole) / 100, sorted(missing)
    assert missing <= set().union(*(links_in(visitor, graph) for graph in sorted(graphs)))
