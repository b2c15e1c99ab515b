"""A small release for the tests of the service: two sources that share a triple."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from graph.release import JSON, DataDirectory, Release
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import KG, RDF, RDFS

IRIS = Iris()
FIRST, SECOND = IRIS.graph("first-report"), IRIS.graph("second-report")
HOSTILE = '<script>alert("1")</script> & "quoted"'
ESCAPES = "\x1b[31mred\u202e"
COMPANIES = {
    "alpha-bio": "Alpha Bio",
    "beta-cell": "Bêta Cell 細胞",
    "gamma-gene": "Gamma Gene",
    "hostile": HOSTILE,
}
DETAILS: dict[str, JSON] = {
    "base": DEFAULT_BASE,
    "sources": [
        {
            "slug": "first-report",
            "graph": FIRST.value,
            "title": "First Report on Cell Therapy <2025>",
            "short_title": "First (2025)",
            "publisher": "First Insights",
            "published": "2025-08",
            "url": "https://first.example/report?a=1&b=2",
            "code": "F1",
            "licence_note": "Facts only.",
            "claims": 12,
        },
        {
            "slug": "second-report",
            "graph": SECOND.value,
            "title": "Second Report",
            "short_title": "Second",
            "publisher": "Second & Sons",
            "published": None,
            "url": None,
            "code": None,
            "licence_note": "Facts only, too.",
            "claims": 1,
        },
    ],
}


def quads() -> Iterator[Quad]:
    """Every statement; the type of alpha-bio stands in both graphs."""
    for slug, name in COMPANIES.items():
        company = IRIS.thing("agent", slug)
        yield Quad(company, RDF.type, KG.Organisation, FIRST)
        yield Quad(company, RDFS.label, Literal(name), FIRST)
    for slug, graph in (("first-report", FIRST), ("second-report", SECOND)):
        yield Quad(IRIS.source(slug), RDF.type, KG.Report, graph)
    yield Quad(IRIS.thing("agent", "hostile"), RDFS.comment, Literal(ESCAPES), FIRST)
    yield Quad(IRIS.thing("agent", "alpha-bio"), RDF.type, KG.Organisation, SECOND)
    for number in range(30):
        figure = IRIS.thing("claim", f"figure-{number}")
        yield Quad(figure, RDF.type, KG.MarketFigure, SECOND)
        yield Quad(figure, KG.value, Literal(number * 7), SECOND)
        yield Quad(figure, RDFS.label, Literal(f"Marktgröße {number}", language="de"), SECOND)
    yield Quad(NamedNode("http://elsewhere.example/x"), RDFS.comment, NamedNode("urn:y"), SECOND)


def publish(folder: Path) -> Release:
    """Publish the release into a data directory."""
    return DataDirectory(folder).publish(quads(), DETAILS)
