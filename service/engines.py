"""The databases elsewhere that settings name, and what of them is to be served."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from graph.errors import GraphError
from graph.query import DeadlineExceeded, QueryError
from graph.release import DataDirectory
from graph.remote import (
    Address,
    Database,
    DatabaseUnavailable,
    Layout,
    Pointer,
    RemoteClient,
    detect,
    read_pointer,
)
from graph.remote.asking import Asking
from graph.remote.client import Allowed
from graph.template.client import EngineClient
from graph.template.options import MIB
from service.credentials import credentials_of
from service.settings import InvalidSetting, Settings
from service.text import visible

_LOG = logging.getLogger("therascape.service")
_LONGEST_MESSAGE = 1000


class NothingPublished(GraphError):
    """A database is to be served, and no release was loaded into it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be served: a release and, with a database elsewhere, where that stands."""

    release: str
    pointer: Pointer | None = None


def wanted(settings: Settings, data: Path, served: Wanted | None = None) -> Wanted | None:
    """What is to be served now; None where nothing was built.

    What is `served` is not opened again. Raises NothingPublished, and what opening a release does.
    """
    if settings.engine is None:
        directory = DataDirectory(data)
        if served is not None and directory.current_id() == served.release:
            return served
        current = directory.current()
        return Wanted(current.id) if current else None
    pointer = read_pointer(data)
    if pointer is None:
        raise NothingPublished(
            f"no release was loaded into {_shown(settings)}; run `therascape publish` with the "
            "same settings"
        )
    if pointer.query not in {address.query for address in addresses(settings)}:
        raise NothingPublished(
            f"what was published last is at {pointer.shown}, which --engine does not name; name "
            "it, or run `therascape publish` with the same settings"
        )
    return Wanted(pointer.held.release, pointer)


def addresses(settings: Settings) -> list[Address]:
    """The databases that settings name. Raises InvalidSetting and InvalidAddress."""
    queries = (settings.engine or "").split()
    if len(queries) > 2:
        raise InvalidSetting("--engine: two databases at most are taken, with a space between")
    if len(set(queries)) < len(queries):
        raise InvalidSetting("--engine: the two databases are the same one")
    updates = _beside(settings.engine_update, queries, "--engine-update")
    stores = _beside(settings.engine_store, queries, "--engine-store")
    return [Address(*three) for three in zip(queries, updates, stores, strict=True)]


def _shown(settings: Settings) -> str:
    return " or ".join(address.shown for address in addresses(settings))


def _beside(text: str | None, queries: list[str], flag: str) -> list[str | None]:
    if text is None:
        return [None] * len(queries)
    found = text.split()
    if len(found) != len(queries):
        raise InvalidSetting(
            f"{flag}: it has {len(found)} addresses and --engine has {len(queries)}; name as many"
        )
    return [*found]


@contextmanager
def opened(settings: Settings, address: Address) -> Iterator[Database]:
    """The database at an address, with our credentials; it is closed in the end."""
    database = Database(address, credentials_of(settings))
    try:
        yield database
    finally:
        database.close()


def layout_of(settings: Settings) -> Layout:
    """The names of our own graphs in the databases."""
    return Layout(settings.engine_graphs)


def _check_held(database: Database, layout: Layout, pointer: Pointer) -> None:
    """Raise NothingPublished where the database does not hold what was published into it."""
    found = layout.held(database)
    if found is None:
        raise NothingPublished(
            f"the database {pointer.shown} holds no whole release: it is being loaded now, or was "
            "emptied; start again once `therascape publish` has ended, or run it"
        )
    if found != pointer.held:
        raise NothingPublished(
            f"the database {pointer.shown} was loaded with release {found.release} since, by a "
            "publication that this data directory does not know: from another one, or before it "
            "was restored; run `therascape publish` with the same settings"
        )


def client_of(
    settings: Settings, data: Path, pointer: Pointer, template: EngineClient
) -> RemoteClient:
    """The client of a database that holds a release. Raises the errors of graph.query and
    graph.release, NothingPublished, and RemoteError where the database cannot be used.
    """
    release = DataDirectory(data).release(pointer.held.release)
    address = next(one for one in addresses(settings) if one.query == pointer.query)
    layout = layout_of(settings)
    database = Database(address, credentials_of(settings))
    try:
        _check_held(database, layout, pointer)
        dialect = detect(database, layout)
    except DeadlineExceeded as error:
        database.close()
        text = f"the database {pointer.shown} takes connections, and does not answer: {error}"
        raise DatabaseUnavailable(text, text) from None
    except BaseException:
        database.close()
        raise
    longest = settings.max_result * MIB
    asking = Asking(database, layout, pointer.held, dialect, release, longest)
    allowed = Allowed(settings.workers, settings.queue, settings.deadline, longest)
    client = RemoteClient(template, asking, allowed, release.written.journal)
    client.watch(partial(_tell, pointer.shown))
    return client


def _tell(address: str, wrong: QueryError | None) -> None:
    """Say that a database went away, or came back."""
    if wrong is None:
        event = {"event": "database-back", "database": address}
        _LOG.info("the database at %s answers again", address, extra=event)
        return
    event = {"event": "database-away", "database": address}
    text = "queries are not answered, since the database at %s does not do so: %s"
    _LOG.error(text, address, visible(str(wrong))[:_LONGEST_MESSAGE], extra=event)
