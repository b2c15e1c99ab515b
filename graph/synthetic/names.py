"""Invented names and slugs, one for each number."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_LEAST = 2
"""Syllables of the shortest word."""


@cache
def words() -> Mapping[str, Any]:
    """What names are made of (words.toml)."""
    return tomllib.loads((files("graph.synthetic") / "words.toml").read_text("utf-8"))


@cache
def _syllables() -> tuple[str, ...]:
    return tuple(onset + vowel for onset in words()["onsets"] for vowel in words()["vowels"])


def word(number: int) -> str:
    """A word of its own for each number, in small letters.

    Every syllable ends with its only vowel, so no two words read alike.
    """
    syllables = _syllables()
    found: list[str] = []
    while number or len(found) < _LEAST:
        number, place = divmod(number, len(syllables))
        found.append(syllables[place])
    return "".join(found)


def slug(number: int, end: str = "") -> str:
    """The slug of the thing with this number."""
    return f"synthetic-{word(number)}{end}"


def label(number: int, end: str = "") -> str:
    """The name of the thing with this number."""
    return f"{words()['mark']} {word(number).capitalize()}{end}"
