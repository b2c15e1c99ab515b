"""Statements as a release holds them, and as a store does.

A release has IRIs and named graphs only. What is written to a service may have blank nodes, and,
where the default graph is no view, statements in it. In a release the ones are Skolem IRIs and the
others stand in `<base>graph/default`; both ways are exact, and blank nodes keep their labels.
"""

from typing import TypeVar

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from graph.terms import Iris

_Term = TypeVar("_Term")


def named(quad: Quad, iris: Iris) -> Quad:
    """A written statement as a release holds it."""
    subject, object_ = _skolem(quad.subject, iris), _skolem(quad.object, iris)
    return placed(Quad(subject, quad.predicate, object_, quad.graph_name), iris, strict=False)


def restored(quad: Quad, iris: Iris, *, strict: bool) -> Quad:
    """A written statement of a release as a store holds it; see `placed`."""
    subject, object_ = _unskolem(quad.subject, iris), _unskolem(quad.object, iris)
    return placed(Quad(subject, quad.predicate, object_, quad.graph_name), iris, strict=strict)


def placed(quad: Quad, iris: Iris, *, strict: bool) -> Quad:
    """A written statement in the graph where a store has it.

    `strict`: the default graph is a graph of its own; else it is the merge of the named ones, and
    what was once written to it is in the named graph `<base>graph/default`.
    """
    if strict and quad.graph_name == iris.default_graph:
        return Quad(quad.subject, quad.predicate, quad.object)
    if not strict and isinstance(quad.graph_name, DefaultGraph):
        return Quad(quad.subject, quad.predicate, quad.object, iris.default_graph)
    return quad


def _skolem(term: _Term, iris: Iris) -> _Term | NamedNode:
    return iris.skolem(term) if isinstance(term, BlankNode | NamedNode) else term


def _unskolem(term: _Term, iris: Iris) -> _Term | BlankNode | NamedNode:
    return iris.unskolem(term) if isinstance(term, NamedNode) else term
