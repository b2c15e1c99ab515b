"""Where and what a syntax error is, from what the engine says.

The engine reports the furthest place that it looked at, which may be fourteen characters beyond
what is wrong: it compares a keyword with as many characters as the keyword has. So the query is
given to it once more with its tokens far apart; then the place tells the token.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence

from pyoxigraph import Store

from graph.query.checks import Admitted
from graph.query.errors import QuerySyntaxError
from graph.query.iris import NOT_AN_IRI, Resolver
from graph.query.outline import prefix_of, unknown_prefix
from graph.query.spelling import spell
from graph.query.tokens import Token
from graph.query.words import AGGREGATES

_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_GAP = " " * 20
# What the engine says in words of its own, and not as a list of what might come next.
_REMARK = re.compile(
    r"(?:The|BIND|SELECT|Repeated|An existing|Already|Duplicated|IRI parsing|Literals|Variable)"
    r"[^,\[\"]*[a-z][^,\[\"]*"
)
_SIMPLE = re.compile(r'"([^"]{1,3})"')


def explain(
    error: SyntaxError, query: Admitted, base_iri: str | None, prefixes: Mapping[str, str]
) -> QuerySyntaxError:
    """Return the error of the engine with the place and the token that are really meant."""
    spelt = spell(query.tokens, _GAP)
    try:
        Store().query(spelt.text, base_iri=base_iri, prefixes=dict(prefixes))
    except SyntaxError as repeated:
        error = repeated
    except (RuntimeError, OSError, ValueError):
        return QuerySyntaxError(*query.end, str(error))
    else:
        # Wrong only as it was written: two tokens that the engine does not tell apart.
        return _as_reported(error)
    found = _PLACE.match(str(error))
    if found is None:
        return QuerySyntaxError(*query.end, str(error))
    offset = _offset(spelt.text, int(found[1]), int(found[2]))
    index = max(bisect_right(spelt.starts, offset) - 1, 0)
    exact = offset == spelt.starts[index]
    if index == len(query.tokens):
        return QuerySyntaxError(*query.end, _message("the query ends too early", found[3], exact))
    token = query.tokens[index]
    resolver = Resolver(query.outline.prologue, base_iri, prefixes)
    message = _name_or_iri(token, found[3], query, resolver)
    if message is None:
        message = _message(f"unexpected {_short(token.text)}", found[3], exact)
        message += _hint(query.tokens, index)
    return QuerySyntaxError(token.line, token.column, message)


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    return start + column - 1


def _name_or_iri(token: Token, expected: str, query: Admitted, resolver: Resolver) -> str | None:
    if token.kind == "name":
        if prefix_of(token) not in query.outline.prefixes | set(resolver.prefixes):
            return unknown_prefix(token, resolver.prefixes).message
        if max(token.text) > "\uffff":
            return f"the engine cannot read the name {token.text}; write it as a full <IRI>"
    # The engine's own remark is often lost behind its attempts at longer keywords.
    if token.kind == "iri" and ("IRI parsing" in expected or not resolver.is_iri(token)):
        return NOT_AN_IRI.format(token.text)
    return None


def _message(first: str, expected: str, exact: bool) -> str:
    if remark := _REMARK.search(expected):
        return remark[0].strip()
    simple = sorted(set(_SIMPLE.findall(expected)))
    if exact and simple and len(simple) <= 6:
        return f"{first}; expected one of: {' '.join(simple)}"
    return first


def _hint(tokens: Sequence[Token], index: int) -> str:
    """What may be meant where the engine says least."""
    token = tokens[index]
    if token.kind == "blank":
        return "; a blank node label cannot occur in two groups"
    if token.word in AGGREGATES:
        return "; in SELECT, write it in brackets: (… AS ?name)"
    if token.text == "}" and _has_bind(tokens[:index]):
        return "; perhaps BIND sets a variable that the group has already"
    return ""


def _has_bind(tokens: Sequence[Token]) -> bool:
    """Whether the group that goes on at the end of the tokens has a BIND."""
    depth = 0
    for token in reversed(tokens):
        depth += {"}": 1, "{": -1}.get(token.text, 0)
        if depth < 0:
            return False
        if depth == 0 and token.word == "BIND":
            return True
    return False


def _as_reported(error: SyntaxError) -> QuerySyntaxError:
    found = _PLACE.match(str(error))
    place = (int(found[1]), int(found[2])) if found else (1, 1)
    return QuerySyntaxError(*place, "the engine cannot read the query from here on; add spaces")


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"
