"""One finding, and how it is stated."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.audit.interval import Interval
from graph.terms import Iris
from ontology.namespaces import DCT, KG, RDF, RDFS, XSD
from ontology.vocabulary import expand

PERCENT, POINTS, TIMES = "percent", "percentage-points", "times"
_UNIT = NamedNode(expand("sdmx-attribute:unitMeasure"))
Period = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """What follows from some facts. `kind` is a concept of the scheme `finding-kind`.

    `rests_on` are the keys of the facts, in order: the first is what the finding is about;
    `publications` and `markets` are the keys of theirs. `result` is what was computed, in `unit`
    (a slug of the list of units), None where nothing was; `agrees` is None where nothing was
    compared. The years are those of what was computed.

    Of a stated rate: `weak`, where the interval of the growth between its figures is wider than
    two points; `severity`, the end value at the stated rate as a multiple of the printed one;
    `needed`, in the unit `needed_unit`, what the figure of the unprinted `needed_year` would have
    to be, and `step`, the growth a year in percent between that and the printed figure of
    `step_year`; `other_periods`, the pairs of printed years that have the stated growth.
    """

    kind: str
    text: str
    rests_on: tuple[str, ...]
    publications: tuple[str, ...]
    markets: tuple[str, ...] = ()
    result: Interval | None = None
    unit: str = ""
    agrees: bool | None = None
    from_year: int | None = None
    to_year: int | None = None
    weak: bool = False
    severity: Interval | None = None
    needed: Interval | None = None
    needed_unit: str = ""
    needed_year: int | None = None
    step: Interval | None = None
    step_year: int | None = None
    other_periods: tuple[Period, ...] = ()


def quads(finding: Finding, iris: Iris, graph: NamedNode) -> Iterator[Quad]:
    """A finding as a `kg:Finding`, with its premises, its sources and what was computed.

    The keys of its facts and publications are IRIs, as `graph.figures.stored` gives them.
    """
    facts = [NamedNode(key) for key in dict.fromkeys(finding.rests_on)]
    node = iris.statement(finding.kind, [fact.value for fact in facts])
    yield Quad(node, RDF.type, KG.Finding, graph)
    yield Quad(node, DCT.type, iris.thing("concept", finding.kind), graph)
    yield Quad(node, RDFS.label, Literal(finding.text, language="en"), graph)
    yield Quad(node, KG.about, facts[0], graph)
    for fact in facts:
        yield Quad(node, KG.premise, fact, graph)
    for source in sorted(set(finding.publications)):
        yield Quad(node, DCT.source, NamedNode(source), graph)
    yield from _numbers(node, finding, graph)
    yield from _years_and_units(node, finding, iris, graph)
    if finding.agrees is not None:
        yield Quad(node, KG.agrees, Literal(finding.agrees), graph)
    if finding.weak:
        yield Quad(node, KG.weak, Literal(True), graph)
    for first, last in finding.other_periods:
        yield Quad(node, KG.otherPeriod, Literal(f"{first}/{last}"), graph)


def _numbers(node: NamedNode, finding: Finding, graph: NamedNode) -> Iterator[Quad]:
    for interval, names in (
        (finding.result, (KG.computedValue, KG.lowest, KG.highest)),
        (finding.severity, (KG.severity, KG.severityLowest, KG.severityHighest)),
        (finding.needed, (KG.neededValue, KG.neededLowest, KG.neededHighest)),
        (finding.step, (KG.neededGrowth, KG.neededGrowthLowest, KG.neededGrowthHighest)),
    ):
        if interval is not None:
            short = interval.rounded()
            bounds = (short.value, short.lowest, short.highest)
            for name, number in zip(names, bounds, strict=True):
                yield Quad(node, name, _decimal(number), graph)


def _years_and_units(
    node: NamedNode, finding: Finding, iris: Iris, graph: NamedNode
) -> Iterator[Quad]:
    for unit, predicate in ((finding.unit, _UNIT), (finding.needed_unit, KG.neededUnit)):
        if unit:
            yield Quad(node, predicate, iris.thing("concept", unit), graph)
    for year, predicate in (
        (finding.from_year, KG.fromYear),
        (finding.to_year, KG.toYear),
        (finding.needed_year, KG.neededYear),
        (finding.step_year, KG.neededGrowthYear),
    ):
        if year is not None:
            yield Quad(node, predicate, Literal(str(year), datatype=XSD.gYear), graph)


def _decimal(value: Decimal) -> Literal:
    return Literal(f"{value:f}", datatype=XSD.decimal)
