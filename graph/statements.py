"""Records into statements: the one place where rows become RDF.

Every row of a source becomes, in that source's named graph, a fact with its properties, a claim
and its mentions. A fact that is a thing of its own (an event, a segment) is distinct from the claim
that tells it; any other fact is the claim itself. Rows of shared registers go into the reference
graph, our doubts into the quality graph.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.authorities import CONFIRMED
from graph.dates import StatedDate
from graph.literals import date_literal, day, decimal, phrase, text_as
from graph.numbers import Measure
from graph.sources.landscape import Landscape, Source
from graph.sources.manifest import Manifest
from graph.sources.records import Record, Reference, Value
from graph.sources.retired import retired_entity
from graph.terms import Iris
from ontology.description import Column, tables
from ontology.namespaces import DCAT, DCT, KG, OWL, RDF, RDFS, SCHEMA
from ontology.terms import superclasses
from ontology.vocabulary import expand

Object = NamedNode | Literal


class Statements:
    """Turns a landscape into quads. Order and duplicates do not matter: a release sorts them."""

    def __init__(self, landscape: Landscape, iris: Iris) -> None:
        self.landscape = landscape
        self.iris = iris
        self._labels = _labels(landscape)
        # The facts that are things of their own, by the claim that tells them.
        self._facts: Mapping[Reference, Reference] = {
            Reference("claim", record.id): record.subject
            for source in landscape.sources
            for record in source.of("claims")
            if record.subject.kind != "claim"
        }
        # Labels of events and segments are made as other labels are, before any can name them.
        self._told: Mapping[tuple[str, Reference], str] = {}
        self._told = {
            (source.slug, record.subject): self._label(record)
            for source in landscape.sources
            for record in source.of("claims")
            if record.subject.kind != "claim"
        }

    def quads(self) -> Iterator[Quad]:
        """Every statement that is claimed or registered; the rules derive the rest."""
        reference = self.iris.graph("reference")
        for record in self.landscape.registers:
            yield from self._registered(record, reference)
        for source in self.landscape.sources:
            yield from self._source(source)

    # -- shared registers -------------------------------------------------------------------

    def _registered(self, record: Record, graph: NamedNode) -> Iterator[Quad]:
        if record.table.role == "register":
            yield from self._properties(self._iri(record.subject), record, graph)
        elif record.table.role == "aliases":
            yield from self._properties(self._iri(record.reference("entity")), record, graph)
        elif record.table.role == "links":
            yield from self._link(record, graph)
        else:
            entity = retired_entity(record)
            assert entity is not None
            old = self._iri(entity)
            yield Quad(old, OWL.deprecated, Literal(True), graph)
            yield Quad(old, RDFS.comment, phrase(record.text("reason")), graph)
            new = record.one("replaced_by")
            if isinstance(new, Reference):
                yield Quad(old, DCT.isReplacedBy, self._iri(new), graph)

    def _link(self, record: Record, graph: NamedNode) -> Iterator[Quad]:
        """What is told of a link; the mapping itself only where it is confirmed."""
        thing = self._iri(record.reference("entity"))
        relation, target = record.text("relation"), record.text("target")
        node = self.iris.link(thing, relation, target)
        yield from self._properties(node, record, graph)
        yield Quad(node, RDFS.label, Literal(self._label(record)), graph)
        if record.reference("status").slug == CONFIRMED:
            yield Quad(thing, NamedNode(expand(f"skos:{relation}")), NamedNode(target), graph)

    # -- sources ----------------------------------------------------------------------------

    def _source(self, source: Source) -> Iterator[Quad]:
        graph = self.iris.graph(source.slug)
        node = self.iris.source(source.slug)
        yield from self._described(source, node, graph)
        for position, record in enumerate(source.of("register"), 1):
            section = self._iri(record.subject)
            yield from self._properties(section, record, graph)
            yield Quad(section, DCT.isPartOf, node, graph)
            yield Quad(section, KG.position, Literal(position), graph)
        further = source.further_mentions()
        for record in source.of("claims"):
            yield from self._claim(record, further.get(record.id, ()), node, graph)
        quality = self.iris.graph("quality")
        for record in source.of("notes"):
            note = self.iris.thing("claim", record.id)
            yield from self._properties(note, record, quality)
            yield Quad(note, RDFS.label, Literal(self._label(record)), quality)
            yield Quad(note, DCT.source, node, quality)
            yield from self._about_facts(record, note, quality)

    def _about_facts(self, note: Record, node: NamedNode, graph: NamedNode) -> Iterator[Quad]:
        """A note on a claim is one on what it tells too: on the event as on its claim."""
        for about in note.values.get("about", ()):
            told = self._facts.get(about) if isinstance(about, Reference) else None
            if told is not None:
                yield Quad(node, KG.about, self._iri(told), graph)

    def _described(self, source: Source, node: NamedNode, graph: NamedNode) -> Iterator[Quad]:
        manifest = source.manifest
        yield Quad(node, RDF.type, KG.Report, graph)
        yield Quad(node, RDFS.label, Literal(manifest.short_title), graph)
        yield Quad(node, DCT.title, Literal(manifest.title), graph)
        publisher = self._iri(Reference("agent", manifest.publisher))
        yield Quad(node, DCT.publisher, publisher, graph)
        group = self._iri(Reference("agent", manifest.counted_as))
        yield Quad(node, KG.dataGroup, group, graph)
        if manifest.data_group_reason:
            yield Quad(node, KG.dataGroupReason, phrase(manifest.data_group_reason), graph)
        yield Quad(node, DCT.rights, phrase(manifest.licence_note), graph)
        if manifest.series:
            series = self._iri(Reference("series", manifest.series))
            yield Quad(node, SCHEMA.isPartOf, series, graph)
        if manifest.url:
            yield Quad(node, DCAT.landingPage, NamedNode(manifest.url), graph)
        if manifest.code:
            yield Quad(node, DCT.identifier, Literal(manifest.code), graph)
        if manifest.language:
            yield Quad(node, DCT.language, Literal(manifest.language), graph)
        if manifest.published:
            yield Quad(node, DCT.issued, date_literal(manifest.published), graph)
        if manifest.updated:
            yield Quad(node, DCT.modified, date_literal(manifest.updated), graph)
        if manifest.accessed:
            yield Quad(node, KG.accessed, date_literal(manifest.accessed), graph)
        yield from self._read(manifest, node, graph)

    def _read(self, manifest: Manifest, node: NamedNode, graph: NamedNode) -> Iterator[Quad]:
        """What a source was read for, and how completely."""
        for name, count in manifest.tables.items():
            table = tables()[name]
            cls = None if table.is_shared else table.cls
            if count.complete and cls:
                yield Quad(node, KG.readCompletelyFor, NamedNode(cls), graph)
        for name in manifest.read_for:
            cls = tables()[name].cls
            assert cls is not None
            yield Quad(node, KG.readFor, NamedNode(cls), graph)

    def _claim(
        self, record: Record, further: Sequence[Record], source: NamedNode, graph: NamedNode
    ) -> Iterator[Quad]:
        fact = self._iri(record.subject)
        claim = self.iris.thing("claim", record.id)
        yield from self._properties(fact, record, graph)
        yield Quad(fact, RDFS.label, Literal(self._label(record)), graph)
        yield Quad(claim, RDF.type, KG.Claim, graph)
        yield Quad(claim, DCT.source, source, graph)
        if claim != fact:
            yield Quad(claim, KG.states, fact, graph)
            yield Quad(claim, RDFS.label, Literal(self._label(record)), graph)
            yield Quad(fact, DCT.source, source, graph)
        for number, mention in enumerate([record, *further], 1):
            node = self.iris.mention(record.id, number)
            yield Quad(fact, KG.mention, node, graph)
            yield Quad(fact, KG.statedIn, self._iri(mention.reference("section")), graph)
            if claim != fact:
                yield Quad(claim, KG.mention, node, graph)
            yield from self._mention(node, claim, mention, record, graph)

    def _mention(
        self, node: NamedNode, claim: NamedNode, row: Record, claimed: Record, graph: NamedNode
    ) -> Iterator[Quad]:
        yield Quad(node, RDF.type, KG.Mention, graph)
        yield Quad(node, KG.claim, claim, graph)
        for column, predicate in (
            ("section", KG.section),
            ("paragraph", KG.paragraph),
            ("stated", KG.manner),
            ("approximation", KG.approximation),
            ("printed", KG.printed),
        ):
            for value in row.values.get(column, ()):
                yield Quad(node, predicate, self._object(value, "text"), graph)
        for name in row.values.get("implied", ()):
            column_ = claimed.table.columns[str(name)]
            if column_.predicate:
                yield Quad(node, KG.impliedProperty, NamedNode(column_.predicate), graph)

    # -- rows -------------------------------------------------------------------------------

    def _properties(self, node: NamedNode, record: Record, graph: NamedNode) -> Iterator[Quad]:
        if record.table.cls:
            for cls in (record.table.cls, *superclasses(record.table.cls)):
                yield Quad(node, RDF.type, NamedNode(cls), graph)
        for name, values in record.values.items():
            column = record.table.columns[name]
            if column.predicate is None:
                continue
            for value in values:
                yield from self._statements(node, column, value, graph)
        for column in record.table.columns.values():
            if column.itself and column.name not in record.values and column.predicate:
                yield Quad(node, NamedNode(column.predicate), node, graph)

    def _statements(
        self, node: NamedNode, column: Column, value: Value, graph: NamedNode
    ) -> Iterator[Quad]:
        assert column.predicate is not None
        predicate = NamedNode(column.predicate)
        yield Quad(node, predicate, self._object(value, column.type), graph)
        if isinstance(value, Measure):
            yield Quad(node, KG.valueAsPrinted, Literal(value.printed), graph)
            yield Quad(node, KG.halfUnit, decimal(value.half_unit), graph)
        if isinstance(value, StatedDate) and column.type == "date":
            if value.earliest:
                yield Quad(node, KG.earliest, day(value.earliest.isoformat()), graph)
            if value.latest:
                yield Quad(node, KG.latest, day(value.latest.isoformat()), graph)
            precision = self.iris.thing("concept", f"precision-{value.precision}")
            yield Quad(node, KG.datePrecision, precision, graph)

    def _object(self, value: Value, column_type: str) -> Object:
        match value:
            case Reference():
                return self._iri(value)
            case Measure():
                return decimal(value.value)
            case Decimal():
                return decimal(value)
            case StatedDate():
                return date_literal(value)
            case int():
                return Literal(value)
            case _:
                return text_as(value, column_type)

    def _iri(self, reference: Reference) -> NamedNode:
        if reference.kind == "source":
            return self.iris.source(reference.slug)
        if reference.kind == "section":
            assert reference.source is not None
            return self.iris.section(reference.source, reference.slug)
        return self.iris.thing(reference.kind, reference.slug)

    # -- labels -----------------------------------------------------------------------------

    def _label(self, record: Record) -> str:
        parts = (self._filled(part, record) for part in record.table.label)
        return ", ".join(part for part in parts if part)

    def _filled(self, template: str, record: Record) -> str:
        """A part of a label; a part none of whose columns is filled is left out."""
        names = [piece.split("}")[0] for piece in template.split("{")[1:]]
        shown = {name: self._shown(name, record) for name in names}
        if not any(shown.values()):
            return ""
        return " ".join(template.format_map(shown).split())

    def _shown(self, column: str, record: Record) -> str:
        values = record.values.get(column, ())
        return ", ".join(
            self._named(v, record.source) if isinstance(v, Reference) else _plain(v) for v in values
        )

    def _named(self, thing: Reference, source: str | None) -> str:
        """The name of a thing; events and segments as the same source tells them.

        So what a source's graph says does not depend on which other sources are there.
        """
        return self._labels.get(thing) or self._told.get((source or "", thing)) or thing.slug


def _labels(landscape: Landscape) -> Mapping[Reference, str]:
    labels = {r.subject: r.text("label") for r in landscape.registers if r.table.role == "register"}
    for source in landscape.sources:
        labels[Reference("source", source.slug)] = source.manifest.short_title
    return labels


def _plain(value: Value) -> str:
    match value:
        case Measure():
            return value.printed
        case StatedDate():
            return value.form
        case _:
            return str(value)
