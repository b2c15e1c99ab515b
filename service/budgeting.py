"""What settings allow a service to use, of memory above all."""

from pathlib import Path

from graph.remote.graphs import most_memory
from graph.template.budget import Budget, default_total
from graph.template.options import MIB, Options
from service.front.limits import Limits
from service.settings import Settings

_FRONT_ITSELF = 160  # MiB of a front that has nothing to do, and the names of a release


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


def options_of(settings: Settings, data: Path, release_id: str) -> Options:
    """Return what the engine over a release is told."""
    return Options(
        data=str(data),
        release=release_id,
        socket="",  # who starts it knows
        strict=settings.strict,
        read_only=settings.read_only,
        on_disk=settings.store == "disk",
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
        graph=most_memory(options.max_result) if options.elsewhere else 0,
    )
