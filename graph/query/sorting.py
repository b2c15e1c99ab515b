"""ORDER BY for an engine whose sort fails on values of several kinds.

It compares numbers as numbers, dates as dates, and a number with a date as text: that is no order,
and its sort may notice and abort. How values of different kinds compare is left open by SPARQL 1.1
(section 15.1), so that sorting by kind first is as good an answer.
"""

from collections.abc import Iterator, Sequence

from graph.query.lexer import lex
from graph.query.tokens import Token

_DIRECTIONS = ("ASC", "DESC")
_CALLED = ("name", "iri", "word")
_PAIRS = {"(": 1, ")": -1}


def sort_by_kind(query: str) -> str:
    """Return the query with a key for the kind of value before each of its sort keys.

    Numbers come first, then all others by their datatype; what is no literal comes before them, as
    it does in any case. A key that is not understood stays as it is.
    """
    tokens = lex(query).tokens
    written, at = [], 0
    for key, direction, expression in _keys(query, tokens):
        kind = f'IF(ISNUMERIC({expression}), "", STR(DATATYPE({expression})))'
        written += [query[at : key.offset], f"{direction}({kind}) "]
        at = key.offset
    return "".join((*written, query[at:]))


def _keys(query: str, tokens: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Give the first token of each sort key, its direction, and its expression."""
    for index, token in enumerate(tokens[:-1]):
        if token.word != "ORDER" or tokens[index + 1].word != "BY":
            continue
        position = index + 2
        while position < len(tokens):
            first = tokens[position]
            directed = first.word in _DIRECTIONS
            begin = position + directed
            end = _end(tokens, begin)
            if end == begin:
                break
            last = tokens[end - 1]
            expression = query[tokens[begin].offset : last.offset + len(last.text)]
            yield first, first.word if directed else "ASC", expression
            position = end


def _end(tokens: Sequence[Token], begin: int) -> int:
    """Return where the expression that begins here ends; `begin` if there is none."""
    if begin == len(tokens):
        return begin
    if tokens[begin].kind == "variable":
        return begin + 1
    opening = begin + (tokens[begin].kind in _CALLED)
    if opening == len(tokens) or tokens[opening].text != "(":
        return begin
    depth = 0
    for index in range(opening, len(tokens)):
        token = tokens[index]
        depth += _PAIRS.get(token.text, 0) if token.kind == "mark" else 0
        if not depth:
            return index + 1
    return begin
