"""Published forecasts computed again, from nothing but an export."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store

from graph.errors import GraphError
from graph.figures.stored import merged, read_published, selecting
from graph.forecast.observations import cubes
from graph.forecast.stating import statements
from graph.forecast.writing import GRAPH, SOFTWARE
from graph.terms import InvalidIri, Iris


class NothingToRecompute(GraphError):
    """A file that is no export, or that has no forecasts."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A statement that only the export has (`exported`), or only the computation."""

    quad: Quad
    exported: bool


def recompute(export: Path, iris: Iris | None = None) -> list[Difference]:
    """Return how the forecasts of an export (N-Quads or TriG) differ from computed ones.

    Everything is read from the export: the printed digits, publishers, editions and data groups.
    No difference means that each published digit came out again. `iris` has the base of the
    release; without, it is that of the only graph of forecasts. Which version of this software
    computed them is no difference. Raises NothingToRecompute, and OSError for a file that cannot be
    opened.
    """
    form = RdfFormat.from_extension(export.suffix.lstrip("."))
    if form is None or not form.supports_datasets:
        raise NothingToRecompute(f"{export} is no N-Quads or TriG file, which have named graphs")
    store = Store()
    try:
        store.bulk_load(path=export, format=form)
    except (SyntaxError, ValueError) as error:
        raise NothingToRecompute(f"{export} cannot be read: {error}") from None
    iris = iris or _only_base(export, store)
    told = set(store.quads_for_pattern(None, None, None, iris.graph(GRAPH)))
    if not told:
        raise NothingToRecompute(f"{export} has no graph {iris.graph(GRAPH).value}")
    made = set(statements(read_published(selecting(merged(store), iris)), iris))
    return [
        *_differences(told - made, exported=True),
        *_differences(made - told, exported=False),
    ]


def _differences(quads: Iterable[Quad], *, exported: bool) -> Iterator[Difference]:
    for quad in sorted(quads, key=str):
        if quad.predicate != SOFTWARE:
            yield Difference(quad, exported)


def _only_base(export: Path, store: Store) -> Iris:
    """The base of the graphs that have a name as forecasts have, and their data set in them."""
    bases = []
    for graph in store.named_graphs():
        base = graph.value.removesuffix(f"graph/{GRAPH}")
        if base == graph.value:
            continue
        try:
            iris = Iris(base)
        except InvalidIri:
            continue
        if any(quad in store for quad in cubes(iris)):
            bases.append(iris)
    if len(bases) != 1:
        what = "several graphs" if bases else "no graph"
        found = "".join(f" {iris.graph(GRAPH).value}" for iris in bases)
        raise NothingToRecompute(f"{export} has {what} of forecasts{found and ':'}{found}")
    return bases[0]
