"""Every format of exports, in the order in which they are offered.

A format that is added here is on the command line, at `/exports/` and in the tests.
"""

from graph.export.model import Format
from graph.export.networks import write_graphml, write_node_link
from graph.export.rdf import (
    write_jsonld,
    write_nquads,
    write_ntriples,
    write_rdfxml,
    write_trig,
    write_turtle,
)
from graph.export.tables.formats import table_formats

FORMATS: tuple[Format, ...] = (
    Format("nquads", "application/n-quads", "nq", "dataset", "N-Quads", write_nquads),
    Format("trig", "application/trig", "trig", "dataset", "TriG", write_trig),
    Format("turtle", "text/turtle", "ttl", "graph", "Turtle", write_turtle),
    Format("ntriples", "application/n-triples", "nt", "graph", "N-Triples", write_ntriples),
    Format("jsonld", "application/ld+json", "jsonld", "graph", "JSON-LD", write_jsonld),
    Format("rdfxml", "application/rdf+xml", "rdf", "graph", "RDF/XML", write_rdfxml),
    Format("graphml", "application/graphml+xml", "graphml", "network", "GraphML", write_graphml),
    Format("node-link", "application/json", "json", "network", "node-link JSON", write_node_link),
    *table_formats(),
)

__all__ = ["FORMATS", "Format", "format_named"]


def format_named(name: str) -> Format | None:
    """Return the format of this name."""
    return next((format_ for format_ in FORMATS if format_.name == name), None)
