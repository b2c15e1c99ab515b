"""How names are compared: without case, accents, punctuation and legal forms.

A folded text is words of lower-case letters and digits with single spaces between. Compatibility
forms and accents go by NFKD (Unicode Standard Annex #15), case by full case folding; letters such
as ø and ł, which have no decomposition, by the table below.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_LETTERS = dict(
    part.split("=")
    for part in (
        "ø=o ł=l đ=d ð=d þ=th æ=ae œ=oe \N{LATIN SMALL LETTER DOTLESS I}=i"
        " ħ=h ŧ=t ŋ=n ĸ=k ƶ=z ƀ=b ɨ=i ʉ=u"
    ).split()
)
# Apostrophes and what is typed for them, within words: Sjögren's.
_SILENT = frozenset("'`\u00b4\u02b9\u02bc\u02c8\u2018\u2019")
_DROPPED = frozenset(("Mn", "Mc", "Me", "Cf"))  # accents, joiners, soft hyphens, marks of direction
# Letters with full stops between are one word: U.S., K.K., S.A.
_WORD = re.compile(r"(?<![^\W_])[^\W\d_](?:\.[^\W\d_](?![^\W_]))+|[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")

# Legal forms of the countries where companies of the field are registered, folded.
LEGAL_FORMS = frozenset(
    """
    inc incorporated corp corporation co company ltd limited llc llp lp plc ag gmbh kgaa se sa sas
    sarl spa srl bv nv ab asa as oy oyj aps kk gk pte pty pvt bhd sdn sab cv ltda eireli sl slu
    """.split()
)


class Word(NamedTuple):
    """A folded word, and the part of the text that it was: `text[start:end]`."""

    text: str
    start: int
    end: int


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, folded, in order, with their places in it."""
    folded: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        piece = _folded(letter)
        folded.append(piece)
        places.extend([place] * len(piece))
    return tuple(
        Word(found[0].replace(".", ""), places[found.start()], places[found.end() - 1] + 1)
        for found in _WORD.finditer("".join(folded))
    )


def fold(text: str) -> str:
    """Return the folded words of a text with a space between; folding again changes nothing."""
    if text.isascii() and "." not in text and "&" not in text:  # most names: the same, faster
        return " ".join(_ASCII_WORD.findall(text.lower().translate(_ASCII_SILENT)))
    folded = "".join([_folded(letter) for letter in text])
    return " ".join([found.replace(".", "") for found in _WORD.findall(folded)])


def key(text: str) -> str:
    """Return what two texts have in common that are the same name: the folded words, joined.

    A name without a letter or a digit, such as `%`, is its own key.
    """
    return fold(text).replace(" ", "") or text.strip().casefold()


def core(folded: str) -> str:
    """Return a folded name without legal forms at its end and without the article before it."""
    parts = folded.split()
    if len(parts) > 1 and parts[0] == "the":
        del parts[0]
    while len(parts) > 1 and parts[-1] in LEGAL_FORMS:
        gone = parts.pop()
        # "& Co", "S.A. de C.V."
        if len(parts) > 1 and (gone, parts[-1]) in {("co", "and"), ("cv", "de")}:
            parts.pop()
    return " ".join(parts)


def singular(folded: str) -> str:
    """Return a folded name with the regular English plurals of its words taken off."""
    return " ".join([_singular(word) for word in folded.split()])


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=8192)
def _folded(letter: str) -> str:
    """What a character becomes: letters and digits, a full stop, a space, or nothing."""
    if letter in _SILENT:
        return ""
    if letter == "&":
        return " and "
    if letter == ".":
        return "."
    text, before = letter, ""
    while text != before:
        before = text
        text = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(_LETTERS.get(part, part) for part in text)
    return "".join(
        part if part.isalnum() else " "
        for part in text
        if unicodedata.category(part) not in _DROPPED and part not in _SILENT
    )


_ASCII_SILENT = {ord(letter): None for letter in _SILENT}
