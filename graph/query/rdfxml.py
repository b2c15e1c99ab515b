"""A graph as RDF/XML 1.1. The engine's writer makes broken XML of some properties and classes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from xml.sax.saxutils import escape

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
# Names that mean something else as a property element: RDF 1.1 XML Syntax, section 6.1.4.
_RESERVED = frozenset(
    _RDF + name
    for name in (
        "RDF ID about parseType resource nodeID datatype Description li aboutEach "
        "aboutEachPrefix bagID"
    ).split()
)
_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME_AT_END = re.compile(rf"[{_START}][{_START}0-9.\u00B7\u0300-\u036F\u203F-\u2040\-]*\Z")


class NoElementName(ValueError):
    """A property for which RDF/XML has no way of writing; the message is its IRI."""


def write_rdf_xml(lines: bytes, prefixes: Mapping[str, str]) -> Iterator[bytes]:
    """Yield the parts of a graph, given as N-Triples lines in order of subject, in RDF/XML.

    Raises NoElementName. Characters that XML cannot hold are written as they are.
    """
    names = {
        namespace: name
        for name, namespace in prefixes.items()
        if name and name != "rdf" and not name.lower().startswith("xml")
    } | {_RDF: "rdf"}
    declared = "".join(
        f' xmlns:{name}="{_attribute(namespace)}"'
        for namespace, name in sorted(names.items(), key=lambda item: item[1])
    )
    subjects = groupby(parse(lines, format=RdfFormat.N_TRIPLES), attrgetter("subject"))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'.encode()
    for subject, triples in subjects:
        yield from map(str.encode, _description(subject, triples, names))
    yield b"</rdf:RDF>\n"


def _description(
    subject: NamedNode | BlankNode | Triple, triples: Iterable[Triple], names: Mapping[str, str]
) -> Iterator[str]:
    which = "nodeID" if isinstance(subject, BlankNode) else "about"
    assert isinstance(subject, NamedNode | BlankNode)
    yield f'  <rdf:Description rdf:{which}="{_attribute(subject.value)}">\n'
    for line in _properties(triples, names):
        yield f"    {line}\n"
    yield "  </rdf:Description>\n"


def _properties(triples: Iterable[Triple], names: Mapping[str, str]) -> Iterator[str]:
    for triple in triples:
        tag, namespace = _tag(triple.predicate.value, names)
        match triple.object:
            case NamedNode(value=iri):
                yield f'<{tag}{namespace} rdf:resource="{_attribute(iri)}"/>'
            case BlankNode(value=name):
                yield f'<{tag}{namespace} rdf:nodeID="{name}"/>'
            case Literal() as literal:
                yield f"<{tag}{namespace}{_kind(literal)}>{_text(literal.value)}</{tag}>"
            case _:
                raise AssertionError("a triple term is refused before")


def _tag(iri: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the name of the element, and a declaration of its namespace if it needs one."""
    found = _NAME_AT_END.search(iri)
    if found is None or found.start() == 0 or iri in _RESERVED:
        raise NoElementName(iri)
    # A prefix may stand for more or less than all before the longest possible name.
    namespace = iri[: found.start()]
    name = names.get(namespace)
    if name is not None:
        return f"{name}:{found[0]}", ""
    return found[0], f' xmlns="{_attribute(namespace)}"'


def _kind(literal: Literal) -> str:
    if literal.language:
        return f' xml:lang="{literal.language}"'
    datatype = literal.datatype.value
    return "" if datatype == _XSD_STRING else f' rdf:datatype="{_attribute(datatype)}"'


def _text(text: str) -> str:
    # A reader of XML takes a carriage return for a line feed unless it is written so.
    return escape(text, {"\r": "&#13;"})


def _attribute(iri: str) -> str:
    return escape(iri, {'"': "&quot;"})
