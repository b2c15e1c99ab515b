"""A release that is served: the engine over it, in a process of its own, and the application."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from graph.query import QueryError
from graph.questions import questions
from graph.release import Release
from graph.remote import RemoteClient
from graph.template.client import EngineClient
from service.app import create_app
from service.engines import Wanted
from service.holding import Held, start_engine
from service.names import TOO_LARGE, searching_on_disk
from service.platforms import check_platform
from service.reporting.box import box_in
from service.served import served
from service.settings import Settings
from service.storing import NOTE, as_stored, on_disk
from service.switchboard import Switchboard

if TYPE_CHECKING:
    from flask import Flask

    from service.older import OlderReleases


@dataclass(frozen=True, slots=True)
class Tenant(Held):
    """A release, its engine, and the application that answers from it."""

    app: "Flask"


def start_tenant(
    settings: Settings,
    data: Path,
    wanted: Wanted,
    switchboard: Switchboard,
    older: "OlderReleases | None" = None,
) -> Tenant:
    """Start an engine over a release, and make its application; writes go to `switchboard`.

    Requests that name another release are answered by `older`, where it is given. Raises what
    `start_engine` raises.
    """
    held = start_engine(settings, data, wanted)
    try:
        app = app_over(settings, data, held.release, held.client, switchboard)
        if older is not None:
            older.beside(app, held.release, held.budget)
    except BaseException:
        held.stop()
        raise
    return Tenant(held.wanted, held.release, held.template, held.client, held.budget, held.use, app)


def app_over(
    settings: Settings,
    data: Path,
    release: Release,
    client: EngineClient | RemoteClient,
    switchboard: Switchboard,
    *,
    reports: Path | None = None,
) -> "Flask":
    """Return the application that answers from a release; writes go to `switchboard`.

    `reports` is where processes tell each other when problems were reported.
    """
    settings = as_stored(settings, disk=on_disk(settings, data, release))
    notes = (*check_platform(), *([NOTE] if settings.store == "disk" else ()))
    app = create_app(
        client,
        release,
        settings=settings,
        examples=() if settings.empty else questions(),
        platform_notes=notes,
        writer=switchboard,
        control=switchboard,
        network=client,
        searching=searching_on_disk(client, data, release) if settings.store == "disk" else None,
        box=None if settings.read_only else box_in(data, reports),
    )
    # Made now, so that nobody who asks has to wait for it; a store on the disk may have millions.
    if settings.store == "disk":
        Thread(target=_search_made_beside, args=(app,), daemon=True).start()
    else:
        _search_ready(app)
    return app


def _search_ready(app: "Flask") -> None:
    try:
        with app.app_context():
            len(served().search)
    except TOO_LARGE as error:
        app.logger.warning(
            "names are not searched, since there are too many for a query: %s; IRIs work instead of"
            " names, and --worker-memory, --deadline and --max-result say how much a query may",
            error,
        )


def _search_made_beside(app: "Flask") -> None:
    with suppress(QueryError):  # the engine may be gone by now; who asks makes it again
        _search_ready(app)
