"""Writes, and looks at what runs, go to the engine of the moment, also while engines change."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from graph.errors import GraphError
from graph.journal import Author
from graph.query import Job
from graph.update import Change
from service.seams import Running, Written


class Client(Protocol):
    """An engine, as the template's client has it."""

    def change(self, change: Change, author: Author, job: Job | None = None) -> Written:
        """Carry a write out."""

    def running(self) -> Sequence[Running]:
        """Return what runs and waits."""

    def cancel(self, id_: str) -> bool:
        """End a query."""

    def catch_up(self) -> int:
        """Take in what others wrote; return the number of the last write."""

    def status(self) -> Mapping[str, Any]:
        """Return how it is."""


class Latest(Protocol):
    """The number of the last write that is known. It never goes back."""

    @property
    def number(self) -> int:
        """The number; 0 before the first write."""

    def raise_to(self, number: int) -> None:
        """Take note of a write, unless a later one is known."""


class Known:
    """The number of the last write that one process knows of."""

    def __init__(self) -> None:
        self.number = 0

    def raise_to(self, number: int) -> None:
        """Take note of a write, unless a later one is known."""
        self.number = max(self.number, number)


class Switchboard:
    """A writer and a control over the engines that this process has: one at most times, and a
    former one while it answers its last queries. It can be used from several threads.

    `latest` is raised before a write is acknowledged; several processes may share it.
    """

    def __init__(self, latest: Latest | None = None) -> None:
        self.latest: Latest = latest or Known()
        self._clients: tuple[Client, ...] = ()
        self._writing = threading.Lock()

    @property
    def number(self) -> int:
        """That of the last write that is in the data, as far as it is known here."""
        return self.latest.number

    def change(self, change: Change, author: Author, job: Job | None = None) -> Written:
        """Carry a write out; when this returns, it is kept. Raises what the engine raises."""
        with self._writing:
            try:
                written = self._clients[0].change(change, author, job)
            except BaseException:
                # It may have been kept all the same: whoever asks next must not see the state
                # before it.
                self._look()
                raise
            self.latest.raise_to(written.number)
            return written

    def running(self) -> Sequence[Running]:
        """Return what runs and waits."""
        return [one for client in self._clients for one in client.running()]

    def cancel(self, id: str) -> bool:  # noqa: A002 - as in the protocol
        """End the query with this Query-Id; False if there is none."""
        return any(client.cancel(id) for client in self._clients)

    def status(self) -> Mapping[str, Any]:
        """Return how the present engine is."""
        return self._clients[0].status()

    def catch_up(self) -> None:
        """Let the present engine take in what other services wrote. Raises what it raises."""
        self.latest.raise_to(self._clients[0].catch_up())

    @contextmanager
    def moving_to(self, client: Client) -> Iterator[None]:
        """Change to another engine, which has every write by then; nothing is written meanwhile.

        In the block, requests are to be sent there.
        """
        with self._writing:
            number = client.catch_up()
            yield
            self._clients = (client, *self._clients)
            self.latest.raise_to(number)

    def join(self, client: Client) -> None:
        """Look after a further engine: what runs there is seen and ended like all else."""
        with self._writing:
            self._clients = (*self._clients, client)

    def leave(self, client: Client) -> None:
        """Forget a former engine."""
        self._clients = tuple(one for one in self._clients if one is not client)

    def _look(self) -> None:
        try:
            self.catch_up()
        except GraphError:
            return
