"""What was withdrawn or merged, as the registers say; what somebody may have meant."""

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.description import Reading, Retirement, near_paths, retirement
from graph.query import EmbeddedEngine
from graph.terms import Iris
from ontology.namespaces import DCT, KG, OWL, RDF, RDFS
from ontology.vocabulary import prefixes

IRIS = Iris("https://data.example/kg/")
GONE, MERGED, LIVE, HELD = (
    IRIS.thing("agent", name) for name in ("gone", "merged", "live", "held")
)
REGISTERS, MINE = IRIS.graph("reference"), IRIS.graph("mine")


@pytest.fixture(scope="module")
def small() -> Reading:
    store = Store()
    quads = [
        Quad(GONE, OWL.deprecated, Literal(True), REGISTERS),
        Quad(GONE, RDFS.comment, Literal("counted twice", language="en"), REGISTERS),
        Quad(MERGED, OWL.deprecated, Literal(True), REGISTERS),
        Quad(MERGED, DCT.isReplacedBy, LIVE, REGISTERS),
        Quad(LIVE, RDF.type, KG.Organisation, REGISTERS),
        Quad(HELD, OWL.deprecated, Literal(True), MINE),
        Quad(HELD, RDF.type, KG.Organisation, REGISTERS),
    ]
    for quad in quads:
        store.add(quad)
        store.add(Quad(quad.subject, quad.predicate, quad.object))
    return Reading(EmbeddedEngine(store, prefixes()), IRIS.base)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (GONE, Retirement("counted twice", None)),
        (MERGED, Retirement("", LIVE)),
        (LIVE, None),
        (HELD, None),  # nobody withdraws a thing by writing to a graph of their own
        (IRIS.thing("agent", "other"), None),
    ],
)
def test_retirement(small: Reading, node: NamedNode, expected: Retirement | None) -> None:
    assert retirement(small, node) == expected


def test_near(reading: Reading) -> None:
    assert near_paths(reading, "id/agent/", "terumo-bt")[0] == "id/agent/terumo-bct"
    assert near_paths(reading, "id/place/", "brasil")[0] == "id/place/brazil"
    assert near_paths(reading, "source/", "coherent-cellular-immunotherpy")[0] == (
        "source/coherent-cellular-immunotherapy"
    )
    assert near_paths(reading, "id/agent/", "zzzzqqqq") == ()
    assert near_paths(reading, "id/agent/", 'x") }') == ()
