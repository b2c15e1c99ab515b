"""Reads a text that is being typed as the beginning of a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from graph.landscape import Named
from graph.wording.grammar import Asked, Element, Grammar, Pattern, Slot, Words, slots_of
from graph.wording.slots import Filling, Line, Slots, Value, after

ELLIPSIS = "\u2026"
_SLOT = re.compile(r"\{[^}]*\}")
_COMPLETIONS = 3
_MOST_WAYS = 200
"""For each question; more only come of texts that repeat themselves."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which words are the beginning of a question, up to the word `at`.

    `whole` says that a pattern was read to its end, `lacks` what a part that was not would add,
    with an ellipsis. `said` is the number of words of patterns that were there.
    """

    at: int
    fillings: tuple[Filling, ...] = ()
    whole: bool = True
    said: int = 0
    lacks: str = ""


class Typed:
    """A text that is being typed, for one question; `unfinished` says that its last word may be."""

    def __init__(
        self, slots: Slots, question: Named, words: Grammar, line: Line, unfinished: bool
    ) -> None:
        self._slots = slots
        self._parameters = {one.name: one for one in question.parameters}
        self._words = words
        self._line = line
        self._keys = [token.key for token in line.tokens]
        self._unfinished = unfinished

    def ways(self, asked: Asked) -> Iterator[Way]:
        """Every way in which all words are the beginning of a question, each once."""
        open_ways = [way for pattern in asked.patterns for way in self._read(pattern, Way(0))]
        seen: set[Way] = set()
        while open_ways and len(seen) < _MOST_WAYS:
            way = open_ways.pop(0)
            if way in seen:
                continue
            seen.add(way)
            if way.at == len(self._keys):
                if way.said or not self._keys:
                    yield way
                continue
            for part in asked.parts:
                for pattern in part.patterns:
                    for further in self._read(pattern, way):
                        lacks = "" if further.whole else _SLOT.sub(ELLIPSIS, part.written)
                        if further.said > way.said or len(further.fillings) > len(way.fillings):
                            open_ways.append(replace(further, lacks=lacks))

    def _read(self, pattern: Pattern, before: Way) -> list[Way]:
        """The ways in which words go on with a pattern; what is not whole is at the end."""
        if not all(self._slots.fits(slot) for slot in slots_of(pattern)):
            return []
        ways, found = [replace(before, whole=False)], []
        for element in pattern:
            found += [way for way in ways if way.at == len(self._keys)]
            ways = [
                further
                for way in ways
                for at in self._starts(way.at)
                for further in self._element(element, replace(way, at=at))
            ]
        return [*found, *(replace(way, whole=True) for way in ways)]

    def _starts(self, at: int) -> Iterator[int]:
        """A place, and those behind the function words that stand there."""
        yield at
        while at < len(self._keys) and self._keys[at] in self._words.function_words:
            at += 1
            yield at

    def _element(self, element: Element, way: Way) -> Iterator[Way]:
        if way.at == len(self._keys):
            return
        if isinstance(element, Words):
            rest = tuple(self._keys[way.at :])
            for one in element.phrases:
                if rest[: len(one)] == one:
                    yield replace(way, at=way.at + len(one), said=way.said + 1)
                elif self._unfinished and _begins(one, rest):
                    yield replace(way, at=len(self._keys), said=way.said + 1)
        elif {name for f in way.fillings for name in f.names}.isdisjoint(element.names):
            yield from self._filled(element, way)

    def _filled(self, slot: Slot, way: Way) -> Iterator[Way]:
        parameter = self._parameters[slot.names[0]]
        begun: list[tuple[int, tuple[Value, ...]]] = [(way.at, ())]
        for filling in self._slots.fillings(replace(slot, least=1), self._line, way.at):
            if all(value.exact for value in filling.values):
                yield replace(way, at=filling.end, fillings=(*way.fillings, filling))
                if slot.many and parameter.many:
                    ends = {filling.end, *after(slot.joined, self._line.tokens, filling.end)}
                    begun += ((end, filling.values) for end in ends)
        if parameter.kind == "entity" and self._unfinished:
            for at, values in begun:
                yield from self._completed(slot, way, at, values)

    def _completed(self, slot: Slot, way: Way, at: int, values: tuple[Value, ...]) -> Iterator[Way]:
        """A name that is being typed from a word on, as each thing that it may become."""
        if at == len(self._keys):
            return
        parameter, end = self._parameters[slot.names[0]], len(self._keys)
        text = self._line.text[self._line.tokens[at].start :]
        hits = self._line.names.complete(text, parameter.of, 4 * _COMPLETIONS)
        fit = [hit for hit in hits if self._slots.takes(parameter.name, hit)]
        for hit in islice((hit for hit in fit if hit.how == fit[0].how), _COMPLETIONS):
            self._line.labels[hit.iri] = hit.label
            filling = Filling(slot.names, (*values, Value((hit.iri,))), way.at, end)
            yield replace(way, at=end, fillings=(*way.fillings, filling))


def _begins(whole: tuple[str, ...], rest: tuple[str, ...]) -> bool:
    """Whether words, the last perhaps unfinished, are the beginning of a phrase."""
    last = len(rest) - 1
    return (
        0 <= last < len(whole)
        and rest[:last] == whole[:last]
        and whole[last].startswith(rest[last])
    )
