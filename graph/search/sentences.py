"""Which words of a sentence name something."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from graph.search.folding import LEGAL_FORMS, Word, fold, words
from graph.search.index import FOLDED, MAX_WORDS, Index
from graph.search.matching import Allowed, Ints, Match, exact, misspelt
from graph.search.typos import edits

MAX_SENTENCE = 600
_MOST_WORDS = 64
_SAME = 20  # hits of a span
_LOOKED_AT = 50  # names compared for a misspelt word
_MISSPELT = 8  # words that are no word of any name, and looked at
_LEAST_LETTERS = 5  # of a misspelt word
# Words of questions that are also abbreviations of something: as such they are written in capitals.
_QUESTION_WORDS = frozenset("all and any are can had has may not one our see the was who".split())


@dataclass(frozen=True, slots=True)
class Found:
    """Where something is named, `text[start:end]`, and what may be meant, best first."""

    start: int
    end: int
    matches: tuple[Match, ...]


def named_in(index: Index, text: str, allowed: Allowed) -> list[Found]:
    """Return the longest runs of words that are names; none lies within another."""
    text = text[:MAX_SENTENCE]
    said = words(text)[:_MOST_WORDS]
    found = [*_exactly(index, text, said, allowed), *_nearly(index, said, allowed)]
    # The longest first, and of the same words what is spelt right.
    found.sort(key=lambda one: (one.start - one.end, one.matches[0].how, one.start))
    longest: list[Found] = []
    for one in found:
        if not any(other.start <= one.start and one.end <= other.end for other in longest):
            longest.append(one)
    return sorted(longest, key=lambda one: one.start)


def _exactly(index: Index, text: str, said: Sequence[Word], allowed: Allowed) -> Iterator[Found]:
    for first in range(len(said)):
        joined = ""
        for last in range(first, min(len(said), first + index.most_words + 1)):
            joined += said[last].text
            start, end = said[first].start, said[last].end
            matches = [
                match
                for match in exact(index, text[start:end], allowed, _SAME)
                if _is_meant(index, match, text, said[first : last + 1])
            ]
            if matches:
                best = matches[0].tier
                yield Found(
                    start, end, tuple(one for one in matches if max(one.tier, 1) == max(best, 1))
                )
            begun = index.keys.beginning(joined)
            if begun[0] == begun[1]:
                break


def _is_meant(index: Index, match: Match, text: str, run: Sequence[Word]) -> bool:
    """Whether words of a sentence are meant as this name, and not as ordinary words."""
    name, written = index.names[match.name], text[run[0].start : run[-1].end]
    if match.tier > FOLDED + 1 and run[-1].text in LEGAL_FORMS and text[run[-1].start].islower():
        return False  # "Novartis as …": AS is a legal form, as is a word
    if match.tier > FOLDED + 1 and run[0].text == "the":
        return False  # the article is no part of the name
    folded = run[0].text if len(run) == 1 else ""
    if not folded:
        return True
    if folded.isdigit():
        return False  # a number is no code of a region
    if len(folded) <= 2 or folded in _QUESTION_WORDS:
        return fold(name) == folded and written.isupper() == name.isupper()
    return True


def _nearly(index: Index, said: Sequence[Word], allowed: Allowed) -> Iterator[Found]:
    """Names of which each word is there, in order, at least one of them misspelt."""
    known = [index.words.same(word.text) for word in said]
    unknown = [
        at
        for at, word in enumerate(said)
        if known[at][0] == known[at][1] and len(word.text) >= _LEAST_LETTERS
    ]
    for at in unknown[:_MISSPELT]:
        word = said[at]
        found: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
        for near, _ in index.neighbours.near(word.text):
            for name in _plausible(index, near, known, at):
                thing = int(index.name_things[name])
                if allowed is not None and not allowed[index.kinds[thing]]:
                    continue
                run = _aligned(fold(index.names[name]).split(), said, at, index.words[near])
                if run:
                    first, last, changed = run
                    found.setdefault((first, last), []).append((changed, thing, name))
        for (first, last), ranked in found.items():
            least = min(ranked)[0]
            once = {thing: name for changed, thing, name in sorted(ranked) if changed == least}
            yield Found(
                said[first].start,
                said[last].end,
                tuple(misspelt(thing, name, least) for thing, name in once.items())[:_SAME],
            )


def _plausible(index: Index, near: int, known: Sequence[tuple[int, int]], at: int) -> list[int]:
    """Of names with a word, those looked at: if there are many, with the words beside it too."""
    names = index.names_of_words(near, near + 1)
    if len(names) > _LOOKED_AT:
        alone = slice(*index.keys.same(index.words[near]))
        beside = [
            _both(names, index.names_of_words(*known[place]))
            for place in (at - 1, at + 1)
            if 0 <= place < len(known)
        ]
        names = np.unique(np.concatenate([index.key_names[alone], *beside]))
    names = names[index.name_lengths[names] <= MAX_WORDS]
    return [int(name) for name in names[:_LOOKED_AT]]


def _both(one: Ints, other: Ints) -> Ints:
    """What two sorted arrays have in common."""
    few, many = sorted((one, other), key=len)
    if not len(few):
        return few
    places = np.minimum(np.searchsorted(many, few), len(many) - 1)
    common: Ints = few[many[places] == few]
    return common


def _aligned(
    name: Sequence[str], said: Sequence[Word], at: int, word: str
) -> tuple[int, int, int] | None:
    """The words of a sentence that are the words of a name, if `said[at]` is for `word`.

    Returns first, last, and how many edits lead from one to the other.
    """
    for place, own in enumerate(name):
        first, last = at - place, at - place + len(name) - 1
        if own != word or first < 0 or last >= len(said):
            continue
        changed = [
            edits(spoken.text, part)
            for spoken, part in zip(said[first : last + 1], name, strict=True)
        ]
        counted = [number for number in changed if number is not None]
        if len(counted) == len(changed):
            return first, last, sum(counted)
    return None
