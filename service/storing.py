"""Where the store of a release is kept: in memory, or on the disk where memory is too small."""

from dataclasses import replace
from pathlib import Path

from graph.release import DataDirectory, Release
from graph.stores.obstacles import obstacle, refusal
from graph.template.budget import Budget, expected_memory
from service.budgeting import budget_of, options_of
from service.settings import InvalidSetting, Settings

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
        raise InvalidSetting(refusal(release, why))
    return why is None and too_large(settings, release.manifest["bytes"])


def too_large(settings: Settings, size: int) -> bool:
    """Whether a release with so many bytes belongs on the disk, by what is set."""
    if settings.store != "auto":
        return settings.store == "disk"
    options = options_of(settings, Path(), "")
    expected = budget_of(settings, expected_memory(size), options)
    return expected.needed > expected.total


def as_stored(settings: Settings, *, disk: bool) -> Settings:
    """The settings with the place of the store decided."""
    return replace(settings, store="disk" if disk else "memory")


def told(budget: Budget) -> str:
    """What a service says at its start of memory, and of where the store is."""
    return f"{budget}. {NOTE}" if budget.options.on_disk else str(budget)
