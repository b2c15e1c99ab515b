"""The ontology as read from therascape.ttl: classes and properties with their documentation."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store

from ontology.vocabulary import NAMESPACE, contract, expand


@dataclass(frozen=True, slots=True)
class Term:
    """A class or property of ours. `domain` and `range` are None for classes.

    A datatype is a class (RDF 1.1 Schema, section 2.4).
    """

    iri: str
    label: str
    comment: str
    is_class: bool
    parents: tuple[str, ...]
    domain: str | None
    range: str | None

    @property
    def name(self) -> str:
        """The local name."""
        return self.iri.removeprefix(NAMESPACE)


@cache
def ontology() -> Store:
    """therascape.ttl as a store."""
    store = Store()
    store.load((files("ontology") / "therascape.ttl").read_bytes(), format=RdfFormat.TURTLE)
    return store


def _objects(subject: NamedNode, predicate: str) -> list[str]:
    quads = ontology().quads_for_pattern(
        subject, NamedNode(expand(predicate)), None, DefaultGraph()
    )
    return sorted(q.object.value for q in quads if isinstance(q.object, NamedNode | Literal))


def _one(subject: NamedNode, predicate: str) -> str | None:
    values = _objects(subject, predicate)
    return values[0] if values else None


@cache
def terms() -> tuple[Term, ...]:
    """Every term of ours, sorted by name."""
    subjects = {
        quad.subject
        for quad in ontology().quads_for_pattern(
            None, NamedNode(expand("rdfs:isDefinedBy")), None, None
        )
        if isinstance(quad.subject, NamedNode)
    }
    return tuple(_term(subject) for subject in sorted(subjects, key=lambda s: s.value))


def _term(subject: NamedNode) -> Term:
    types = _objects(subject, "rdf:type")
    is_class = expand("rdfs:Class") in types or expand("rdfs:Datatype") in types
    return Term(
        iri=subject.value,
        label=_one(subject, "rdfs:label") or "",
        comment=_one(subject, "rdfs:comment") or "",
        is_class=is_class,
        parents=tuple(_objects(subject, "rdfs:subClassOf" if is_class else "rdfs:subPropertyOf")),
        domain=_one(subject, "rdfs:domain"),
        range=_one(subject, "rdfs:range"),
    )


@cache
def version() -> str:
    """The version of the vocabulary."""
    found = _one(NamedNode(NAMESPACE), "owl:versionInfo")
    assert found, "therascape.ttl has no owl:versionInfo"
    return found


@cache
def version_iri() -> str:
    """The IRI of this version of the vocabulary."""
    found = _one(NamedNode(NAMESPACE), "owl:versionIRI")
    assert found, "therascape.ttl has no owl:versionIRI"
    return found


def ontology_facts() -> dict[str, list[str]]:
    """What the ontology says of itself: texts and IRIs by the prefixed names of properties."""
    quads = ontology().quads_for_pattern(NamedNode(NAMESPACE), None, None, DefaultGraph())
    names = sorted({contract(quad.predicate.value) for quad in quads})
    return {name: _objects(NamedNode(NAMESPACE), name) for name in names}


@cache
def superclasses(iri: str) -> tuple[str, ...]:
    """The classes of ours above a class, nearest first."""
    above = {term.iri: term.parents for term in terms() if term.is_class}
    found: list[str] = []
    queue = list(above.get(iri, ()))
    while queue:
        parent = queue.pop(0)
        if parent in above and parent not in found:
            found.append(parent)
            queue += above[parent]
    return tuple(found)
