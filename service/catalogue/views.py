"""The addresses of the catalogue. Views are thin: gather, write, render.

Files of a release may be made at any time, so what names them is not kept to be given again.
"""

from flask import Response, render_template

from graph.catalogue.dcat import TITLE, catalogue
from graph.catalogue.vocabulary import PREFIXES
from graph.catalogue.void import void as void_triples
from graph.questions.executable import executables
from ontology.vocabulary import contract, prefixes
from service.catalogue.gathering import address, catalogued, counted
from service.catalogue.responding import SUFFIXES, document_response, written
from service.served import served


def catalog(suffix: str | None = None) -> Response:
    """The catalogue: a page for people, DCAT for programs."""
    found = catalogued()

    def page() -> str:
        return render_template("catalog.html", found=found, title=TITLE, formats=SUFFIXES)

    rdf = written(lambda: catalogue(found, address()), PREFIXES)
    return document_response(rdf, page, "/catalog", suffix, storable=False)


def void(suffix: str | None = None) -> Response:
    """The counts of the release: a page for people, VoID for programs."""
    found = counted()

    def page() -> str:
        names = {iri: contract(iri) for iri in found.statistics.classes}
        names |= {iri: contract(iri) for iri in found.statistics.properties}
        return render_template("void.html", found=found, names=names, formats=SUFFIXES)

    rdf = written(lambda: void_triples(found, address()), PREFIXES)
    return document_response(rdf, page, "/.well-known/void", suffix, storable=False)


def examples(suffix: str | None = None) -> Response:
    """Every worked example, by kind: a page for people, SHACL executables for programs."""

    def page() -> str:
        return render_template("examples.html", examples=served().examples, formats=SUFFIXES)

    known = {name: prefixes()[name] for name in ("owl", "rdf", "rdfs", "schema", "sh", "xsd")}
    rdf = written(lambda: executables(served().examples, served().release.iris), known)
    return document_response(rdf, page, "/examples", suffix)
