"""What can be asked of: the classes and properties of the release with their counts, prefixes."""

from dataclasses import asdict, dataclass
from functools import lru_cache

from flask import Response, jsonify

from graph.catalogue.files import statistics_of
from graph.release import Release
from ontology.terms import Term, terms
from ontology.vocabulary import contract, prefixes
from service.evaluation import here
from service.served import served


@dataclass(frozen=True, slots=True)
class Known:
    """A class or a property that the release has, or that is ours; `number` is how often.

    `comment` says what it means; `kind` is `class` or `property`.
    """

    name: str
    kind: str
    number: int
    label: str = ""
    comment: str = ""


def schema() -> Response:
    """What the editor offers while a query is written; it changes with the release only."""
    here().storable = True
    return jsonify(
        classes=[asdict(one) for one in known(served().release, "class")],
        properties=[asdict(one) for one in known(served().release, "property")],
        prefixes=dict(sorted(prefixes().items())),
    )


@lru_cache(maxsize=8)
def known(release: Release, kind: str) -> tuple[Known, ...]:
    """Return the classes or the properties, those that are used most first."""
    counts = statistics_of(release)
    every = {term.iri: term for term in terms()}
    used = (
        dict(counts.classes)
        if kind == "class"
        else {iri: each.triples for iri, each in counts.properties.items()}
    )
    for term in every.values():
        if term.is_class == (kind == "class"):
            used.setdefault(term.iri, 0)
    found = [_told(iri, number, kind, every.get(iri)) for iri, number in used.items()]
    return tuple(sorted(found, key=lambda one: (-one.number, one.name)))


def _told(iri: str, number: int, kind: str, term: Term | None) -> Known:
    name = contract(iri)
    return Known(name, kind, number, term.label if term else "", term.comment if term else "")
