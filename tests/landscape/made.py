"""Statements made of the invented landscape, and questions to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from graph.audit import audit
from graph.build import statements
from graph.figures.stored import merged, read_published, selecting
from graph.forecast.stating import statements as forecasts
from graph.rules import derive
from graph.sources.landscape import Landscape, read_landscape
from graph.terms import Iris
from ontology.vocabulary import expand, prefixes
from tests.landscape.spoil import SEEDS

IRIS = Iris()


@dataclass(frozen=True)
class Made:
    """A landscape with its statements: `claimed` ones, derived edges, findings and forecasts."""

    landscape: Landscape
    claimed: tuple[Quad, ...]
    derived: tuple[Quad, ...]
    audited: tuple[Quad, ...]
    forecast: tuple[Quad, ...]

    @property
    def quads(self) -> tuple[Quad, ...]:
        return self.claimed + self.derived + self.audited + self.forecast


def make(seeds: Path = SEEDS, extra: Sequence[Path] = (), iris: Iris = IRIS) -> Made:
    landscape = read_landscape(extra, seeds=seeds)
    claimed = statements(landscape, iris)
    derived = dict.fromkeys(derive(claimed, iris))
    select = selecting(merged([*claimed, *derived]), iris)
    return Made(
        landscape,
        tuple(claimed),
        tuple(derived),
        tuple(audit(select, iris)),
        tuple(forecasts(read_published(select), iris)),
    )


def term(name: str) -> NamedNode:
    """A prefixed name, or the rest of a data IRI: `kg:place`, `id/place/norland`."""
    return NamedNode(IRIS.base + name if "/" in name else expand(name))


def about(quads: Iterable[Quad], subject: str) -> dict[str, list[str]]:
    """What the quads say of a subject: property (as written in N-Triples) to sorted objects."""
    found: dict[str, list[str]] = {}
    for quad in quads:
        if quad.subject == term(subject):
            found.setdefault(_short(quad.predicate), []).append(_short(quad.object))
    return {key: sorted(set(values)) for key, values in found.items()}


def _short(node: object) -> str:
    if isinstance(node, Literal):
        return str(node).replace(f"^^<{expand('xsd:')}", "^^<xsd:")
    assert isinstance(node, NamedNode)
    if node.value.startswith(IRIS.base) and "/ns#" not in node.value:
        return node.value.removeprefix(IRIS.base)
    for prefix, namespace in prefixes().items():
        if node.value.startswith(namespace):
            return f"{prefix}:{node.value.removeprefix(namespace)}"
    return node.value


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    """The rows of a query as short names, sorted."""
    solutions = store.query(query, prefixes={"": IRIS.base, **prefixes()}, base_iri=IRIS.base)
    assert isinstance(solutions, QuerySolutions)
    return sorted(tuple(_short(node) if node else "" for node in row) for row in solutions)
