"""Splits a question into words and signs, each with its place in the text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<entity>\[?(?<![^\W_])[a-z]+/[a-z0-9]+(?:[-/][a-z0-9]+)*\]?(?![^\W_]))"
    r"|(?P<date>(?<![^\W_])\d{4}-\d\d(?:-\d\d)?(?![^\W_]))"
    r"|(?P<word>[^\W_](?:[^\W_]|[\u0300-\u036f])*(?:['\u2019][^\W_]+)*)"
    r"|(?P<sign>\S)"
)
_SUFFIX = re.compile(r"(?:n't|'s)$")
_QUIET = frozenset("?.,;:()\"'\u201c\u201d\u2018\u2019\u00ab\u00bb")
"""Signs that change nothing in a question, wherever they stand."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a date in digits, the address of an entity, or a sign: `text[start:end]`.

    `key` is what it is compared by: lower case, no accents, straight apostrophes.
    """

    start: int
    end: int
    key: str
    kind: str


def normalised(text: str) -> str:
    """Return the text in composed form, trimmed; all places are places in this text."""
    return unicodedata.normalize("NFC", text).strip()


def folded(text: str) -> str:
    """Return what words are compared by."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("\u2019", "'")


def tokens(text: str) -> tuple[Token, ...]:
    """Return the words and signs of a normalised text; signs that change nothing are left out."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        start, end, kind = match.start(), match.end(), str(match.lastgroup)
        if kind == "sign":
            if not _changes_nothing(text, start):
                key = "and" if match[0] == "&" else match[0]
                yield Token(start, end, key, kind)
        elif kind == "word" and (suffix := _SUFFIX.search(folded(match[0]))):
            # "isn't" is two words, and so is "Kite's"; both endings are as long as they are folded.
            cut = end - len(suffix[0])
            if cut > start:
                yield Token(start, cut, folded(text[start:cut]), kind)
            yield Token(cut, end, "not" if suffix[0] == "n't" else "'s", kind)
        else:
            yield Token(start, end, folded(match[0]), kind)


def _changes_nothing(text: str, at: int) -> bool:
    sign, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if sign in _QUIET:
        return True
    if sign in "-\u2010\u2011":  # joins two words; before a word it takes something away
        return before.isalnum() and after.isalnum()
    return sign == "!" and before.isalnum() and not after.isalnum()
