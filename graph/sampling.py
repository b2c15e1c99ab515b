"""Which sources of a large landscape are held against the shapes, and all that it takes.

SHACL takes a second for a few thousand statements. Past a number of them a sample of the sources
is validated, each of it in full, with what computed statements say of it; the checks of rows, which
are made while reading, are of all sources always.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode, Quad, Store

from graph.sources.landscape import Landscape
from graph.terms import Iris
from ontology.namespaces import DCT, RDF

MOST_VALIDATED = 200_000
"""Statements of what is validated as a whole; of what has more, a sample is."""
_COMPUTED = ("derived", "audit")


@dataclass(frozen=True, slots=True)
class Sample:
    """The sources that are validated, by slug, in order; how many there are; and the seed.

    The seed is the number of statements, so the sample follows from the content and is another
    one where that changes.
    """

    sources: tuple[str, ...]
    of: int
    seed: int

    @property
    def share(self) -> float:
        """The share of the sources that is validated."""
        return round(len(self.sources) / self.of, 6) if self.of else 0.0

    def told(self) -> dict[str, int | float | list[str]]:
        """What a manifest says of it."""
        return {"sources": [*self.sources], "seed": self.seed, "share": self.share}


def sample(slugs: Sequence[str], statements: int, most: int) -> Sample | None:
    """Return which sources to validate, about `most` statements of them; None for all."""
    if statements <= most or not slugs:
        return None
    count = max(1, len(slugs) * most // statements)

    def place(slug: str) -> bytes:
        return hashlib.sha256(f"{statements} {slug}".encode()).digest()

    return Sample(tuple(sorted(sorted(slugs, key=place)[:count])), len(slugs), statements)


def narrowed(
    landscape: Landscape, quads: Iterable[Quad], chosen: Sample, iris: Iris
) -> tuple[Landscape, list[Quad]]:
    """Return the landscape with the sampled sources alone, and what is said in them and of them.

    Of the registers that is what they name, and what that names in turn; of computed statements
    and of our doubts, those that rest on a sampled source, and the classes of what they rest on.
    """
    store = Store()
    store.bulk_extend(quads)
    sources = {iris.source(slug) for slug in chosen.sources}
    found = {
        quad
        for slug in chosen.sources
        for quad in store.quads_for_pattern(None, None, None, iris.graph(slug))
    }
    for name in (*_COMPUTED, "quality"):
        found.update(_resting_on(store, sources, iris.graph(name)))
    for node in {quad.object for quad in found if isinstance(quad.object, NamedNode)}:
        found.update(store.quads_for_pattern(node, RDF.type, None, None))
    found.update(named_in(store, found, iris))
    kept = tuple(source for source in landscape.sources if source.slug in chosen.sources)
    return replace(landscape, sources=kept), list(found)


def _resting_on(store: Store, sources: Iterable[NamedNode], graph: NamedNode) -> Iterator[Quad]:
    """All that a graph says of what has one of these sources."""
    for source in sources:
        for resting in store.quads_for_pattern(None, DCT.source, source, graph):
            assert isinstance(resting.subject, NamedNode)
            yield from store.quads_for_pattern(resting.subject, None, None, graph)


def named_in(store: Store, quads: Iterable[Quad], iris: Iris) -> Iterator[Quad]:
    """What is registered of the things that statements name, and of those that they name."""
    seen: set[NamedNode] = set()
    named: Sequence[Quad] = list(quads)
    while named:
        nodes = {quad.object for quad in named if isinstance(quad.object, NamedNode)} - seen
        seen |= nodes
        named = [
            quad
            for node in nodes
            for quad in store.quads_for_pattern(node, None, None, iris.graph("reference"))
        ]
        yield from named
