"""What an update says, step by step, before anything is done."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from graph.query.errors import QuerySyntaxError
from graph.query.tokens import Token
from graph.update.change import Update
from graph.update.changes import Changes
from graph.update.data import read_data
from graph.update.errors import UsingConflict
from graph.update.graphs import read_graphs
from graph.update.marked import PatternChange
from graph.update.operations import Operation, read_operations
from graph.update.patterns import check_templates, read_pattern
from graph.update.syntax import check
from graph.update.terms import graph_name

_WITH_PATTERN = frozenset(("INSERT", "DELETE", "WITH"))


class Step(Protocol):
    """One operation, ready to be carried out."""

    @property
    def targets(self) -> tuple[str | None, ...]:
        """The graphs that it says it writes to, whether that changes anything or not."""

    def run(self, changes: Changes) -> None:
        """Carry it out."""


def plan(update: Update, predefined: Mapping[str, str]) -> list[Step]:
    """Return the steps of an update that is sound as a whole.

    Raises QuerySyntaxError, RemoteAccessRefused, QueryTooDeep, UsingConflict and InvalidBody.
    """
    dataset = (
        tuple(graph_name(iri, "using-graph-uri").value for iri in update.using_graphs),
        tuple(graph_name(iri, "using-named-graph-uri").value for iri in update.using_named_graphs),
    )
    operations = read_operations(update.text, update.base_iri, predefined)
    _check_labels(operations)
    return [_step(operation, dataset) for operation in operations]


def _step(operation: Operation, dataset: tuple[tuple[str, ...], tuple[str, ...]]) -> Step:
    if operation.is_data:
        return read_data(operation)
    if operation.tokens[0].word not in _WITH_PATTERN:
        check(operation)
        return read_graphs(operation)
    check_templates(operation)
    check(operation)
    return _pattern_step(operation, *dataset)


def _pattern_step(
    operation: Operation, using: tuple[str, ...], using_named: tuple[str, ...]
) -> PatternChange:
    pattern = read_pattern(operation)
    if (using or using_named) and pattern.clauses:
        clause = pattern.clauses[0]
        raise UsingConflict(clause.word, clause.line, clause.column)
    parts = (*pattern.delete, *pattern.insert)
    tokens = [part.graph for part in parts if part.graph and part.variable is None]
    tokens += [*pattern.using, *pattern.using_named]
    tokens += [pattern.graph] if pattern.graph else []
    found = operation.resolver.graphs(tokens) if tokens else []
    iris = {token.text: iri for token, iri in zip(tokens, found, strict=True)}
    return PatternChange(
        pattern,
        iris[pattern.graph.text] if pattern.graph else None,
        iris,
        using or _named(pattern.using, iris),
        using_named or _named(pattern.using_named, iris),
    )


def _named(tokens: Sequence[Token], iris: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iris[token.text] for token in tokens))


def _check_labels(operations: Sequence[Operation]) -> None:
    """Raise QuerySyntaxError for a blank node label in the data, or the WHERE, of two operations.

    Each operation would have a node of its own for it (SPARQL 1.1 Update, 19.6).
    """
    seen: dict[tuple[bool, str], int] = {}
    for number, operation in enumerate(operations):
        start = 0 if operation.is_data else _where(operation.tokens)
        for token in operation.tokens[start:]:
            if token.kind != "blank":
                continue
            if seen.setdefault((operation.is_data, token.text), number) != number:
                message = (
                    f"{token.text} is in an operation before this one, and a label of a blank node"
                    f" cannot stand for one node in two operations; use an IRI"
                )
                raise QuerySyntaxError(token.line, token.column, message)


def _where(tokens: Sequence[Token]) -> int:
    """Return where the WHERE of an operation begins; its end, if it has none."""
    for position, token in enumerate(tokens):
        if token.word == "WHERE":
            return position
    return len(tokens)
