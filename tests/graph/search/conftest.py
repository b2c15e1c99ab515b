"""The names of the shipped seeds, read once."""

import pytest
from pyoxigraph import Store

from graph.query import EmbeddedEngine
from graph.search import Named, Search
from graph.search.names import read_names
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes


@pytest.fixture(scope="session")
def shipped_names(landscape_store: Store) -> tuple[Named, ...]:
    """All that has a name in the shipped seeds."""
    return tuple(read_names(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE))


@pytest.fixture(scope="session")
def search(shipped_names: tuple[Named, ...]) -> Search:
    """A search over the shipped seeds."""
    return Search.of(shipped_names, DEFAULT_BASE)
