"""A graph as JSON-LD 1.1 with the terms of the project's context.

Of `ontology/context.jsonld` a document has the terms that it uses, inlined: so it can be read
without fetching anything, also years later. A value that no term of the context gives back exactly
(another datatype, another language) is written in full under a prefixed name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.query.errors import NotExpressible
from ontology.namespaces import RDF
from ontology.vocabulary import contract, expand, prefixes

Json = Any
_STRING = expand("xsd:string")


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of the context: how values under it are read. `type` is an IRI, or `@id`."""

    name: str
    definition: Json
    type: str | None
    language: str | None
    is_set: bool


def write_json_ld(graph: Iterable[Triple], first: NamedNode | None = None) -> bytes:
    """Return the graph as a JSON-LD document; nodes are in the order of their IRIs.

    Raises NotExpressible for a triple term.
    """
    used: dict[str, Json] = {}
    nodes: dict[str, dict[str, Json]] = {}
    for triple in sorted(graph, key=lambda t: (_first(t, first), str(t))):
        node = nodes.setdefault(_id(triple.subject), {"@id": _id(triple.subject)})
        key, value, is_set = _property(triple, used)
        if key not in node:
            node[key] = [value] if is_set else value
        elif isinstance(node[key], list):
            node[key].append(value)
        else:
            node[key] = [node[key], value]
    context = {"@version": 1.1, **_with_prefixes(used)}
    document = {"@context": context, "@graph": list(nodes.values())}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _property(triple: Triple, used: dict[str, Json]) -> tuple[str, Json, bool]:
    """The key and the value of a statement; what they need of the context goes into `used`."""
    property_, value = triple.predicate, triple.object
    if property_ == RDF.type and isinstance(value, NamedNode):
        return "@type", _compact(value.value, used), False
    for term in _terms().get(property_.value, ()):
        if (plain := _plain(value, term)) is not None:
            used[term.name] = term.definition
            return term.name, plain, term.is_set
    return _compact(property_.value, used), _full(value, used), False


def _plain(value: object, term: _Term) -> str | None:
    """How a value is written under a term that gives it back exactly; None if the term does not."""
    if term.type == "@id":
        return _id(value) if isinstance(value, NamedNode | BlankNode) else None
    if not isinstance(value, Literal):
        return None
    datatype = None if value.datatype.value == _STRING or value.language else value.datatype.value
    fits = (datatype, value.language) == (term.type, term.language)
    return value.value if fits else None


def _full(value: object, used: dict[str, Json]) -> Json:
    if not isinstance(value, Literal):
        return {"@id": _id(value)}
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if value.datatype.value == _STRING:
        return {"@value": value.value}
    return {"@value": value.value, "@type": _compact(value.datatype.value, used)}


def _id(node: object) -> str:
    if isinstance(node, NamedNode):
        return node.value
    if isinstance(node, BlankNode):
        return str(node)
    raise NotExpressible("graph", (), "a triple term is RDF 1.2, which JSON-LD does not hold yet")


def _compact(iri: str, used: dict[str, Json]) -> str:
    """The IRI with a prefix of the context, where one fits."""
    name = contract(iri)
    if name.startswith("<"):
        return iri
    prefix = name.partition(":")[0]
    used[prefix] = prefixes()[prefix]
    return name


def _with_prefixes(used: Mapping[str, Json]) -> dict[str, Json]:
    """The terms that are used, and the prefixes that their definitions use."""
    found = dict(used)
    for definition in used.values():
        parts = definition.values() if isinstance(definition, dict) else [definition]
        for part in parts:
            prefix = str(part).partition(":")[0]
            if prefix in prefixes() and not str(part).startswith(("http:", "https:")):
                found[prefix] = prefixes()[prefix]
    return dict(sorted(found.items()))


def _first(triple: Triple, first: NamedNode | None) -> bool:
    return triple.subject != first


@cache
def _terms() -> Mapping[str, tuple[_Term, ...]]:
    """The terms of the context for properties, by the IRI of the property."""
    context = json.loads((files("ontology") / "context.jsonld").read_text("utf-8"))["@context"]
    found: dict[str, list[_Term]] = {}
    for name, definition in context.items():
        for term in _term(name, definition):
            found.setdefault(expand(_named(definition)), []).append(term)
    return {iri: tuple(terms) for iri, terms in found.items()}


def _term(name: str, definition: Json) -> Iterator[_Term]:
    if name.startswith("@") or name in prefixes() or _named(definition).startswith(("@", "http")):
        return
    parts = definition if isinstance(definition, dict) else {}
    if parts.keys() - {"@id", "@type", "@language", "@container"}:
        return  # a definition that reads values in a way that is not known here
    type_ = parts.get("@type")
    yield _Term(
        name,
        definition,
        type_ if type_ in (None, "@id") else expand(type_),
        parts.get("@language"),
        parts.get("@container") == "@set",
    )


def _named(definition: Json) -> str:
    return str(definition["@id"] if isinstance(definition, dict) else definition)
