"""Editions in descriptions: what to read where only a superseded one says something of a thing."""

from pyoxigraph import Literal, NamedNode

from graph.description.describing import Description
from graph.description.reading import Reading
from ontology.namespaces import DCT


def reading_for(reading: Reading, node: NamedNode) -> Reading:
    """Return what a resource is to be read from: current editions, or all of them.

    It is all where only these say something of it; that something points to it is not enough, as a
    forecast does to a figure of an older edition. Raises the errors of graph.query.
    """
    if not reading.history:
        return reading
    for one in (reading, reading.of_all_editions):
        if _says_something(one, node):
            return one
    return reading


def superseded_in(description: Description) -> tuple[NamedNode, ...]:
    """Return the sources of a description that a later edition replaces, in order of IRIs."""
    found = {
        triple.subject
        for triple in description.editions
        if triple.predicate == DCT.isReplacedBy and isinstance(triple.subject, NamedNode)
    }
    return tuple(sorted(found, key=lambda node: node.value))


def _says_something(reading: Reading, node: NamedNode) -> bool:
    return bool(reading.triples("about", node=[node], hash=[Literal(f"{node.value}#")]))
