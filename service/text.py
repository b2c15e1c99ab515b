"""Text from elsewhere, made fit to be shown: in a terminal, and around an error."""

import unicodedata
from dataclasses import dataclass

from graph.query.tokens import STRINGS, TOKEN

_CONTEXT_LINES = 2
_LONGEST_TOKEN = 100
# These reorder what is shown around them.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """A line around an error; `column` counts from 1 and is set for the line at fault."""

    number: int
    text: str
    column: int | None = None


def visible(text: str) -> str:
    """Return the text with control characters shown as escapes; line feeds stay."""
    return "".join(
        c.encode("unicode_escape").decode()
        if c != "\n" and (c in _BIDI or unicodedata.category(c) == "Cc")
        else c
        for c in text
    )


def excerpt(query: str, line: int, column: int) -> tuple[ExcerptLine, ...]:
    """Return the lines that lead to a place in the query; nothing for line 0.

    Lines end at line feeds only, as the engine counts them.
    """
    if line < 1:
        return ()
    first = max(1, line - _CONTEXT_LINES)
    lines = query.split("\n")[first - 1 : line]
    return tuple(
        ExcerptLine(number, text.rstrip("\r"), column if number == line else None)
        for number, text in enumerate(lines, first)
    )


def token_at(query: str, line: int, column: int) -> str:
    """Return the token that begins at a place in the query, cut where it is long.

    At the end of the query it is empty; where no token begins it is one character.
    """
    start = 0
    for _ in range(line - 1):
        start = query.find("\n", start) + 1
        if not start:
            return ""
    start += column - 1
    for quotes, pattern in STRINGS.items():
        if query.startswith(quotes, start):
            found = pattern.match(query, start)
            return (found[0] if found else quotes)[:_LONGEST_TOKEN]
    found = TOKEN.match(query, start)
    return found[0][:_LONGEST_TOKEN] if found else query[start : start + 1]
