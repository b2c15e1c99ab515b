"""A resource in the words of schema.org, for the page about it: what search engines read."""

import json
from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.description.describing import Description
from ontology.namespaces import DCT, KG, RDF, RDFS, SCHEMA, SKOS
from ontology.vocabulary import expand

#: Types of schema.org by class of ours, the first that fits. A claim is what a report says; an
#: event of ours is a happening, as an event of theirs is.
_TYPES: tuple[tuple[NamedNode, str], ...] = (
    (KG.Organisation, "Organization"),
    (KG.Person, "Person"),
    (KG.Place, "Place"),
    (KG.Therapy, "MedicalTherapy"),
    (KG.Report, "Report"),
    (NamedNode(expand("schema:CreativeWorkSeries")), "CreativeWorkSeries"),
    (KG.Section, "CreativeWork"),
    (KG.Event, "Event"),
    (KG.Claim, "Claim"),
    (KG.Segment, "DefinedTerm"),
    (NamedNode(expand("skos:Concept")), "DefinedTerm"),
    (NamedNode(expand("skos:ConceptScheme")), "DefinedTermSet"),
    (NamedNode(expand("qb:DataSet")), "Dataset"),
)
_TEXTS: tuple[tuple[str, NamedNode], ...] = (
    ("alternateName", SKOS.altLabel),
    ("description", RDFS.comment),
    ("headline", DCT.title),
    ("identifier", DCT.identifier),
    ("datePublished", DCT.issued),
    ("dateModified", DCT.modified),
)
_LINKS: tuple[tuple[str, NamedNode], ...] = (
    ("sameAs", NamedNode(expand("skos:exactMatch"))),
    ("publisher", DCT.publisher),
    ("isPartOf", DCT.isPartOf),
    ("isPartOf", SCHEMA.isPartOf),
    ("inDefinedTermSet", NamedNode(expand("skos:inScheme"))),
    ("citation", DCT.source),
    ("url", NamedNode(expand("dcat:landingPage"))),
)
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def schema_org(description: Description) -> Mapping[str, Any]:
    """Return the resource as JSON-LD with the context of schema.org.

    What has no type there is a Thing. Its IRI is `@id`, and things that it names have theirs.
    """
    node = description.node
    classes = description.values(node, RDF.type)
    type_ = next((name for class_, name in _TYPES if class_ in classes), "Thing")
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": type_,
        "@id": node.value,
        "name": description.labels.get(node.value, node.value),
    }
    for name, property_ in _TEXTS:
        texts = [v.value for v in description.values(node, property_) if isinstance(v, Literal)]
        if texts:
            found[name] = texts if len(texts) > 1 else texts[0]
    for name, property_ in _LINKS:
        things = [
            _thing(value.value, description.labels)
            for value in description.values(node, property_)
            if isinstance(value, NamedNode)
        ]
        if things:
            found[name] = things if len(things) > 1 else things[0]
    return found


def schema_org_json(document: Mapping[str, Any]) -> str:
    """Return a document as text that may stand in a script element: nothing in it can end that.

    HTML 5, section 4.12.1.3, "Restrictions for contents of script elements".
    """
    return json.dumps(document, ensure_ascii=False, indent=1).translate(_ESCAPED)


def _thing(iri: str, labels: Mapping[str, str]) -> str | dict[str, str]:
    name = labels.get(iri)
    return {"@id": iri, "name": name} if name else iri
