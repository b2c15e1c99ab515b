"""Editions: sources of one series, and what of a release is history.

Nothing is declared twice. A source names its series, and the dates decide which edition replaces
which; so the latest edition that is read is the current one, whichever others are left out.

What only superseded editions say is kept apart: their own graphs, and the graph `history` of all
that is computed from them or said of them. The other graphs are those of a release that never had
these editions; so a question that does not ask for history sees none.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pyoxigraph import Quad

from graph.sources.landscape import Landscape, Source
from graph.terms import Iris
from ontology.namespaces import DCT

GRAPH = "history"


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of every series, the oldest first, by the slug of the series."""

    chains: Mapping[str, tuple[Source, ...]]

    @property
    def superseded(self) -> frozenset[str]:
        """The slugs of the sources that a later edition replaces."""
        return frozenset(old.slug for old, _ in self.pairs())

    def pairs(self) -> Iterator[tuple[Source, Source]]:
        """Each edition with the one that replaces it, in the order of series and dates."""
        for chain in self.chains.values():
            yield from pairwise(chain)

    def replaces(self, slug: str) -> str | None:
        """The slug of the edition that a source replaces; None where it replaces none."""
        return next((old.slug for old, new in self.pairs() if new.slug == slug), None)

    def replaced_by(self, slug: str) -> str | None:
        """The slug of the edition that replaces a source; None for a current one."""
        return next((new.slug for old, new in self.pairs() if old.slug == slug), None)


def editions(landscape: Landscape) -> Editions:
    """The editions of a landscape that was checked: each has a date, and no two overlap."""
    found = defaultdict[str, list[Source]](list)
    for source in landscape.sources:
        if source.manifest.series:
            found[source.manifest.series].append(source)
    chains = {series: tuple(sorted(of, key=_start)) for series, of in sorted(found.items())}
    return Editions(chains)


def current(landscape: Landscape, superseded: Iterable[str]) -> Landscape:
    """The landscape without superseded editions.

    All registers stay, also those beside the rows of an edition that is left out: they are shared,
    and what a later edition names may be registered there.
    """
    out = frozenset(superseded)
    kept = tuple(source for source in landscape.sources if source.slug not in out)
    return Landscape(landscape.registers, kept)


def links(found: Editions, iris: Iris) -> Iterator[Quad]:
    """Which edition replaces which, both ways: what is told of editions, and by none of them."""
    graph = iris.graph(GRAPH)
    for old, new in found.pairs():
        before, after = iris.source(old.slug), iris.source(new.slug)
        yield Quad(after, DCT.replaces, before, graph)
        yield Quad(before, DCT.isReplacedBy, after, graph)


def history(
    now: Iterable[Quad], everything: Iterable[Quad], superseded: Iterable[str], iris: Iris
) -> Iterator[Quad]:
    """What is made of all editions and not of the current ones, in the graphs of the history.

    A superseded edition keeps its graph; all else stands in the graph `history`. A finding that
    the current editions alone lead to otherwise stays as they have it: with both it would have two
    values.
    """
    own = {iris.graph(slug) for slug in superseded}
    graph, audit = iris.graph(GRAPH), iris.graph("audit")
    known = set(now)
    found = {quad.subject for quad in known if quad.graph_name == audit}
    for quad in dict.fromkeys(everything):
        if quad in known or (quad.graph_name == audit and quad.subject in found):
            continue
        stays = quad.graph_name in own
        yield quad if stays else Quad(quad.subject, quad.predicate, quad.object, graph)


def history_graphs(found: Editions, iris: Iris) -> tuple[str, ...]:
    """The IRIs of the graphs of the history, in order; none where no edition is superseded."""
    if not found.superseded:
        return ()
    return tuple(sorted(iris.graph(name).value for name in (GRAPH, *found.superseded)))


def _start(source: Source) -> date:
    edition = source.manifest.edition
    return (edition and edition.earliest) or date.min
