"""The search over the names of a release: made once; not tried again where there are too many."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from graph.query import DeadlineExceeded, Engine, MemoryExceeded, QueryError, ResultTooLarge
from graph.release import DataDirectory, Release
from graph.search import Search
from graph.search.files import served_names

TOO_LARGE = (DeadlineExceeded, MemoryExceeded, ResultTooLarge)
"""What the query for all names ends with where a release has more of them than a query may read."""


class Searching:
    """Calls `make` when a search is first wanted. Several threads may want it at once.

    A failure for the size of the release is told again at once: a release does not change, and
    trying takes as long as a query may.
    """

    def __init__(self, make: Callable[[], Search]) -> None:
        self._make = make
        self._lock = Lock()
        self._made: Search | None = None
        self._failure: QueryError | None = None

    def __call__(self) -> Search:
        """Return the search. Raises the errors of graph.query."""
        with self._lock:
            if self._failure is not None:
                raise self._failure.with_traceback(None)
            if self._made is None:
                try:
                    self._made = self._make()
                except TOO_LARGE as error:
                    self._failure = error
                    raise
            return self._made


def searching_on_disk(engine: Engine, data: Path, release: Release) -> Searching:
    """The search over a release whose store is on the disk: its names are there, or made now."""

    def make() -> Search:
        names = served_names(DataDirectory(data), release)
        if names is None:
            return Search.from_engine(engine, release.iris.base)
        return Search.of(names, release.iris.base)

    return Searching(make)
