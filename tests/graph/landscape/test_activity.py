"""Definitions of "active": they are those of the rules, and combine by OR."""

import pytest
from pyoxigraph import Store

from graph.landscape.activity import active, definitions
from graph.landscape.asking import Asking
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes

BY_NAME = {one.name: one for one in definitions()}


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def test_every_kind_of_evidence_of_the_data_has_a_definition(asking: Asking) -> None:
    rows = asking.rows(
        "SELECT DISTINCT ?kind ?label"
        " { ?edge rdf:predicate kg:activeIn ; kg:evidence ?kind . ?kind rdfs:label ?label }"
    )
    assert len(rows) > 20
    for row in rows:
        definition = BY_NAME[str(row["kind"]).rsplit("/", 1)[-1]]
        assert definition.title == row["label"]


def test_being_listed_is_in_no_definition() -> None:
    assert {"listed", "named"}.isdisjoint(BY_NAME)
    assert not any({"listed", "named"} & {*(one.kinds or ())} for one in definitions())
    assert "Listing" not in active(tuple(BY_NAME)).classes


def test_each_definition_is_told_and_named_once() -> None:
    assert len(BY_NAME) == len(definitions())
    for one in definitions():
        assert one.title
        assert one.doc.endswith(".")
        assert one.classes


def test_wider_definitions_name_kinds_that_exist() -> None:
    for name in ("headquartered", "commercial", "clinical", "manufacturing", "expanded"):
        assert {*(BY_NAME[name].kinds or ("nothing",))} <= set(BY_NAME)


def test_a_definition_knows_the_facts_that_it_rests_on() -> None:
    assert BY_NAME["approved"].classes == ("RegulatoryEvent",)
    assert BY_NAME["activity-pipeline"].classes == ("OrganisationActivity",)
    assert BY_NAME["manufacturing"].classes == ("Milestone", "OrganisationActivity")


def test_definitions_combine() -> None:
    both = active(("approved", "launched", "approved"))
    assert both.kinds == ("approved", "launched")
    assert (both.every, both.stated) == (False, False)
    assert active(("stated-tie", "approved")).stated
    assert active(("approved", "any-tie")).every


def test_a_name_that_is_no_definition_is_refused() -> None:
    with pytest.raises(KeyError):
        active(("first",))
