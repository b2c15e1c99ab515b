"""What the engine says of a text that it does not take: which token it means, and what about it.

The engine reports the furthest place that it looked at, which may be fourteen characters beyond
what is wrong: it compares a keyword with as many characters as the keyword has. So a text is given
to it once more with its tokens far apart (GAP); then the place tells the token.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.query.errors import UnsupportedFunction
from graph.query.iris import Resolver
from graph.query.tokens import Token

GAP = " " * 20
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
# What the engine says in words of its own, and not as a list of what might come next.
_REMARK = re.compile(
    r"(?:The|BIND|SELECT|Repeated|An existing|Already|Duplicated|IRI parsing|Literals|Variable"
    r"|Blank)[^,\[\"]*[a-z][^,\[\"]*"
)
_SIMPLE = re.compile(r'"([^"]{1,3})"')
_CALL = re.compile(
    r"The custom function <(?P<name>.*)> (?:is not supported"
    r"|requires between (?P<least>\d+) and (?P<most>\d+) arguments, but (?P<given>\d+) were given)"
)
# How the engine's storage begins what it says; of a query's own words it quotes none there.
_UNREADABLE = re.compile(r"(?:Corruption|IO error): ")
_ERRORS = (RuntimeError, OSError, ValueError)
_LONGEST = 60


def is_of_engine(error: BaseException) -> bool:
    """Whether the engine raised it; a panic of the engine is no Exception."""
    return isinstance(error, _ERRORS) or type(error).__module__ == "pyo3_runtime"


def is_of_storage(error: BaseException) -> bool:
    """Whether the engine says so of files that it could not read, or that fail their checksums."""
    return is_of_engine(error) and _UNREADABLE.match(str(error)) is not None


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong at the token `index`, which is one more than there are at the end.

    `expected` is what the engine would have liked, `exact` whether it did so at that very place.
    """

    index: int
    expected: str
    exact: bool

    def worded(self, first: str) -> str:
        """The engine's own remark; without one, `first` and what might come instead."""
        if remark := _REMARK.search(self.expected):
            return remark[0].strip()
        simple = sorted(set(_SIMPLE.findall(self.expected)))
        if self.exact and simple and len(simple) <= 6:
            return f"{first}; expected one of: {' '.join(simple)}"
        return first


def place_of(error: SyntaxError) -> tuple[int, int] | None:
    """Return line and column, from 1, where the engine stopped."""
    found = _PLACE.match(str(error))
    return (int(found[1]), int(found[2])) if found else None


def complaint(error: SyntaxError, text: str, starts: Sequence[int]) -> Complaint | None:
    """Return what the engine complains of in a text whose tokens begin at `starts`."""
    found, place = _PLACE.match(str(error)), place_of(error)
    if found is None or place is None:
        return None
    line, column = place
    start = 0
    for _ in range(line - 1):
        start = text.index("\n", start) + 1
    offset = start + column - 1
    index = max(bisect_right(starts, offset) - 1, 0)
    return Complaint(index, found[3], offset == starts[index])


def unexpected(token: Token) -> str:
    """Say that a token cannot stand where it does."""
    text = token.text if len(token.text) <= _LONGEST else f"{token.text[:_LONGEST]}…"
    return f"unexpected {text}"


def refused_call(
    error: BaseException, tokens: Sequence[Token], resolver: Resolver
) -> UnsupportedFunction | None:
    """Return which call of a function the engine refused, and why; None if that is not it."""
    found = _CALL.match(str(error))
    if found is None:
        return None
    if found["given"] is None:
        message = f"there is no function <{found['name']}>; SPARQL 1.1, section 17 has those"
    else:
        least, most, given = found["least"], found["most"], found["given"]
        number = least if least == most else f"{least} to {most}"
        noun = "argument" if most == "1" else "arguments"
        message = f"the function <{found['name']}> takes {number} {noun}, not {given}"
    for token, bracket in pairwise(tokens):
        called = bracket.text in ("(", "()") and token.kind in ("iri", "name")
        if called and resolver.graphs([token]) == [found["name"]]:
            return UnsupportedFunction(token.line, token.column, message)
    return UnsupportedFunction(None, None, message)
