"""The way of a change from what was sent to what it does."""

from collections.abc import Collection, Mapping
from functools import partial

from pyoxigraph import Store

from graph.query.stack import SHALLOW, with_room
from graph.update.bodies import write_graph
from graph.update.change import Change, Effect, Update
from graph.update.changes import Changes
from graph.update.ownership import Ownership
from graph.update.plan import plan
from graph.update.terms import graph_name


def evaluate_change(
    store: Store,
    change: Change,
    ownership: Ownership,
    prefixes: Mapping[str, str],
    *,
    merged: bool,
    apart: Collection[str] = (),
) -> Effect:
    """Return what the change does to the store, which is not fit for use afterwards.

    Every operation of an update is evaluated once, on what those before it left. Nothing of it is
    done if this raises. `prefixes` are declared without the change saying so. `merged`: the default
    graph of the store is the merge of its named graphs, but for those `apart`; WHERE sees it, and
    nobody writes to it.

    The cost goes with the change and never with the store: the WHERE, and 5 to 25 µs and up to
    1.3 KB for each quad that is given, made by a template, or in a graph that is cleared, copied
    or replaced; as much again for what was changed before an operation that reads the store.

    Raises QuerySyntaxError, UnsupportedFunction, RemoteAccessRefused, QueryTooDeep, EngineFailure
    of graph.query, and the errors of graph.update.
    """
    work = partial(_evaluate, store, change, ownership, prefixes, merged=merged, apart=apart)
    # Long patterns and nested data take more of the stack than the nesting alone tells.
    return with_room(SHALLOW + 1, work)


def _evaluate(
    store: Store,
    change: Change,
    ownership: Ownership,
    prefixes: Mapping[str, str],
    *,
    merged: bool,
    apart: Collection[str] = (),
) -> Effect:
    if change.base_iri is not None:
        graph_name(change.base_iri, "the base IRI")
    changes = Changes(store, ownership, merged=merged, apart=apart)
    if not isinstance(change, Update):
        return write_graph(changes, change)
    steps = plan(change, prefixes)
    for step in steps:
        for graph in step.targets:
            changes.require(graph)
    for step in steps:
        step.run(changes)
    return changes.effect()
