"""Where the store of a release is kept: in memory, or on the disk where memory is too small."""

from dataclasses import replace
from pathlib import Path

from graph.release import DataDirectory, Release
from graph.stores.obstacles import obstacle
from graph.template.budget import Budget, default_total, expected_memory
from graph.template.options import MIB, Options
from service.front import Limits
from service.settings import InvalidSetting, Settings

_FRONT_ITSELF = 160  # MiB of a front that has nothing to do, and the names of a release
NOTE = (
    "The store is on the disk: nothing is written to it, and a process that has a query may open "
    "files to read them, though no query can."
)


def on_disk(settings: Settings, data: Path, release: Release) -> bool:
    """Whether a release is served from the disk. Raises InvalidSetting where it cannot be."""
    if settings.store == "memory" or settings.engine is not None:
        return False
    why = obstacle(DataDirectory(data), release, strict=settings.strict)
    if settings.store == "disk" and why:
        raise InvalidSetting(f"--store disk: release {release.id[:12]} cannot be served so: {why}")
    return why is None and too_large(settings, release.manifest["bytes"])


def too_large(settings: Settings, size: int) -> bool:
    """Whether a release with so many bytes belongs on the disk, by what is set."""
    if settings.store != "auto":
        return settings.store == "disk"
    expected = budget(settings, options_of(settings, Path(), ""), expected_memory(size))
    return expected.needed > expected.total


def as_stored(settings: Settings, *, disk: bool) -> Settings:
    """The settings with the place of the store decided."""
    return replace(settings, store="disk" if disk else "memory")


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


def budget(settings: Settings, options: Options, template: int) -> Budget:
    """The sum of what the service may use, with so many bytes for the template."""
    limits = limits_of(settings)
    bytes_ = limits.cache_bytes + limits.spool_bytes + limits.reading_bytes
    return Budget(
        template=template // MIB + 1,
        options=options,
        front=bytes_ // MIB + _FRONT_ITSELF,
        total=settings.total_memory or default_total(),
    )
