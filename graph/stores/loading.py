"""Lines into a new store on the disk, as fast as the engine's own loader takes them.

The engine loads from a pipe while who calls does something else: statements and the merge of their
graphs in one stream, since it takes in a million of them at a time while it reads the next, and
each term of these once. Two streams took half as long again.
"""

import os
import threading
from pathlib import Path
from queue import Queue

from pyoxigraph import RdfFormat, Store

from graph.release.errors import DataDirectoryError

_WAITING = 8  # blocks


class Loading:
    """Loads a new store in the folder `place`, until `finish` or `abandon`."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._store = Store(str(place))
        self._failures: list[BaseException] = []
        self._stream: _Stream | None = _Stream(self._store, self._failures)

    def take(self, quads: bytes, triples: bytes) -> None:
        """Load whole lines of N-Quads, and of N-Triples, which are for the default graph.

        Raises DataDirectoryError where loading failed meanwhile.
        """
        self._check()
        assert self._stream is not None
        for text in filter(None, (quads, triples)):
            self._stream.lines.put(text)

    def finish(self) -> int:
        """Close the store; return how many statements it has, the default graph's included.

        It is compacted first, which takes as much room on the disk again while it is under way:
        the engine does that as it loads, and leaves off when it is closed. A term is looked for in
        one file then, not in each that has been loaded. Raises DataDirectoryError.
        """
        self._end()
        self._check()
        try:
            self._store.optimize()
            self._store.flush()
        except OSError as error:
            self._failures.append(error)
            self._check()
        number = len(self._store)
        del self._store  # this is what closes it
        return number

    def abandon(self) -> None:
        """Stop loading; what there is of the store is of no use."""
        self._end()
        del self._store

    def _end(self) -> None:
        if self._stream is not None:
            self._stream.end()
        self._stream = None

    def _check(self) -> None:
        if self._failures:
            raise DataDirectoryError(
                f"{self._place}: the store could not be loaded ({self._failures[0]}); look whether "
                "the disk is full, or choose another folder with --data or THERASCAPE_DATA"
            )


class _Stream:
    """A pipe into the engine, and the two threads at its ends."""

    def __init__(self, store: Store, failures: list[BaseException]) -> None:
        self.lines: Queue[bytes] = Queue(_WAITING)
        self._failures = failures
        reading, writing = os.pipe()
        self._threads = (
            threading.Thread(target=self._read, args=(store, reading), daemon=True),
            threading.Thread(target=self._write, args=(writing,), daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        self.lines.put(b"")
        for thread in self._threads:
            thread.join()

    def _read(self, store: Store, reading: int) -> None:
        # The engine reads a path without holding up Python, and a file object line by line.
        try:
            store.bulk_load(path=f"/dev/fd/{reading}", format=RdfFormat.N_QUADS, lenient=True)
        except BaseException as error:  # noqa: BLE001 - told to who waits for it
            self._failures.append(error)
        finally:
            os.close(reading)

    def _write(self, writing: int) -> None:
        with open(writing, "wb", buffering=0) as pipe:
            text = self.lines.get()
            try:
                while text:
                    rest = memoryview(text)
                    while rest:
                        rest = rest[pipe.write(rest) :]
                    text = self.lines.get()
            except OSError as error:
                if not isinstance(error, BrokenPipeError):  # then who reads has failed, and tells
                    self._failures.append(error)
                while text:
                    text = self.lines.get()
