"""Writes, and looks at what runs, where several processes share an engine."""

from collections.abc import Sequence

from graph.errors import GraphError
from graph.journal import Author
from graph.query import Answer, EngineUnavailable, Job, QueryError, Request
from graph.template.client import EngineClient, Written
from graph.update import Change
from service.processes.numbers import Numbers
from service.processes.place import Place
from service.seams import Running
from service.switchboard import Client, Switchboard


class Abreast(EngineClient):
    """Asks an engine that has every write that any process of the service has acknowledged.

    While a service moves to another release there are two engines, and a write goes to one of them.
    So whoever asks the other one has it take in from the journal what it lacks.
    """

    def __init__(self, path: str, numbers: Numbers) -> None:
        super().__init__(path)
        self._numbers = numbers
        self._has = 0

    def evaluate(self, request: Request, job: Job | None = None) -> Answer:
        """Return the answer, complete. Raises the errors of graph.query, and no others."""
        if self._numbers.number > self._has:
            try:
                self.catch_up()
            except QueryError:
                raise
            except GraphError as error:
                raise EngineUnavailable(f"the last writes could not be read: {error}") from None
        return super().evaluate(request, job)

    def change(self, change: Change, author: Author, job: Job | None = None) -> Written:
        """Carry a write out; when this returns it is kept. Raises the errors of the write."""
        written = super().change(change, author, job)
        self._has = max(self._has, written.number)
        return written

    def catch_up(self) -> int:
        """Let the store have what others wrote; return the number of the last write."""
        number = super().catch_up()
        self._has = max(self._has, number)
        return number


class SharedBoard(Switchboard):
    """A switchboard that sees and ends what runs for any process of the service."""

    def __init__(self, numbers: Numbers, place: Place) -> None:
        super().__init__(numbers)
        self._place = place

    def running(self) -> Sequence[Running]:
        """Return what runs and waits."""
        return [one for client in self._place.clients() for one in _running(client)]

    def cancel(self, id: str) -> bool:  # noqa: A002 - as in the protocol
        """End the query with this Query-Id; False if there is none."""
        return any(_cancelled(client, id) for client in self._place.clients())

    def join(self, client: Client) -> None:
        """Look after an engine over an older release, and let the other processes do so."""
        super().join(client)
        if isinstance(client, EngineClient):
            self._place.note_older(client.path)

    def leave(self, client: Client) -> None:
        """Forget a former engine."""
        super().leave(client)
        if isinstance(client, EngineClient) and not isinstance(client, Abreast):
            self._place.note_older(None)


def _running(client: EngineClient) -> Sequence[Running]:
    try:
        return client.running()
    except EngineUnavailable:  # it ended meanwhile
        return []


def _cancelled(client: EngineClient, id_: str) -> bool:
    try:
        return client.cancel(id_)
    except EngineUnavailable:
        return False
