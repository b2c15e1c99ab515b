"""Small stores, and changes to them."""

from collections.abc import Iterable
from typing import Any

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, Store

from graph.delta import apply_delta
from graph.update import Body, Change, Effect, GraphWrite, Ownership, Update, evaluate_change

BASE = "https://example.org/"
PREFIXES = {"ex": BASE, "g": f"{BASE}graph/"}
#: A plain dataset of somebody's own, and a release with one source.
PLAIN = Ownership.of({"base": BASE, "sources": []}, strict=True)
RELEASE = Ownership.of(
    {"base": BASE, "sources": [{"slug": "report", "graph": f"{BASE}graph/report"}]}, strict=False
)
PROLOGUE = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())


def filled(data: str = "", *, merged: bool = False) -> Store:
    """A store with the statements of INSERT DATA; a view of them in the default graph."""
    store = Store()
    store.update(f"{PROLOGUE} INSERT DATA {{ {data} }}")
    if merged:
        merge(store)
    return store


def merge(store: Store) -> None:
    """Make the default graph the merge of the others."""
    store.clear_graph(DefaultGraph())
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")


def update(text: str, data: str = "", *, merged: bool = False, **options: Any) -> Effect:
    return change(Update(text, **options), data, merged=merged)


def put(data: bytes | str, media_type: str = "text/turtle", before: str = "", **of: Any) -> Effect:
    body = Body(media_type, data if isinstance(data, bytes) else data.encode())
    return change(GraphWrite("PUT", f"{BASE}graph/w", (body,), **of), before)


def change(what: Change, data: str = "", *, merged: bool = False) -> Effect:
    ownership = RELEASE if merged else PLAIN
    return evaluate_change(filled(data, merged=merged), what, ownership, PREFIXES, merged=merged)


def on(store: Store, text: str, *, merged: bool = False) -> Effect:
    """What an update does to a store."""
    ownership = RELEASE if merged else PLAIN
    return evaluate_change(store, Update(text), ownership, PREFIXES, merged=merged)


def after(effect: Effect, data: str = "", *, merged: bool = False) -> Store:
    """The store of `data` once the change is carried out there."""
    store = filled(data, merged=merged)
    apply_delta(store, effect.delta, merged=merged)
    return store


def short(quads: Iterable[Quad]) -> set[str]:
    """Statements with short names, and the graph after @."""
    return {
        " ".join(_short(term) for term in (quad.subject, quad.predicate, quad.object))
        + ("" if isinstance(quad.graph_name, DefaultGraph) else f" @{_short(quad.graph_name)}")
        for quad in quads
    }


def _short(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value.removeprefix(BASE).removeprefix("graph/")
    return str(getattr(term, "value", term))


def canonical(quads: Iterable[Quad]) -> Dataset:
    """The statements, so that two sets are equal which differ in labels of blank nodes only."""
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found
