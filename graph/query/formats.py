"""The media types that answers can be written in, with the engine's name for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import QueryResultsFormat, RdfFormat

Form = Literal["bindings", "boolean", "graph"]


@dataclass(frozen=True, slots=True)
class Formats:
    """The media types that a client wants; None: it accepts none that this form has.

    `bindings` is for SELECT and ASK, `graph` for CONSTRUCT and DESCRIBE.
    """

    bindings: str | None
    graph: str | None


# In the order in which they are offered. CSV and TSV are not defined for ASK; the engine writes
# `true` or `false`, which is what their users expect.
BINDINGS: Mapping[str, QueryResultsFormat] = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPHS: Mapping[str, RdfFormat] = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
}
MEDIA_TYPES: Mapping[Literal["bindings", "graph"], tuple[str, ...]] = {
    "bindings": tuple(BINDINGS),
    "graph": tuple(GRAPHS),
}
