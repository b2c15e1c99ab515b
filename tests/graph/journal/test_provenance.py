from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.delta import Delta, apply_delta, quads
from graph.journal import Author, Entry, provenance, with_provenance
from graph.terms import Iris
from tests.graph.journal.samples import statement, text

XSD = "http://www.w3.org/2001/XMLSchema#"
BASE = "https://data.acme.example/"
IRIS = Iris(BASE)
DELTA = Delta(text([statement(1)]), text([statement(2)]), ("urn:begun",), ("urn:ended",))
ENTRY = Entry(17, "2026-01-02T03:04:05.678Z", Author("Käthe's lab #1", "q-17"), "PUT", DELTA)
WRITE = f"<{BASE}graph/writes#w17>"
WRITER = f"<{BASE}graph/writes#by-K%C3%A4the%27s%20lab%20%231>"
NS = {
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "dct": "http://purl.org/dc/terms/",
}


def test_a_write_says_who_when_which_request_and_which_graphs() -> None:
    found = list(provenance(ENTRY, BASE))
    assert {quad.graph_name for quad in found} == {IRIS.writes_graph}
    lines = set()
    for quad in found:
        predicate = quad.predicate.value
        for prefix, namespace in NS.items():
            predicate = predicate.replace(namespace, f"{prefix}:")
        lines.add(f"{quad.subject} {predicate} {quad.object}")
    assert lines == {
        f"{WRITER} rdf:type <http://www.w3.org/ns/prov#Agent>",
        f'{WRITER} rdfs:label "Käthe\'s lab #1"',
        f"{WRITE} rdf:type <http://www.w3.org/ns/prov#Activity>",
        f'{WRITE} rdfs:label "write 17: PUT"',
        f'{WRITE} prov:endedAtTime "2026-01-02T03:04:05.678Z"^^<{XSD}dateTime>',
        f"{WRITE} prov:wasAssociatedWith {WRITER}",
        f'{WRITE} dct:identifier "q-17"',
        f"{WRITE} prov:influenced <https://example.org/graph/mine>",
        f"{WRITE} prov:influenced <urn:begun>",
        f"{WRITE} prov:influenced <urn:ended>",
        f"{WRITE} prov:generated <urn:begun>",
        f"{WRITE} prov:invalidated <urn:ended>",
    }


def test_a_write_and_what_is_said_of_it_are_one_change() -> None:
    store = Store()
    store.add(statement(2))
    apply_delta(store, with_provenance(ENTRY, BASE), merged=True)
    assert statement(1) in store
    assert statement(2) not in store
    assert (
        Quad(
            IRIS.writer("Käthe's lab #1"),
            NamedNode(NS["rdfs"] + "label"),
            Literal("Käthe's lab #1"),
        )
        in store
    )
    graphs = {quad.graph_name for quad in quads(with_provenance(ENTRY, BASE).inserted)}
    assert graphs == {statement(1).graph_name, IRIS.writes_graph}


def test_the_default_graph_has_no_name_to_be_told() -> None:
    bare = Quad(*statement(1).triple)
    entry = Entry(1, ENTRY.time, ENTRY.author, "update", Delta(text([bare])))
    assert not [quad for quad in provenance(entry, BASE) if "influenced" in quad.predicate.value]
