"""Counts of a release as VoID has them (https://www.w3.org/TR/void/#statistics), in one pass.

They are of the merged graph: a triple counts once, however many named graphs hold it, and what
only superseded editions say does not. The lines of
a release are sorted, so what is told of one subject stands together; of objects hashes are kept.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from itertools import groupby
from typing import Any

from graph.authorities import MATCHES, space_of
from ontology.namespaces import RDF
from ontology.vocabulary import expand

_TYPE = str(RDF.type)
_MAPPINGS = frozenset(f"<{expand(f'skos:{name}')}>" for name in MATCHES)
_BYTES = 12  # of a hash: with a hundred million objects, two are alike once in 10^13 releases


@dataclass(frozen=True, slots=True)
class PropertyCounts:
    """How often a property is used: triples, and distinct subjects and objects of them."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The counts of one release.

    `entities` are the subjects under the base of the deployment. `classes` counts the things of
    each class, and `properties` the use of each property, by IRI and in the order of IRIs. `links`
    counts what leads out of the deployment with a mapping relation of SKOS: by the relation, then
    by what the IRIs of the other dataset begin with.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, PropertyCounts]
    links: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> "Statistics":
        """Return what `asdict` gave. Raises KeyError and TypeError for anything else."""
        properties = {iri: PropertyCounts(**counts) for iri, counts in told["properties"].items()}
        return cls(**{**told, "properties": properties})

    def told(self) -> dict[str, Any]:
        """Return the counts as JSON has them."""
        return asdict(self)


def count_statistics(lines: Iterable[str], base: str, history: Collection[str] = ()) -> Statistics:
    """Count the lines of a release: N-Quads, sorted, without blank nodes.

    Graphs of the `history` are no part of the merged graph.
    """
    classes: Counter[str] = Counter()
    triples: Counter[str] = Counter()
    subjects: Counter[str] = Counter()
    objects: defaultdict[str, set[bytes]] = defaultdict(set)
    links: Counter[tuple[str, str]] = Counter()
    number = entities = 0
    for subject, group in groupby(_triples(lines, history), key=lambda triple: triple[0]):
        number += 1
        entities += subject.startswith(f"<{base}")
        used = set()
        for _, predicate, object_ in group:
            triples[predicate] += 1
            used.add(predicate)
            objects[predicate].add(_hash(object_))
            if not object_.startswith("<"):
                continue
            if predicate == _TYPE:
                classes[object_[1:-1]] += 1
            elif predicate in _MAPPINGS and not object_.startswith(f"<{base}"):
                links[predicate[1:-1], space_of(object_[1:-1])] += 1
        subjects.update(used)
    return Statistics(
        triples=triples.total(),
        subjects=number,
        objects=len(set().union(*objects.values())),
        entities=entities,
        classes=dict(sorted(classes.items())),
        properties={
            predicate[1:-1]: PropertyCounts(
                triples[predicate], subjects[predicate], len(objects[predicate])
            )
            for predicate in sorted(triples)
        },
        links={
            relation: {s: n for (r, s), n in sorted(links.items()) if r == relation}
            for relation in sorted({relation for relation, _ in links})
        },
    )


def _triples(lines: Iterable[str], history: Collection[str]) -> Iterable[tuple[str, str, str]]:
    previous = ""
    for line in lines:
        triple, _, graph = line.rstrip("\n").removesuffix(" .").rpartition(" ")
        if graph[1:-1] in history:
            continue
        if triple and triple != previous:  # the graph comes last: those of one triple are together
            previous = triple
            subject, predicate, object_ = triple.split(" ", 2)
            yield subject, predicate, object_


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=_BYTES).digest()
