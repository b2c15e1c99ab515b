"""Descriptions as bytes: one graph in every syntax, the same bytes for the same graph."""

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from graph.description.jsonld import write_json_ld
from graph.query.results import write_graph
from ontology.vocabulary import prefixes

_JSON_LD = "application/ld+json"
#: Vocabularies that only descriptions use.
_FURTHER = {"xhv": "http://www.w3.org/1999/xhtml/vocab#"}


def write_description(
    graph: Iterable[Triple], media_type: str, first: NamedNode | None = None
) -> bytes:
    """Return the graph in a media type of graphs; in JSON-LD, `first` is the first node.

    Raises NotExpressible for what the format cannot hold.
    """
    graph = frozenset(graph)
    # Under the context, an IRI such as <dct:x> would mean another.
    if media_type == _JSON_LD and not _schemes(graph) & prefixes().keys():
        return write_json_ld(graph, first)
    text = "".join(f"{triple} .\n" for triple in graph).encode()
    return write_graph(text, media_type, prefixes() | _FURTHER)


def _schemes(graph: Iterable[Triple]) -> set[str]:
    terms = {term for triple in graph for term in (triple.subject, triple.predicate, triple.object)}
    datatypes = {term.datatype for term in terms if isinstance(term, Literal)}
    iris = (term.value for term in terms | datatypes if isinstance(term, NamedNode))
    return {iri.partition(":")[0] for iri in iris}
