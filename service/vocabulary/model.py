"""What the page says of each term: from the ontology, the tables, and the counts of the release."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.catalogue.statistics import Statistics
from ontology.description import tables
from ontology.terms import Term, terms
from ontology.vocabulary import NAMESPACE, contract


@dataclass(frozen=True, slots=True)
class Link:
    """A term as a page names it. `href` leads to it: on the page itself, or elsewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Use:
    """A table that becomes this class, or a column of one that becomes this property."""

    table: str
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Documented:
    """A term of ours with everything that the page says of it.

    `number` is how many things of the class, or triples with the property, the release has.
    `properties` are those with this class as their domain, `values` those with it as their range.
    """

    name: str
    iri: str
    label: str
    comment: str
    is_class: bool
    number: int
    parents: Sequence[Link]
    children: Sequence[Link]
    domain: Link | None
    range: Link | None
    properties: Sequence[Link]
    values: Sequence[Link]
    uses: Sequence[Use]


def documented(counts: Statistics) -> tuple[Documented, ...]:
    """Return every term of ours, classes and properties, in the order of names."""
    every = terms()
    children, domains, ranges = _by(every, "parents"), _by(every, "domain"), _by(every, "range")
    uses = _uses()
    return tuple(
        Documented(
            name=term.name,
            iri=term.iri,
            label=term.label,
            comment=term.comment,
            is_class=term.is_class,
            number=_number(term, counts),
            parents=_links(term.parents),
            children=_links(children[term.iri]),
            domain=link(term.domain) if term.domain else None,
            range=link(term.range) if term.range else None,
            properties=_links(domains[term.iri]),
            values=_links(ranges[term.iri]),
            uses=uses.get(term.iri, ()),
        )
        for term in every
    )


def link(iri: str) -> Link:
    """Return a link to a term; ours are on the page."""
    ours = iri.startswith(NAMESPACE)
    return Link(contract(iri), f"#{iri.removeprefix(NAMESPACE)}" if ours else iri)


def _links(iris: Sequence[str]) -> tuple[Link, ...]:
    return tuple(link(iri) for iri in iris)


def _number(term: Term, counts: Statistics) -> int:
    if term.is_class:
        return counts.classes.get(term.iri, 0)
    used = counts.properties.get(term.iri)
    return used.triples if used else 0


def _by(every: Sequence[Term], field: str) -> Mapping[str, list[str]]:
    """Terms by what stands in one of their fields, in the order of names."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for term in every:
        value = getattr(term, field)
        for one in (value,) if isinstance(value, str) else value or ():
            found[one].append(term.iri)
    return found


def _uses() -> Mapping[str, list[Use]]:
    found: defaultdict[str, list[Use]] = defaultdict(list)
    for table in tables().values():
        if table.cls:
            found[table.cls].append(Use(table.name))
        for column in table.columns.values():
            if column.predicate:
                found[column.predicate].append(Use(table.name, column.name))
    return found
