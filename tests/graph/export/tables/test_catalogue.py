"""Tables are described once, and everything else agrees with that."""

import re
from collections import Counter

import pytest
from pyoxigraph import Store

from graph.export.tables.catalogue import Table, table_named, tables
from graph.forecast.choices import Choices
from graph.landscape.forecast_columns import percent
from ontology.vocabulary import NAMESPACE, prefixes

ASKED = ("organisations", "therapies", "events", "activities", "figures", "forecasts")


def select(store: Store, query: str) -> list[str]:
    solutions = store.query(query, prefixes=prefixes(), base_iri="https://w3id.org/therascape/")
    return [solution[0].value for solution in solutions]  # type: ignore[union-attr]


def ids(table: Table) -> str:
    return table.name


def test_every_table_that_was_promised_is_there() -> None:
    assert set(ASKED) < {table.name for table in tables()}
    with pytest.raises(LookupError, match="no table"):
        table_named("nothing")


@pytest.mark.parametrize("table", tables(), ids=ids)
def test_names_are_unique_and_fit_for_every_format(table: Table) -> None:
    names = [field.name for field in table.fields]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert {table.key, table.about} <= set(names)
    assert all(field.description.endswith(".") and field.title for field in table.fields)


@pytest.mark.parametrize("table", tables(), ids=ids)
def test_a_query_fills_the_columns_of_its_table_and_no_other(table: Table) -> None:
    named = set(re.findall(r'\("([a-z0-9_]+)"|BIND \("([a-z0-9_]+)" AS \?column\)', table.query))
    filled = {one or other for one, other in named}
    columns = {column.name for column in table.columns}
    # The key is the row itself; a query may name it for rows that have nothing else.
    assert filled | {table.key} >= columns
    assert filled - columns - {"market value", "market share", "growth rate"} == set()


@pytest.mark.parametrize("table", tables(), ids=ids)
def test_properties_and_classes_are_in_the_vocabulary(table: Table, landscape_store: Store) -> None:
    known = set(select(landscape_store, "SELECT ?p { ?p a rdf:Property }"))
    known |= set(select(landscape_store, "SELECT ?c { ?c a owl:Class }"))
    ours = {field.property for field in table.fields if field.property} | {table.class_}
    assert {one for one in ours if one.startswith(NAMESPACE)} <= known


def test_bounds_of_forecasts_are_those_of_a_release() -> None:
    names = {field.name for field in table_named("forecasts").fields}
    levels = {percent(level) for level in Choices().levels}
    bounds = {name for name in names if re.fullmatch(r"(lower|upper)_\d+", name)}
    assert bounds == {f"{side}_{level}" for side in ("lower", "upper") for level in levels}


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("events", "kg:Event"),
        ("activities", "kg:OrganisationActivity"),
        ("figures", "kg:MarketFigure kg:MarketShare kg:GrowthRate"),
        ("findings", "kg:Finding"),
        ("places", "kg:Place"),
        ("organisations", "kg:Organisation"),
        ("sources", "kg:Report"),
        ("links", "kg:OutwardLink"),
    ],
)
def test_no_property_of_a_fact_is_lost(name: str, classes: str, landscape_store: Store) -> None:
    query = "SELECT DISTINCT ?p { VALUES ?c { %s } ?x a ?c ; ?p ?o }"
    used = set(select(landscape_store, query % classes))
    told = {field.property for field in table_named(name).fields}
    # Mentions are told by what they say; the rest is of other tables, or follows from rules.
    left = Counter(iri.rpartition("#")[2].rpartition("/")[2] for iri in used - told)
    assert set(left) <= LEFT_OUT[name]


LEFT_OUT = {
    "events": {"mention", "namedIn"},
    "activities": {"mention", "type"},
    "figures": {"mention"},
    "findings": {
        *("neededGrowth", "neededGrowthHighest", "neededGrowthLowest", "neededGrowthYear"),
        *("neededHighest", "neededLowest", "neededUnit", "neededValue", "neededYear"),
        *("otherPeriod", "severityHighest", "severityLowest", "type"),
    },
    "places": {"closeMatch", "type", "namedIn", "mergeDecision"},
    "organisations": {
        *("type", "mergeDecision", "basedIn", "collaboratesWith", "licensedFrom", "licensedTo"),
        *("listedIn", "owns", "partOf", "regulatesIn", "tiedTo", "namedIn"),
    },
    "sources": {"readCompletelyFor", "readFor", "type"},
    "links": {"type"},
}
