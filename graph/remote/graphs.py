"""Graphs of a database that are held until they are complete, since their lines are put in order.

A small one may be held by each answer at once, a larger one by one answer at a time: so what all
take together is known.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from pyoxigraph import Triple

from graph.query import Cancellation, DeadlineExceeded, QueryCancelled, ResultTooLarge
from graph.query.results import write_lines
from graph.remote.bounded import Bounded
from graph.remote.results import OF_A_LINE

_LOOK_SECONDS = 0.1
_TIMES_LONGEST = 8  # measured: what is held, its lines in order, and what is written of them
#: Lines are longer than the graph in a format that has prefixes.
_LONGER = 4


def most_memory(longest: int) -> int:
    """What the one large graph may take, in the unit of the `longest` answer, beside twice that
    which any answer may take.
    """
    return _TIMES_LONGEST * longest


class Graphs:
    """What graphs may take that answers of `longest` bytes are made of."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._large = threading.Lock()

    @contextmanager
    def one(self, until: float, cancellation: Cancellation | None) -> "Iterator[Graph]":
        """A graph to be filled and written, up to that time of the monotonic clock."""
        graph = Graph(self, until, cancellation)
        try:
            yield graph
        finally:
            graph.leave()

    def turn(self, until: float, cancellation: Cancellation | None) -> None:
        """Wait until no other graph is large. Raises DeadlineExceeded and QueryCancelled."""
        begun = time.monotonic()
        while not self._large.acquire(timeout=_LOOK_SECONDS):
            if cancellation is not None and cancellation.cancelled:
                raise QueryCancelled("nobody waits for the answer any more")
            if time.monotonic() >= until:
                raise DeadlineExceeded(until - begun)

    def over(self) -> None:
        """Let another graph be large."""
        self._large.release()


class Graph:
    """The triples of one answer, as lines of N-Triples, each once."""

    def __init__(self, graphs: Graphs, until: float, cancellation: Cancellation | None) -> None:
        self._graphs = graphs
        self._until = until
        self._cancellation = cancellation
        self._lines: dict[bytes, None] = {}  # in the order in which they came
        self._size = 0
        self._large = False

    def add(self, triples: Iterable[Triple]) -> int:
        """Take triples and return their number.

        Raises ResultTooLarge, DeadlineExceeded, QueryCancelled, and what the triples do.
        """
        number, most = 0, _LONGER * self._graphs.longest
        for triple in triples:
            number += 1
            line = f"{triple} .\n".encode()
            if line in self._lines:
                continue
            self._lines[line] = None
            self._size += len(line) + OF_A_LINE
            if self._size > most:
                raise ResultTooLarge(self._size, most)
            if not self._large and 2 * self._size > self._graphs.longest:
                self._graphs.turn(self._until, self._cancellation)
                self._large = True
        return number

    def written(self, media_type: str, prefixes: Mapping[str, str]) -> bytes:
        """The graph in a media type; it has nothing any more.

        Raises NotExpressible and ResultTooLarge.
        """
        return write_lines(self._taken(), media_type, prefixes, Bounded(self._graphs.longest))

    def _taken(self) -> list[bytes]:
        lines = [*self._lines]
        self._lines.clear()
        return lines

    def leave(self) -> None:
        """Let another graph be large."""
        self._lines.clear()
        if self._large:
            self._large = False
            self._graphs.over()
