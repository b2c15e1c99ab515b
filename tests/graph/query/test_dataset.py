from collections import Counter
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Quad

from graph.query import DatasetTooLarge, Formats, QuerySyntaxError, Request
from tests.graph.query.samples import BASE, CSV, Rows, ask, engine, node, quads, rows

Triple = tuple[str, str, str]
Graphs = dict[str, frozenset[Triple]]

NAMES = ("a", "b", "p", "q")
GRAPHS = ("g1", "g2", "g3")
ABSENT = "absent"

triples = st.tuples(*[st.sampled_from(NAMES)] * 3)
# Few names and few triples: the same triple stands in several graphs more often than not.
datasets = st.fixed_dictionaries(
    {}, optional={graph: st.frozensets(triples, min_size=1, max_size=6) for graph in GRAPHS}
)
choices = st.lists(st.sampled_from((*GRAPHS, ABSENT)), max_size=4)


def dataset(
    graphs: Graphs, default: list[str], named: list[str]
) -> tuple[frozenset[Triple], Graphs]:
    """The dataset of SPARQL 1.1, section 13.2, by plain sets: its default graph, its named ones."""
    if not default and not named:
        return frozenset().union(*graphs.values()), graphs
    merged: frozenset[Triple] = frozenset().union(*(graphs.get(name, ()) for name in default))
    return merged, {name: graphs[name] for name in set(named) if name in graphs}


def joined(default: frozenset[Triple]) -> Iterator[tuple[str, str]]:
    for s, p, o in default:
        if p == "p":
            yield from ((s, o2) for s2, _, o2 in default if s2 == o)


def beside(default: frozenset[Triple], named: Graphs) -> Iterator[tuple[str, str, str]]:
    for s, _, _ in default:
        for name, content in named.items():
            yield from ((s, name, o2) for s2, _, o2 in content if s2 == s)


def clauses(default: list[str], named: list[str]) -> str:
    froms = [f"FROM <{BASE}{name}>" for name in default]
    return " ".join(froms + [f"FROM NAMED ex:{name}" for name in named])


def expected(kind: str, default: frozenset[Triple], named: Graphs) -> Rows:
    found: dict[str, Iterator[tuple[str, ...]]] = {
        "select": iter(default),
        "count": iter([(str(len(default)),)]),
        "join": joined(default),
        "graph": ((g, *t) for g, content in named.items() for t in content),
        "beside": beside(default, named),
        "counts": ((g, str(len(content))) for g, content in named.items()),
    }
    return Counter(found[kind])


QUERIES = {
    "select": "SELECT ?s ?p ?o %s { ?s ?p ?o }",
    "count": "SELECT (COUNT(*) AS ?n) %s { ?s ?p ?o }",
    "join": "SELECT ?s ?o %s { ?s ex:p ?m . ?m ?q ?o }",
    "graph": "SELECT ?g ?s ?p ?o %s { GRAPH ?g { ?s ?p ?o } }",
    "beside": "SELECT ?s ?g ?o2 %s { ?s ?p ?o GRAPH ?g { ?s ?p2 ?o2 } }",
    "counts": "SELECT ?g (COUNT(*) AS ?n) %s { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
}


@pytest.mark.parametrize("kind", QUERIES)
@given(graphs=datasets, default=choices, named=choices)
def test_clauses_give_the_merge_of_sets(
    kind: str, graphs: Graphs, default: list[str], named: list[str]
) -> None:
    answer = ask(QUERIES[kind] % clauses(default, named), quads(graphs))
    assert rows(answer) == expected(kind, *dataset(graphs, default, named))


@pytest.mark.parametrize("kind", QUERIES)
@given(graphs=datasets, default=choices, named=choices, other=choices)
def test_parameters_of_the_protocol_come_before_clauses(
    kind: str, graphs: Graphs, default: list[str], named: list[str], other: list[str]
) -> None:
    answer = ask(
        QUERIES[kind] % clauses(other, other),
        quads(graphs),
        default_graphs=[BASE + name for name in default],
        named_graphs=[BASE + name for name in named],
    )
    if not default and not named:
        default, named = other, other
    assert rows(answer) == expected(kind, *dataset(graphs, default, named))


@given(graphs=datasets, default=choices, named=choices)
def test_each_graph_that_is_not_there_is_told_by_name_and_once(
    graphs: Graphs, default: list[str], named: list[str]
) -> None:
    answer = ask(f"ASK {clauses(default, named)} {{}}", quads(graphs))
    absent = {f"<{BASE}{name}>" for name in chain(default, named) if name not in graphs}
    assert len(answer.notices) == len(absent)
    assert all(any(name in notice for notice in answer.notices) for name in absent)


SHARED = quads({"g1": [("a", "p", "b")], "g2": [("a", "p", "b"), ("a", "p", "a")]})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s FROM <g1> FROM <g2> { ?s ?p ?o }",
        "BASE <https://example.org/> SELECT ?s FROM <g1> FROM <./x/../g2> { ?s ?p ?o }",
        "BASE <https://example.org/x/> SELECT ?s FROM <../g1> FROM <//example.org/g2> { ?s ?p ?o }",
        "PREFIX : <> SELECT ?s FROM :g1 FROM :g2 { ?s ?p ?o }",
        "PREFIX a: <https://example.org/g> SELECT ?s FROM a:1 FROM a:2 { ?s ?p ?o }",
        "PREFIX ex: <https://example.org/g> SELECT ?s FROM ex:1 FROM ex:2 { ?s ?p ?o }",
        "SELECT ?s FROM <\\u00671> FROM ex:\\u00672 { ?s ?p ?o }",
        "SELECT ?s FROM ex:%671 FROM ex:g1 FROM ex:g1 FROM ex:g2 { ?s ?p ?o }",
    ],
)
def test_names_of_graphs_are_resolved_as_the_engine_does(query: str) -> None:
    assert rows(ask(query, SHARED, base=BASE)) == Counter({("a",): 2})


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT *\n FROM <g1> { ?s ?p ?o }", (2, 7)),
        ("SELECT * FROM ex:g1 FROM <g1> FROM ex:g2 { ?s ?p ?o }", (1, 26)),
        ("PREFIX r: <rel> SELECT * FROM <g1> { ?s ?p ?o }", (1, 11)),
    ],
)
def test_a_relative_name_without_a_base_is_an_error(query: str, place: tuple[int, int]) -> None:
    with pytest.raises(QuerySyntaxError, match="no BASE") as caught:
        ask(query, SHARED)
    assert (caught.value.line, caught.value.column) == place


def test_a_parameter_that_is_no_iri_names_no_graph() -> None:
    answer = ask("SELECT * { ?s ?p ?o }", SHARED, default_graphs=["no iri", BASE + "g1"])
    assert rows(answer).total() == 1
    assert answer.notices == ("'no iri' is not an absolute IRI, so no graph has that name",)


def test_an_empty_graph_that_is_asked_for_can_be_named() -> None:
    query = "ASK FROM NAMED ex:absent { GRAPH ex:absent {} }"
    assert ask(query, SHARED).body == b"true"


@pytest.mark.parametrize(
    ("budget", "query"),
    [
        (3, "FROM ex:g1 FROM ex:g2"),
        (4, "FROM ex:g1 FROM ex:g2 FROM NAMED ex:g1"),
        (0, "FROM ex:g1"),
        (0, "FROM ex:g1 FROM ex:absent FROM ex:g1 FROM NAMED ex:g1 FROM NAMED ex:g2"),
        (0, ""),
    ],
)
def test_merging_stays_within_its_budget(budget: int, query: str) -> None:
    request = Request(f"SELECT * {query} {{ ?s ?p ?o }}", Formats(CSV, None))
    engine(SHARED, merge_budget=budget).evaluate(request)
    if budget:
        with pytest.raises(DatasetTooLarge, match=f"more than {budget - 1} statements"):
            engine(SHARED, merge_budget=budget - 1).evaluate(request)


def test_blank_nodes_that_graphs_share_stay_one_node() -> None:
    shared = BlankNode("shared")
    data = [
        Quad(shared, node("p"), node("a"), node("g1")),
        Quad(shared, node("p"), node("a"), node("g2")),
        Quad(shared, node("q"), node("b"), node("g2")),
    ]
    for query in (
        "SELECT ?x ?y { ?s ex:p ?x ; ex:q ?y }",
        "SELECT ?x ?y FROM ex:g1 FROM ex:g2 { ?s ex:p ?x ; ex:q ?y }",
        "SELECT ?x ?y FROM ex:g1 FROM ex:g2 FROM NAMED ex:g2 {?s ex:p ?x GRAPH ?g {?s ex:q ?y}}",
    ):
        assert rows(ask(query, data)) == Counter({("a", "b"): 1})
    assert rows(ask("SELECT (COUNT(*) AS ?n) FROM ex:g1 FROM ex:g2 { ?s ?p ?o }", data)) == (
        Counter({("2",): 1})
    )
