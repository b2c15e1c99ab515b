"""A release that is served: the engine over it, in a process of its own, and the application."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph.questions import questions
from graph.release import DataDirectory, Release
from graph.release.use import Use
from graph.remote import RemoteClient
from graph.template.client import EngineClient, Template, start_template
from service.app import create_app
from service.engines import Wanted, client_of
from service.platforms import check_platform
from service.reporting.box import box_in
from service.served import served
from service.settings import Settings
from service.storing import NOTE, as_stored, budget, on_disk, options_of
from service.switchboard import Switchboard

if TYPE_CHECKING:
    from flask import Flask

    from service.older import OlderReleases


@dataclass(frozen=True, slots=True)
class Tenant:
    """One release, its engine, and the application that answers from it. `budget` is in words."""

    wanted: Wanted
    release: Release
    template: Template
    client: EngineClient | RemoteClient
    app: "Flask"
    budget: str
    use: Use

    def stop(self) -> None:
        """End the engine, and what it works on."""
        self.client.close()
        self.template.stop()

    def drain(self) -> None:
        """Let the engine end once it has answered what it has; return at once."""
        self.client.close()
        self.template.drain()
        self.use.end()


def start_tenant(
    settings: Settings,
    data: Path,
    wanted: Wanted,
    switchboard: Switchboard,
    older: "OlderReleases | None" = None,
) -> Tenant:
    """Start an engine over a release, and make its application; writes go to `switchboard`.

    Requests that name another release are answered by `older`, where it is given. Raises
    TemplateFailed, DoesNotFit, InvalidSetting, the errors of graph.release and those of a database
    elsewhere.
    """
    release = DataDirectory(data).release(wanted.release)
    settings = as_stored(settings, disk=on_disk(settings, data, release))
    notes = (*check_platform(), *([NOTE] if settings.store == "disk" else ()))
    use = Use(release.path)
    options = options_of(settings, data, release.id)
    if wanted.pointer is not None:
        options = replace(options, elsewhere=True, as_published=True)
    try:
        template = start_template(options)
    except BaseException:
        use.end()
        raise
    client: EngineClient | RemoteClient = template.client
    try:
        if wanted.pointer is not None:
            client = client_of(settings, data, wanted.pointer, template.client)
        needed = budget(settings, options, template.memory)
        needed.check()
        app = create_app(
            client,
            release,
            settings=settings,
            examples=() if settings.empty else questions(),
            platform_notes=notes,
            writer=switchboard,
            control=switchboard,
            network=client,
            box=None if settings.read_only else box_in(data),
        )
        # Made now, so that nobody who asks has to wait for it.
        with app.app_context():
            len(served().search)
        if older is not None:
            older.beside(app, release, needed)
    except BaseException:
        client.close()
        template.stop()
        use.end()
        raise
    words = f"{needed}. {NOTE}" if settings.store == "disk" else str(needed)
    return Tenant(wanted, release, template, client, app, words, use)
