"""The descriptions of the tables agree with the ontology and with themselves."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode

from ontology.description import (
    LITERALS,
    MENTION_COLUMNS,
    REFERENCES,
    SCHEMA_VERSION,
    DescriptionError,
    Table,
    _table,
    tables,
)
from ontology.terms import ontology, terms
from ontology.vocabulary import UnknownTerm, contract, expand
from tests.ontology.test_terms import exists

TERMS = {term.iri: term for term in terms()}
INCLUDES: defaultdict[str, set[str]] = defaultdict(set)
for quad in ontology().quads_for_pattern(None, NamedNode(str(rdflib.SDO.domainIncludes)), None):
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(quad.object, NamedNode)
    INCLUDES[quad.subject.value].add(quad.object.value)


def name(table: Table) -> str:
    return table.name


#: What a type becomes in the graph: any of these ranges holds it.
RANGES: dict[str, set[str]] = {
    "organisation": {"kg:Organisation"},
    "person": {"kg:Person"},
    "therapy": {"kg:Therapy"},
    "technology": {"kg:Technology"},
    "place": {"kg:Place"},
    "market": {"kg:Market"},
    "segment": {"kg:Segment"},
    "event": {"kg:Event"},
    "section": {"kg:Section"},
    "claim": {"kg:Claim"},
    "concept": {"skos:Concept"},
    "scheme": {"skos:ConceptScheme"},
    "any": {"rdfs:Resource"},
    "text": {"xsd:string"},
    "phrase": {"rdf:langString"},
    "integer": {"xsd:integer"},
    "measure": {"xsd:decimal"},
    "measure-base": {"xsd:decimal"},
    "year": {"rdfs:Literal", "xsd:gYear"},
    "date": {"rdfs:Literal"},
    "plain-date": {"rdfs:Literal"},
    "iri": {"rdfs:Resource"},
    "match": {"rdf:Property"},
    "notation": {"rdfs:Literal"},
}


@pytest.mark.parametrize("table", tables().values(), ids=name)
def test_a_property_takes_what_its_column_gives(table: Table) -> None:
    above = _above(table.cls) if table.cls else set()
    for column in table.columns.values():
        if column.predicate is None:
            continue
        term = TERMS.get(column.predicate)
        if term is None:
            assert exists(column.predicate), column.predicate
            continue
        assert not term.is_class
        assert term.range in {expand(name) for name in RANGES[column.type]}, column
        if table.cls:
            assert term.domain in above | {expand("rdfs:Resource")}, column
            listed = INCLUDES[column.predicate]
            assert not listed or listed & above, f"{column.name}: mend schema:domainIncludes"


@pytest.mark.parametrize("table", tables().values(), ids=name)
def test_a_table_is_sound_in_itself(table: Table) -> None:
    assert table.cls is None or table.cls in TERMS or exists(table.cls)
    assert table.comment.endswith(".")
    assert table.title
    for part in table.label:
        assert set(re.findall(r"{(\w+)}", part)) <= set(table.columns)
        assert part.format_map(dict.fromkeys(table.columns, "x"))
    assert set(table.any_of) <= set(table.columns)
    if table.is_claim:
        assert table.label
        assert set(MENTION_COLUMNS) <= set(table.columns)
        assert table.cls in TERMS
        assert "kg:Fact" in {contract(iri) for iri in _above(table.cls or "")}
    if table.role in ("register", "claims", "notes"):
        assert table.columns[table.key].required
        assert table.columns[table.key].type == "slug"


def _above(cls: str) -> set[str]:
    parents = TERMS[cls].parents if cls in TERMS else ()
    return {cls, *(above for parent in parents for above in _above(parent))}


def test_every_kind_of_fact_has_one_table() -> None:
    inner = {parent for term in terms() for parent in term.parents}
    facts = {t.iri for t in terms() if t.is_class and expand("kg:Fact") in _above(t.iri)} - inner
    made = [table.cls for table in tables().values() if table.is_claim]
    assert sorted(filter(None, made)) == sorted(facts)


@pytest.mark.parametrize("table", tables().values(), ids=name)
def test_a_column_is_explained_and_of_a_known_type(table: Table) -> None:
    open_lists = {expand(n) for n in ("skos:broader", "skos:closeMatch", "kg:concept", "kg:method")}
    for key, column in table.columns.items():
        assert column.name == key
        assert column.comment.strip()
        assert column.type in {*REFERENCES, *LITERALS}
        assert column.scheme is None or column.type == "concept"
        if column.scheme is None and column.type == "concept":
            assert column.predicate in open_lists
        if column.minimum is not None and column.maximum is not None:
            assert column.minimum < column.maximum
        assert not (column.many and column.type in ("measure", "date", "slug"))


def test_no_two_columns_of_a_table_state_the_same_property() -> None:
    """A value could then not be told back to its column."""
    for table in tables().values():
        stated = [column.predicate for column in table.columns.values() if column.predicate]
        assert len(set(stated)) == len(stated), table.name


def test_a_number_stands_alone_in_its_row() -> None:
    """`valueAsPrinted` and `halfUnit` are of the one measure."""
    for table in tables().values():
        measures = [c for c in table.columns.values() if c.type == "measure"]
        assert len(measures) <= 1, table.name
        assert len([c for c in table.columns.values() if c.type == "date"]) <= 1, table.name


def test_shared_tables_are_those_of_no_one_source() -> None:
    shared = {name for name, table in tables().items() if table.is_shared}
    assert "sections" not in shared
    assert {"organisations", "aliases", "retired", "concepts"} <= shared
    assert not any(tables()[name].is_claim for name in shared)


TEXT = {"type": "text", "comment": "Words."}


def described(**changes: Any) -> Table:
    spec = {"title": "T", "comment": "C.", "class": "Factor", "columns": {"word": TEXT}}
    groups: Mapping[str, Any] = {"mention": {}, "more": {"other": TEXT}}
    return _table("acme", spec | changes, groups)


def test_a_description_takes_groups_and_makes_columns_required() -> None:
    table = described(groups=["more"], required=["other"])
    assert list(table.columns) == ["id", "word", "other"]
    assert not table.columns["word"].required
    assert table.columns["other"].required


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"type": "txt", "comment": "C."}, "acme.toml: column word: unknown type 'txt'"),
        (TEXT | {"min": 1}, "acme.toml: column word: unknown field 'min'"),
    ],
)
def test_a_description_that_cannot_be_read_names_file_and_column(
    spec: dict[str, Any], message: str
) -> None:
    with pytest.raises(DescriptionError, match=message):
        described(columns={"word": spec})


def test_a_property_of_no_vocabulary_is_refused() -> None:
    with pytest.raises(UnknownTerm, match="prefix 'acme' of 'acme:word'"):
        described(columns={"word": TEXT | {"property": "acme:word"}})


def test_the_schema_has_a_version() -> None:
    assert SCHEMA_VERSION == 1
