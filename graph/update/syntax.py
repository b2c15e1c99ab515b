"""Whether the engine reads an operation, and if not, where and what is wrong.

An operation is checked without being evaluated: before it stands one that fails as soon as the
engine, which reads everything first, begins to evaluate.
"""

import re
from bisect import bisect_right
from contextlib import suppress
from itertools import pairwise

from pyoxigraph import Store

from graph.query.errors import EngineFailure, QueryError, QuerySyntaxError, UnsupportedFunction
from graph.query.iris import NOT_AN_IRI
from graph.query.outline import prefix_of, unknown_prefix
from graph.query.spelling import spell
from graph.query.tokens import Token
from graph.query.words import UPDATES
from graph.update.operations import Operation

_GUARD = "DROP GRAPH <x-therascape-update:none> ; "
_GAP = " " * 20  # the engine reports the furthest place that it looked at, keywords in full
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_REMARK = re.compile(
    r"(?:The|BIND|SELECT|Repeated|An existing|Already|Duplicated|Literals|Variable|Blank)"
    r"[^,\[\"]*[a-z][^,\[\"]*"
)
_SIMPLE = re.compile(r'"([^"]{1,3})"')
_ENGINE_ERRORS = (RuntimeError, OSError, ValueError)
_UNSUPPORTED = re.compile(r"The custom function <(.*)> is not supported")


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
        # A panic of the engine is no Exception.
        if isinstance(error, _ENGINE_ERRORS) or type(error).__module__ == "pyo3_runtime":
            raise _failure(error, operation) from error
        raise


def _update(store: Store, operation: Operation, text: str) -> None:
    store.update(text, base_iri=operation.base_iri, prefixes=dict(operation.prefixes))


def _failure(error: BaseException, operation: Operation) -> QueryError:
    found = _UNSUPPORTED.match(str(error))
    if found is None:
        return EngineFailure(f"the engine failed on this update: {error}")
    for token, bracket in pairwise(operation.tokens):
        called = bracket.text == "(" and token.kind in ("iri", "name")
        if called and operation.resolver.graphs([token]) == [found[1]]:
            message = f"there is no function <{found[1]}>; SPARQL 1.1, section 17 has those"
            return UnsupportedFunction(token.line, token.column, message)
    return EngineFailure(str(error))


def _explained(error: SyntaxError, operation: Operation) -> QuerySyntaxError:
    spelt = spell(operation.tokens, _GAP)
    try:
        _update(Store(), operation, _GUARD + spelt.text)
    except SyntaxError as repeated:
        error = repeated
    except _ENGINE_ERRORS:
        return _at(operation.tokens[0], "the engine cannot read this operation; add spaces")
    found = _PLACE.match(str(error))
    if found is None:
        return _at(operation.tokens[0], str(error))
    offset = _offset(_GUARD + spelt.text, int(found[1]), int(found[2])) - len(_GUARD)
    index = max(bisect_right(spelt.starts, offset) - 1, 0)
    exact = offset == spelt.starts[index]
    if index == len(operation.tokens):
        message = _message("the operation ends too early", found[3], exact)
        return QuerySyntaxError(*operation.end, message)
    token = operation.tokens[index]
    return _at(token, _message_at(operation, index, found[3], exact=exact))


def _message_at(operation: Operation, index: int, expected: str, *, exact: bool) -> str:
    """What is wrong with a token that the engine did not expect."""
    token = operation.tokens[index]
    if token.kind == "name" and prefix_of(token) not in operation.prefixes:
        return unknown_prefix(token, operation.predefined).message
    if token.kind == "iri" and not operation.resolver.is_iri(token):
        return NOT_AN_IRI.format(token.text)
    unexpected = f"unexpected {_short(token.text)}"
    if index and token.word in UPDATES and operation.tokens[index - 1].text == "}":
        return f"{unexpected}; a semicolon stands between two operations"
    return _message(unexpected, expected, exact)


def _at(token: Token, message: str) -> QuerySyntaxError:
    return QuerySyntaxError(token.line, token.column, message)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def _message(first: str, expected: str, exact: bool) -> str:
    if remark := _REMARK.search(expected):
        return remark[0].strip()
    simple = sorted(set(_SIMPLE.findall(expected)))
    if exact and simple and len(simple) <= 6:
        return f"{first}; expected one of: {' '.join(simple)}"
    return first


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
