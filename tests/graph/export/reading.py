"""What other programs make of exports: pyoxigraph, rdflib, networkx."""

import io
import warnings

import rdflib
from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from graph.export.model import Format, Scope, silent
from graph.release import Release

RDF = {
    "nquads": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
RDFLIB = {
    "nquads": "nquads",
    "trig": "trig",
    "turtle": "turtle",
    "ntriples": "nt",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}


def written(release: Release, format_: Format, scope: Scope) -> bytes:
    file = io.BytesIO()
    format_.write(release, scope, file, silent)
    return file.getvalue()


def read(body: bytes, name: str) -> list[Quad]:
    """The statements as the engine reads them, without normalising literals."""
    return list(parse(body, format=RDF[name]))


def merged(quads: list[Quad]) -> set[Quad]:
    return {Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads}


def read_by_rdflib(body: bytes, name: str) -> list[Quad]:
    """The statements as rdflib reads them, as N-Quads, literals as they are printed."""
    with warnings.catch_warnings():  # it warns of how it is made itself
        warnings.simplefilter("ignore", DeprecationWarning)
        if name not in ("nquads", "trig"):
            graph = rdflib.Graph().parse(data=body, format=RDFLIB[name])
            return list(parse(graph.serialize(format="nt"), format=RdfFormat.N_TRIPLES))
        dataset = rdflib.Dataset(default_union=False)
        dataset.parse(data=body, format=RDFLIB[name])
        text = dataset.serialize(format="nquads", encoding="utf-8")
    return list(parse(text, format=RdfFormat.N_QUADS))
