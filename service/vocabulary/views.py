"""The addresses of the vocabulary."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from flask import Response, abort, redirect, render_template, url_for
from markupsafe import Markup
from pyoxigraph import RdfFormat, Triple, parse
from werkzeug.wrappers import Response as AnyResponse

from graph.catalogue.files import statistics_of
from graph.terms import DEFAULT_BASE
from ontology.terms import ontology_facts, version
from ontology.vocabulary import NAMESPACE, prefixes
from service.catalogue.responding import SUFFIXES, document_response, written
from service.evaluation import here
from service.served import served
from service.vocabulary.diagram import diagram
from service.vocabulary.model import documented

_TURTLE = "text/turtle"


def ns(suffix: str | None = None) -> Response:
    """The vocabulary: its documentation for people, RDF for programs."""
    return document_response(_rdf, _page, "/ns", suffix)


def schema_page() -> AnyResponse:
    """Where the schema of the data is described, for who looks for it under that name."""
    return redirect(url_for("ns"), 302)


def ns_version(name: str) -> Response:
    """A version of the vocabulary, also with a suffix: there is the current one."""
    current = version()
    suffix = name.removeprefix(current)
    if suffix == name or not re.fullmatch(r"(?:\..+)?", suffix):
        there = url_for("ns_version", name=current)
        abort(404, f"there is no version {name!r} here; there is {current}, at {there}")
    return document_response(_rdf, _page, f"/ns/{current}", suffix[1:] or None)


def ns_context() -> Response:
    """The JSON-LD context, at an address that stays."""
    here().storable = True
    text = (files("ontology") / "context.jsonld").read_bytes()
    return Response(text, content_type="application/ld+json")


def ns_shapes() -> Response:
    """The SHACL shapes: all files of them, one after the other."""
    here().storable = True
    return Response(_shapes(served().base), content_type=f"{_TURTLE}; charset=utf-8")


@cache
def _shapes(base: str) -> str:
    """All files of shapes; the code lists that they name are those of the deployment."""
    names = sorted(e.name for e in files("ontology").iterdir() if e.name.startswith("shapes"))
    texts = ((files("ontology") / name).read_text("utf-8") for name in names)
    return "\n".join(texts).replace(f"{DEFAULT_BASE}id/", f"{base}id/")


def _rdf(media_type: str) -> bytes:
    """The ontology; as Turtle it is the file, with its comments."""
    text = (files("ontology") / "therascape.ttl").read_bytes()
    return text if media_type == _TURTLE else written(_triples, prefixes())(media_type)


def _triples() -> Iterator[Triple]:
    text = (files("ontology") / "therascape.ttl").read_bytes()
    return (quad.triple for quad in parse(text, format=RdfFormat.TURTLE))


def _page() -> str:
    found = documented(statistics_of(served().release))
    return render_template(
        "vocabulary.html",
        classes=[term for term in found if term.is_class],
        properties=[term for term in found if not term.is_class],
        facts=ontology_facts(),
        version=version(),
        namespace=NAMESPACE,
        formats=SUFFIXES,
        drawing=Markup(diagram(found)),  # noqa: S704 - made of escaped text
    )
