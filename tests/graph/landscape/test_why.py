"""Why an edge stands: sets of claims, each of which suffices, and nothing that is not needed."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

import graph.rules
from graph.landscape import Answer, Asking, InvalidParameter
from graph.landscape.why import WHY, edges, why
from graph.query import EmbeddedEngine
from graph.rules import Rule, derive, rules
from graph.terms import DEFAULT_BASE
from ontology.namespaces import KG, RDF
from ontology.vocabulary import NAMESPACE, prefixes
from tests.examples import examples
from tests.landscape.made import IRIS, Made, make
from tests.landscape.spoil import BRIEF, copied, edit

Edge = tuple[str, str, str]

#: Two rules of which facts suffice only together: one is stricter than those that are shipped, one
#: leads to an edge on a way of its own. And one that reads the same fact as a shipped one.
PAIRED = (
    Rule(
        "sells-there",
        KG.activeIn,
        "approved",
        "Launched something there.",
        "SELECT ?subject ?object ?premise WHERE { ?premise a kg:Launch ;"
        " kg:organisation ?subject ; kg:place ?object . }",
    ),
    Rule(
        "launched-and-said-active",
        KG.activeIn,
        "launched",
        "Launched something, and is said to be active there.",
        "SELECT ?subject ?object ?premise ?premise2 WHERE { ?premise a kg:Launch ;"
        " kg:organisation ?subject . ?premise2 a kg:OrganisationActivity ;"
        " kg:organisation ?subject ; kg:place ?object . }",
    ),
    Rule(
        "result-where-regulated",
        KG.activeIn,
        "launched",
        "Has a result, and a regulator has a role there.",
        "SELECT ?subject ?object ?premise ?premise2 WHERE { ?premise a kg:ClinicalResult ;"
        " kg:organisation ?subject . ?premise2 a kg:RegulatoryRole ; kg:place ?object . }",
    ),
)


def asking(quads: Iterable[Quad] | Store) -> Asking:
    if isinstance(quads, Store):
        return Asking(EmbeddedEngine(quads, prefixes()), DEFAULT_BASE)
    store, named = Store(), tuple(quads)
    store.bulk_extend(named)
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in named)
    return Asking(EmbeddedEngine(store, prefixes()), DEFAULT_BASE)


def ask(asked: Asking, subject: str, name: str, object_: str) -> Answer:
    ends = [end if "://" in end else f"{DEFAULT_BASE}{end}" for end in (subject, object_)]
    return why(asked, {"subject": ends[0], "property": name, "object": ends[1]})


def sets(answer: Answer) -> list[set[str]]:
    """The claims of each set, by the slugs of their IRIs."""
    found: dict[int, set[str]] = {}
    for row in answer.rows:
        found.setdefault(row["set"], set()).add(row["claim"].iri.rsplit("/")[-1])
    return list(found.values())


@cache
def landscape(paired: bool) -> Made:
    """The invented landscape, with the shipped rules alone or with those that need two facts."""
    with pytest.MonkeyPatch.context() as patch:
        if paired:
            patch.setattr(graph.rules, "rules", lambda: (*rules(), *PAIRED))
        return make()


def edges_of(quads: Iterable[Quad]) -> list[Edge]:
    parts: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.predicate in (RDF.subject, RDF.predicate, RDF.object):
            assert isinstance(quad.object, NamedNode)
            parts.setdefault(str(quad.subject), {})[str(quad.predicate)] = quad.object.value
    wanted = (str(RDF.subject), str(RDF.predicate), str(RDF.object))
    return sorted({(of[wanted[0]], of[wanted[1]], of[wanted[2]]) for of in parts.values()})


def without(claimed: Iterable[Quad], rows: Iterable[Mapping[str, Any]]) -> list[Quad]:
    """What is claimed but for some facts, as the report that the row names tells them."""
    gone = {(row["fact"].iri, row["report"].iri.replace("/source/", "/graph/")) for row in rows}
    return [q for q in claimed if (_iri(q.subject), _iri(q.graph_name)) not in gone]


def _iri(node: object) -> str:
    assert isinstance(node, NamedNode)
    return node.value


def stands(claimed: Iterable[Quad], edge: Edge, paired: bool) -> bool:
    with pytest.MonkeyPatch.context() as patch:
        if paired:
            patch.setattr(graph.rules, "rules", lambda: (*rules(), *PAIRED))
        return edge in edges_of(derive(claimed, IRIS))


@settings(max_examples=examples(25))
@pytest.mark.parametrize("paired", [False, True])
@given(st.data())
def test_sets_are_what_an_edge_rests_on(paired: bool, data: st.DataObject) -> None:
    made = landscape(paired)
    edge = data.draw(st.sampled_from(edges_of(made.derived)))
    asked = asking(made.quads)
    answer = ask(asked, edge[0], edge[1].removeprefix(NAMESPACE), edge[2])
    numbers = sorted({row["set"] for row in answer.rows})
    assert numbers == list(range(1, len(numbers) + 1)) != []
    kept = data.draw(st.sampled_from(numbers))
    own = {row["fact"].iri for row in answer.rows if row["set"] == kept}
    others = [r for r in answer.rows if r["set"] != kept and r["fact"].iri not in own]
    assert stands(without(made.claimed, others), edge, paired)
    spared = data.draw(st.sampled_from([row for row in answer.rows if row["set"] == kept]))
    assert not stands(without(made.claimed, [*others, spared]), edge, paired)
    # One fact of each set is enough to take the edge away.
    picked = [
        data.draw(st.sampled_from([row for row in answer.rows if row["set"] == number]))
        for number in numbers
    ]
    assert not stands(without(made.claimed, picked), edge, paired)


def test_a_set_that_contains_another_is_left_out() -> None:
    asked = asking(landscape(paired=True).quads)
    answer = ask(asked, "id/agent/brightcell", "activeIn", "id/place/sudria")
    assert sorted(map(sorted, sets(answer))) == [["ao-act-1"], ["ao-launch-1"]]
    launch = {row["rule"] for row in answer.rows if row["claim"].iri.endswith("ao-launch-1")}
    assert launch == {"launched-there", "sells-there"}
    together = ask(asked, "id/agent/brightcell", "activeIn", "id/place/norland")
    assert sorted(map(sorted, sets(together))) == [["ao-clin-1", "ao-role-1"], ["ao-reg-1"]]


def test_a_fact_of_two_reports_is_a_set_in_each_and_what_is_stated_comes_first(
    tmp_path: Path,
) -> None:
    seeds = copied(tmp_path)
    edit(seeds / BRIEF / "regulatory_events.csv", "ab-reg-1", applicants="brightcell")
    asked = asking(make(seeds).quads)
    answer = ask(asked, "id/agent/brightcell", "activeIn", "id/place/norland")
    assert sets(answer) == [{"ao-reg-1"}, {"ab-reg-1"}]
    assert [row["tie"] for row in answer.rows] == ["stated", "implied"]
    assert [row["implied"] for row in answer.rows] == [(), ("place",)]
    assert len({row["fact"].iri for row in answer.rows}) == 1
    assert "2 sets of claims suffice alone; stated by 1, only implied by 1" in answer.notes[0]


def test_a_claim_that_does_not_lead_to_the_edge_is_no_reason_for_it() -> None:
    # Both reports tell the approval; only one says whose it is.
    answer = ask(
        asking(landscape(paired=False).quads), "id/agent/brightcell", "activeIn", "id/place/norland"
    )
    assert sets(answer) == [{"ao-reg-1"}]


def test_reasons_of_the_shipped_reports(landscape_store: Store) -> None:
    asked = asking(landscape_store)
    answer = ask(asked, "id/agent/instituto-butantan", "activeIn", "id/place/brazil")
    told = {
        (row["evidence"].label, row["tie"], row["section"].label, row["line"], row["implied"])
        for row in answer.rows
    }
    unsaid = ("place", "type")
    assert told == {
        ("Based there", "stated", "Top Vendors: Instituto Butantan", 0, ()),
        ("Based there", "stated", "Executive Summary Table", 6, ()),
        ("Based there", "stated", "Top Companies", 19, ()),
        ("Has a role in the value chain", "stated", "Value Chain: Research & Development", 3, ()),
        ("Manufacturing", "implied", "Executive Summary Table", 6, unsaid),
        ("Manufacturing", "implied", "Top Companies", 19, unsaid),
        ("Research and development", "implied", "Executive Summary Table", 6, unsaid),
        ("Research and development", "implied", "Top Companies", 19, unsaid),
    }
    assert [row["set"] for row in answer.rows] == sorted(row["set"] for row in answer.rows)
    assert len(sets(answer)) == 5
    role = next(row for row in answer.rows if row["rule"] == "value-chain-there")
    assert role["rule_doc"].startswith("An organisation with a role in the value chain of a place")
    assert (role["manner"], role["report"].type, role["section"].type) == (
        "Stated",
        "source",
        "section",
    )
    assert "Instituto Butantan" in role["printed"]
    assert answer.sparql is not None
    asked_again = {(r["statement"], r["mention"]) for r in asked.rows(answer.sparql)}
    assert len(asked_again) == len(asked.rows(answer.sparql)) == len(answer.rows)


def test_a_derived_statement_stands_for_its_edge(landscape_store: Store) -> None:
    asked = asking(landscape_store)
    edge = ask(asked, "id/agent/instituto-butantan", "activeIn", "id/place/brazil")
    for statement in {row["statement"].iri for row in edge.rows}:
        answer = why(asked, {"statement": statement})
        assert answer.rows == edge.rows
        assert answer.understood["object"].label == "Brazil"


def test_an_edge_of_the_registers_has_no_claims_behind_it(landscape_store: Store) -> None:
    asked = asking(landscape_store)
    (registered, *_) = landscape_store.quads_for_pattern(
        None, KG.placeWithin, None, IRIS.graph("reference")
    )
    answer = ask(asked, _iri(registered.subject), "placeWithin", _iri(registered.object))
    assert answer.rows == []
    assert any("recorded in the shared registers" in note for note in answer.notes)


def test_no_edge_says_what_silence_means_and_a_half_entered_source_changes_it(
    tmp_path: Path,
) -> None:
    seeds = copied(tmp_path)
    edge = ("id/agent/helio-group", "basedIn", "id/place/norland")
    nothing = ask(asking(make(seeds).quads), *edge)
    assert nothing.rows == []
    assert "nothing supports this edge" in nothing.notes[0]
    outlook = {c.report.iri.rsplit("/")[-1]: c.no for c in nothing.completeness}["acme-outlook"]
    assert outlook == "not stated"
    manifest = seeds / "acme-outlook" / "source.toml"
    text = manifest.read_text("utf-8")
    complete = "organisation_profiles = { rows = 1, complete = true }"
    assert complete in text
    manifest.write_text(text.replace(complete, complete.replace("true", "false")), "utf-8")
    halfway = ask(asking(make(seeds).quads), *edge)
    assert {c.report.iri.rsplit("/")[-1]: c.no for c in halfway.completeness}[
        "acme-outlook"
    ] == "not yet recorded"


def test_every_property_is_derived_from_some_class_of_facts() -> None:
    assert set(edges()) == {rule.edge.value.removeprefix(NAMESPACE) for rule in rules()}
    assert all(edges().values())
    assert edges()["basedIn"] == ("OrganisationProfile",)
    assert next(p for p in WHY.parameters if p.name == "property").choices == tuple(edges())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"subject": "x:a", "property": "activeIn"}, "`object`: is missing"),
        ({}, "`subject`: is missing"),
        ({"statement": "x:a"}, "x:a is no derived statement of this release"),
        ({"statement": "x:a", "subject": "x:b"}, "`statement`: is an edge already"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidParameter, match=message):
        why(asking([]), arguments)


def test_cells_are_what_the_columns_say(landscape_store: Store) -> None:
    answer = ask(
        asking(landscape_store), "id/agent/terumo-bct", "activeIn", "id/place/th6287-latin-america"
    )
    assert answer.rows
    for row in answer.rows:
        assert list(row) == [column.name for column in answer.columns]
        assert isinstance(row["line"], int)
        assert [row[name].type for name in ("fact", "statement", "evidence", "claim")] == [
            row["fact"].type,
            "statement",
            "concept",
            "claim",
        ]
        assert row["fact"].type in ("event", "claim")
