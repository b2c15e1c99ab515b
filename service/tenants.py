"""A release that is served: the engine over it, in a process of its own, and the application."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from graph.questions import questions
from graph.release import DataDirectory, Release
from graph.release.use import Use
from graph.remote import RemoteClient
from graph.template.budget import Budget, default_total
from graph.template.client import EngineClient, Template, start_template
from graph.template.options import MIB, Options
from service.app import create_app
from service.engines import Wanted, client_of
from service.front import Limits
from service.platforms import check_platform
from service.reporting.box import box_in
from service.served import served
from service.settings import Settings
from service.switchboard import Switchboard

if TYPE_CHECKING:
    from flask import Flask

    from service.older import OlderReleases

_FRONT_ITSELF = 160  # MiB of a front that has nothing to do, and the names of a release
_NO_PATH = ""


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


def limits_of(settings: Settings) -> Limits:
    """Return the limits of the front."""
    return Limits(
        body_bytes=settings.max_body_bytes,
        graph_bytes=settings.max_graph_bytes,
        body_seconds=settings.body_seconds,
        send_seconds=settings.send_seconds,
        cache_bytes=settings.cache * MIB,
        spool_bytes=settings.spool * MIB,
        threads=settings.threads,
    )


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
        budget = _budget(settings, template, options)
        budget.check()
        app = create_app(
            client,
            release,
            settings=settings,
            examples=() if settings.empty else questions(),
            platform_notes=check_platform(),
            writer=switchboard,
            control=switchboard,
            network=client,
            box=None if settings.read_only else box_in(data),
        )
        # Made now, so that nobody who asks has to wait for it.
        with app.app_context():
            len(served().search)
        if older is not None:
            older.beside(app, release, budget)
    except BaseException:
        client.close()
        template.stop()
        use.end()
        raise
    return Tenant(wanted, release, template, client, app, str(budget), use)


def options_of(settings: Settings, data: Path, release_id: str) -> Options:
    """Return what the engine over a release is told."""
    return Options(
        data=str(data),
        release=release_id,
        socket=_NO_PATH,
        strict=settings.strict,
        read_only=settings.read_only,
        workers=settings.workers,
        queue=settings.queue,
        deadline=settings.deadline,
        update_deadline=settings.update_deadline,
        worker_memory=settings.worker_memory,
        max_result=settings.max_result,
    )


def _budget(settings: Settings, template: Template, options: Options) -> Budget:
    limits = limits_of(settings)
    bytes_ = limits.cache_bytes + limits.spool_bytes + limits.reading_bytes
    return Budget(
        template=template.memory // MIB + 1,
        options=options,
        front=bytes_ // MIB + _FRONT_ITSELF,
        total=settings.total_memory or default_total(),
    )
