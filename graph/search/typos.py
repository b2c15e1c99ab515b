"""Words that are nearly a given one, by their deletion neighbourhoods.

Two words that are k edits apart have a text in common that each becomes by leaving out at most k
letters (Mor and Fraenkel 1982). Seven letters from the beginning are enough for that, so a word has
at most 29 such texts, of which only hashes are kept; what they lead to is measured after.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from graph.search.texts import Texts

_HEAD = 7
_MEASURED = 8_000  # words that are measured for one; beginnings that thousands share are rare
_SHORTEST = 4


def tolerated(letters: int) -> int:
    """Return how many edits are tolerated in a word of so many letters.

    An edit is a letter too many, missing or wrong, or two neighbours swapped.
    """
    return 0 if letters < _SHORTEST else 1 if letters < 8 else 2


def edits(written: str, word: str) -> int | None:
    """Return how many edits lead from one word to the other; None for more than tolerated.

    The shorter decides what is tolerated; in words with digits, such as codes and years, nothing.
    """
    most = tolerated(min(len(written), len(word)))
    if not most or not written.isalpha() or not word.isalpha():
        return 0 if written == word else None
    found = OSA.distance(written, word, score_cutoff=most)
    return found if found <= most else None


class Neighbours:
    """The deletion neighbourhoods of a vocabulary. Eight bytes for each text in them."""

    __slots__ = ("_hashes", "_owners", "_words")

    def __init__(self, words: Texts) -> None:
        self._words = words
        hashes, owners = [np.empty(0, np.uint32)], [np.empty(0, np.int32)]
        for length, most, members in _by_length(words):
            heads = _codes([words[int(index)] for index in members], length)
            for kept in _kept(length, most):
                hashes.append(_hashed(heads[:, kept]))
                owners.append(members)
        joined = np.concatenate(hashes)
        order = np.argsort(joined, kind="stable")
        self._hashes = joined[order]
        self._owners = np.concatenate(owners)[order]

    def near(self, word: str) -> list[tuple[int, int]]:
        """Return the words nearly so spelt and their distance: (index, edits), edits over 0."""
        most = tolerated(len(word))
        if not most or not word.isalpha():
            return []
        length = min(len(word), _HEAD)
        head = _codes([word], length)
        sought = np.unique(np.concatenate([_hashed(head[:, kept]) for kept in _kept(length, most)]))
        first = np.searchsorted(self._hashes, sought)
        last = np.searchsorted(self._hashes, sought, side="right")
        found = [self._owners[a:b] for a, b in zip(first, last, strict=True) if a < b]
        if not found:
            return []
        near = []
        for index in np.unique(np.concatenate(found))[:_MEASURED].tolist():
            distance = edits(word, self._words[index])
            if distance:
                near.append((index, distance))
        return near

    @property
    def size(self) -> int:
        """Bytes that this takes, without the words."""
        return int(self._hashes.nbytes + self._owners.nbytes)


def _by_length(words: Texts) -> Iterator[tuple[int, int, NDArray[np.int32]]]:
    """Words by letters of their beginning and tolerated edits: (letters, edits, which)."""
    lengths = np.fromiter(
        (len(word) if word.isalpha() else 0 for word in (words[i] for i in range(len(words)))),
        np.int32,
        len(words),
    )
    for length in range(_SHORTEST, _HEAD):
        yield length, 1, np.flatnonzero(lengths == length).astype(np.int32)
    yield _HEAD, 1, np.flatnonzero(lengths == _HEAD).astype(np.int32)
    yield _HEAD, 2, np.flatnonzero(lengths > _HEAD).astype(np.int32)


def _codes(words: Sequence[str], length: int) -> NDArray[np.uint64]:
    """The first letters of each word as numbers: (words, length)."""
    joined = "".join([word[:length] for word in words])
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32).astype(np.uint64)
    return codes.reshape(len(words), length)


def _kept(length: int, most: int) -> Iterator[list[int]]:
    """Which letters are kept, when at most so many are left out."""
    for number in range(most + 1):
        for kept in combinations(range(length), length - number):
            yield list(kept)


def _hashed(codes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """A hash for each row (FNV-1a over letters); what collides is told apart by measuring."""
    hashed = np.full(len(codes), 0xCBF29CE484222325, np.uint64)
    for column in range(codes.shape[1]):
        hashed = (hashed ^ codes[:, column]) * np.uint64(0x100000001B3)
    return (hashed ^ (hashed >> np.uint64(32))).astype(np.uint32)
