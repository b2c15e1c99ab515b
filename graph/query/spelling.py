"""A query spelt out again from its tokens.

The engine (pyoxigraph 0.5.13) does not read some spellings of valid SPARQL. Such a query is given
to it with the same tokens, spelt as the engine likes them; what it means is not touched.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.query.tokens import Token

# The engine wants no space before the bracket of these functions.
_TIGHT = frozenset(("BNODE", "COALESCE", "CONCAT"))
_DOT = re.compile(r"\\.|(\.)")


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text, and for each token the offset where it begins; last, where the text ends."""

    text: str
    starts: tuple[int, ...]


def spell(tokens: Iterable[Token], gap: str = " ") -> Spelt:
    """Return the tokens with a gap between any two that the engine reads apart."""
    pieces: list[str] = []
    starts: list[int] = []
    length = 0
    last = None
    for token in tokens:
        text = _readable(token)
        between = "" if last is None or _together(last, token) else gap
        pieces += [between, text]
        starts.append(length + len(between))
        length += len(between) + len(text)
        last = token
    return Spelt("".join([*pieces, gap]), (*starts, length + len(gap)))


def is_readable(tokens: Sequence[Token]) -> bool:
    """Whether the engine reads these tokens as they are written."""
    apart = (
        last.word in _TIGHT and token.offset > last.offset + len(last.text)
        for last, token in pairwise(tokens)
    )
    return not any(apart) and all(_readable(token) == token.text for token in tokens)


def _together(last: Token, token: Token) -> bool:
    if token.text == "(":
        return last.text == "<<" or last.word in _TIGHT
    if token.kind == "number" and last.text in ("-", "+"):
        # With a gap, the engine reads `- 5` in a triple as a literal that equals no number.
        return token.offset == last.offset + 1
    return (last.text, token.text) == (")", ">>")


def _readable(token: Token) -> str:
    """The token; a name with several dots has them escaped, else it would end at the second."""
    if token.kind != "name":
        return token.text
    prefix, colon, local = token.text.partition(":")
    if local.count(".") < 2:
        return token.text
    return prefix + colon + _DOT.sub(lambda found: r"\." if found[1] else found[0], local)
