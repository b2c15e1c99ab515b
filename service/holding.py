"""An engine over a release, in a process of its own, and what the service may use with it."""

from dataclasses import dataclass, replace
from pathlib import Path

from graph.release import DataDirectory, Release
from graph.release.use import Use
from graph.remote import RemoteClient
from graph.template.budget import Budget, default_total
from graph.template.client import EngineClient, Template, start_template
from graph.template.options import MIB, Options
from service.engines import Wanted, client_of
from service.front.limits import Limits
from service.settings import Settings

_FRONT_ITSELF = 160  # MiB of a front that has nothing to do, and the names of a release
_NO_PATH = ""


@dataclass(frozen=True, slots=True)
class Held:
    """One release, and the engine over it, in a process that this one started."""

    wanted: Wanted
    release: Release
    template: Template
    client: EngineClient | RemoteClient
    budget: Budget
    use: Use

    def stop(self) -> None:
        """End the engine, and what it works on."""
        self.client.close()
        self.template.stop()
        self.use.end()

    def drain(self) -> None:
        """Let the engine end once it has answered what it has; return at once."""
        self.client.close()
        self.template.drain()
        self.use.end()


def limits_of(settings: Settings) -> Limits:
    """Return the limits of a front; what is bounded for the service is shared out."""
    return Limits(
        body_bytes=settings.max_body_bytes,
        graph_bytes=settings.max_graph_bytes,
        body_seconds=settings.body_seconds,
        send_seconds=settings.send_seconds,
        cache_bytes=settings.cache * MIB // settings.processes,
        spool_bytes=settings.spool * MIB // settings.processes,
        threads=settings.threads,
    )


def start_engine(settings: Settings, data: Path, wanted: Wanted) -> Held:
    """Start an engine over a release.

    Raises TemplateFailed, DoesNotFit, InvalidSetting, the errors of graph.release and those of a
    database elsewhere.
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
        budget = budget_of(settings, template.memory, options)
        budget.check()
    except BaseException:
        client.close()
        template.stop()
        use.end()
        raise
    return Held(wanted, release, template, client, budget, use)


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


def budget_of(settings: Settings, memory: int, options: Options) -> Budget:
    """Return what a service may use whose engine has so many bytes of memory."""
    limits = limits_of(settings)
    front = (limits.cache_bytes + limits.spool_bytes + limits.reading_bytes) // MIB + _FRONT_ITSELF
    return Budget(
        template=memory // MIB + 1,
        options=options,
        front=settings.processes * front,
        total=settings.total_memory or default_total(),
    )
