"""The names of the shipped seeds and of a series, which they have not, and a way to ask them."""

from collections.abc import Callable

import pytest
from pyoxigraph import Store

from graph.landscape.catalogue import QUESTIONS
from graph.query import EmbeddedEngine
from graph.search import Search
from graph.search.names import Named, read_names
from graph.terms import DEFAULT_BASE
from graph.wording import Understanding, understand
from ontology.vocabulary import prefixes

SERIES = Named(f"{DEFAULT_BASE}id/series/invented-outlook", "series", "Invented Outlook")
Ask = Callable[[str], Understanding]


@pytest.fixture(scope="session")
def names(landscape_store: Store) -> Search:
    engine = EmbeddedEngine(landscape_store, prefixes())
    return Search.of([*read_names(engine, DEFAULT_BASE), SERIES], DEFAULT_BASE)


@pytest.fixture(scope="session")
def ask(names: Search) -> Ask:
    return lambda text: understand(text, names, QUESTIONS)
