"""The network of a release as arrays: nothing in it is a Python object per node or edge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph.network.errors import UnknownNode

Nodes = NDArray[np.int32]
"""Numbers of nodes."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts one after the other: `offsets` int64[n + 1] into `data` uint8, which is UTF-8."""

    offsets: NDArray[np.int64] = field(repr=False)
    data: NDArray[np.uint8] = field(repr=False)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        """The texts in this order. Surrogates are kept, as JSON may have them."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum([len(text) for text in encoded], out=offsets[1:])
        return cls(offsets, np.frombuffer(b"".join(encoded), np.uint8))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def raw(self, number: int) -> bytes:
        """The bytes of a text."""
        return self.data[self.offsets[number] : self.offsets[number + 1]].tobytes()

    def __getitem__(self, number: int) -> str:
        return self.raw(number).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return map(self.__getitem__, range(len(self)))

    def find(self, text: str) -> int | None:
        """The number of a text, where texts stand in the order of their bytes; else None."""
        wanted = text.encode("utf-8", "surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low if low < len(self) and self.raw(low) == wanted else None


@dataclass(frozen=True)
class Network:
    """Nodes and edges in compressed sparse rows (CSR).

    Each edge stands in the row of both of its ends. The row of node `n` is `indptr[n]` to
    `indptr[n + 1]` in `neighbours` (the other end), `links` (its kind, times two, and one more
    where the edge leads to `n`) and `statements` (which of `statement_iris` describes it, or -1).
    A node's `degree` is the length of its row, `kinds` a number in `node_kinds`, `ranks` its place
    in the order of labels. Nodes are numbered in the order of the bytes of their IRIs. `release` is
    the id of the release; edges are named by CURIEs, such as kg:activeIn, in `edge_kinds`.
    """

    release: str
    node_kinds: tuple[str, ...]
    edge_kinds: tuple[str, ...]
    iris: Texts = field(repr=False)
    labels: Texts = field(repr=False)
    kinds: NDArray[np.uint8] = field(repr=False)
    ranks: Nodes = field(repr=False)
    degree: NDArray[np.int32] = field(repr=False)
    indptr: NDArray[np.int64] = field(repr=False)
    neighbours: Nodes = field(repr=False)
    links: NDArray[np.uint16] = field(repr=False)
    statements: NDArray[np.int32] = field(repr=False)
    statement_iris: Texts = field(repr=False)

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def size(self) -> int:
        """How many edges there are."""
        return len(self.neighbours) // 2

    @cached_property
    def edge_names(self) -> dict[str, int]:
        """Kinds of edges by CURIE, and by what follows the colon where only one has it."""
        short: dict[str, int] = {}
        for number, name in enumerate(self.edge_kinds):
            local = name.rpartition(":")[2]
            short[local] = -1 if local in short else number
        whole = {name: number for number, name in enumerate(self.edge_kinds)}
        return {name: number for name, number in short.items() if number >= 0} | whole

    def node(self, name: str, iri: str) -> int:
        """The number of the node with this IRI, which the argument `name` gave.

        Raises UnknownNode.
        """
        number = self.iris.find(iri)
        if number is None:
            raise UnknownNode(name, iri)
        return number

    def row(self, node: int) -> slice:
        """Where the edges of a node stand."""
        return slice(int(self.indptr[node]), int(self.indptr[node + 1]))

    def described(self, node: int) -> dict[str, object]:
        """A node as JSON has it."""
        return {
            "iri": self.iris[node],
            "label": self.labels[node],
            "kind": self.node_kinds[self.kinds[node]],
            "degree": int(self.degree[node]),
        }

    def edge(self, place: int) -> dict[str, object]:
        """An edge as JSON has it; `place` is where it stands in a row.

        `forward` tells that it leads from the node of that row.
        """
        link, statement = int(self.links[place]), int(self.statements[place])
        return {
            "kind": self.edge_kinds[link // 2],
            "forward": link % 2 == 0,
            "statement": None if statement < 0 else self.statement_iris[statement],
        }
