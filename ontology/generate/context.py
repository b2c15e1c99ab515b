"""`ontology/context.jsonld`: names for every term of ours and every prefix."""

import json

from ontology.description import tables
from ontology.terms import terms
from ontology.vocabulary import contract, expand, prefixes

_COERCED = {expand(f"xsd:{name}"): f"xsd:{name}" for name in ("date", "decimal", "integer")}


def render() -> str:
    """The context document."""
    many = {c.predicate for t in tables().values() for c in t.columns.values() if c.many}
    context: dict[str, object] = {"@version": 1.1, **prefixes(), "id": "@id", "type": "@type"}
    context |= {"label": "rdfs:label", "comment": {"@id": "rdfs:comment", "@language": "en"}}
    for term in terms():
        context[term.name] = contract(term.iri)
        if term.is_class:
            continue
        entry: dict[str, object] = {"@id": contract(term.iri)}
        if term.range in _COERCED:
            entry["@type"] = _COERCED[term.range]
        elif term.range == expand("rdf:langString"):
            entry["@language"] = "en"
        elif term.range and not term.range.startswith((expand("xsd:"), expand("rdfs:Literal"))):
            entry["@type"] = "@id"
        if term.iri in many:
            entry["@container"] = "@set"
        context[term.name] = entry
    return json.dumps({"@context": context}, indent=2, sort_keys=True) + "\n"
