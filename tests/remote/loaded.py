"""Releases in databases that run: an engine over one, as tests have the embedded one."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from pyoxigraph import Store

from graph.query import EmbeddedEngine
from graph.release import Release
from graph.remote import Dialect, Layout, RemoteClient, detect, publish
from graph.remote.asking import Asking
from graph.remote.client import Allowed
from ontology.vocabulary import prefixes
from tests.remote.servers import Running, start

LONGEST = 64 * 1024 * 1024
_MOST = 12  # whoever goes on asking one that made room is told that it is being loaded
_dialects: dict[str, Dialect] = {}


class Checker(EmbeddedEngine):
    """What the template is to a service: it parses queries, over a store without data."""

    def __init__(self) -> None:
        super().__init__(Store(), prefixes())

    def running(self) -> list[Any]:
        return []

    def cancel(self, _: str) -> bool:
        return False

    def status(self) -> Mapping[str, Any]:
        return {}

    def close(self) -> None:
        return


def client_over(running: Running, release: Release, dialect: Dialect | None = None) -> RemoteClient:
    """Load a release into a database and return an engine over it, to be closed."""
    database, layout = running.database(), Layout()
    try:
        held = publish(database, layout, release)
        dialect = dialect or detect(database, layout)
    except BaseException:
        database.close()
        raise
    asking = Asking(database, layout, held, dialect, release, LONGEST)
    return RemoteClient(Checker(), asking, Allowed(4, 64, 30.0, LONGEST))  # type: ignore[arg-type]


class Loaded:
    """Engines over releases, each in a database of its own; the oldest ones make room."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._running: OrderedDict[str, tuple[Running, RemoteClient]] = OrderedDict()

    def over(self, release: Release) -> RemoteClient:
        """An engine over a release."""
        if release.id in self._running:
            self._running.move_to_end(release.id)
            return self._running[release.id][1]
        if len(self._running) >= _MOST:
            _, (running, client) = self._running.popitem(last=False)
            client.close()
        else:
            running = start(self._engine)
        client = client_over(running, release, _dialects.get(self._engine))
        _dialects[self._engine] = client.asking.dialect
        self._running[release.id] = (running, client)
        return client

    def close(self) -> None:
        """End all."""
        for running, client in self._running.values():
            client.close()
            running.stop()
        self._running.clear()


def instead_of_embedded(loaded: Loaded) -> Callable[..., Any]:
    """What takes the place of EmbeddedEngine.over: one elsewhere, but for what was written."""
    embedded = EmbeddedEngine.over

    def over(release: Release, store: Store | None = None, history: Store | None = None) -> Any:
        if store is not None or release.written.graphs:
            return embedded(release, store, history)
        return loaded.over(release)

    return over
