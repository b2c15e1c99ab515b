"""Terms that catalogues are written in, and the rows they are written as."""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Triple

from ontology.namespaces import XSD
from ontology.vocabulary import expand, prefixes

Told = Iterable[tuple[str, NamedNode | Literal | None]]
"""Prefixed names of properties, and values; None is no value."""

_OWN = {"adms": "http://www.w3.org/ns/adms#", "spdx": "http://spdx.org/rdf/terms#"}
_USED = ("dcat", "dct", "foaf", "owl", "rdf", "rdfs", "skos", "void", "xsd")
#: Prefixes of what is written here.
PREFIXES: Mapping[str, str] = {name: prefixes()[name] for name in _USED} | _OWN

LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
ENGLISH = NamedNode("http://publications.europa.eu/resource/authority/language/ENG")


def term(name: str) -> NamedNode:
    """Return the term of a prefixed name."""
    prefix, _, local = name.partition(":")
    return NamedNode(_OWN[prefix] + local if prefix in _OWN else expand(name))


def told(subject: NamedNode, rows: Told) -> Iterator[Triple]:
    """Return what is told of a thing; `a` stands for its class."""
    for name, value in rows:
        if value is not None:
            yield Triple(subject, term("rdf:type" if name == "a" else name), value)


def english(text: str) -> Literal:
    """Return a text of ours."""
    return Literal(text, language="en")


def number(value: int) -> Literal:
    """Return a count."""
    return Literal(str(value), datatype=XSD.integer)
