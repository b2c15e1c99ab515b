"""Forecasts as RDF: observations of a data cube on market nodes, and how they were made.

Vocabulary: RDF Data Cube (https://www.w3.org/TR/vocab-data-cube/), SDMX attributes, PROV-O.
Forecasts have a class and measures of their own, so that no query takes them for published figures.
Two cubes: medians for every year, intervals for the years that have one, since every observation of
a cube has every measure of it (integrity constraint 14).
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.figures.model import Published
from graph.forecast.choices import ESTIMAND
from graph.forecast.dividing import DRAWS, PLACES, SEED
from graph.forecast.results import Forecast, Part, Year
from graph.forecast.writing import GRAPH, SOFTWARE, Told, quads, software, year_literal
from graph.terms import Iris
from ontology.namespaces import KG, PROV, QB, RDF, RDFS, XSD
from ontology.vocabulary import expand

MEDIANS = "medians"
INTERVALS = "intervals"

_PERIOD = NamedNode(expand("sdmx-dimension:refPeriod"))
_UNIT = NamedNode(expand("sdmx-attribute:unitMeasure"))
_STATUS = NamedNode(expand("sdmx-attribute:obsStatus"))
_FORECAST = NamedNode(expand("sdmx-code:obsStatus-F"))
_DIMENSIONS = (KG.forecastFor, KG.forecastPart, _PERIOD, KG.forecastModel)
_CUBES: Mapping[str, tuple[str, tuple[NamedNode, ...], tuple[NamedNode, ...]]] = {
    MEDIANS: (
        "Forecasts of market figures: medians",
        _DIMENSIONS,
        (KG.forecastMedian,),
    ),
    INTERVALS: (
        "Forecasts of market figures: intervals",
        (*_DIMENSIONS, KG.probability),
        (KG.forecastMedian, KG.lowerBound, KG.upperBound),
    ),
}
#: What dimensions range over, as their vocabularies say: a cube is to be read by itself, and has
#: the range of each (integrity constraint 4).
_RANGES = {
    KG.forecastFor: KG.Market,
    KG.forecastPart: RDFS.Resource,
    KG.forecastModel: NamedNode(expand("skos:Concept")),
    KG.probability: XSD.decimal,
    _PERIOD: RDFS.Resource,
}
_ATTRIBUTES = (
    *(_UNIT, _STATUS, KG.estimand, KG.pooledGroups, KG.coveringGroups),
    *(KG.extrapolation, KG.borrowed, KG.leastPath, KG.greatestPath),
)
_MODELS = {"R0": "model-r0", "R1": "model-r1"}
_SCHEMES = {
    KG.forecastModel: "forecast-model",
    KG.estimand: "estimand",
    KG.extrapolation: "extrapolation",
}


def observations(published: Published, found: Mapping[str, Forecast], iris: Iris) -> Iterator[Quad]:
    """Return forecasts as quads of the graph `forecasts`.

    `found` is what one call of `forecasts` gave: a market that borrows is informed by the forecasts
    of the markets that lend.
    """
    for one in found.values():
        if one.years:
            writer = _Writer(iris, published, one)
            yield from writer.activity(_donors(one, found, iris))
            yield from writer.observations()


def cubes(iris: Iris) -> Iterator[Quad]:
    """Return the data sets that observations belong to, with their structure."""
    graph = iris.graph(GRAPH)
    for name, (label, dimensions, measures) in _CUBES.items():
        cube, structure = _fragment(iris, name), _fragment(iris, f"{name}-structure")
        yield Quad(cube, RDF.type, QB.DataSet, graph)
        yield Quad(cube, RDFS.label, Literal(label, language="en"), graph)
        yield Quad(cube, QB.structure, structure, graph)
        yield Quad(structure, RDF.type, QB.DataStructureDefinition, graph)
        roles = (
            (QB.dimension, QB.DimensionProperty, dimensions),
            (QB.measure, QB.MeasureProperty, measures),
            (QB.attribute, QB.AttributeProperty, _ATTRIBUTES),
        )
        for role, kind, properties in roles:
            for one in properties:
                yield Quad(one, RDF.type, kind, graph)
                local = one.value.rsplit("#", 1)[-1]
                component = _fragment(iris, f"{name}-{local}")
                yield Quad(structure, QB.component, component, graph)
                yield Quad(component, RDF.type, QB.ComponentSpecification, graph)
                yield Quad(component, role, one, graph)
        for one in dimensions:
            yield Quad(one, RDFS.range, _RANGES[one], graph)
    for one, scheme in _SCHEMES.items():
        yield Quad(one, QB.codeList, iris.thing("scheme", scheme), graph)


def remainder(
    iris: Iris, published: Published, told: Forecast, part: Part
) -> tuple[NamedNode, str]:
    """Return the node of what shares leave of a market, and what it is called."""
    by = "place" if part.dimension == PLACES else published.name(part.dimension).lower()
    node = iris.statement("remainder", [told.market, part.dimension, *part.shares])
    return node, f"Rest of {published.name(told.market)} by {by}"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes one forecast."""

    iris: Iris
    published: Published
    told: Forecast

    @property
    def node(self) -> NamedNode:
        return _activity(self.iris, self.told)

    @property
    def market(self) -> NamedNode:
        return NamedNode(self.told.market)

    @property
    def model(self) -> NamedNode:
        return self.concept(_MODELS[self.told.choices.model])

    def concept(self, slug: str) -> NamedNode:
        return self.iris.thing("concept", slug)

    def quads(self, node: NamedNode, told: Told) -> Iterator[Quad]:
        return quads(self.iris, node, told)

    def activity(self, donors: Iterable[str]) -> Iterator[Quad]:
        """How it was made, and with what."""
        model, name = self.told.choices.model, self.published.name(self.told.market)
        used = [figure.key for member in self.told.selection.members for figure in member.figures]
        used += [share for part in self.told.parts for share in part.shares]
        yield from self.quads(
            self.node,
            [
                (RDF.type, PROV.Activity),
                (RDFS.label, Literal(f"Forecast of {name}, {model}", language="en")),
                (KG.forecastModel, self.model),
                (KG.estimand, self.concept(ESTIMAND)),
                (KG.parameters, _parameters(self.told)),
                (KG.seed, SEED),
                (SOFTWARE, software()),
                *((PROV.used, NamedNode(key)) for key in dict.fromkeys(used)),
                *((PROV.wasInformedBy, NamedNode(donor)) for donor in donors),
                *((RDFS.comment, Literal(note, language="en")) for note in self.told.notes),
            ],
        )

    def observations(self) -> Iterator[Quad]:
        """An observation of each median, and of each interval."""
        for year in self.told.years:
            yield from self.year(year, self.market)
        for part in self.told.parts:
            if part.key:
                yield from self.year(part.year, NamedNode(part.key), part.shares)
            else:
                node, label = remainder(self.iris, self.published, self.told, part)
                yield from self.describe(node, label, part)
                yield from self.year(part.year, node, part.shares)

    def describe(self, node: NamedNode, label: str, part: Part) -> Iterator[Quad]:
        """What a remainder is the rest of."""
        yield from self.quads(
            node,
            [
                (RDF.type, KG.Remainder),
                (RDFS.label, Literal(label, language="en")),
                (KG.remainderOf, self.market),
                *((PROV.wasDerivedFrom, NamedNode(share)) for share in part.shares),
            ],
        )
        if part.dimension != PLACES:
            yield from self.quads(node, [(KG.remainderDimension, NamedNode(part.dimension))])

    def year(self, year: Year, part: NamedNode, shares: Iterable[str] = ()) -> Iterator[Quad]:
        named = [self.told.market, part.value, str(year.year), self.told.choices.model]
        shared = [
            (RDF.type, KG.Forecast),
            (RDF.type, QB.Observation),
            (KG.forecastFor, self.market),
            (KG.forecastPart, part),
            (_PERIOD, year_literal(year.year)),
            (KG.forecastModel, self.model),
            (KG.forecastMedian, year.median),
            (_UNIT, self.concept(self.told.unit)),
            (_STATUS, _FORECAST),
            (KG.estimand, self.concept(ESTIMAND)),
            (KG.pooledGroups, year.k),
            (KG.coveringGroups, year.within),
            (KG.extrapolation, self.concept(f"extrapolated-{year.extrapolated}")),
            (KG.borrowed, year.borrowed),
            (PROV.wasGeneratedBy, self.node),
            *((KG.pooledGroup, NamedNode(key)) for key in year.groups),
            *((PROV.wasDerivedFrom, NamedNode(share)) for share in shares),
        ]
        spread = year.spread or ()
        own = zip((KG.leastPath, KG.greatestPath), spread, strict=False)
        cube = (QB.dataSet, _fragment(self.iris, MEDIANS))
        median = self.iris.statement("forecast", named)
        yield from self.quads(median, [*shared, *own, cube])
        for interval in year.intervals:
            level = Decimal(str(interval.level))
            bounds = [
                (QB.dataSet, _fragment(self.iris, INTERVALS)),
                (KG.probability, level),
                (KG.lowerBound, interval.lower),
                (KG.upperBound, interval.upper),
            ]
            node = self.iris.statement("forecast", [*named, str(level)])
            yield from self.quads(node, [*shared, *bounds])


def _fragment(iris: Iris, name: str) -> NamedNode:
    return NamedNode(f"{iris.graph(GRAPH).value}#{name}")


def _activity(iris: Iris, told: Forecast) -> NamedNode:
    return iris.statement("forecast", [told.market, told.choices.model])


def _donors(one: Forecast, found: Mapping[str, Forecast], iris: Iris) -> Iterator[str]:
    if not any(year.borrowed for year in one.years):
        return
    for other in found.values():
        if other.parameters.get("k_growth", 0) >= one.choices.few:
            yield _activity(iris, other).value


def _parameters(one: Forecast) -> str:
    told = {
        **{name: _plain(value) for name, value in one.choices.told().items()},
        "draws": DRAWS,
        "estimates": {name: str(value) for name, value in one.parameters.items()},
    }
    return json.dumps(told, sort_keys=True)


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)
