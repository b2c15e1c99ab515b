"""The catalogue has what DCAT-AP 3 asks for, and what it says of coverage is in the data."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, serialize
from rdflib.namespace import DCAT, DCTERMS, FOAF, VOID

from graph.catalogue.coverage import Coverage, coverage
from graph.catalogue.dcat import Catalogued, catalogue
from graph.catalogue.distribution import Distribution
from graph.catalogue.documents import documents, number_of_parts
from graph.catalogue.files import statistics_of
from graph.catalogue.vocabulary import term
from graph.catalogue.void import Address, Counted, void
from graph.landscape.asking import Asking
from graph.query import EmbeddedEngine
from graph.release import Release

SHAPES = Path(__file__).parent / "shapes.ttl"
ADDRESS = Address("https://landscape.example/")
FILES = (
    Distribution(
        *("data-nq", "N-Quads", "exports/data.nq", "application/n-quads", 12, "ab" * 32), rdf=True
    ),
    Distribution(
        *("data-nq-gz", "N-Quads, compressed", "exports/data.nq.gz", "application/n-quads"),
        *(7, "cd" * 32, "application/gzip", "https://www.w3.org/TR/n-quads/"),
    ),
    Distribution("g", "GraphML", "exports/g.graphml", "application/graphml+xml", 3, "ef" * 32),
    Distribution("x", "TriG", "exports/x.trig", "application/trig", rdf=True),  # nobody asked yet
)


@pytest.fixture(scope="module")
def asking(landscape_release: Release, landscape_store: Store) -> Asking:
    return Asking(
        EmbeddedEngine.over(landscape_release, landscape_store), landscape_release.iris.base
    )


@pytest.fixture(scope="module")
def covered(asking: Asking) -> Coverage:
    return coverage(asking)


@pytest.fixture(scope="module")
def found(landscape_release: Release, covered: Coverage) -> Catalogued:
    return Catalogued(landscape_release, covered, FILES)


def report(triples: Iterable[Triple]) -> tuple[bool, str]:
    """Whether the triples conform to the shapes, and why not."""
    text = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert text is not None
    graph = rdflib.Graph().parse(data=text, format="nt")
    shapes = rdflib.Graph().parse(SHAPES)
    conforms, _, why = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
    return bool(conforms), str(why)


def objects(triples: Iterable[Triple], subject: NamedNode, name: str) -> set[str]:
    return {
        t.object.value
        for t in triples
        if t.subject == subject
        and t.predicate == term(name)
        and isinstance(t.object, NamedNode | Literal)
    }


def test_the_catalogue_conforms(found: Catalogued) -> None:
    assert report(catalogue(found, ADDRESS)) == (True, "Validation Report\nConforms: True\n")
    empty = replace(found, coverage=Coverage(None, (), (), ()), distributions=())
    assert report(catalogue(empty, ADDRESS))[0]


MANDATORY = (
    *("dct:title", "dct:description", "dct:publisher", "dcat:accessURL", "dcat:endpointURL"),
    *("foaf:name", "spdx:algorithm", "spdx:checksumValue", "dcat:dataset", "dcat:servesDataset"),
)


@pytest.mark.parametrize("missing", MANDATORY)
def test_the_shapes_see_what_is_missing(found: Catalogued, missing: str) -> None:
    triples = [t for t in catalogue(found, ADDRESS) if t.predicate != term(missing)]
    assert not report(triples)[0]


def test_every_term_is_one_of_its_vocabulary(found: Catalogued) -> None:
    # New in DCAT 3, which the namespaces of rdflib do not have.
    new = {term(f"dcat:{n}") for n in ("hasCurrentVersion", "hasVersion", "isVersionOf", "version")}
    closed = {str(space): space for space in (DCAT, DCTERMS, FOAF, VOID)}
    counted = Counted(found.release, statistics_of(found.release), FILES)
    triples = [*catalogue(found, ADDRESS), *void(counted, ADDRESS)]
    kinds = {t.object for t in triples if t.predicate == term("rdf:type")}
    for node in {t.predicate for t in triples} | kinds:
        assert isinstance(node, NamedNode)
        for space, terms in closed.items():
            if node.value.startswith(space):
                assert rdflib.URIRef(node.value) in terms or node in new, node
    assert not [t for t in triples if isinstance(t.subject, BlankNode)]
    assert not [t for t in triples if isinstance(t.object, BlankNode)]


def test_files_are_told_with_size_and_checksum(found: Catalogued) -> None:
    triples = set(catalogue(found, ADDRESS))
    iris = found.iris
    node, packed = iris.catalogue("file-data-nq"), iris.catalogue("file-data-nq-gz")
    assert objects(triples, node, "dcat:downloadURL") == {f"{ADDRESS.root}exports/data.nq"}
    assert objects(triples, node, "dcat:byteSize") == {"12"}
    iana = "https://www.iana.org/assignments/media-types/"
    assert objects(triples, packed, "dcat:mediaType") == {f"{iana}application/n-quads"}
    assert objects(triples, packed, "dcat:compressFormat") == {f"{iana}application/gzip"}
    assert not objects(triples, iris.catalogue("file-g"), "dcat:mediaType")
    (checksum,) = objects(triples, node, "spdx:checksum")
    assert objects(triples, NamedNode(checksum), "spdx:checksumValue") == {"ab" * 32}
    dumps = objects(
        void(Counted(found.release, statistics_of(found.release), FILES), ADDRESS),
        iris.release(found.release.id),
        "void:dataDump",
    )
    assert dumps == {f"{ADDRESS.root}exports/{name}" for name in ("data.nq", "x.trig")}


def test_a_file_that_is_not_made_yet_has_no_size(found: Catalogued) -> None:
    triples = set(catalogue(found, ADDRESS))
    node = found.iris.catalogue("file-x")
    assert objects(triples, node, "dcat:downloadURL") == {f"{ADDRESS.root}exports/x.trig"}
    assert not objects(triples, node, "dcat:byteSize")
    assert not objects(triples, node, "spdx:checksum")


def test_other_releases_are_versions_of_the_same(found: Catalogued) -> None:
    other = replace(found.release, id="0" * 64)
    triples = set(catalogue(replace(found, others=(other,)), ADDRESS))
    whole = found.iris.catalogue("dataset")
    versions = {found.iris.release(r.id).value for r in (found.release, other)}
    assert objects(triples, whole, "dcat:hasVersion") == versions
    current = objects(triples, whole, "dcat:hasCurrentVersion")
    assert current == {found.iris.release(found.release.id).value}
    assert report(triples)[0]


def test_coverage_is_that_of_the_data(covered: Coverage, landscape_store: Store) -> None:
    dated = {
        q.object.value[:4]
        for name in ("kg:earliest", "kg:latest", "sdmx-dimension:refPeriod")
        for q in landscape_store.quads_for_pattern(None, term(name), None)
        if list(landscape_store.quads_for_pattern(q.subject, term("kg:statedIn"), None))
        and isinstance(q.object, Literal)
    }
    assert covered.years == (int(min(dated)), int(max(dated)))
    names = {name for _, name in covered.places}
    assert {"Brazil", "Latin America", "China"} <= names
    assert len(names) < len({iri for iri, _ in covered.places}) + 1
    assert "Global cell and gene therapy market" in covered.keywords
    for iri in covered.examples:
        assert list(landscape_store.quads_for_pattern(NamedNode(iri), None, None)), iri
    assert len(covered.examples) == 5


def test_nothing_is_covered_where_there_is_nothing() -> None:
    engine = EmbeddedEngine(Store(), {"kg": term("kg:x").value[:-1], **_prefixes()})
    assert coverage(Asking(engine, ADDRESS.root)) == Coverage(None, (), (), ())


def _prefixes() -> dict[str, str]:
    return {p: term(f"{p}:x").value[:-1] for p in ("rdfs", "sdmx-dimension", "xsd")}


@pytest.mark.parametrize("size", [pytest.param(100, marks=pytest.mark.exhaustive), 777, 50_000])
def test_parts_hold_every_document_once(asking: Asking, landscape_store: Store, size: int) -> None:
    spaces = tuple(f"{asking.base}{part}/" for part in ("id", "source", "graph"))
    expected = sorted(
        {
            q.subject.value
            for q in landscape_store.quads_for_pattern(None, None, None)
            if isinstance(q.subject, NamedNode)
            and q.subject.value.startswith(spaces)
            and "#" not in q.subject.value
        }
    )
    number = number_of_parts(asking, size)
    parts = [documents(asking, part, size) for part in range(1, number + 1)]
    assert [iri for part in parts for iri in part] == expected
    assert all(len(part) == size for part in parts[:-1])
    assert not documents(asking, number + 1, size)
