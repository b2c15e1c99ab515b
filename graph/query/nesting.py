"""How deep a query is nested, and the bounds that keep the engine alive.

The engine descends into a query by recursion and has no bound of its own. Measured with
pyoxigraph 0.5.13 on a stack of 8 MiB: it dies at about 850 brackets inside each other (subqueries
in EXISTS; 4,700 plain parentheses) and at 2,600 operators in a row (BIND; 9,000 with `||`). Other
things double its work at each level: at 20 levels of REGEX it takes 1.6 seconds, at 30 half an
hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.query.errors import QueryTooDeep
from graph.query.tokens import Token

MAX_DEPTH = 500
MAX_CHAIN = 1000
MAX_DOUBLING = 16

# A bracket costs the stack up to three times as much as an operator; two is on the safe side,
# since the limit is far from what was measured.
_BRACKET, _OPERATOR = 2, 1
_LIMIT = _BRACKET * MAX_DEPTH

_OPENING = frozenset(("(", "[", "{", "{|", "<<"))
_CLOSING = frozenset((")", "]", "}", "|}", ">>"))
_OPERATORS = frozenset(("||", "&&", "+", "-", "*", "/", "|", "!", "^"))
_CHAINING = frozenset(("FILTER", "BIND"))
_DOUBLING = frozenset(("REGEX", "SUBSTR", "REPLACE", "GROUP_CONCAT"))
_ENDING = frozenset(("variable", "string", "number"))


@dataclass(slots=True)
class _Level:
    above: int  # cost of the way down to here
    doubling: int
    own: int = _BRACKET
    below: int = 0  # cost of the deepest that was inside of here
    groups: int = 0
    negations: int = 0
    is_select: bool = False

    @property
    def total(self) -> int:
        return self.own + self.below


def check_nesting(tokens: Iterable[Token]) -> int:
    """Return the cost of the deepest way into the query, in half brackets.

    Raises QueryTooDeep beyond MAX_DEPTH brackets inside each other, MAX_CHAIN operators in a row,
    any mixture of both, or MAX_DOUBLING levels of what doubles the work of the engine.
    """
    levels = [_Level(above=0, doubling=0, own=0, is_select=True)]
    last = None
    for token in tokens:
        level = levels[-1]
        if token.kind == "mark":
            _mark(levels, token, last)
        elif token.word in _CHAINING or (len(levels) == 1 and token.kind != "word"):
            level.own += _OPERATOR
        elif token.word == "SELECT" and last is not None and last.text == "{":
            level.doubling += 1
            level.is_select = True
        if token.kind in _ENDING:
            level.negations = 0
        _check(levels[-1], token, len(levels) - 1)
        last = token
    return levels[0].total


def too_deep(token: Token) -> QueryTooDeep:
    """Return the error for a bracket that is inside of too many others."""
    return _refused(
        token,
        f"the query is nested too deeply here; {MAX_DEPTH} brackets inside each other are the "
        f"limit, fewer if operators are chained around them",
    )


def _mark(levels: list[_Level], token: Token, last: Token | None) -> None:
    level = levels[-1]
    if token.text in _OPENING:
        if token.text == "{":
            level.groups += 1
            level.own += _OPERATOR * (level.groups > 1)  # groups side by side are joined
        elif level.is_select:
            level.own += _OPERATOR  # so are columns and conditions
        doubling = level.doubling + level.negations
        if last is not None and last.word in _DOUBLING:
            doubling += 1
        levels.append(_Level(above=level.above + level.own, doubling=doubling))
        return
    if token.text in _CLOSING and len(levels) > 1:
        levels.pop()
        levels[-1].below = max(levels[-1].below, level.total)
        levels[-1].negations = 0
        return
    if token.text in _OPERATORS:
        level.own += _OPERATOR
    level.negations = level.negations + 1 if token.text == "!" else 0


def _check(level: _Level, token: Token, depth: int) -> None:
    if level.doubling + level.negations > MAX_DOUBLING:
        raise _refused(
            token,
            f"REGEX, SUBSTR, REPLACE, GROUP_CONCAT, `!` or subqueries are nested more than "
            f"{MAX_DOUBLING} deep here, and each level doubles the work; "
            f"take the inner ones out with BIND",
        )
    if level.above + level.total <= _LIMIT:
        return
    if depth >= MAX_DEPTH // 2:
        raise too_deep(token)
    raise _refused(
        token,
        f"too much is chained here; {MAX_CHAIN} operators, FILTER, BIND or groups in a row are "
        f"the limit; give long lists of values with VALUES or IN",
    )


def _refused(token: Token, message: str) -> QueryTooDeep:
    return QueryTooDeep(token.line, token.column, message)
