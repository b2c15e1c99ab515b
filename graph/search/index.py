"""The index: names by their letters, by their words, and by words nearly so spelt.

Things are numbered by rank, the most connected first (then by label and IRI), so a smaller number
is a better one. A name has one to three keys: the name as it is folded, without its legal form, and
in the singular. Keys and words are sorted, so what begins alike is one range of either; the names
of a range of words are one piece of `word_names`. For a million names see `bench search`.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.search.folding import core, fold, key, singular
from graph.search.names import Named
from graph.search.texts import Texts
from graph.search.typos import Neighbours

#: How much of a text counts; no name is as long, and more is never looked at.
MAX_TEXT = 400
MAX_WORDS = 12

FOLDED, CORE, SINGULAR = 0, 1, 2  # how a key came from its name; the lower the nearer


class Index:
    """Names of things, ready to be searched; never changed after it is made."""

    __slots__ = (
        *("iris", "thing_iris", "iri_things", "kinds", "kind_names", "labels", "names"),
        *("type_labels", "type_names"),
        *("name_things", "name_lengths", "keys", "key_names", "key_things", "key_forms"),
        *("words", "word_starts", "word_names", "neighbours", "most_words"),
    )

    def __init__(self, things: Iterable[Named]) -> None:
        ranked = sorted(things, key=lambda one: (-one.statements, one.label, one.iri))
        self.kind_names = tuple(sorted({one.kind for one in ranked}))
        self.type_names = tuple(sorted({one.type_label for one in ranked}))
        order = sorted(range(len(ranked)), key=lambda thing: ranked[thing].iri)
        self.iris = Texts(ranked[thing].iri for thing in order)
        self.iri_things = np.array(order, np.int32)
        self.thing_iris = np.argsort(self.iri_things).astype(np.int32)
        self.kinds = _numbered([one.kind for one in ranked], self.kind_names)
        self.type_labels = _numbered([one.type_label for one in ranked], self.type_names)
        names: list[str] = []
        name_things: list[int] = []
        labels: list[int] = []
        for thing, one in enumerate(ranked):
            labels.append(len(names))
            for name in dict.fromkeys((one.label, *one.names)):
                names.append(name)
                name_things.append(thing)
        self.labels = np.array(labels, np.int32)
        self.name_things = np.array(name_things, np.int32)
        self.names = Texts(names)
        folded = [fold(name[:MAX_TEXT]) for name in names]
        self._index_keys(names, folded)
        del names
        self._index_words(folded)
        self.neighbours = Neighbours(self.words)

    def _index_keys(self, names: Sequence[str], folded: Sequence[str]) -> None:
        agents = self.are_agents(self.name_things)
        keyed = [
            (text, number, form)
            for number, name in enumerate(names)
            for text, form in forms(name, folded[number], agent=bool(agents[number]))
        ]
        keyed.sort()
        self.keys = Texts(text for text, _, _ in keyed)
        self.key_names = np.array([number for _, number, _ in keyed], np.int32)
        self.key_forms = np.array([form for _, _, form in keyed], np.uint8)
        self.key_things = self.name_things[self.key_names]

    def _index_words(self, folded: Sequence[str]) -> None:
        numbers: dict[str, int] = {}
        found: list[int] = []
        counts = np.zeros(len(folded), np.int32)
        lengths = np.zeros(len(folded), np.int16)
        for number, text in enumerate(folded):
            parts = text.split()
            lengths[number] = min(len(parts), 2**15 - 1)
            distinct = set(_joined(parts))
            counts[number] = len(distinct)
            found.extend([numbers.setdefault(part, len(numbers)) for part in distinct])
        self.name_lengths = lengths
        self.most_words = min(int(lengths.max(initial=0)), MAX_WORDS)
        order = sorted(numbers)
        sorted_numbers = np.empty(len(order), np.int32)
        for place, word in enumerate(order):
            sorted_numbers[numbers[word]] = place
        del numbers
        word_of = sorted_numbers[np.array(found, np.int32)]
        name_of = np.repeat(np.arange(len(folded), dtype=np.int32), counts)
        by_word = np.lexsort((name_of, word_of))
        self.words = Texts(order)
        self.word_names = name_of[by_word]
        self.word_starts = np.searchsorted(word_of[by_word], np.arange(len(order) + 1)).astype(
            np.int64
        )

    @property
    def size(self) -> int:
        """Bytes that this takes."""
        parts = [getattr(self, name) for name in self.__slots__]
        arrays = sum(part.nbytes for part in parts if isinstance(part, np.ndarray))
        return arrays + sum(part.size for part in parts if isinstance(part, Texts | Neighbours))

    def allowed(self, kinds: Sequence[str]) -> NDArray[np.bool_] | None:
        """Return for each kind of thing whether it is asked for; None if all are."""
        if not kinds:
            return None
        return np.array([kind in kinds for kind in self.kind_names] or [False], np.bool_)

    def are_agents(self, things: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Return for each thing whether it is an agent: only they have legal forms."""
        table = np.array([kind == "agent" for kind in self.kind_names] or [False], np.bool_)
        return table[self.kinds[things]]

    def names_of_words(self, first: int, last: int) -> NDArray[np.int32]:
        """Return the names that have one of these words; a name may be there several times."""
        return self.word_names[self.word_starts[first] : self.word_starts[last]]


def forms(name: str, folded: str, *, agent: bool) -> Iterator[tuple[str, int]]:
    """Yield the keys of a name, each with how it came from it; no key twice."""
    own = folded.replace(" ", "") or key(name[:MAX_TEXT])
    bare = core(folded) if agent else folded.removeprefix("the ")
    found = {own: FOLDED}
    if agent:
        found.setdefault(bare.replace(" ", ""), CORE)
    found.setdefault(singular(bare).replace(" ", "") or own, SINGULAR)
    yield from found.items()


def _joined(parts: Sequence[str]) -> Iterator[str]:
    """Yield words, and neighbours as one word where one is short: CAR-T is also written CART."""
    yield from parts
    for one, other in pairwise(parts):
        if min(len(one), len(other)) <= 2 and one.isalpha() and other.isalpha():
            yield one + other


def _numbered(texts: Sequence[str], names: Sequence[str]) -> NDArray[np.int32]:
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[text] for text in texts], np.int32)
