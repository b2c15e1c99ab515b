"""The dataset of a query: SPARQL 1.1, section 13, and SPARQL 1.1 Protocol, section 2.1.4.

The store's own default graph is the RDF merge of its named graphs. Without a dataset clause it is
the default graph of the query, and all named graphs can be named. Otherwise graphs are taken from
the store only; nothing is ever fetched.

The engine does not merge several default graphs: a triple in two of them counts twice. They are
therefore merged in a store of their own. Blank nodes keep their identity in it: graphs of one
store may share them (RDF 1.1 Concepts, section 4), as the default graph does with GRAPH.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from graph.problems import shown
from graph.query.errors import DatasetTooLarge

MERGE_BUDGET = 250_000  # statements; copying them takes about 2.5 seconds and 110 MB

_COUNT = "SELECT (COUNT(*) AS ?n) { SELECT * { ?s ?p ?o } LIMIT %d }"


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a query is evaluated on, as arguments of the engine. `named` None: every named graph."""

    store: Store
    default: list[NamedNode | BlankNode | DefaultGraph]
    named: list[NamedNode | BlankNode] | None
    notices: tuple[str, ...]
    missing: tuple[str, ...] = ()


def whole_dataset(store: Store) -> Dataset:
    """Return the dataset of a query that names no graphs."""
    return Dataset(store, [DefaultGraph()], None, ())


def named_dataset(
    store: Store, default: Sequence[str], named: Sequence[str], budget: int
) -> Dataset:
    """Return the dataset of these graphs, by IRI; one that the store lacks is empty.

    Raises DatasetTooLarge if more than `budget` statements would have to be copied.
    """
    notices: list[str] = []
    # Dropping what is empty can save the merge; an empty named graph can still be named.
    there_is = store.contains_named_graph
    defaults = [g for g in graph_names(default, there_is, notices) if there_is(g)]
    names = graph_names(named, there_is, notices)
    asked = dict.fromkeys((*default, *named))
    there = {g.value for g in (*defaults, *names) if there_is(g)}
    missing = tuple(iri for iri in asked if iri not in there)
    if len(defaults) > 1:
        store = _merge(store, defaults, names, budget)
        return Dataset(store, [DefaultGraph()], [*names], tuple(notices), missing)
    return Dataset(store, [*defaults], [*names], tuple(notices), missing)


def graph_names(
    iris: Iterable[str], there_is: Callable[[NamedNode], bool], notices: list[str]
) -> list[NamedNode]:
    """Return the graphs, each once; `notices` is told of what is no name, and what is not there."""
    graphs = []
    for iri in dict.fromkeys(iris):
        try:
            graph = NamedNode(iri)
        except ValueError:
            _note(notices, f"{shown(iri)} is not an absolute IRI, so no graph has that name")
            continue
        if not there_is(graph):
            _note(notices, f"there is no graph <{iri}> in this store, so it is empty")
        graphs.append(graph)
    return graphs


def _note(notices: list[str], notice: str) -> None:
    if notice not in notices:
        notices.append(notice)


def _merge(
    store: Store, defaults: Sequence[NamedNode], names: Sequence[NamedNode], budget: int
) -> Store:
    _check_budget(store, [*defaults, *names], budget)
    merged = Store()
    merged.extend(_copied(store, defaults, names))
    return merged


def _check_budget(store: Store, graphs: Iterable[NamedNode], budget: int) -> None:
    left = budget
    for graph in graphs:
        counted = store.query(_COUNT % (left + 1), default_graph=graph)
        assert isinstance(counted, QuerySolutions)
        left -= int(next(counted)["n"].value)
        if left < 0:
            raise DatasetTooLarge(budget)


def _copied(
    store: Store, defaults: Iterable[NamedNode], names: Iterable[NamedNode]
) -> Iterator[Quad]:
    for graph in defaults:
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield Quad(quad.subject, quad.predicate, quad.object)
    for graph in names:
        yield from store.quads_for_pattern(None, None, None, graph)
