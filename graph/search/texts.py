"""Many short texts in one piece of memory."""

from array import array
from collections.abc import Iterable


class Texts:
    """A list of texts that takes their UTF-8 and four bytes each. At most 4 GiB of them.

    UTF-8 sorts as code points do, so sorted texts are found by their beginnings without decoding.
    """

    __slots__ = ("_ends", "_utf8")

    def __init__(self, texts: Iterable[str]) -> None:
        utf8 = bytearray()
        ends = array("I", (0,))
        for text in texts:
            utf8 += text.encode("utf-8", "replace")  # a lone surrogate becomes a question mark
            ends.append(len(utf8))
        self._utf8 = bytes(utf8)
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        return self._utf8[self._ends[index] : self._ends[index + 1]].decode()

    @property
    def size(self) -> int:
        """Bytes that this takes."""
        return len(self._utf8) + len(self._ends) * self._ends.itemsize

    def same(self, text: str) -> tuple[int, int]:
        """Return the range of the texts that are this one; they must be sorted."""
        sought = text.encode("utf-8", "replace")
        first = self._bisect(sought, 0)
        return first, self._bisect(sought + b"\0", first)

    def beginning(self, text: str) -> tuple[int, int]:
        """Return the range of the texts that begin so; they must be sorted."""
        sought = text.encode("utf-8", "replace")
        first = self._bisect(sought, 0)
        return first, self._bisect(sought + b"\xff", first)

    def _bisect(self, sought: bytes, low: int) -> int:
        utf8, ends, high = self._utf8, self._ends, len(self)
        while low < high:
            middle = (low + high) // 2
            if utf8[ends[middle] : ends[middle + 1]] < sought:
                low = middle + 1
            else:
                high = middle
        return low
