"""Finds the ways in which a pattern fits a text, the one with the fewest words left over first.

The search is best first over states (place in the text, place in the pattern, parts read so far).
Between the elements of a pattern may stand parts, function words, and a few words that are left
over; a negation may never be left over.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from graph.wording.grammar import Asked, Element, Grammar, Pattern, Slot, Words
from graph.wording.slots import Filling, Line, Slots
from graph.wording.understanding import Use

LEFT_OVER = 100
NEARLY = 30
FUNCTION_WORD = 1
MOST_LEFT_OVER = 3
_MOST_STATES = 3_000
"""For each question; a text of the greatest length that fits a pattern needs some hundred."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A way in which a pattern fits: what its slots are filled with, and what each word is for."""

    question: Asked
    fillings: tuple[Filling, ...] = ()
    uses: tuple[Use, ...] = ()
    cost: int = 0

    @property
    def left_over(self) -> int:
        """How many words have no place."""
        return sum(use.purpose == "left over" for use in self.uses)

    @property
    def exact(self) -> bool:
        """Whether every name is spelt as it is in the graph."""
        return all(value.exact for filling in self.fillings for value in filling.values)


@dataclass(frozen=True, slots=True)
class _State:
    fit: Fit
    at: int
    pattern: Pattern
    element: int


class Matcher:
    """Fits the patterns of one question to a text."""

    def __init__(self, question: Asked, slots: Slots, grammar: Grammar, line: Line) -> None:
        self._question = question
        self._slots = slots
        self._grammar = grammar
        self._line = line
        self._keys = [token.key for token in line.tokens]
        self._there = frozenset(self._keys)
        self._parts = tuple(
            pattern for part in question.parts for pattern in part.patterns if self._can(pattern)
        )

    def fits(self) -> Iterator[Fit]:
        """Yield the fits of all patterns, cheapest first; the states that are tried are bounded."""
        order = count()
        heap = [
            (0, -len(pattern), next(order), _State(Fit(self._question), 0, pattern, 0))
            for pattern in self._question.patterns
            if self._can(pattern)
        ]
        heapq.heapify(heap)
        seen: set[tuple[int, Pattern, int, tuple[Filling, ...]]] = set()
        while heap and len(seen) < _MOST_STATES:
            *_, state = heapq.heappop(heap)
            key = (state.at, state.pattern, state.element, state.fit.fillings)
            if key in seen:
                continue
            seen.add(key)
            if state.at == len(self._keys) and state.element == len(state.pattern):
                yield state.fit
            for further in self._moves(state):
                left = len(self._keys) - further.at
                heapq.heappush(heap, (further.fit.cost, left, next(order), further))

    def _can(self, pattern: Pattern) -> bool:
        """Whether the words that a pattern needs are there at all."""
        return all(
            self._slots.fits(element)
            if isinstance(element, Slot)
            else any(self._there.issuperset(one) for one in element.phrases)
            for element in pattern
        )

    def _moves(self, state: _State) -> Iterator[_State]:
        if state.element < len(state.pattern):
            for fit, end in self._element(state.pattern[state.element], state.fit, state.at):
                yield replace(state, fit=fit, at=end, element=state.element + 1)
        if state.at == len(self._keys):
            return
        for part in self._parts:
            for fit, end in self._part(part, state.fit, state.at):
                yield replace(state, fit=fit, at=end)
        if (fit_left := self._left_out(state.fit, state.at)) is not None:
            yield replace(state, fit=fit_left, at=state.at + 1)

    def _part(self, part: Pattern, fit: Fit, at: int) -> Iterator[tuple[Fit, int]]:
        ways = [(fit, at)]
        for element in part:
            ways = [
                further for one, end in ways for further in self._element(element, one, end, "part")
            ]
        yield from ways

    def _element(
        self, element: Element, fit: Fit, at: int, purpose: str = "question"
    ) -> Iterator[tuple[Fit, int]]:
        if isinstance(element, Words):
            for one in element.phrases:
                end = at + len(one)
                if tuple(self._keys[at:end]) == one:
                    yield self._used(fit, at, end, purpose), end
            return
        filled = {name for filling in fit.fillings for name in filling.names}
        if filled.isdisjoint(element.names):
            for filling in self._slots.fillings(element, self._line, at):
                used = self._used(fit, at, filling.end, element.names[0])
                cost = sum(NEARLY for value in filling.values if not value.exact)
                yield (
                    replace(used, fillings=(*fit.fillings, filling), cost=fit.cost + cost),
                    filling.end,
                )

    def _left_out(self, fit: Fit, at: int) -> Fit | None:
        key = self._keys[at]
        if key in self._grammar.function_words:
            used = self._used(fit, at, at + 1, "function word")
            return replace(used, cost=fit.cost + FUNCTION_WORD)
        if key in self._grammar.negations or fit.left_over == MOST_LEFT_OVER:
            return None
        used = self._used(fit, at, at + 1, "left over")
        return replace(used, cost=fit.cost + LEFT_OVER)

    def _used(self, fit: Fit, at: int, end: int, purpose: str) -> Fit:
        words: Sequence[Use] = (
            Use(self._line.tokens[at].start, self._line.tokens[end - 1].end, purpose),
        )
        return replace(fit, uses=(*fit.uses, *words))
