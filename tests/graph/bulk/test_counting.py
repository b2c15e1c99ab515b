"""Counts of lines that pass in blocks: those of a manifest."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from graph.bulk.counting import Counting
from graph.release import content_id
from graph.release.manifest import count
from ontology.namespaces import RDF

NODES = st.builds(lambda name: NamedNode(f"https://e.org/{name}"), st.sampled_from("abcd"))
OBJECTS = st.one_of(NODES, st.sampled_from([Literal("a <b> "), Literal(f"x {RDF.type} <y>")]))
QUADS = st.builds(Quad, NODES, st.one_of(NODES, st.just(RDF.type)), OBJECTS, NODES)


@given(st.lists(QUADS, min_size=1), st.integers(1, 5))
def test_counts_are_those_of_a_manifest(quads: list[Quad], size: int) -> None:
    _, lines = content_id(quads)
    counting = Counting(b"<https://e.org/c")
    encoded = [line.encode() for line in lines]
    for start in range(0, len(encoded), size):
        counting.take(encoded[start : start + size])
    assert counting.counts() == count(lines)
    assert counting.kept == [line for line in encoded if line.startswith(b"<https://e.org/c")]
    said = {(q.subject, q.object) for q in quads if q.predicate == RDF.type}
    assert counting.literal_classes == sum(isinstance(object_, Literal) for _, object_ in said)
