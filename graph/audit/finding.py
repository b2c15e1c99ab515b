"""One finding, and how it is stated."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.audit.facts import Observed
from graph.audit.interval import Interval
from graph.sources.records import Record, Reference
from graph.terms import Iris
from ontology.namespaces import DCT, KG, RDF, RDFS, XSD
from ontology.vocabulary import expand


@dataclass(frozen=True, slots=True)
class Finding:
    """What follows from some facts. `kind` is a concept of the scheme `finding-kind`.

    `result` is None where nothing was computed; `agrees` where nothing was compared. `rests_on`
    are the records of the facts, in order: the first is what the finding is about.
    """

    kind: str
    text: str
    rests_on: tuple[Record, ...]
    result: Interval | None = None
    unit: Reference | None = None
    agrees: bool | None = None
    from_year: int | None = None
    to_year: int | None = None


PERCENT = Reference("concept", "percent")
TIMES = Reference("concept", "times")
_UNIT = NamedNode(expand("sdmx-attribute:unitMeasure"))


def records(*observed: Observed) -> tuple[Record, ...]:
    """The records of some numbers."""
    return tuple(number.record for number in observed)


def quads(finding: Finding, iris: Iris, graph: NamedNode) -> Iterator[Quad]:
    """A finding as a `kg:Finding`, with its premises, its sources and what was computed."""
    facts = [iris.thing(r.subject.kind, r.subject.slug) for r in finding.rests_on]
    node = iris.statement(finding.kind, [fact.value for fact in facts])
    yield Quad(node, RDF.type, KG.Finding, graph)
    yield Quad(node, DCT.type, iris.thing("concept", finding.kind), graph)
    yield Quad(node, RDFS.label, Literal(finding.text, language="en"), graph)
    yield Quad(node, KG.about, facts[0], graph)
    for fact in facts:
        yield Quad(node, KG.premise, fact, graph)
    for source in sorted({str(record.source) for record in finding.rests_on}):
        yield Quad(node, DCT.source, iris.source(source), graph)
    if finding.result is not None:
        result = finding.result.rounded()
        yield Quad(node, KG.computedValue, _decimal(result.value), graph)
        yield Quad(node, KG.lowest, _decimal(result.lowest), graph)
        yield Quad(node, KG.highest, _decimal(result.highest), graph)
    if finding.unit is not None:
        unit = iris.thing(finding.unit.kind, finding.unit.slug)
        yield Quad(node, _UNIT, unit, graph)
    if finding.agrees is not None:
        yield Quad(node, KG.agrees, Literal(finding.agrees), graph)
    for year, predicate in ((finding.from_year, KG.fromYear), (finding.to_year, KG.toYear)):
        if year is not None:
            yield Quad(node, predicate, Literal(str(year), datatype=XSD.gYear), graph)


def _decimal(value: Decimal) -> Literal:
    return Literal(f"{value:f}", datatype=XSD.decimal)
