"""Market exposure: what one stands in, by which chain, and never by more than the sources say."""

from typing import Any

import pytest
from pyoxigraph import Store

from graph.landscape.answers import Answer
from graph.landscape.asking import Asking
from graph.landscape.errors import InvalidParameter
from graph.landscape.exposure import EXPOSURE
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.vocabulary import prefixes

ENTITIES = [
    "agent/kite-pharma",
    "agent/celluris",
    "agent/terumo-bct",
    "place/brazil",
    "place/th6287-latin-america",
    "place/japan",
    "place/world",
]


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    return Asking(EmbeddedEngine(landscape_store, prefixes()), DEFAULT_BASE)


def ask(asking: Asking, entity: str, **changed: Any) -> Answer:
    arguments = {"entity": f"{DEFAULT_BASE}id/{entity}", "level": "organisation", "via": "any"}
    return EXPOSURE.run(asking, {**arguments, **changed})


def shares(answer: Answer) -> dict[tuple[str, str], str]:
    return {
        (row["stands_in"].label, row["market"].label.split(" ")[0]): row["value"]
        for row in answer.rows
        if row["kind"] == "share"
    }


def test_the_shares_that_kite_pharma_stands_in(asking: Asking) -> None:
    assert shares(ask(asking, "agent/kite-pharma")) == {
        ("CAR T-Cell Therapy (Chimeric Antigen Receptor T-cell)", "Global"): "45.2 Percent",
        ("Cancer", "Global"): "45.6 Percent",
        ("Cell Therapy", "Global"): "58 Percent",
        ("North America", "Global"): "39.5 Percent",
        ("Asia Pacific", "Global"): "26.7 Percent",
    }


def test_a_regional_market_counts_only_for_those_active_there(asking: Asking) -> None:
    assert shares(ask(asking, "agent/celluris"))["Cell Therapy", "Latin"] == "58 Percent"
    kite = ask(asking, "agent/kite-pharma")
    assert not any(row["market"].label.startswith("Latin") for row in kite.rows)


def test_the_chain_tells_what_leads_there_and_what_is_only_implied(asking: Asking) -> None:
    rows = {
        row["stands_in"].label: row
        for row in ask(asking, "agent/kite-pharma").rows
        if row["kind"] == "share"
    }
    cancer = rows["Cancer"]
    (chain,) = cancer["chain"]
    assert chain.split(" → ") == [
        "Kite Pharma works on Large B-cell lymphoma",
        "segment Cancer (fit: exact)",
        "Global cellular immunotherapy market",
        "share 45.6 Percent 2025",
    ]
    # Its one tie to Asia is by an event whose place is only implied.
    assert rows["Asia Pacific"]["tie"] == "implied"
    assert rows["Asia Pacific"]["chain"][0].startswith("Kite Pharma is active in Japan, only imp")
    assert rows["North America"]["tie"] == "stated"


def test_an_implied_market_is_never_shown_as_stated(asking: Asking) -> None:
    for entity in ENTITIES:
        for row in ask(asking, entity).rows:
            ends = [one for one in row["evidence"] if row["figure"].iri in one.facts]
            assert ends
            if any(one.tie == "implied" for one in ends):
                assert row["tie"] == "implied"


def test_a_place_stands_in_the_regions_around_it_but_not_in_the_world(asking: Asking) -> None:
    brazil = ask(asking, "place/brazil")
    found = shares(brazil)
    assert found["Brazil", "Latin"] == "38 Percent"
    assert found["Oncology", "Latin"] == "45 Percent"
    assert not any(row["market"].label.startswith("Global") for row in brazil.rows)
    assert shares(ask(asking, "place/japan")) == {("Asia Pacific", "Global"): "26.7 Percent"}
    assert ("Brazil", "Latin") not in shares(ask(asking, "place/mexico"))


def test_a_wider_place_does_not_stand_in_its_parts(asking: Asking) -> None:
    region = ask(asking, "place/th6287-latin-america")
    assert "Brazil" not in {row["stands_in"].label for row in region.rows}
    values = {row["value"] for row in region.rows if row["kind"] == "market value"}
    assert values == {f"{v} US dollars, billion" for v in ("3.72", "5.25", "58")}


def test_what_is_only_listed_stands_in_nothing(asking: Asking) -> None:
    listed = asking.rows(
        "SELECT ?org { ?org kg:listedIn ?r"
        " MINUS { ?org kg:activeIn ?a } MINUS { ?org kg:tiedTo ?b }"
        " MINUS { ?f kg:organisation|kg:through ?org ; kg:therapyType|kg:indication ?c } } LIMIT 1"
    )
    slug = str(listed[0]["org"]).rsplit("/", 1)[-1]
    assert ask(asking, f"agent/{slug}").rows == []


@pytest.mark.parametrize("entity", ENTITIES)
@pytest.mark.parametrize("via", ["any", "market"])
def test_sparql_gives_the_same_rows(asking: Asking, entity: str, via: str) -> None:
    answer = ask(asking, entity, via=via, level="group")
    assert answer.sparql
    rows = [(str(r["standsIn"]), str(r["figure"])) for r in asking.rows(answer.sparql)]
    assert sorted(rows) == sorted((r["stands_in"].iri, r["figure"].iri) for r in answer.rows)


def test_via_leaves_out_the_other_ways(asking: Asking) -> None:
    whole = ask(asking, "agent/celluris")
    parts = [ask(asking, "agent/celluris", via=via) for via in ("segment", "place", "market")]
    assert all(part.rows for part in parts)
    assert sum(len(part.rows) for part in parts) == len(whole.rows)
    assert {row["by"] for row in parts[1].rows} == {"place"}


def test_a_group_stands_in_what_its_members_stand_in(asking: Asking) -> None:
    group = ask(asking, "agent/kite-pharma", level="group")
    assert group.understood["entity"] == f"{DEFAULT_BASE}id/agent/gilead-sciences"
    assert set(shares(ask(asking, "agent/kite-pharma"))) <= set(shares(group))


def test_other_things_are_refused(asking: Asking) -> None:
    with pytest.raises(InvalidParameter, match="give an organisation or a place"):
        ask(asking, "therapy/yescarta")


def test_figures_are_as_printed(asking: Asking) -> None:
    rates = {
        (row["value"], row["period"])
        for row in ask(asking, "place/brazil").rows
        if row["kind"] == "growth rate"
    }
    assert rates == {
        ("31.61 Percent", period) for period in ("", "to 2034", "2024 to 2034", "2025 to 2034")
    }
