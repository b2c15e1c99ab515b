"""An answer says which of our own names in a query the store has nothing on."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.query import Formats, Request
from ontology.namespaces import RDFS
from tests.graph.query.samples import CSV, N_TRIPLES, engine

OURS = "https://example.org/ns#"
GRAPH = NamedNode("https://example.org/graph/g")
ACTIVE = NamedNode(OURS + "activeIn")
CHILE = NamedNode("https://example.org/id/place/chile")
DATA = [
    Quad(NamedNode("https://example.org/id/agent/acme"), ACTIVE, CHILE, GRAPH),
    Quad(ACTIVE, RDFS.label, Literal("active in"), GRAPH),
    Quad(CHILE, RDFS.label, Literal("Chile"), GRAPH),
]


def request(query: str) -> Request:
    return Request(query, Formats(CSV, N_TRIPLES))


def notices(query: str) -> tuple[str, ...]:
    used = engine(DATA, ours=(OURS, "https://example.org/id/", "https://example.org/graph/"))
    return used.evaluate(request(f"PREFIX our: <{OURS}> {query}")).notices


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s our:activeIn ?o }",
        "SELECT * { ?s <https://example.org/ns#activeIn> <https://example.org/id/place/chile> }",
        "SELECT * { ?s our:activeIn ?o FILTER (?o = <https://example.org/id/agent/acme>) }",
        "SELECT * { ?s <http://elsewhere.example/unknown> ?o }",
        "SELECT * { ?s ?p 'our:activein' } # our:activein",
        "BASE <https://example.org/id/> SELECT * { ?s our:activeIn <place/chile> }",
        "SELECT * { GRAPH <https://example.org/graph/g> { ?s ?p ?o } }",
    ],
)
def test_a_known_name_or_one_of_somebody_else_is_passed_over(query: str) -> None:
    assert notices(query) == ()


def test_a_misspelt_property_is_named_with_what_is_near() -> None:
    (notice,) = notices("SELECT * { ?s our:activein ?o }")
    assert notice == "nothing here is called 'our:activein'. Did you mean our:activeIn?"


def test_a_thing_that_is_not_there_is_named() -> None:
    (notice,) = notices("ASK { ?s our:activeIn <https://example.org/id/place/chili> }")
    assert notice.endswith("Did you mean <https://example.org/id/place/chile>?")


def test_nothing_is_near_the_address_of_a_list() -> None:
    (notice,) = notices("ASK { ?s our:activeIn <https://example.org/id/place/chile?inverse=a> }")
    assert notice.startswith("nothing here is called ")
    assert "Did you mean" not in notice


def test_a_name_that_is_a_whole_namespace_has_a_hint() -> None:
    (notice,) = notices("SELECT * { our: ?p ?o }")
    assert notice.startswith("nothing here is called 'our:'")


def test_a_count_of_nothing_has_the_hint_too() -> None:
    assert len(notices("SELECT (COUNT(*) AS ?n) { ?s our:nonsense ?o }")) == 1


def test_many_unknown_names_are_not_all_told() -> None:
    pattern = " ".join(f"?s our:x{number} ?o ." for number in range(50))
    assert len(notices(f"SELECT * {{ {pattern} }}")) == 5


def test_an_engine_without_namespaces_of_its_own_gives_none() -> None:
    answer = engine(DATA).evaluate(request(f"ASK {{ ?s <{OURS}nonsense> ?o }}"))
    assert answer.notices == ()
