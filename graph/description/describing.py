"""The description of a resource: what is said of it, what points to it, what all that is called.

A description is a graph, the same in every syntax. Statements with the resource as subject are
exactly those of the data: what the description tells of itself (how many links lead here, where
more of them are) is said of the addresses of lists, which are `?inverse=` of the resource.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from graph.description.reading import Reading, limited
from graph.landscape.asking import Terms
from ontology.namespaces import RDF, RDFS
from ontology.vocabulary import contract, expand

#: Links that lead to a resource in one description, for each property.
PAGE = 50

_NEXT = NamedNode("http://www.w3.org/1999/xhtml/vocab#next")
_PRIMARY_TOPIC = NamedNode(expand("foaf:primaryTopic"))
_DATASET, _PROPERTY, _TRIPLES = (
    NamedNode(expand(f"void:{name}")) for name in ("Dataset", "property", "triples")
)


@dataclass(frozen=True, slots=True)
class Inverse:
    """Links that lead to a resource by a property: `number` in all, `shown` from `offset` on."""

    by: NamedNode
    number: int
    shown: tuple[NamedNode, ...]
    offset: int = 0

    @property
    def following(self) -> int | None:
        """Where the next page begins; None where this is the last."""
        after = self.offset + len(self.shown)
        return after if self.shown and after < self.number else None


@dataclass(frozen=True, slots=True)
class Description:
    """What is told of a resource.

    `about` has the statements with the resource or a fragment of it as subject, `derived` the
    derived statements behind edges, by the edge; `editions` which editions of reports replace each
    other, of the resource and of its sources; `graph` is all of it as it is written.
    """

    node: NamedNode
    about: tuple[Triple, ...]
    inverse: tuple[Inverse, ...]
    derived: Mapping[Triple, tuple[NamedNode, ...]]
    graph: frozenset[Triple]
    labels: Mapping[str, str] = field(default_factory=dict)
    editions: tuple[Triple, ...] = ()
    _values: Mapping[tuple[object, object], tuple[NamedNode | Literal, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Keep values by what has them: a page asks for those of each of hundreds of links."""
        found: dict[tuple[object, object], list[NamedNode | Literal]] = {}
        for triple in self.graph:
            if isinstance(triple.object, NamedNode | Literal):
                found.setdefault((triple.subject, triple.predicate), []).append(triple.object)
        ordered = {of: tuple(sorted(terms, key=str)) for of, terms in found.items()}
        object.__setattr__(self, "_values", ordered)

    @property
    def fragments(self) -> tuple[NamedNode, ...]:
        """The fragments that are described with the resource, in the order of their IRIs."""
        subjects = {t.subject for t in self.about if isinstance(t.subject, NamedNode)}
        return tuple(sorted(subjects - {self.node}, key=lambda node: _natural(node.value)))

    def of(self, subject: NamedNode) -> tuple[Triple, ...]:
        """The statements with this subject."""
        return tuple(triple for triple in self.about if triple.subject == subject)

    def values(self, subject: NamedNode, property_: NamedNode) -> tuple[NamedNode | Literal, ...]:
        """What a property of the resource or of something shown has, IRIs and literals."""
        return self._values.get((subject, property_), ())


def describe(reading: Reading, node: NamedNode) -> Description | None:
    """Return what is told of a resource; None where nothing is said of it or with it.

    Raises the errors of graph.query.
    """
    slots: dict[str, Terms] = {"node": [node], "hash": [Literal(f"{node.value}#")]}
    about = reading.triples("about", **slots)
    editions = _editions(reading, node)
    # Said of the resource, though it belongs to the history of its series.
    about += [one for one in editions if one.subject == node and one not in about]
    counts = _counts(reading, node)
    if not about and not counts:
        return None
    few = [property_ for property_, number in counts.items() if number <= PAGE]
    links = list(reading.triples_of("inverse-all", "properties", few, **slots))
    for property_, number in counts.items():
        if number > PAGE:
            links += _slice(reading, node, property_, 0)
    inverse = tuple(
        Inverse(property_, number, _subjects(links, property_))
        for property_, number in counts.items()
    )
    derived = reading.triples("derived-from", node=[node])
    return _put_together(
        *(reading, node),
        about=about,
        links=links,
        inverse=inverse,
        derived=derived,
        editions=editions,
    )


def inverse_page(
    reading: Reading, node: NamedNode, property_: NamedNode, offset: int
) -> Description | None:
    """Return a page of the links that lead to a resource with a property, from `offset` on.

    None where none are. Raises the errors of graph.query.
    """
    number = _counts(reading, node).get(property_, 0)
    links = _slice(reading, node, property_, offset) if offset < number else []
    if not links:
        return None
    inverse = Inverse(property_, number, _subjects(links, property_), offset)
    return _put_together(reading, node, about=[], links=links, inverse=(inverse,), derived=[])


def names_of(reading: Reading, things: Iterable[NamedNode]) -> dict[str, str]:
    """Return what things are called, by IRI; those without a name are left out.

    Of several names the English one counts, then the first. Raises the errors of graph.query.
    """
    return _names(reading.triples_of("labels", "things", things))


def _put_together(
    reading: Reading,
    node: NamedNode,
    *,
    about: list[Triple],
    links: list[Triple],
    inverse: tuple[Inverse, ...],
    derived: list[Triple],
    editions: Sequence[Triple] = (),
) -> Description:
    edges = {triple for triple in (*about, *links) if isinstance(triple.object, NamedNode)}
    sources = sorted({t.subject for t in links if isinstance(t.subject, NamedNode)}, key=str)
    cited = [*reading.triples_of("cited", "from", sources)]
    derived += reading.triples_of("derived-to", "from", sources, node=[node])
    behind = _behind(derived, edges)
    kept = {statement for found in behind.values() for statement in found}
    derived = [triple for triple in derived if triple.subject in kept]
    told = _lists(reading, node, inverse)
    body = {*about, *links, *cited, *derived, *told, *editions}
    labels = _labels(reading, _mentioned(body))
    return Description(
        node=node,
        about=tuple(sorted(about, key=str)),
        inverse=inverse,
        derived=behind,
        graph=frozenset({*body, *labels}),
        labels=_names([*labels, *(t for t in about if t.predicate == RDFS.label)]),
        editions=tuple(sorted(editions, key=str)),
    )


def _editions(reading: Reading, node: NamedNode) -> list[Triple]:
    """Which editions replace each other: of the resource, and of sources that are superseded."""
    if not reading.history:
        return []
    found = reading.of_all_editions.triples("editions", node=[node])
    return [one for one in found if reading.editions == "all" or one.subject == node]


def _labels(reading: Reading, things: Sequence[NamedNode]) -> list[Triple]:
    """What things are called; by superseded editions where no current one has a name for them."""
    labels = list(reading.triples_of("labels", "things", things))
    if reading.history and reading.editions == "current":
        named = {triple.subject for triple in labels}
        rest = [thing for thing in things if thing not in named]
        labels += reading.of_all_editions.triples_of("labels", "things", rest)
    return labels


def _lists(reading: Reading, node: NamedNode, inverse: Iterable[Inverse]) -> Iterable[Triple]:
    """What is told of the lists of links: their property, their length, and where more is."""
    iris = reading.iris
    for links in inverse:
        whole = iris.inverse(node, contracted(links.by))
        yield Triple(whole, RDF.type, _DATASET)
        yield Triple(whole, _PRIMARY_TOPIC, node)
        yield Triple(whole, _PROPERTY, links.by)
        yield Triple(whole, _TRIPLES, Literal(links.number))
        here = iris.inverse(node, contracted(links.by), links.offset)
        if links.following is not None:
            following = iris.inverse(node, contracted(links.by), links.following)
            yield Triple(here, _NEXT, following)


def contracted(iri: NamedNode) -> str:
    """An IRI as an address has it: with a predefined prefix where one fits."""
    name = contract(iri.value)
    return iri.value if name.startswith("<") else name


def _counts(reading: Reading, node: NamedNode) -> dict[NamedNode, int]:
    hash_ = [Literal(f"{node.value}#")]
    return {
        NamedNode(str(row["property"])): int(str(row["number"]))
        for row in reading.rows("inverse-counts", node=[node], hash=hash_)
    }


def _slice(reading: Reading, node: NamedNode, property_: NamedNode, offset: int) -> list[Triple]:
    return reading.triples(
        "inverse-page",
        limited(PAGE, offset),
        node=[node],
        property=[property_],
        hash=[Literal(f"{node.value}#")],
    )


def _subjects(links: Iterable[Triple], property_: NamedNode) -> tuple[NamedNode, ...]:
    found = {t.subject for t in links if t.predicate == property_}
    named = [subject for subject in found if isinstance(subject, NamedNode)]
    return tuple(sorted(named, key=lambda subject: subject.value))


def _behind(derived: Iterable[Triple], edges: set[Triple]) -> dict[Triple, tuple[NamedNode, ...]]:
    """The derived statements behind each edge that is shown."""
    parts: dict[NamedNode, dict[NamedNode, NamedNode]] = {}
    for triple in derived:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
            parts.setdefault(triple.subject, {})[triple.predicate] = triple.object
    found: dict[Triple, set[NamedNode]] = {}
    for statement, of in parts.items():
        if {RDF.subject, RDF.predicate, RDF.object} <= of.keys():
            edge = Triple(of[RDF.subject], of[RDF.predicate], of[RDF.object])
            if edge in edges:
                found.setdefault(edge, set()).add(statement)
    return {edge: tuple(sorted(behind, key=str)) for edge, behind in found.items()}


def _mentioned(triples: Iterable[Triple]) -> list[NamedNode]:
    """Every IRI that stands at an end of a triple, in a fixed order."""
    ends = {end for t in triples for end in (t.subject, t.object) if isinstance(end, NamedNode)}
    return sorted(ends, key=str)


def _names(triples: Iterable[Triple]) -> dict[str, str]:
    found: dict[str, tuple[bool, str]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            mark = (not (triple.object.language or "en").startswith("en"), triple.object.value)
            former = found.setdefault(triple.subject.value, mark)
            found[triple.subject.value] = min(former, mark)
    return {iri: name for iri, (_, name) in found.items()}


def _natural(iri: str) -> tuple[str, int, str]:
    """An order in which `#m2` stands before `#m10`."""
    head = iri.rstrip("0123456789")
    number = iri[len(head) :]
    return head, int(number[-18:] or 0), iri
