"""The counts of a release in the terms of VoID (https://www.w3.org/TR/void/).

Partitions have addresses of their own, so that there is no blank node. A linkset is what leads to
one other dataset with one mapping relation; links that are proposed or rejected are in none, since
they are no statements.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from graph.authorities import AUTHORITIES
from graph.catalogue.distribution import Distribution
from graph.catalogue.statistics import Statistics
from graph.catalogue.vocabulary import LICENCE, english, number, term, told
from graph.release import Release
from graph.terms import Iris
from ontology.vocabulary import contract, prefixes


@dataclass(frozen=True, slots=True)
class Address:
    """Where the service is: `root` ends with a slash."""

    root: str

    def of(self, path: str) -> NamedNode:
        """The address of a path under the root."""
        return NamedNode(self.root + path)


@dataclass(frozen=True, slots=True)
class Counted:
    """A release with its counts, what can be downloaded of it, and things to look at first."""

    release: Release
    statistics: Statistics
    distributions: Sequence[Distribution] = ()
    examples: Sequence[str] = field(default=())

    @property
    def iris(self) -> Iris:
        """The IRIs of the deployment."""
        return self.release.iris

    @property
    def node(self) -> NamedNode:
        """The dataset that the release is."""
        return self.iris.release(self.release.id)


def void(counted: Counted, address: Address) -> Iterator[Triple]:
    """Return the document: the dataset, its partitions by class and property, its graphs."""
    iris = counted.iris
    yield from told(
        iris.statistics(),
        [
            ("a", term("void:DatasetDescription")),
            ("dct:title", english("Counts of the release")),
            ("foaf:primaryTopic", counted.node),
            ("rdfs:seeAlso", iris.catalogue()),
        ],
    )
    yield from dataset(counted, address)
    yield from _classes(counted)
    yield from _properties(counted)
    yield from _graphs(counted)
    yield from _linksets(counted)


def dataset(counted: Counted, address: Address) -> Iterator[Triple]:
    """Return the release as one dataset: its numbers, and how to get at it."""
    found, iris = counted.statistics, counted.iris
    yield from told(
        counted.node,
        [
            ("a", term("void:Dataset")),
            ("dct:identifier", Literal(counted.release.id)),
            ("dct:license", LICENCE),
            ("foaf:homepage", address.of("")),
            ("void:sparqlEndpoint", address.of("sparql")),
            ("void:uriSpace", Literal(iris.base)),
            ("void:triples", number(found.triples)),
            ("void:entities", number(found.entities)),
            ("void:distinctSubjects", number(found.subjects)),
            ("void:distinctObjects", number(found.objects)),
            ("void:classes", number(len(found.classes))),
            ("void:properties", number(len(found.properties))),
            *(("void:feature", _format(name)) for name in _FORMATS),
            *(("void:vocabulary", NamedNode(space)) for space in vocabularies(found)),
            *(("void:exampleResource", NamedNode(iri)) for iri in counted.examples),
            *(("void:dataDump", address.of(d.path)) for d in counted.distributions if d.rdf),
        ],
    )


_FORMATS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML")


def _format(name: str) -> NamedNode:
    """A technical feature: the format that descriptions come in, as the W3C calls it."""
    return NamedNode(f"http://www.w3.org/ns/formats/{name}")


def vocabularies(found: Statistics) -> tuple[str, ...]:
    """The namespaces of the classes and properties in the data, as far as they have a prefix."""
    used = {contract(iri).partition(":")[0] for iri in (*found.classes, *found.properties)}
    return tuple(sorted(space for name, space in prefixes().items() if name in used))


def _classes(counted: Counted) -> Iterator[Triple]:
    for iri, entities in counted.statistics.classes.items():
        part = counted.iris.partition("class", iri)
        yield Triple(counted.node, term("void:classPartition"), part)
        yield from told(
            part,
            [
                ("a", term("void:Dataset")),
                ("void:class", NamedNode(iri)),
                ("void:entities", number(entities)),
            ],
        )


def _properties(counted: Counted) -> Iterator[Triple]:
    for iri, counts in counted.statistics.properties.items():
        part = counted.iris.partition("property", iri)
        yield Triple(counted.node, term("void:propertyPartition"), part)
        yield from told(
            part,
            [
                ("a", term("void:Dataset")),
                ("void:property", NamedNode(iri)),
                ("void:triples", number(counts.triples)),
                ("void:distinctSubjects", number(counts.subjects)),
                ("void:distinctObjects", number(counts.objects)),
            ],
        )


def _graphs(counted: Counted) -> Iterator[Triple]:
    for iri, triples in sorted(counted.release.manifest["counts"]["graphs"].items()):
        graph = NamedNode(iri)
        yield Triple(counted.node, term("void:subset"), graph)
        yield from told(graph, [("a", term("void:Dataset")), ("void:triples", number(triples))])


def _linksets(counted: Counted) -> Iterator[Triple]:
    """Section 5 of VoID: a linkset is a part of the dataset that has its links."""
    known = {authority.space: authority for authority in AUTHORITIES}
    for relation, targets in counted.statistics.links.items():
        for space, triples in targets.items():
            part = counted.iris.partition("linkset", f"{relation} {space}")
            target = counted.iris.partition("target", space)
            yield Triple(counted.node, term("void:subset"), part)
            yield from told(
                part,
                [
                    ("a", term("void:Linkset")),
                    ("void:linkPredicate", NamedNode(relation)),
                    ("void:subjectsTarget", counted.node),
                    ("void:objectsTarget", target),
                    ("void:triples", number(triples)),
                ],
            )
            authority = known.get(space)
            yield from told(
                target,
                [
                    ("a", term("void:Dataset")),
                    ("dct:title", english(authority.title if authority else space)),
                    ("foaf:homepage", NamedNode(authority.homepage) if authority else None),
                    ("void:uriSpace", Literal(space)),
                ],
            )
