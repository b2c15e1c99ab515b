"""Descriptions are read from the shipped release."""

import pytest
from pyoxigraph import Store

from graph.description import Reading
from graph.query import EmbeddedEngine
from ontology.vocabulary import prefixes


@pytest.fixture(scope="session")
def reading(landscape_store: Store) -> Reading:
    return Reading(EmbeddedEngine(landscape_store, prefixes()))
