"""The cubes of forecasts conform to the RDF Data Cube recommendation (11.1, IC-1 to IC-21)."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from graph.terms import Iris
from ontology.vocabulary import prefixes

HERE = Path(__file__).parent
CONSTRAINTS = [f"ic-{number:02}" for number in range(1, 22)]
#: The constraints on hierarchies are a query for each property that this finds.
HIERARCHIES = {
    "ic-20": "SELECT ?p { ?list qb:parentChildProperty ?p FILTER (isIRI(?p)) }",
    "ic-21": "SELECT ?p { ?list qb:parentChildProperty/owl:inverseOf ?p FILTER (isIRI(?p)) }",
}
SOUND = """
<urn:cube> a qb:DataSet ; qb:structure <urn:dsd> .
<urn:dsd> a qb:DataStructureDefinition ; qb:component <urn:c1>, <urn:c2>, <urn:c3>, <urn:c4> .
<urn:c1> qb:dimension <urn:place> . <urn:place> rdfs:range skos:Concept ; qb:codeList <urn:list> .
<urn:c2> qb:measure <urn:size> .
<urn:c3> qb:attribute <urn:unit> ; qb:componentRequired true .
<urn:c4> qb:dimension <urn:year> . <urn:year> rdfs:range xsd:gYear .
<urn:list> a skos:ConceptScheme .
<urn:here> a skos:Concept ; skos:inScheme <urn:list> .
<urn:o1> a qb:Observation ; qb:dataSet <urn:cube> ; <urn:place> <urn:here> ; <urn:year> "2024" ;
  <urn:size> 1 ; <urn:unit> "t" .
<urn:o2> a qb:Observation ; qb:dataSet <urn:cube> ; <urn:place> <urn:here> ; <urn:year> "2025" ;
  <urn:size> 1 ; <urn:unit> "t" .
"""
_TYPED = """
<urn:by-type> a qb:DataSet ; qb:structure <urn:typed> .
<urn:typed> a qb:DataStructureDefinition ; qb:component <urn:t1>, <urn:t2>, <urn:t3> .
<urn:t1> qb:dimension qb:measureType . qb:measureType rdfs:range rdf:Property .
<urn:t2> qb:measure <urn:size> . <urn:t3> qb:measure <urn:weight> .
"""
_HIERARCHY = """
<urn:place> qb:codeList <urn:tree> .
<urn:tree> a qb:HierarchicalCodeList ; qb:hierarchyRoot <urn:root> .
<urn:root> <urn:has> <urn:child> . <urn:other> <urn:in> <urn:root> .
"""
#: For each constraint, what breaks it beside the sound data.
FAULTS = {
    "ic-01": "<urn:o3> a qb:Observation .",
    "ic-02": "<urn:cube> qb:structure <urn:second> .",
    "ic-03": "<urn:empty> a qb:DataStructureDefinition .",
    "ic-04": "<urn:c5> qb:dimension <urn:rangeless> .",
    "ic-05": "<urn:c5> qb:dimension <urn:listless> . <urn:listless> rdfs:range skos:Concept .",
    "ic-06": "<urn:c4> qb:componentRequired false .",
    "ic-07": "<urn:key> a qb:SliceKey .",
    "ic-08": "<urn:dsd> qb:sliceKey <urn:key> . "
    "<urn:key> a qb:SliceKey ; qb:componentProperty <urn:alien> .",
    "ic-09": "<urn:cube> qb:slice <urn:slice> .",
    "ic-10": "<urn:slice> qb:sliceStructure <urn:key> . "
    "<urn:key> qb:componentProperty <urn:place> .",
    "ic-11": "<urn:o3> qb:dataSet <urn:cube> ; <urn:place> <urn:here> ; <urn:size> 1 .",
    "ic-12": '<urn:o3> qb:dataSet <urn:cube> ; <urn:place> <urn:here> ; <urn:year> "2025" .',
    "ic-13": '<urn:o3> qb:dataSet <urn:cube> ; <urn:year> "2026" ; <urn:size> 1 .',
    "ic-14": '<urn:o3> qb:dataSet <urn:cube> ; <urn:year> "2026" ; <urn:unit> "t" .',
    "ic-15": f"{_TYPED} <urn:o3> qb:dataSet <urn:by-type> ; qb:measureType <urn:size> .",
    "ic-16": f"{_TYPED} <urn:o3> qb:dataSet <urn:by-type> ; qb:measureType <urn:size> ; "
    "<urn:size> 1 ; <urn:weight> 2 .",
    "ic-17": f"{_TYPED} <urn:o3> qb:dataSet <urn:by-type> ; qb:measureType <urn:size> ; "
    "<urn:size> 1 .",
    "ic-18": "<urn:second> qb:slice <urn:slice> . <urn:slice> qb:observation <urn:o1> . "
    "<urn:o1> qb:dataSet <urn:cube> .",
    "ic-19": "<urn:o1> <urn:place> <urn:nowhere> .",
    "ic-20": f"{_HIERARCHY} <urn:tree> qb:parentChildProperty <urn:has> .",
    "ic-21": f"{_HIERARCHY} <urn:tree> qb:parentChildProperty <urn:inverse> . "
    "<urn:inverse> owl:inverseOf <urn:in> .",
}


def broken(store: Store, name: str) -> bool:
    text = (HERE / f"{name}.rq").read_text("utf-8")
    if name not in HIERARCHIES:
        return bool(store.query(text, prefixes=prefixes()))
    found = store.query(HIERARCHIES[name], prefixes=prefixes())
    properties = [str(row["p"]) for row in found]  # type: ignore[union-attr]
    return any(
        bool(store.query(text.replace("$property", one), prefixes=prefixes())) for one in properties
    )


def normalized(store: Store) -> Store:
    store.update((HERE / "normalize.ru").read_text("utf-8"), prefixes=prefixes())
    return store


def made(text: str, *, normalize: bool = True) -> Store:
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    store = Store()
    store.load((declared + text).encode(), format=RdfFormat.TURTLE)
    return normalized(store) if normalize else store


@pytest.fixture(scope="module", params=[("forecasts",), ("forecasts", "ontology", "reference")])
def cubes(landscape_store: Store, request: pytest.FixtureRequest) -> Store:
    """The graph of forecasts by itself, and with what its terms and codes are."""
    store = Store()
    for name in request.param:
        for quad in landscape_store.quads_for_pattern(None, None, None, Iris().graph(name)):
            store.add(Quad(quad.subject, quad.predicate, quad.object))
    return normalized(store)


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_forecasts_are_well_formed_cubes(cubes: Store, name: str) -> None:
    assert not broken(cubes, name)


def test_there_is_something_to_hold_against_them(cubes: Store) -> None:
    data_set = NamedNode(prefixes()["qb"] + "dataSet")
    assert len(list(cubes.quads_for_pattern(None, data_set, None))) > 400


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_sees_what_breaks_it(name: str) -> None:
    assert not broken(made(SOUND), name)
    # IC-18 is of links that the normalization would mend.
    assert broken(made(SOUND + FAULTS[name], normalize=name != "ic-18"), name)


def test_codes_in_a_hierarchy_are_found_at_every_depth() -> None:
    down = "<urn:tree> qb:parentChildProperty <urn:has> . <urn:child> <urn:has> <urn:here> ."
    up = "<urn:tree> qb:parentChildProperty <urn:inverse> . <urn:inverse> owl:inverseOf <urn:in> ."
    up += "<urn:here> <urn:in> <urn:other> ."
    assert not broken(made(SOUND + _HIERARCHY + down), "ic-20")
    assert not broken(made(SOUND + _HIERARCHY + up), "ic-21")
