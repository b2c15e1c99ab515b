"""What the views need of whoever evaluates: to change the data, and to see and end what runs.

`graph.template` has a client that does all of it; under a plain engine there is none.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from graph.journal import Author
from graph.query import Job
from graph.update import Change


class Written(Protocol):
    """What a write did; when it is returned, the write is on disk."""

    @property
    def existed(self) -> bool | None:
        """Whether the graph was there before; None for an update."""

    @property
    def inserted(self) -> int:
        """How many statements there are that were not there before."""

    @property
    def deleted(self) -> int:
        """How many statements are gone."""

    @property
    def number(self) -> int:
        """The number of the last entry of the journal."""


class Writer(Protocol):
    """What changes the data."""

    def change(self, change: Change, author: Author, job: Job | None = None) -> Written:
        """Carry out the change. Raises the errors of graph.update and graph.query."""


class Running(Protocol):
    """A query or a write under way."""

    @property
    def id(self) -> str:
        """Its Query-Id."""

    @property
    def client(self) -> str:
        """The address that it came from."""

    @property
    def query(self) -> str:
        """Its text."""

    @property
    def state(self) -> Literal["waiting", "running"]:
        """Whether it waits for a worker or has one."""

    @property
    def seconds(self) -> float:
        """How long it has been there."""


class Control(Protocol):
    """What sees and ends what runs."""

    def running(self) -> Sequence[Running]:
        """Return what waits and what runs."""

    def cancel(self, id_: str, /) -> bool:
        """End what has this Query-Id; return whether there was such a thing."""

    def status(self) -> Mapping[str, object]:
        """Return what `/health` is to say about it."""
