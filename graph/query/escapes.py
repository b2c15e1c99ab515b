r"""Codepoint escapes: SPARQL 1.1 replaces them before it reads the query (section 19.2).

The engine does not: it knows `\u0041` in strings and IRIs only. So a query with escapes has two
readings; what is refused is looked for in both.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graph.query.tokens import Places, Token

# The dot skips other escapes, so that the second backslash of two begins none.
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)


def stands_for_characters(text: str) -> bool:
    """Whether each escape in the text stands for a character: no surrogate, none past U+10FFFF."""
    if "\\u" not in text and "\\U" not in text:
        return True
    return all(_character(match) != "" for match in _ESCAPE.finditer(text))


def unescaped(text: str, written: Callable[[str], str]) -> str:
    """Return the text of a token with what is `written` for the character of each escape.

    An escape for no character stays as it is.
    """
    if "\\u" not in text and "\\U" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        character = _character(match)
        return written(character) if character else match[0]

    return _ESCAPE.sub(replaced, text)


def _character(match: re.Match[str]) -> str | None:
    """The character that an escape stands for; empty if none, None for another sort of escape."""
    digits = match[1] or match[2]
    if digits is None:
        return None
    code = int(digits, 16)
    return "" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


@dataclass(frozen=True, slots=True)
class Unescaped:
    """A query without escapes; `starts` are the places of characters that came from one.

    `shifts` has for each of them how much longer the text as written is from there on.
    """

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]

    def written(self, tokens: Iterable[Token], text: str) -> tuple[Token, ...]:
        """Return the tokens, in order, at the places where they are written in `text`."""
        places = Places(text)
        return tuple(self._token(token, places) for token in tokens)

    def _token(self, token: Token, places: Places) -> Token:
        index = bisect_right(self.starts, token.offset - 1) - 1
        offset = token.offset + (self.shifts[index] if index >= 0 else 0)
        line, column = places.of(offset)
        return token._replace(offset=offset, line=line, column=column)


def unescape(text: str) -> Unescaped | None:
    """Return the query with each escape replaced, or None if there is none.

    An escape for no character (a surrogate, one beyond U+10FFFF) stays as it is.
    """
    if "\\u" not in text and "\\U" not in text:
        return None
    pieces, starts, shifts = [], [], []
    position = length = 0
    for match in _ESCAPE.finditer(text):
        character = _character(match)
        if not character:
            continue
        pieces += [text[position : match.start()], character]
        length += match.start() - position + 1
        position = match.end()
        starts.append(length - 1)
        shifts.append(position - length)
    return Unescaped("".join([*pieces, text[position:]]), tuple(starts), tuple(shifts))
