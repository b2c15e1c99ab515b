"""The grammar: which words ask which question, read from patterns.toml.

A pattern is a row of elements: a word, several words of which one is meant (`which|what`), a list
of synonyms (`<players>`), an optional stretch (`[...]`), or a slot that a parameter is filled from:
`{place}`; `{from,until}` for two at once; `{until:before}` for the day before; `{place*or}` for one
or more, joined with the words of the list `or`; `{entity+and}` for two or more.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from graph.wording.tokens import folded, tokens

_PIECE = re.compile(r"\[(?P<optional>[^\]]*)\]|(?P<element>[^\s\[\]]+)")
_SLOT = re.compile(r"\{(?P<names>[\w,-]+)(?::(?P<change>\w+))?(?:(?P<many>[*+])(?P<joined>\w+))?\}")
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """An element that is matched by one of these phrases; each is the keys of its words."""

    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """An element that fills parameters, each with `least` values or more.

    Only where there is `many`, there may be more than one; `joined` are the words between them.
    """

    names: tuple[str, ...]
    change: str = ""
    many: bool = False
    least: int = 1
    joined: tuple[Phrase, ...] = ()


Element = Words | Slot
Pattern = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a question may have, such as `until {until}`; the first pattern is canonical."""

    name: str
    written: str
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question is asked; `written` are its canonical patterns, `parts` what may be added.

    The canonical patterns are the first of all `patterns`.
    """

    name: str
    written: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Grammar:
    """All patterns and words.

    `types` are the lists of concepts that a slot takes from, where not from all. A thing of a kind
    in `yielding` is meant only where nothing of another kind has the name. `aliases` are further
    words for what a slot takes, by its address.
    """

    questions: tuple[Asked, ...]
    choices: Mapping[str, Mapping[str, tuple[str, ...]]]
    types: Mapping[str, frozenset[str]]
    yielding: frozenset[str]
    aliases: Mapping[str, Mapping[str, tuple[Phrase, ...]]]
    function_words: frozenset[str]
    negations: frozenset[str]
    vocabulary: frozenset[str]


def slots_of(pattern: Pattern) -> tuple[Slot, ...]:
    """The slots of a pattern."""
    return tuple(element for element in pattern if isinstance(element, Slot))


@cache
def grammar() -> Grammar:
    """Return the grammar that is shipped."""
    text = files("graph.wording").joinpath("patterns.toml").read_text("utf-8")
    return read_grammar(tomllib.loads(text))


def read_grammar(data: Mapping[str, Any]) -> Grammar:
    """Return the grammar in these tables. Raises KeyError and ValueError where they do not fit."""
    lists = {name: tuple(map(phrase, written)) for name, written in data["words"].items()}
    parts = {
        name: Part(name, written[0], _flat(written, lists))
        for name, written in data["parts"].items()
    }
    questions = tuple(
        Asked(
            one["name"],
            tuple(one["patterns"][: one.get("canonical", 1)]),
            _flat(one["patterns"], lists),
            tuple(parts[name] for name in one.get("parts", ())),
        )
        for one in data["questions"]
    )
    aliases = {
        name: {address: tuple(map(phrase, written)) for address, written in table.items()}
        for name, table in data.get("aliases", {}).items()
    }
    choices = {
        name: {value: tuple(written) for value, written in table.items()}
        for name, table in data.get("choices", {}).items()
    }
    function_words = frozenset(map(folded, data["function_words"]))
    negations = frozenset(map(folded, data["negations"]))
    patterns = [p for asked in questions for p in asked.patterns]
    patterns += [p for part in parts.values() for p in part.patterns]
    known = {word for pattern in patterns for word in _words(pattern)}
    known |= {w for table in choices.values() for c in table.values() for p in c for w in phrase(p)}
    known |= {w for table in aliases.values() for ps in table.values() for p in ps for w in p}
    return Grammar(
        questions,
        choices,
        {name: frozenset(types) for name, types in data.get("types", {}).items()},
        frozenset(data.get("yielding", ())),
        aliases,
        function_words,
        negations,
        frozenset(known | function_words | negations),
    )


def phrase(written: str) -> Phrase:
    """Return the keys of the words of a phrase; `'s` is a word here."""
    if written == "'s":
        return (written,)
    return tuple(token.key for token in tokens(written))


def _flat(written: Sequence[str], lists: Mapping[str, tuple[Phrase, ...]]) -> tuple[Pattern, ...]:
    """Patterns without optional stretches: each with and without them."""
    found: dict[Pattern, None] = {}
    for one in written:
        pieces = [
            ((), _elements(match["optional"], lists))
            if match["optional"] is not None
            else (_elements(match["element"], lists),)
            for match in _PIECE.finditer(one)
        ]
        found |= {tuple(e for part in chosen for e in part): None for chosen in product(*pieces)}
    return tuple(found)


def _elements(written: str, lists: Mapping[str, tuple[Phrase, ...]]) -> Pattern:
    return tuple(_element(one, lists) for one in written.split())


def _element(written: str, lists: Mapping[str, tuple[Phrase, ...]]) -> Element:
    if slot := _SLOT.fullmatch(written):
        joined = lists[slot["joined"]] if slot["many"] else ()
        names = tuple(slot["names"].split(","))
        return Slot(
            names, slot["change"] or "", bool(slot["many"]), 1 + (slot["many"] == "+"), joined
        )
    if written.startswith("<") and written.endswith(">"):
        return Words(lists[written[1:-1]])
    if "{" in written or "<" in written:
        raise ValueError(f"{written!r} is neither a word nor a slot")
    return Words(tuple(map(phrase, written.split("|"))))


def _words(pattern: Pattern) -> Iterator[str]:
    for element in pattern:
        phrases = element.phrases if isinstance(element, Words) else element.joined
        yield from (word for one in phrases for word in one)
