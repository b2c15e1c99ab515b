"""What is written with blank nodes or without a graph is kept in releases, exactly."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from graph.release import JSON, DataDirectory, Release, Written
from graph.release.skolem import named, restored
from graph.terms import Iris
from tests.examples import examples
from tests.graph.release.samples import DETAILS, literals, node, quads

IRIS = Iris("https://example.org/")
P = node("p")
_first = st.sampled_from("_aZ09é\U0001fffe")
_labels = st.one_of(
    st.builds(lambda a, b: a + b, _first, st.text("abc09_-é·", max_size=6)),
    st.integers(0, 2**128 - 1).map(lambda number: f"{number:x}"),
    st.sampled_from(["a.b", "00ff", "FF", "0", "_"]),
)
_rests = st.lists(st.sampled_from(["a", "b", "/", "=", "%41", "é"]), max_size=6).map("".join)
nodes = st.one_of(
    _labels.map(BlankNode),
    st.sampled_from([node("a"), node("a/.well-known/genid/b"), NamedNode("urn:x")]),
    _rests.map(lambda rest: NamedNode(IRIS.genid + rest)),
)
graphs = st.sampled_from([node("graph/mine"), NamedNode("urn:g"), DefaultGraph()])
written = st.lists(
    st.builds(
        Quad, nodes, st.sampled_from([P, NamedNode(f"{IRIS.genid}p")]), nodes | literals, graphs
    ),
    max_size=12,
)


@given(nodes)
def test_every_node_has_an_iri_of_its_own_and_it_leads_back(term: BlankNode | NamedNode) -> None:
    iri = IRIS.skolem(term)
    assert isinstance(iri, NamedNode)
    assert IRIS.unskolem(iri) == term


def test_the_pattern_of_skolem_iris() -> None:
    genid = "https://example.org/.well-known/genid/"
    assert IRIS.skolem(BlankNode("b1")).value == f"{genid}b1"
    assert IRIS.skolem(BlankNode("é")).value == f"{genid}%C3%A9"
    assert IRIS.skolem(NamedNode(f"{genid}b1")).value == f"{genid}=b1"
    assert IRIS.skolem(NamedNode("urn:x")).value == "urn:x"


def publish(path: Path, content: list[Quad], graphs: set[str], extra: list[Quad]) -> Release:
    details: dict[str, JSON] = DETAILS | Written(tuple(graphs), 7).details()
    return DataDirectory(path).publish([named(q, IRIS) for q in content] + extra, details)


@settings(max_examples=examples(60))
@given(content=written)
def test_a_release_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, content: list[Quad]
) -> None:
    built = quads(8)
    names = {
        IRIS.default_graph.value
        if isinstance(quad.graph_name, DefaultGraph)
        else quad.graph_name.value
        for quad in content
    }
    release = publish(tmp_path_factory.mktemp("data"), content, names, built)
    strict, merged, expected = release.store(strict=True), release.store(), Store()
    expected.extend([*content, *built])
    assert set(strict) == set(expected)
    for quad in expected:
        graph = IRIS.default_graph if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name
        assert Quad(quad.subject, quad.predicate, quad.object, graph) in merged
        assert Quad(quad.subject, quad.predicate, quad.object) in merged
    triples = {quad.triple for quad in expected}
    assert {q.triple for q in merged.quads_for_pattern(None, None, None, DefaultGraph())} == triples
    assert [restored(named(q, IRIS), IRIS, strict=True) for q in content] == content


def test_empty_graphs_are_there_again(tmp_path: Path) -> None:
    release = publish(tmp_path, [], {"urn:empty", IRIS.default_graph.value}, quads(4))
    named_ = {"urn:empty"} | {node(f"graph/{name}").value for name in "abc"}
    assert {graph.value for graph in release.store(strict=True).named_graphs()} == named_
    assert {graph.value for graph in release.store().named_graphs()} == named_ | {
        IRIS.default_graph.value
    }


def test_what_was_built_is_as_it_was(tmp_path: Path) -> None:
    """An IRI or a text that looks like a Skolem IRI, in a graph that nobody wrote to."""
    alike = Quad(NamedNode(f"{IRIS.genid}b1"), P, Literal(f"<{IRIS.genid}b1>"), node("graph/a"))
    mine = Quad(BlankNode("b1"), P, Literal(f" <{IRIS.genid}b1> "), node("graph/mine"))
    release = publish(tmp_path, [mine], {"https://example.org/graph/mine"}, [alike])
    assert set(release.store(strict=True)) == {alike, mine}


def test_a_derived_statement_about_a_blank_node_is_about_it_again(tmp_path: Path) -> None:
    mine = Quad(BlankNode("b1"), P, P, node("graph/mine"))
    derived = Quad(P, P, BlankNode("b1"), IRIS.graph("derived"))
    extra = [named(derived, IRIS)]
    release = publish(tmp_path, [mine], {"https://example.org/graph/mine"}, extra)
    assert set(release.store(strict=True)) == {mine, derived}


# -- the manifest -----------------------------------------------------------------------------


def test_a_release_without_writes_says_nothing_of_them(tmp_path: Path) -> None:
    assert Written().details() == {}
    release = DataDirectory(tmp_path).publish(quads(8), DETAILS)
    assert "written" not in release.manifest
    assert release.written == Written()


def test_the_same_content_of_other_writes_is_the_same_release_with_their_number(
    tmp_path: Path,
) -> None:
    directory = DataDirectory(tmp_path)
    former = directory.publish(quads(8), DETAILS)
    said = Written(("urn:empty",), 5, former.id)
    release = directory.publish(quads(8), {"base": "urn:ignored"} | said.details())
    assert release.id == former.id
    assert release.written == said
    assert release.details == former.details == DETAILS
    assert directory.current() == release
    release.store()
    later = directory.publish(quads(8), DETAILS | Written((), 6).details())
    assert later.written == Written((), 6)
    assert directory.last_written() == Written((), 6)
    later.nquads.write_bytes(b"")
    assert directory.last_written() == Written((), 6)
    (later.path / "manifest.json").write_bytes(b"")
    assert directory.last_written() == Written()


def test_one_publisher_may_look_before_it_publishes(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    with directory.publishing() as publish_:
        assert directory.current() is None
        first = publish_(quads(8), DETAILS)
        second = publish_(quads(16), DETAILS)
    assert directory.current() == second
    assert set(directory.releases()) == {first, second}
