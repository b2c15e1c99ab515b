"""The shipped landscape as a release, to be read only."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Quad, Store

from graph.release import JSON, DataDirectory, Release
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import KG, RDF

SMALL = "kalorama-information-cell-and-gene-therapy"
"""A source with few rows."""


def quads(store: Store) -> Iterator[Quad]:
    return (quad for quad in store if isinstance(quad.graph_name, NamedNode))


@pytest.fixture(scope="session")
def shipped(landscape_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Release:
    prefix = Iris().source("x").value[:-1]
    reports = landscape_store.quads_for_pattern(None, RDF.type, KG.Report)
    slugs = {
        quad.subject.value.removeprefix(prefix)
        for quad in reports
        if isinstance(quad.subject, NamedNode)
    }
    sources: JSON = [{"slug": slug} for slug in sorted(slugs)]
    data = DataDirectory(tmp_path_factory.mktemp("shipped"))
    return data.publish(quads(landscape_store), {"base": DEFAULT_BASE, "sources": sources})


@pytest.fixture(scope="session")
def small(shipped: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """One source and the registers of the same release, for what does not depend on its size."""
    kept = {Iris().graph(SMALL), Iris().graph("reference")}
    data = DataDirectory(tmp_path_factory.mktemp("small"))
    of_these = (quad for quad in shipped.quads() if quad.graph_name in kept)
    return data.publish(of_these, {"base": DEFAULT_BASE, "sources": [{"slug": SMALL}]})
