"""The counts of a release are those that SPARQL gives."""

import json
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.authorities import MATCHES, space_of
from graph.catalogue.files import keep_statistics, statistics_of
from graph.catalogue.statistics import PropertyCounts, Statistics, count_statistics
from graph.release import DataDirectory, Release
from graph.release.canonical import content_id
from ontology.namespaces import RDF
from ontology.vocabulary import expand
from tests.service.dataset import publish

BASE = "https://w3id.org/therascape/"
IRIS = [NamedNode(f"{BASE}id/agent/{name}") for name in "abc"] + [NamedNode("urn:x"), RDF.type]
IRIS += [NamedNode(expand("skos:exactMatch")), NamedNode("http://www.wikidata.org/entity/Q42")]
GRAPHS = [NamedNode(f"{BASE}graph/{name}") for name in "mn"]
OBJECTS = st.one_of(
    st.sampled_from(IRIS),
    st.text(max_size=4).map(Literal),
    st.sampled_from(["a b", 'q" <urn:x> <urn:y> .', "é\n"]).map(
        lambda t: Literal(t, language="en")
    ),
)
QUADS = st.lists(
    st.builds(Quad, st.sampled_from(IRIS), st.sampled_from(IRIS), OBJECTS, st.sampled_from(GRAPHS)),
    max_size=30,
)


def asked(store: Store, query: str) -> dict[str, list[int]]:
    """Numbers by the IRI in ?of; without one under the empty text."""
    found = {}
    for row in store.query(query):  # type: ignore[union-attr]
        values = [int(row[n].value) for n in ("n", "s", "o") if f"AS ?{n})" in query]
        found[row["of"].value if "?of" in query else ""] = values
    return found


def _links(store: Store) -> dict[str, dict[str, int]]:
    """Mappings that leave the base, in the default graph."""
    found: dict[str, dict[str, int]] = {}
    for name in MATCHES:
        relation = NamedNode(expand(f"skos:{name}"))
        there = [
            space_of(quad.object.value)
            for quad in store.quads_for_pattern(None, relation, None, DefaultGraph())
            if isinstance(quad.object, NamedNode) and not quad.object.value.startswith(BASE)
        ]
        if there:
            found[relation.value] = dict(Counter(there))
    return found


def by_sparql(store: Store) -> Statistics:
    """The same counts, asked of the default graph."""
    number = "SELECT (COUNT(%s) AS ?n) { ?s ?p ?o %s }"
    entities = f'FILTER (STRSTARTS(STR(?s), "{BASE}"))'
    classes = "SELECT ?of (COUNT(DISTINCT ?x) AS ?n) { ?x a ?of FILTER (isIRI(?of)) } GROUP BY ?of"
    properties = (
        "SELECT ?of (COUNT(*) AS ?n) (COUNT(DISTINCT ?a) AS ?s) (COUNT(DISTINCT ?b) AS ?o)"
        " { ?a ?of ?b } GROUP BY ?of"
    )
    return Statistics(
        triples=len(list(store.quads_for_pattern(None, None, None, DefaultGraph()))),
        subjects=_one(store, number % ("DISTINCT ?s", "")),
        objects=_one(store, number % ("DISTINCT ?o", "")),
        entities=_one(store, number % ("DISTINCT ?s", entities)),
        classes={iri: counts[0] for iri, counts in asked(store, classes).items()},
        properties={iri: PropertyCounts(*n) for iri, n in asked(store, properties).items()},
        links=_links(store),
    )


def _one(store: Store, query: str) -> int:
    return int(next(iter(store.query(query)))["n"].value)  # type: ignore[arg-type]


def test_the_counts_of_the_shipped_seeds_are_the_real_ones(
    landscape_release: Release, landscape_store: Store
) -> None:
    found = statistics_of(landscape_release)
    assert found == by_sparql(landscape_store)
    assert found.triples == landscape_release.manifest["counts"]["triples"]
    assert found.classes == landscape_release.manifest["counts"]["classes"]


@given(QUADS)
def test_counts_of_any_quads_are_those_of_their_merge(quads: list[Quad]) -> None:
    store = Store()
    store.bulk_extend(Quad(q.subject, q.predicate, q.object) for q in quads)
    _, lines = content_id(quads)
    assert count_statistics(list(lines), BASE) == by_sparql(store)


@given(QUADS)
def test_counts_survive_json(quads: list[Quad]) -> None:
    _, lines = content_id(quads)
    found = count_statistics(list(lines), BASE)
    assert Statistics.read(json.loads(json.dumps(found.told()))) == found


def test_counts_are_kept_beside_the_release_and_made_anew(tmp_path: Path) -> None:
    release, data = publish(tmp_path), DataDirectory(tmp_path)
    statistics_of.cache_clear()
    stale = tmp_path / "statistics" / f"{'0' * 64}-aaaa.json"
    stale.parent.mkdir()
    stale.write_text("{}")
    keep_statistics(data, release)
    (kept,) = stale.parent.iterdir()
    assert kept.name.startswith(release.id)
    told = kept.read_bytes()
    for spoilt in (b"", b"[]", b'{"triples": 1}', b"\xff"):
        kept.write_bytes(spoilt)
        statistics_of.cache_clear()
        statistics_of(release)
        assert kept.read_bytes() == told


def test_counts_are_read_and_not_made_where_they_are_kept(tmp_path: Path) -> None:
    release = publish(tmp_path)
    statistics_of.cache_clear()
    statistics_of(release)
    (kept,) = (tmp_path / "statistics").iterdir()
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "entities": 7}))
    statistics_of.cache_clear()
    assert statistics_of(release).entities == 7


def test_a_folder_that_cannot_be_written_is_no_hindrance(
    tmp_path: Path,
) -> None:
    release = publish(tmp_path)
    (tmp_path / "statistics").write_text("a file where the folder would be")
    statistics_of.cache_clear()
    assert statistics_of(release).triples == release.manifest["counts"]["triples"]
    statistics_of.cache_clear()
