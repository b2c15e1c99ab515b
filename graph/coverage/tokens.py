"""What in a line must be accounted for: numbers, dates, proper names and codes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\d[\d,.]*\d%?|\d%?|[^\W\d_](?:[\w\u2019'&]|[-./](?=\w))*", re.UNICODE)
_SENTENCE_END = re.compile(r"[.!?:;\u2022\u2013\u2014]\s*$|^\s*$|[\u2022(\u2013\u2014]\s*$")
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
#: Words that open sentences everywhere, however short the text that ordinary words are learnt from.
_OPENERS = frozenset(
    "a an and as at but by for from if in it its of on or our so that the their there these they"
    " this those to we when where which while with".split()
)
#: A line with more capitalised words than this share is a heading or an entry in title case.
_TITLE_CASE = 0.6


@dataclass(frozen=True, slots=True)
class Token:
    """A word or number of a line: `kind` is number, date, code or name."""

    text: str
    start: int
    end: int
    kind: str


class Tokens:
    """Finds tokens; which words are ordinary is learnt from the text itself."""

    def __init__(self, lines: Iterable[str]) -> None:
        words = (match[0] for line in lines for match in _WORD.finditer(line))
        self._ordinary = _OPENERS | {word for word in words if word.islower()}

    def of(self, line: str) -> Iterator[Token]:
        """The tokens of one line, from left to right."""
        words = list(_WORD.finditer(line))
        title_case = _is_title_case([word[0] for word in words])
        for word in words:
            kind = self._kind(word[0], line[: word.start()], title_case=title_case)
            if kind:
                yield Token(word[0], word.start(), word.end(), kind)

    def _kind(self, word: str, before: str, *, title_case: bool) -> str | None:
        if word[0].isdigit():
            return "number"
        if word.lower() in _MONTHS and word[0].isupper():
            return "date"
        if any(c.isdigit() for c in word) or any(c.isupper() for c in word[1:]):
            return "code"
        if not word[0].isupper():
            return None
        ordinary = word.lower().removesuffix("\u2019s") in self._ordinary
        if ordinary and (title_case or _SENTENCE_END.search(before)):
            return None
        return "name"


def _is_title_case(words: Sequence[str]) -> bool:
    letters = [word for word in words if word[0].isalpha()]
    capitalised = sum(word[0].isupper() for word in letters)
    return len(letters) > 0 and capitalised / len(letters) >= _TITLE_CASE
