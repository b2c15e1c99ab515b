"""A release that is served: the engine over it, in a process of its own, and the application."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graph.questions import questions
from graph.release import DataDirectory, Release
from graph.release.use import Use
from graph.template.budget import Budget, default_total
from graph.template.client import Template, start_template
from graph.template.options import MIB, Options
from service.app import create_app
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

    release: Release
    template: Template
    app: "Flask"
    budget: str
    use: Use


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
    release_id: str,
    switchboard: Switchboard,
    older: "OlderReleases | None" = None,
) -> Tenant:
    """Start an engine over a release, and make its application; writes go to `switchboard`.

    Requests that name another release are answered by `older`, where it is given. Raises
    TemplateFailed, DoesNotFit, InvalidSetting and the errors of graph.release.
    """
    release = DataDirectory(data).release(release_id)
    use = Use(release.path)
    options = options_of(settings, data, release_id)
    try:
        template = start_template(options)
    except BaseException:
        use.end()
        raise
    try:
        budget = _budget(settings, template, options)
        budget.check()
        app = create_app(
            template.client,
            release,
            settings=settings,
            examples=() if settings.empty else questions(),
            platform_notes=check_platform(),
            writer=switchboard,
            control=switchboard,
            network=template.client,
            box=None if settings.read_only else box_in(data),
        )
        # Made now, so that nobody who asks has to wait for it.
        with app.app_context():
            len(served().search)
        if older is not None:
            older.beside(app, release, budget)
    except BaseException:
        template.stop()
        use.end()
        raise
    return Tenant(release, template, app, str(budget), use)


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
