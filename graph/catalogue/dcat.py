"""The catalogue in the terms of DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/).

It has what DCAT-AP 3 makes mandatory. Nothing says when a release was made: releases have no time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from graph.catalogue.coverage import Coverage
from graph.catalogue.distribution import Distribution
from graph.catalogue.vocabulary import ENGLISH, LICENCE, english, term, told
from graph.catalogue.void import Address
from graph.release import Release
from graph.terms import Iris
from ontology.namespaces import XSD
from ontology.terms import version_iri
from ontology.vocabulary import NAMESPACE

TITLE = "Therascape"
DESCRIPTION = (
    "Market reports on cell and gene therapy as a cited knowledge graph: organisations, therapies, "
    "events, figures and forecasts, each with the report and the section that states it."
)
_PUBLISHER = NamedNode(f"{NAMESPACE}the-authors")
_HEALTH = NamedNode("http://publications.europa.eu/resource/authority/data-theme/HEAL")
_IANA = "https://www.iana.org/assignments/media-types/"
# A type that IANA has not registered has no address there.
_UNREGISTERED = frozenset({"application/graphml+xml"})
_SHA256 = "spdx:checksumAlgorithm_sha256"


@dataclass(frozen=True, slots=True)
class Catalogued:
    """The release that is served with what it covers, the files of it, and other releases."""

    release: Release
    coverage: Coverage
    distributions: Sequence[Distribution] = ()
    others: Sequence[Release] = ()

    @property
    def iris(self) -> Iris:
        """The IRIs of the deployment."""
        return self.release.iris

    @property
    def title(self) -> str:
        """The title of the release."""
        return title(self.release)


def title(release: Release) -> str:
    """Return the title of a release."""
    return f"{TITLE}, release {release.id[:12]}"


def catalogue(found: Catalogued, address: Address) -> Iterator[Triple]:
    """Return the whole catalogue."""
    iris = found.iris
    services = tuple(_services(found, address))
    releases = (found.release, *found.others)
    yield from told(
        iris.catalogue(),
        [
            ("a", term("dcat:Catalog")),
            ("dct:title", english(f"{TITLE}: catalogue")),
            ("dct:description", english("What this service holds, and how to get at it.")),
            ("dct:publisher", _PUBLISHER),
            ("dct:license", LICENCE),
            ("dct:language", ENGLISH),
            ("foaf:homepage", address.of("")),
            ("dcat:dataset", iris.catalogue("dataset")),
            *(("dcat:dataset", iris.release(release.id)) for release in releases),
            *(("dcat:service", service) for service, _ in services),
        ],
    )
    yield from _shared()
    yield from _whole(found, releases)
    for release in releases:
        yield from _release(release, iris)
    yield from _covered(found, address)
    for distribution in found.distributions:
        yield from _distribution(found, distribution, address)
    for service, rows in services:
        yield from told(service, rows)
    for *_, standard in _SERVICES:
        yield from told(NamedNode(standard), [("a", term("dct:Standard"))])


def _shared() -> Iterator[Triple]:
    """What others refer to: publisher, licence, language, theme."""
    yield from told(
        _PUBLISHER, [("a", term("foaf:Agent")), ("foaf:name", Literal("The Therascape authors"))]
    )
    yield from told(
        LICENCE,
        [
            ("a", term("dct:LicenseDocument")),
            ("dct:title", english("Creative Commons Attribution 4.0 International")),
        ],
    )
    yield from told(
        ENGLISH,
        [("a", term("dct:LinguisticSystem")), ("rdfs:label", english("English"))],
    )
    yield from told(_HEALTH, [("a", term("skos:Concept")), ("skos:prefLabel", english("Health"))])


def _whole(found: Catalogued, releases: Sequence[Release]) -> Iterator[Triple]:
    """The dataset that releases are versions of."""
    iris = found.iris
    yield from told(
        iris.catalogue("dataset"),
        [
            ("a", term("dcat:Dataset")),
            ("dct:title", english(TITLE)),
            ("dct:description", english(DESCRIPTION)),
            ("dct:publisher", _PUBLISHER),
            ("dct:license", LICENCE),
            ("dcat:hasCurrentVersion", iris.release(found.release.id)),
            *(("dcat:hasVersion", iris.release(release.id)) for release in releases),
        ],
    )


def _release(release: Release, iris: Iris) -> Iterator[Triple]:
    counts = release.manifest["counts"]
    sources: Sequence[dict[str, Any]] = release.manifest.get("sources") or ()
    said = (
        f"{DESCRIPTION} This release has {counts['statements']} statements in "
        f"{len(counts['graphs'])} named graphs, from {len(sources)} sources."
    )
    yield from told(
        iris.release(release.id),
        [
            ("a", term("dcat:Dataset")),
            ("dct:title", english(title(release))),
            ("dct:description", english(said)),
            ("dct:identifier", Literal(release.id)),
            ("dcat:version", Literal(release.id)),
            ("dcat:isVersionOf", iris.catalogue("dataset")),
            ("dct:publisher", _PUBLISHER),
            ("dct:license", LICENCE),
            ("dct:language", ENGLISH),
            ("dcat:theme", _HEALTH),
            *(("prov:wasDerivedFrom", iris.source(str(source["slug"]))) for source in sources),
        ],
    )


def _covered(found: Catalogued, address: Address) -> Iterator[Triple]:
    """What only the release that is served can be asked: its coverage, and where it is."""
    iris, coverage = found.iris, found.coverage
    node, period = iris.release(found.release.id), iris.catalogue("period")
    standard = NamedNode(version_iri())
    yield from told(
        node,
        [
            ("dcat:landingPage", address.of("")),
            ("dct:conformsTo", standard),
            ("rdfs:seeAlso", iris.statistics()),
            ("dct:temporal", period if coverage.years else None),
            *(("dct:spatial", NamedNode(place)) for place, _ in coverage.places),
            *(("dcat:keyword", english(word)) for word in coverage.keywords),
            *(("dcat:distribution", _file(iris, one)) for one in found.distributions),
        ],
    )
    yield from told(
        standard,
        [("a", term("dct:Standard")), ("dct:title", english("Therascape vocabulary"))],
    )
    yield from told(address.of(""), [("a", term("foaf:Document")), ("dct:title", english(TITLE))])
    if coverage.years:
        first, last = (Literal(str(year), datatype=XSD.gYear) for year in coverage.years)
        rows = [("dcat:startDate", first), ("dcat:endDate", last)]
        yield from told(period, [("a", term("dct:PeriodOfTime")), *rows])
    for place, name in coverage.places:
        yield from told(
            NamedNode(place), [("a", term("dct:Location")), ("rdfs:label", english(name))]
        )


Rows = list[tuple[str, NamedNode | Literal | None]]


def _file(iris: Iris, one: Distribution) -> NamedNode:
    return iris.catalogue(f"file-{one.name}")


def _distribution(found: Catalogued, one: Distribution, address: Address) -> Iterator[Triple]:
    checksum = found.iris.catalogue(f"checksum-{one.name}")
    types = {
        "dcat:mediaType": _media_type(one.media_type),
        "dcat:compressFormat": _media_type(one.compression),
    }
    standard = NamedNode(one.conforms_to) if one.conforms_to else None
    ready: Rows = []
    if one.size is not None:
        size = Literal(str(one.size), datatype=term("xsd:nonNegativeInteger"))
        ready = [("dcat:byteSize", size), ("spdx:checksum", checksum)]
    yield from told(
        _file(found.iris, one),
        [
            ("a", term("dcat:Distribution")),
            ("dct:title", english(one.title)),
            ("dcat:accessURL", address.of(one.path)),
            ("dcat:downloadURL", address.of(one.path)),
            *types.items(),
            *ready,
            ("dct:license", LICENCE),
            ("dct:conformsTo", standard),
        ],
    )
    for media_type in types.values():
        if media_type:
            yield from told(media_type, [("a", term("dct:MediaType"))])
    if standard:
        yield from told(standard, [("a", term("dct:Standard"))])
    if one.sha256 is not None:
        yield from told(
            checksum,
            [
                ("a", term("spdx:Checksum")),
                ("spdx:algorithm", term(_SHA256)),
                ("spdx:checksumValue", Literal(one.sha256, datatype=term("xsd:hexBinary"))),
            ],
        )
        yield from told(term(_SHA256), [("a", term("spdx:ChecksumAlgorithm"))])


def _media_type(name: str | None) -> NamedNode | None:
    return NamedNode(_IANA + name) if name and name not in _UNREGISTERED else None


#: Name, title, address, where it is described, and what it conforms to.
_SERVICES = (
    (
        *("sparql", "SPARQL endpoint", "sparql", "description"),
        "http://www.w3.org/TR/sparql11-protocol/",
    ),
    (
        *("store", "Named graphs by the Graph Store Protocol", "store", "description"),
        "http://www.w3.org/TR/sparql11-http-rdf-update/",
    ),
    (
        *("api", "Questions with a name, as an HTTP API", "api/v1/", "api/v1/openapi.json"),
        "https://spec.openapis.org/oas/v3.1.0",
    ),
)


def _services(found: Catalogued, address: Address) -> Iterator[tuple[NamedNode, Rows]]:
    for name, told_title, path, description, standard in _SERVICES:
        rows: Rows = [
            ("a", term("dcat:DataService")),
            ("dct:title", english(told_title)),
            ("dct:publisher", _PUBLISHER),
            ("dct:license", LICENCE),
            ("dcat:endpointURL", address.of(path)),
            ("dcat:endpointDescription", address.of(description)),
            ("dct:conformsTo", NamedNode(standard)),
            ("dcat:servesDataset", found.iris.release(found.release.id)),
        ]
        yield found.iris.catalogue(name), rows
