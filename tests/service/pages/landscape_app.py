"""The application over the shipped seeds, and what its pages say, for the tests of two pages."""

import re
from html import unescape

from flask import Flask
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.query import EmbeddedEngine
from graph.release import Release
from ontology.namespaces import RDFS
from ontology.vocabulary import prefixes
from service.app import create_app

BROWSER = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script> \"'& \u202eright to left\u202c " + "x" * 10_000
_TAG = re.compile(r"<[^>]+>")


def application(store: Store, release: Release) -> Flask:
    """Return the application over a store; the release only lends its name."""
    return create_app(EmbeddedEngine(store, prefixes()), release)


def renamed(store: Store, iri: str, name: str) -> Store:
    """Return a copy of a store in which a thing has another name."""
    copy = Store()
    copy.extend(store)
    for quad in list(copy.quads_for_pattern(NamedNode(iri), RDFS.label, None, None)):
        copy.remove(quad)
        copy.add(Quad(quad.subject, quad.predicate, Literal(name), quad.graph_name))
    return copy


def text_of(page: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(_TAG.sub(" ", page)).split()).replace(" ,", ",")
