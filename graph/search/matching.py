"""Finding names in the index: as a whole, by their beginning, by their words, and with typos."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from graph.search.folding import core, fold
from graph.search.hits import How
from graph.search.index import FOLDED, MAX_WORDS, SINGULAR, Index, forms
from graph.search.typos import tolerated

Allowed = NDArray[np.bool_] | None
Ints = NDArray[np.int32]

_WRITTEN_LOOKED_AT = 1_000  # names of one key that are compared letter by letter
_FEW = 64
_EDIT = 16  # costs more than all words of a name that only begin as written
_NONE = 255
_BEGINNINGS = 3_000  # words compared with an unfinished, misspelt one
# What people leave out, put in or change in a name.
_SMALL = frozenset("a an and at by de del do for in of on the y".split())


@dataclass(frozen=True, slots=True)
class Match:
    """A name of a thing that matched: the numbers of both in the index.

    `tier` orders what matched as a whole: 0 as written, 1 folded, 2 without its legal form, 3 in
    the singular. `cost` orders what matched by its words.
    """

    thing: int
    name: int
    how: How
    tier: int = 0
    cost: int = 0

    @property
    def edits(self) -> int:
        """How many letters must change."""
        return self.cost // _EDIT

    @property
    def score(self) -> float:
        """From 0 to 1; see `Search.find` for the order."""
        match self.how:
            case "exact":
                return 1 - self.tier / 100
            case "prefix":
                return 0.8
            case "word":
                return round(0.6 - min(self.cost, 10) / 100, 2)
            case _:
                return round(max(0.4 - 0.04 * self.edits, 0.01), 2)


def exact(index: Index, text: str, allowed: Allowed, count: int) -> list[Match]:
    """Return the things of this name, best first."""
    found: list[Match] = []
    folded = fold(text)
    of_all = set(forms(text, folded, agent=False))
    for sought, form in sorted(of_all.union(forms(text, folded, agent=True))):
        first, last = index.keys.same(sought)
        if first == last:
            continue
        forms_there = np.maximum(index.key_forms[first:last], form)
        things, names = index.key_things[first:last], index.key_names[first:last]
        wanted = _are(index, things, allowed)
        if (sought, form) not in of_all:  # only agents have legal forms
            wanted &= index.are_agents(things)
        picked = np.flatnonzero(wanted)
        order = np.lexsort((names[picked], things[picked], forms_there[picked]))
        for at in picked[order[:_WRITTEN_LOOKED_AT]].tolist():
            name, tier = int(names[at]), int(forms_there[at]) + 1
            if tier == FOLDED + 1 and index.names[name] == text:
                tier = 0
            found.append(Match(int(things[at]), name, "exact", tier))
    found.sort(key=lambda one: (one.tier, one.thing, one.name))
    return _once(found)[:count]


def beginning(index: Index, text: str, allowed: Allowed, count: int) -> list[Match]:
    """Return things with a name that begins so, best first."""
    sought = fold(text).replace(" ", "")
    if not sought:
        return []
    first, last = index.keys.beginning(sought)
    things, names = index.key_things[first:last], index.key_names[first:last]
    # The singular of a name is a beginning of it anyway, and not what is printed.
    keep = (index.key_forms[first:last] != SINGULAR) & _are(index, things, allowed)
    things, names = things[keep], names[keep]
    return _once(
        [
            Match(int(things[at]), int(names[at]), "prefix")
            for at in _least(things.astype(np.int64), things, count)
        ]
    )


def by_words(
    index: Index, text: str, allowed: Allowed, count: int, *, typos: bool, unfinished: bool = False
) -> list[Match]:
    """Return things with a name that has all these words, or words that begin so, in any order.

    With `typos`, or words nearly so spelt, and nothing if no word has such a neighbour;
    `unfinished` tells that the last word goes on.
    """
    parts = _parts(text)
    if not parts or not len(index.words):
        return []
    options = [
        _options(index, part, typos, typos and unfinished and part == parts[-1]) for part in parts
    ]
    if not all(options) or (typos and not any(ranges[0][2] >= _EDIT for ranges in options)):
        return []
    options.sort(key=lambda ranges: sum(_size(index, a, b) for a, b, _ in ranges))
    names, costs = _having(index, options[0], None)
    for ranges in options[1:]:
        if not len(names):
            return []
        names, costs = _having(index, ranges, names, costs)
    things = index.name_things[names]
    keep = _are(index, things, allowed)
    things, names, costs = things[keep], names[keep], costs[keep]
    order = costs.astype(np.int64) * len(index.kinds) + things
    return _once(
        [
            Match(
                int(things[at]),
                int(names[at]),
                "typo" if costs[at] >= _EDIT else "word",
                cost=int(costs[at]),
            )
            for at in _least(order, things, count)
        ]
    )


def _parts(text: str) -> list[str]:
    parts = list(dict.fromkeys(core(fold(text)).split()))
    return ([part for part in parts if part not in _SMALL] or parts)[:MAX_WORDS]


def _options(index: Index, part: str, typos: bool, unfinished: bool) -> list[tuple[int, int, int]]:
    """Ranges of words that stand for a written one, with what each costs, the dearest first."""
    first, last = index.words.beginning(part)
    ranges = []
    if typos:
        near = dict(index.neighbours.near(part))
        if unfinished:
            near = {**_going_on(index, part), **near}
        ranges = [(at, at + 1, _EDIT * edits) for at, edits in near.items()]
        ranges.sort(key=lambda one: (-one[2], one[0]))
    if first < last:
        ranges.append((first, last, 1))
        if index.words[first] == part:
            ranges.append((first, first + 1, 0))
    return ranges


def _going_on(index: Index, part: str) -> dict[int, int]:
    """Words whose beginning is nearly the written one, and agree with its first three letters."""
    most = tolerated(len(part))
    for length in range(len(part) - 1 if most and part.isalpha() else 0, 2, -1):
        first, last = index.words.beginning(part[:length])
        if first < last:
            found = {}
            for at in range(first, min(last, first + _BEGINNINGS)):
                word = index.words[at]
                edits = min(
                    OSA.distance(part, word[: len(part) + more]) for more in range(-most, most + 1)
                )
                if 0 < edits <= most:
                    found[at] = edits
            return found
    return {}


def _size(index: Index, first: int, last: int) -> int:
    return int(index.word_starts[last] - index.word_starts[first])


def _having(
    index: Index,
    ranges: Sequence[tuple[int, int, int]],
    names: Ints | None,
    costs: Ints | None = None,
) -> tuple[Ints, Ints]:
    """Names with one of these words, of those given, and their least costs."""
    least = np.full(len(index.name_things), _NONE, np.uint8)
    for first, last, cost in ranges:
        least[index.names_of_words(first, last)] = cost
    if names is None or costs is None:
        names = np.flatnonzero(least != _NONE).astype(np.int32)
        return names, least[names].astype(np.int32)
    keep = least[names] != _NONE
    names = names[keep]
    return names, costs[keep] + least[names]


def _are(index: Index, things: Ints, allowed: Allowed) -> NDArray[np.bool_]:
    if allowed is None:
        return np.ones(len(things), np.bool_)
    return allowed[index.kinds[things]]


def _least(order: NDArray[np.int64], things: Ints, count: int) -> list[int]:
    """Where the least of `order` are, sorted, until they belong to `count` things."""
    wanted = count * 4 + _FEW
    picked = np.arange(len(order))
    while wanted < len(order):
        least = np.argpartition(order, wanted)[:wanted]
        if len(np.unique(things[least])) >= count:
            picked = least
            break
        wanted *= 4
    # Of two names of a thing the one that comes first: its label.
    return [int(at) for at in picked[np.lexsort((picked, order[picked]))]]


def _once(matches: Sequence[Match]) -> list[Match]:
    seen: dict[int, Match] = {}
    for one in matches:
        seen.setdefault(one.thing, one)
    return list(seen.values())


def misspelt(thing: int, name: int, edits: int) -> Match:
    """Return the match of a name that is so many edits away from what is written."""
    return Match(thing, name, "typo", cost=_EDIT * edits)
