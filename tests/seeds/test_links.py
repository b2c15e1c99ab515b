"""The shipped links outward: none without a source, none a statement that is not confirmed."""

import re
from collections import Counter

import pytest
from pyoxigraph import Literal, NamedNode, Store

from graph.authorities import CONFIRMED, MATCHES, PROPOSED, REJECTED, authority_of
from graph.sources.landscape import read_landscape
from graph.sources.records import Record
from ontology.namespaces import DCT, KG, PROV, RDF, RDFS
from ontology.vocabulary import expand, prefixes

BASE = "https://w3id.org/therascape/"
#: A file at a commit: what was read there can be read again.
FIXED = re.compile(r"https://github\.com/[^/]+/[^/]+/blob/[0-9a-f]{40}/.+")


@pytest.fixture(scope="module")
def rows() -> list[Record]:
    """The rows of the register."""
    found = [record for record in read_landscape().registers if record.table.role == "links"]
    assert len(found) > 250
    return found


def status(row: Record) -> str:
    return row.reference("status").slug


def test_every_link_names_what_was_read_and_where(rows: list[Record]) -> None:
    for row in rows:
        assert FIXED.fullmatch(row.text("source")), row
        assert row.text("label_there"), row
        assert row.text("accessed") >= "2026", row
        assert authority_of(row.text("target")), row
    assert {status(row) for row in rows} == {CONFIRMED, PROPOSED, REJECTED}


def test_a_mapping_stands_where_it_is_confirmed_and_nowhere_else(
    rows: list[Record], landscape_store: Store
) -> None:
    """What is proposed or rejected is no statement, in no graph."""
    said = {
        (quad.subject, quad.predicate.value, quad.object.value)
        for name in MATCHES
        for quad in landscape_store.quads_for_pattern(
            None, NamedNode(expand(f"skos:{name}")), None, None
        )
        if isinstance(quad.object, NamedNode) and not quad.object.value.startswith(BASE)
    }
    meant = {
        (
            NamedNode(f"{BASE}id/{row.reference('entity').kind}/{row.reference('entity').slug}"),
            expand(f"skos:{row.text('relation')}"),
            row.text("target"),
        )
        for row in rows
        if status(row) == CONFIRMED
    }
    assert said == meant
    assert len(meant) < len(rows)


def test_every_link_is_described_whatever_became_of_it(
    rows: list[Record], landscape_store: Store
) -> None:
    nodes = [
        quad.subject
        for quad in landscape_store.quads_for_pattern(
            None, RDF.type, KG.OutwardLink, NamedNode(f"{BASE}graph/reference")
        )
    ]
    assert len(nodes) == len(set(nodes)) == len(rows)
    for node in nodes:
        assert isinstance(node, NamedNode)
        told = {
            quad.predicate: quad.object
            for quad in landscape_store.quads_for_pattern(node, None, None, None)
        }
        thing = told[RDF.subject]
        assert isinstance(thing, NamedNode)
        assert node.value.startswith(f"{thing.value}#link-")
        assert {RDF.predicate, RDF.object, DCT.identifier, KG.linkStatus, RDFS.label} <= set(told)
        assert PROV.wasDerivedFrom in told


def test_nothing_is_the_same_individual_as_something_outside(landscape_store: Store) -> None:
    same = NamedNode(expand("owl:sameAs"))
    assert not list(landscape_store.quads_for_pattern(None, same, None, None))


def test_every_country_and_region_of_the_standards_has_codes_and_links(
    landscape_store: Store,
) -> None:
    query = """SELECT ?place ?code (GROUP_CONCAT(DISTINCT STR(?notation)) AS ?codes)
      (GROUP_CONCAT(DISTINCT STR(?there)) AS ?links) {
        ?place kg:placeCode ?code ; skos:notation ?notation ; skos:exactMatch ?there
      } GROUP BY ?place ?code"""
    coded = {
        quad.subject for quad in landscape_store.quads_for_pattern(None, KG.placeCode, None, None)
    }
    found = 0
    for row in landscape_store.query(query, prefixes=prefixes()):  # type: ignore[union-attr]
        found += 1
        codes, links = str(row["codes"].value).split(), str(row["links"].value)
        country = str(row["code"].value).isalpha()
        assert Counter(map(len, codes)) == (Counter((2, 3, 3)) if country else Counter((3,)))
        assert ("ISO3166-1" in links) == country != ("UN-M49" in links)
        assert ("wikidata.org/entity/Q" in links) == country
    assert found == len(coded) == 45


def test_codes_have_the_datatype_of_their_standard(landscape_store: Store) -> None:
    brazil = NamedNode(f"{BASE}id/place/brazil")
    notation = NamedNode(expand("skos:notation"))
    found = {q.object for q in landscape_store.quads_for_pattern(brazil, notation, None, None)}
    assert found == {
        Literal("BR", datatype=KG.Iso3166Alpha2),
        Literal("BRA", datatype=KG.Iso3166Alpha3),
        Literal("076", datatype=KG.UnM49),
    }


def test_an_identifier_of_a_place_is_one_of_its_codes(rows: list[Record]) -> None:
    codes = {
        record.subject: set(map(str, record.values.get("notations", ())))
        for record in read_landscape().registers
        if record.table.name == "places"
    }
    checked = 0
    for row in rows:
        authority = authority_of(row.text("target"))
        if authority and authority.name in ("iso-3166-1", "m49"):
            checked += 1
            assert row.text("identifier") in codes[row.reference("entity")]
    assert checked == 45
