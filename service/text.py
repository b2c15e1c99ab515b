"""Text from elsewhere, made fit to be shown: in a terminal, in a page, and around an error."""

import re
import unicodedata
from dataclasses import dataclass

from graph.query.tokens import STRINGS, TOKEN

_CONTEXT_LINES = 2
_LONGEST_TOKEN = 100
# These reorder what is shown around them.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What a page must not have: control characters, halves of pairs, and what is no character.
_UNFIT = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef"
    + "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
    + "]"
)
# Marks upon one letter: no script has so many, and more of them climb over the lines around.
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARKS = re.compile(f"({_MARK}{{8}}){_MARK}+")
_OPENING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_EMBEDDINGS, _ISOLATES = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
_ENDS = {**dict.fromkeys(_EMBEDDINGS, "\u202c"), **dict.fromkeys(_ISOLATES, "\u2069")}


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


def legible(text: str) -> str:
    """Return the text as a page can have it, and so that it reorders nothing after it.

    A control character is shown by its picture, what is no character as U+FFFD; line feeds and tabs
    stay. What begins another direction of writing is ended where the text ends. Of marks upon one
    letter the first eight are left.
    """
    if text.isascii() and text.isprintable():
        return text
    if _UNFIT.search(text):
        text = _UNFIT.sub(_picture, text.replace("\r\n", "\n"))
    text = _MARKS.sub(r"\1", text)
    return text + _closing(text) if _OPENING.search(text) else text


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def _closing(text: str) -> str:
    """What ends the directions that the text leaves open, the last first (UAX 9, BD 9 and X5)."""
    ends: list[str] = []
    for mark in _OPENING.findall(text):
        if mark in _ENDS:
            ends.append(_ENDS[mark])
        elif mark == "\u202c" and ends and ends[-1] == mark:
            ends.pop()
        elif mark == "\u2069" and mark in ends:
            while ends.pop() != mark:
                pass
    return "".join(reversed(ends))


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
