"""Numbers by chance that are the same on every machine: raw words of PCG64, and integers alone."""

from collections.abc import Sequence
from typing import TypeVar

from numpy.random import PCG64, SeedSequence

_T = TypeVar("_T")
_BLOCK = 256


class Draw:
    """A stream of numbers for one key, of its own whatever is drawn for others.

    NumPy promises the words of a bit generator for a seed, and not what its distributions make of
    them; so those are made here, without a floating-point number.
    """

    def __init__(self, *key: int) -> None:
        self._bits = PCG64(SeedSequence(key))
        self._words: list[int] = []

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1, each as often."""
        if not self._words:
            self._words = [int(word) for word in self._bits.random_raw(_BLOCK)]
        return self._words.pop() * count >> 64

    def skewed(self, count: int) -> int:
        """A number below `count`, as Zipf's law has it: n about as often as 1 / (n + 1).

        Each doubling of the range is as likely as any other, and each number within one.
        """
        while True:
            first = (1 << self.below(count.bit_length())) - 1
            number = first + self.below(first + 1)
            if number < count:
                return number

    def one(self, things: Sequence[_T]) -> _T:
        """One of the things, each as often."""
        return things[self.below(len(things))]

    def some(self, count: int, wanted: int) -> list[int]:
        """Numbers below `count`, skewed, each once, in order: `wanted`, or all there are."""
        if wanted >= count:
            return list(range(count))
        found: set[int] = set()
        while len(found) < wanted:
            found.add(self.skewed(count))
        return sorted(found)
