"""How things connect, on the shipped reports: each edge is there, and has its sources."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from pyoxigraph import NamedNode, Store

from graph.landscape import Answer, InvalidParameter, Named, NotAnswerable, Thing, read_arguments
from graph.landscape.around import COUNTS, NEIGHBOURHOOD
from graph.landscape.asking import Asking
from graph.landscape.catalogue import question
from graph.landscape.connections import CONNECTIONS
from graph.network.calls import LocalTraversal
from graph.network.reading import network_of_quads
from graph.query import EmbeddedEngine
from graph.terms import DEFAULT_BASE
from ontology.namespaces import KG
from ontology.vocabulary import prefixes

ID = f"{DEFAULT_BASE}id/"
PAIRS = (
    ("agent/terumo-bct", "agent/inmegen"),
    ("agent/kite-pharma", "agent/gilead-sciences"),
    ("therapy/kymriah", "place/brazil"),
    ("agent/novartis", "concept/car-t-cell-therapy"),
)


@pytest.fixture(scope="module")
def asking(landscape_store: Store) -> Asking:
    engine = EmbeddedEngine(landscape_store, prefixes())
    quads = landscape_store.quads_for_pattern(None, None, None, None)
    network = network_of_quads(quads, DEFAULT_BASE, "0" * 64)
    return Asking(engine, DEFAULT_BASE, LocalTraversal(network))


def ask(asking: Asking, question_: Named, **given: str | list[str]) -> Answer:
    texts = {name: [v] if isinstance(v, str) else v for name, v in given.items()}
    arguments = read_arguments(question_.parameters, texts, lambda _, text, __: f"{ID}{text}")
    return question_.run(asking, arguments)


def connect(asking: Asking, start: str, end: str, **given: str | list[str]) -> Answer:
    return ask(asking, CONNECTIONS, **{"from": start, "to": end, **given})


def ends(row: Mapping[str, Any]) -> tuple[NamedNode, NamedNode]:
    start, end = NamedNode(row["start"].iri), NamedNode(row["end"].iri)
    return (start, end) if row["forward"] else (end, start)


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_paths_lead_from_one_to_the_other_over_edges_that_are_there(
    asking: Asking, landscape_store: Store, start: str, end: str
) -> None:
    answer = connect(asking, start, end, k="4")
    for number in range(1, 5):
        path = [row for row in answer.rows if row["path"] == number]
        steps = {row["step"]: (row["start"].iri, row["end"].iri) for row in path}
        walked = [steps[step] for step in range(1, len(steps) + 1)]
        assert walked[0][0] == ID + start
        assert walked[-1][1] == ID + end
        assert all(one[1] == other[0] for one, other in pairwise(walked))
        assert len({iri for step in walked for iri in step}) == len(walked) + 1
        for row in path:
            between = {
                q.predicate.value
                for q in landscape_store.quads_for_pattern(ends(row)[0], None, ends(row)[1])
            }
            assert any(
                name.lower().endswith(row["relation"].replace(" ", ""))
                for name in map(str.lower, between)
            )
    lengths = [row["step"] for row in answer.rows]
    assert max(lengths) <= 6


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_the_query_gives_the_same_edges(asking: Asking, start: str, end: str) -> None:
    answer = connect(asking, start, end, k="5")
    assert answer.sparql
    rows = asking.rows(answer.sparql)
    told = {(row["path"], row["step"], row["subject"], row["object"]) for row in rows}
    assert len(rows) == len(answer.rows)
    assert told == {
        (row["path"], row["step"], *(node.value for node in ends(row))) for row in answer.rows
    }


def test_an_edge_has_all_its_evidence_and_says_what_is_implied(
    asking: Asking, landscape_store: Store
) -> None:
    answer = connect(asking, "agent/kite-pharma", "agent/gilead-sciences", k="1")
    by_words = {row["relation"]: row for row in answer.rows}
    # The subsidiary stands in brackets behind its parent: the report implies what that means.
    assert by_words["part of"]["tie"] == "implied"
    assert by_words["group"]["evidence"] == ()
    assert by_words["group"]["tie"] == ""
    assert by_words["group"]["sentence"] == "Kite Pharma: group Gilead Sciences (registers)"
    active = connect(asking, "agent/terumo-bct", "agent/inmegen", k="1").rows[0]
    assert active["sentence"].startswith("Terumo BCT: active in Mexico (Towards Healthcare, Latin")
    statements = {one.statement for one in active["evidence"]}
    described = [NamedNode(one) for one in statements]
    assert described
    for statement in described:
        premises = landscape_store.quads_for_pattern(statement, KG.premise, None)
        assert {q.object for q in premises}
    assert {fact for one in active["evidence"] for fact in one.facts} == {
        q.object.value
        for statement in described
        for q in landscape_store.quads_for_pattern(statement, KG.premise, None)
        if isinstance(q.object, NamedNode)
    }


def test_a_fact_tells_its_report_and_section(asking: Asking) -> None:
    answer = connect(asking, "agent/novartis", "concept/car-t-cell-therapy", k="1")
    assert [row["step"] for row in answer.rows] == [1, 2]
    fact = answer.rows[0]["end"]
    assert fact.label == "Novartis, Use of artificial intelligence"
    for row in answer.rows:
        (evidence,) = row["evidence"]
        assert evidence.kind == "Organisation activity"
        assert evidence.sections == ("Role of Artificial Intelligence",)
        assert evidence.report.label == "Coherent, Cellular Immunotherapy (2025)"
        assert evidence.facts == (fact.iri,)
        assert row["tie"] == "stated"


def test_a_property_that_all_mentions_imply_is_implied(asking: Asking) -> None:
    # One section prints "through Kite Pharma", another has the name in brackets only.
    kinds = ["through", "organisation"]
    answer = connect(asking, "agent/kite-pharma", "agent/gilead-sciences", k="9", kinds=kinds)
    ties = {
        row["end"].iri.removeprefix(f"{ID}claim/"): row["tie"]
        for row in answer.rows
        if row["relation"] == "through"
    }
    assert ties == {"cmi8447-activity-002": "implied", "cmi8447-activity-005": "stated"}


def test_edges_and_hubs_are_chosen(asking: Asking) -> None:
    pair = ("therapy/kymriah", "place/brazil")
    free = connect(asking, *pair, k="1")
    assert "therapy type" in {row["relation"] for row in free.rows}
    without = connect(asking, *pair, k="3", without_kinds=["therapyType"])
    assert without.rows
    assert "therapy type" not in {row["relation"] for row in without.rows}
    hub = connect(asking, *pair, k="1", hubs="20")
    through = {row["end"] for row in hub.rows} | {row["start"] for row in hub.rows}
    assert Thing(f"{ID}concept/car-t-cell-therapy", "CAR T-cell therapy", "concept") not in through
    again = connect(asking, *pair, k="1", hubs="20", through=["concept/car-t-cell-therapy"])
    assert again.rows == free.rows
    none = connect(asking, *pair, longest="2")
    assert none.rows == []
    assert none.notes[0].startswith("There is no path of at most 2 steps")
    assert asking.rows(none.sparql or "") == []
    assert {one.report.label[:8] for one in none.completeness} == {"Coherent", "Towards "}


def test_what_is_wrong_is_told(asking: Asking) -> None:
    with pytest.raises(InvalidParameter, match="`kinds`: no 'owner' is in this network"):
        connect(asking, *PAIRS[0], kinds=["owner"])
    with pytest.raises(InvalidParameter, match="`to`: is the same node"):
        connect(asking, PAIRS[0][0], PAIRS[0][0])
    with pytest.raises(InvalidParameter, match=r"`to`: <.*nobody> is no node"):
        connect(asking, PAIRS[0][0], "agent/nobody")
    alone = Asking(asking.engine, asking.base)
    for question_, given in (
        (CONNECTIONS, dict(zip(("from", "to"), PAIRS[0], strict=True))),
        (NEIGHBOURHOOD, {"node": "place/brazil"}),
    ):
        with pytest.raises(NotAnswerable, match="network"):
            ask(alone, question_, **given)


@pytest.mark.parametrize("node", ["place/brazil", "agent/terumo-bct", "therapy/kymriah"])
@pytest.mark.parametrize("show", [[], ["agent", "event"]])
def test_one_hop_is_what_sparql_finds(asking: Asking, node: str, show: list[str]) -> None:
    answer = ask(asking, NEIGHBOURHOOD, node=node, limit="1000", show=show)
    assert answer.sparql
    rows = asking.rows(answer.sparql)
    assert len(rows) == len(answer.rows)
    assert {row["node"] for row in rows} == {row["node"].iri for row in answer.rows}
    assert all(row["relations"] for row in answer.rows)


def test_counts_and_pages_agree(asking: Asking) -> None:
    counts = ask(asking, COUNTS, node="place/brazil", hops="3")
    page = ask(asking, NEIGHBOURHOOD, node="place/brazil", hops="3", limit="20", offset="10")
    nodes = sum(row["count"] for row in counts.rows if row["what"] == "nodes")
    assert page.notes[-1] == f"+{nodes - 30} more"
    assert page.sparql is None
    first = {row["kind"]: row["count"] for row in counts.rows if row["hop"] == 1}
    whole = ask(asking, NEIGHBOURHOOD, node="place/brazil", limit="1000").rows
    for kind in ("agent", "event", "claim"):
        assert first[kind] == sum(row["node"].type == kind for row in whole)
    players = sum("← kg:activeIn" in row["relations"] for row in whole)
    assert first["← kg:activeIn"] == players


def test_they_are_offered() -> None:
    for one in (CONNECTIONS, NEIGHBOURHOOD, COUNTS):
        assert question(one.name) is one
