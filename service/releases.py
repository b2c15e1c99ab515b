"""The release that a command works on: the current one, or one built for it."""

from pathlib import Path

from graph.errors import GraphError
from graph.release import DataDirectory, Release, data_directory
from service.settings import Settings


class NothingBuilt(GraphError):
    """A command needs a release and there is none; the message says how to get one."""


def current_release(settings: Settings) -> Release | None:
    """Return the current release; None when nothing was built yet."""
    return DataDirectory(data_directory(settings.data)).current()


def needed_release(settings: Settings) -> Release:
    """Return the current release. Raises NothingBuilt."""
    release = current_release(settings)
    if release is None:
        raise NothingBuilt("there is no release to ask yet; run `therascape build`")
    return release


def build_release(settings: Settings, folders: tuple[Path, ...] = ()) -> Release:
    """Build a release, showing progress, and print what was built. Raises InvalidSeeds."""
    from graph.build import build  # noqa: PLC0415 - brings SHACL, which takes a while
    from service.reports import print_build, progress  # noqa: PLC0415

    data = DataDirectory(data_directory(settings.data))
    with progress() as listener:
        report = build(data, folders, base=settings.base, listener=listener)
    print_build(report)
    return report.release
