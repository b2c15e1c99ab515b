"""Who wrote what and when, as statements of the graph `<base>graph/writes` (PROV-O)."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from graph.delta import Delta, quads
from graph.journal.entry import Entry
from graph.terms import Iris
from ontology.namespaces import DCT, PROV, RDF, RDFS, XSD


def provenance(entry: Entry, base: str) -> Iterator[Quad]:
    """The statements about one write, in the deployment with this base.

    `<base>graph/writes#w<number>` is a prov:Activity that ended at a time, was associated with an
    agent (labelled by the name of the token), has the id of the request as dct:identifier, and
    influenced the named graphs that it changed; those that began it generated as well, and those
    that ceased to exist it invalidated.
    """
    iris = Iris(base)
    write, writer = iris.write(entry.number), iris.writer(entry.author.name)
    graph, delta = iris.writes_graph, entry.delta
    yield Quad(writer, RDF.type, PROV.Agent, graph)
    yield Quad(writer, RDFS.label, Literal(entry.author.name), graph)
    yield Quad(write, RDF.type, PROV.Activity, graph)
    yield Quad(write, RDFS.label, Literal(f"write {entry.number}: {entry.kind}"), graph)
    yield Quad(write, PROV.endedAtTime, Literal(entry.time, datatype=XSD.dateTime), graph)
    yield Quad(write, PROV.wasAssociatedWith, writer, graph)
    yield Quad(write, DCT.identifier, Literal(entry.author.request), graph)
    for name in sorted(_changed(delta)):
        yield Quad(write, PROV.influenced, NamedNode(name), graph)
    for name in delta.created:
        yield Quad(write, PROV.generated, NamedNode(name), graph)
    for name in delta.dropped:
        yield Quad(write, PROV.invalidated, NamedNode(name), graph)


def with_provenance(entry: Entry, base: str) -> Delta:
    """The change of an entry with the statements about it, to be appended and applied as one."""
    text = serialize(provenance(entry, base), format=RdfFormat.N_QUADS) or b""
    return replace(entry.delta, inserted=entry.delta.inserted + text)


def _changed(delta: Delta) -> set[str]:
    return {*delta.created, *delta.dropped, *_graphs(quads(delta.inserted + delta.deleted))}


def _graphs(statements: Iterable[Quad]) -> Iterator[str]:
    for quad in statements:
        if not isinstance(quad.graph_name, DefaultGraph):
            yield quad.graph_name.value
