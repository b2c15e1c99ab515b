"""The names of the shipped seeds, and a way to ask them."""

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from graph.landscape.catalogue import QUESTIONS
from graph.query import EmbeddedEngine
from graph.search import Search
from graph.terms import DEFAULT_BASE
from graph.wording import Understanding, understand
from ontology.vocabulary import prefixes

Ask = Callable[[str], Understanding]


@pytest.fixture(scope="session")
def names(landscape_store: Store) -> Search:
    return Search.from_engine(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


@pytest.fixture(scope="session")
def ask(names: Search) -> Ask:
    return lambda text: understand(text, names, QUESTIONS)
