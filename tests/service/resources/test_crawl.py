"""Follow your nose: from the first page to everything that is published, by Turtle alone."""

import json
import random
import re
from collections import deque
from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from graph.terms import DEFAULT_BASE, Iris
from ontology.vocabulary import NAMESPACE

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


def test_what_some_documents_name_is_there(visitor: FlaskClient, landscape_store: Store) -> None:
    chosen = random.Random(3).sample(sorted(published(landscape_store)), 60)
    named = set().union(*(links_in(visitor, document) for document in chosen))
    assert len(named) > 200
    some = random.Random(5).sample(sorted(named), 200)
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
