"""What a source says does not depend on which other sources are there, or in which order."""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from graph.audit import audit
from graph.build import statements
from graph.figures.stored import merged, selecting
from graph.rules import derive
from graph.sources.landscape import read_landscape, shipped
from graph.terms import Iris
from ontology.namespaces import DCT

IRIS = Iris()
#: Pages of figures say little; reports thousands of things.
PAGES = {
    path.parent.name
    for path in shipped().glob("*/source.toml")
    if "read_for" in path.read_text("utf-8")
}
LEAST = {False: 10_000, True: 40}
SOURCES = sorted(path.parent.name for path in shipped().glob("*/source.toml"))
#: Graphs in which what a statement is about names the sources that it rests on.
TOLD = {IRIS.graph(name) for name in ("derived", "audit", "quality")}


def made(folder: Path, *sources: str) -> frozenset[Quad]:
    """Every statement of the shared registers and some of the sources, named in this order."""
    seeds = folder / "seeds"
    shutil.copytree(shipped() / "reference", seeds / "reference")
    own = [shutil.copytree(shipped() / source, folder / "own" / source) for source in sources]
    landscape = read_landscape(own, seeds=seeds)
    quads = statements(landscape, IRIS)
    return frozenset([*quads, *derive(quads, IRIS), *audit(selecting(merged(quads), IRIS), IRIS)])


def by_sources(quads: Iterable[Quad]) -> Mapping[frozenset[str], set[Quad]]:
    """The statements by the sources that they rest on; those of registers on none."""
    graphs = {IRIS.graph(source): source for source in SOURCES}
    names = {IRIS.source(source): source for source in SOURCES}
    quads = list(quads)
    rests = defaultdict[object, set[str]](set)
    for quad in quads:
        if quad.graph_name in TOLD and quad.predicate == DCT.source:
            rests[quad.subject].add(names[_node(quad.object)])
    found = defaultdict[frozenset[str], set[Quad]](set)
    for quad in quads:
        own = graphs.get(_node(quad.graph_name))
        on = {own} if own else rests[quad.subject] if quad.graph_name in TOLD else set()
        found[frozenset(on)].add(quad)
    return found


def _node(term: object) -> NamedNode:
    assert isinstance(term, NamedNode)
    return term


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> frozenset[Quad]:
    return made(tmp_path_factory.mktemp("together"), *SOURCES)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(one, marks=pytest.mark.exhaustive if one in sorted(PAGES)[2:] else ())
        for one in SOURCES
    ],
)
def test_a_source_alone_says_what_it_says_beside_the_others(
    tmp_path: Path, together: frozenset[Quad], source: str
) -> None:
    alone = by_sources(made(tmp_path, source))
    both = by_sources(together)
    key = frozenset({source})
    assert len(alone[key]) > LEAST[source in PAGES]
    assert alone[key] == both[key]
    assert {on for on in alone if on} == {key}


def test_the_order_of_sources_does_not_count(tmp_path: Path, together: frozenset[Quad]) -> None:
    assert made(tmp_path, *reversed(SOURCES)) == together


def test_no_source_changes_what_the_shared_registers_say(
    tmp_path: Path, together: frozenset[Quad]
) -> None:
    assert made(tmp_path) <= together
