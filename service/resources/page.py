"""What the page about a resource shows, ready to be rendered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.authorities import CONFIRMED, PROPOSED, REJECTED
from graph.description import Description, Inverse, superseded_in
from graph.terms import Iris
from ontology.namespaces import DCT, KG, PROV, RDF, RDFS
from ontology.vocabulary import contract
from service.resources.addresses import Address, former_offset, here_or_there
from service.results import short
from service.served import served

# In the description of a fragment: what leads back to the whole, whose page it is on.
_BACK = (KG.claim, DCT.isPartOf)


@dataclass(frozen=True, slots=True)
class Shown:
    """A term: `title` says the whole, `href` leads on; `marks` are derived statements behind it."""

    text: str
    title: str = ""
    href: str | None = None
    language: str | None = None
    marks: tuple["Shown", ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """A row of the table of properties."""

    name: Shown
    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment: `id` is its name in the page; `facts` are those stated in it, if it counts."""

    id: str
    name: str
    properties: tuple[Property, ...]
    facts: int | None


@dataclass(frozen=True, slots=True)
class Outward:
    """A link to a thing outside, whatever became of it; `id` is its name in the page."""

    id: str
    relation: Shown
    target: Shown
    called: str
    status: Shown
    source: Shown | None
    accessed: str
    note: str


@dataclass(frozen=True, slots=True)
class Leading:
    """Something that points to the resource, and where that is stated."""

    thing: Shown
    stated: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Links:
    """What points to the resource with one property."""

    name: Shown
    number: int
    first: int
    entries: tuple[Leading, ...]
    following: str | None
    former: str | None


class Page:
    """Makes what the page shows of a description.

    `names` are those of properties and classes, `facts` the number of facts by section.
    """

    def __init__(
        self,
        description: Description,
        address: Address,
        names: Mapping[str, str],
        facts: Mapping[str, int] | None = None,
    ) -> None:
        self._of = description
        self._address = address
        self._names = {**names, **description.labels}
        self._facts = facts

    @property
    def title(self) -> str:
        """What the resource is called."""
        node = self._of.node.value
        return self._names.get(node) or short(node, served().base).strip("<>")

    @property
    def names(self) -> Mapping[str, str]:
        """What everything in the description is called, by IRI."""
        return self._names

    @property
    def types(self) -> tuple[Shown, ...]:
        """Its classes."""
        return tuple(self._shown(value) for value in self._of.values(self._of.node, RDF.type))

    @cached_property
    def properties(self) -> tuple[Property, ...]:
        """What is said of it."""
        return self._table(self._of.of(self._of.node))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its fragments, but for links outward."""
        return tuple(self._part(node) for node in self._of.fragments if not self._outward(node))

    @cached_property
    def outward(self) -> tuple[Outward, ...]:
        """Its links outward: the confirmed ones, then those proposed, then those rejected."""
        nodes = (node for node in self._of.fragments if self._outward(node))
        return tuple(sorted(map(self._link, nodes), key=_by_status))

    @cached_property
    def links(self) -> tuple[Links, ...]:
        """What points to it, the property with the most first."""
        ordered = sorted(self._of.inverse, key=lambda links: (-links.number, links.by.value))
        return tuple(self._links(links) for links in ordered)

    def _outward(self, node: NamedNode) -> bool:
        return KG.OutwardLink in self._of.values(node, RDF.type)

    def _link(self, node: NamedNode) -> Outward:
        def text(property_: NamedNode) -> str:
            return next((value.value for value in self._of.values(node, property_)), "")

        def shown(property_: NamedNode) -> Shown:
            return self._shown(next(iter(self._of.values(node, property_)), Literal("")))

        called = " ".join(filter(None, (text(DCT.identifier), text(KG.labelThere))))
        return Outward(
            id=node.value.partition("#")[2],
            relation=shown(RDF.predicate),
            target=shown(RDF.object),
            called=called,
            status=shown(KG.linkStatus),
            source=shown(PROV.wasDerivedFrom) if text(PROV.wasDerivedFrom) else None,
            accessed=text(KG.accessed),
            note=text(RDFS.comment),
        )

    def _part(self, node: NamedNode) -> Part:
        id_ = node.value.partition("#")[2]
        triples = [
            triple
            for triple in self._of.of(node)
            if not (triple.predicate in _BACK and triple.object == self._of.node)
        ]
        facts = None if self._facts is None else self._facts.get(node.value, 0)
        return Part(id_, self._names.get(node.value, id_), self._table(triples), facts)

    def _table(self, triples: Iterable[Triple]) -> tuple[Property, ...]:
        rows: dict[NamedNode, list[Shown]] = {}
        for triple in sorted(triples, key=_order):
            shown = self._shown(triple.object, self._marks(triple))
            rows.setdefault(triple.predicate, []).append(shown)
        return tuple(Property(self._shown(p), tuple(values)) for p, values in rows.items())

    def _links(self, links: Inverse) -> Links:
        following, former = links.following, former_offset(links)
        return Links(
            name=self._shown(links.by),
            number=links.number,
            first=links.offset + 1,
            entries=tuple(self._leading(node, links.by) for node in links.shown),
            following=None if following is None else self._address.page_of(links, following),
            former=None if former is None else self._address.page_of(links, former),
        )

    def _leading(self, node: NamedNode, property_: NamedNode) -> Leading:
        # A section says which source it is of.
        sections = self._of.values(node, KG.statedIn)
        places = (*self._of.values(node, DCT.source), *sections)
        marks = self._marks(Triple(node, property_, self._of.node))
        stated = tuple(self._shown(place) for place in places if place != self._of.node)
        return Leading(self._shown(node, marks), stated)

    def _marks(self, edge: Triple) -> tuple[Shown, ...]:
        return tuple(self._shown(statement) for statement in self._of.derived.get(edge, ()))

    def _shown(self, term: object, marks: tuple[Shown, ...] = ()) -> Shown:
        if isinstance(term, NamedNode):
            iri = term.value
            text = self._names.get(iri) or short(iri, served().base).strip("<>")
            return Shown(text, iri, here_or_there(iri), None, marks)
        if isinstance(term, Literal):
            title = "" if term.language else contract(term.datatype.value)
            return Shown(term.value, title if title != "xsd:string" else "", None, term.language)
        if isinstance(term, BlankNode):
            return Shown(str(term), "blank node: it has no address")
        return Shown(str(term), "a triple")


def _by_status(link: Outward) -> tuple[int, str, str]:
    """As sure as they are, then by where they lead."""
    order = [f"/{name}" for name in (CONFIRMED, PROPOSED, REJECTED)]
    found = [at for at, name in enumerate(order) if link.status.title.endswith(name)]
    return (found or [len(order)])[0], link.target.title, link.relation.title


def _order(triple: Triple) -> tuple[bool, str, str]:
    """Types first, then properties and values in the order of their names."""
    return triple.predicate != RDF.type, contract(triple.predicate.value), str(triple.object)


@dataclass(frozen=True, slots=True)
class EditionsNote:
    """What a page says of editions: titles with addresses.

    Of what only superseded editions say: these, each with the one that is current now. Of a
    current one: what it `replaces`.
    """

    superseded: tuple[tuple[Shown, Shown], ...] = ()
    replaces: Shown | None = None


def editions_of(description: Description, *, told_apart: bool) -> EditionsNote | None:
    """Return what to say of editions; None where there is nothing.

    `told_apart`: only superseded editions say something of the resource.
    """
    sources = {str(source["slug"]): source for source in served().sources}
    slugs = {Iris(served().base).source(slug).value: slug for slug in sources}
    if told_apart:
        found = [slugs[node.value] for node in superseded_in(description) if node.value in slugs]
        pairs = [
            (_source(sources, slug), _source(sources, _current(sources, slug))) for slug in found
        ]
        return EditionsNote(superseded=tuple(pairs))
    former = sources.get(slugs.get(description.node.value, ""), {}).get("replaces")
    return EditionsNote(replaces=_source(sources, former)) if former in sources else None


def _current(sources: Mapping[str, Mapping[str, Any]], slug: str) -> str:
    """The edition that nothing replaces."""
    while (later := sources[slug].get("replaced_by")) in sources:
        slug = str(later)
    return slug


def _source(sources: Mapping[str, Mapping[str, Any]], slug: str) -> Shown:
    source = sources[slug]
    return Shown(str(source["short_title"]), str(source["title"]), url_for("source", name=slug))
