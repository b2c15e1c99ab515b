"""Whether the engine reads an operation, and if not, where and what is wrong.

An operation is checked without being evaluated: before it stands one that fails as soon as the
engine, which reads everything first, begins to evaluate.
"""

from contextlib import suppress

from pyoxigraph import Store

from graph.query.complaints import (
    GAP,
    Complaint,
    complaint,
    is_of_engine,
    refused_call,
    unexpected,
)
from graph.query.errors import EngineFailure, QueryError, QuerySyntaxError
from graph.query.iris import NOT_AN_IRI
from graph.query.outline import prefix_of, unknown_prefix
from graph.query.spelling import spell
from graph.query.tokens import Token
from graph.query.words import UPDATES
from graph.update.operations import Operation

_GUARD = "DROP GRAPH <x-therascape-update:none> ; "


def check(operation: Operation) -> None:
    """Return if the engine reads the operation. Raises QuerySyntaxError."""
    with suppress(EngineFailure):
        run(Store(), operation, _GUARD + spell(operation.tokens).text)


def run(store: Store, operation: Operation, text: str) -> None:
    """Evaluate a text, made from the operation, with what is declared for that.

    Raises QuerySyntaxError, UnsupportedFunction and EngineFailure.
    """
    try:
        _update(store, operation, text)
    except SyntaxError as error:
        raise _explained(error, operation) from error
    except BaseException as error:
        if is_of_engine(error):
            raise _failure(error, operation) from error
        raise


def _update(store: Store, operation: Operation, text: str) -> None:
    store.update(text, base_iri=operation.base_iri, prefixes=dict(operation.prefixes))


def _failure(error: BaseException, operation: Operation) -> QueryError:
    refused = refused_call(error, operation.tokens, operation.resolver)
    return refused or EngineFailure(f"the engine failed on this update: {error}")


def _explained(error: SyntaxError, operation: Operation) -> QuerySyntaxError:
    spelt = spell(operation.tokens, GAP)
    try:
        _update(Store(), operation, _GUARD + spelt.text)
    except SyntaxError as repeated:
        error = repeated
    except BaseException as other:
        if is_of_engine(other):
            return _at(operation.tokens[0], "the engine cannot read this operation; add spaces")
        raise
    starts = [len(_GUARD) + start for start in spelt.starts]
    found = complaint(error, _GUARD + spelt.text, starts)
    if found is None:
        return _at(operation.tokens[0], str(error))
    if found.index == len(operation.tokens):
        return QuerySyntaxError(*operation.end, found.worded("the operation ends too early"))
    return _at(operation.tokens[found.index], _message(operation, found))


def _message(operation: Operation, found: Complaint) -> str:
    """What is wrong with a token that the engine did not expect."""
    token = operation.tokens[found.index]
    if token.kind == "name" and prefix_of(token) not in operation.prefixes:
        return unknown_prefix(token, operation.predefined).message
    if token.kind == "iri" and not operation.resolver.is_iri(token):
        return NOT_AN_IRI.format(token.text)
    first = unexpected(token)
    if found.index and token.word in UPDATES and operation.tokens[found.index - 1].text == "}":
        return f"{first}; a semicolon stands between two operations"
    return found.worded(first)


def _at(token: Token, message: str) -> QuerySyntaxError:
    return QuerySyntaxError(token.line, token.column, message)
