"""The release that a command works on: the current one, or one built for it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graph.errors import GraphError
from graph.problems import InvalidSeeds
from graph.release import DataDirectory, Release, data_directory
from graph.release.finding import find_release
from graph.release.use import Use
from service.settings import Settings

if TYPE_CHECKING:
    from graph.written import Served

EMPTY = "empty"
"""The folder of what people write to a service that was started with --empty."""


class NothingBuilt(GraphError):
    """A command needs a release and there is none; the message says how to get one."""


def data_folder(settings: Settings) -> Path:
    """Return the folder of what is served: the data directory, or with --empty one inside it."""
    folder = data_directory(settings.data)
    return folder / EMPTY if settings.empty else folder


def current_release(settings: Settings) -> Release | None:
    """Return the current release; None when nothing was built yet."""
    return DataDirectory(data_folder(settings)).current()


def named_release(settings: Settings, text: str) -> Release:
    """Return the stored release whose id begins so, `current` for the current one.

    Raises NothingBuilt and UnknownRelease.
    """
    data = DataDirectory(data_folder(settings))
    if data.current() is None:
        raise NothingBuilt("there is no release yet; run `therascape build`")
    return find_release(data, text)


def needed_data(settings: Settings, release: str | None = None) -> "Served":
    """Return the current release with what was written since, or the `release` that is named.

    That one is as it was published: nothing that was written since is in it. Raises NothingBuilt
    and UnknownRelease.
    """
    from graph.written import as_published, load_current  # noqa: PLC0415 - other commands need none

    if release is not None:
        found = named_release(settings, release)
        with Use(found.path):
            return as_published(found, strict=settings.strict)
    data = DataDirectory(data_folder(settings))
    if (kept := _on_disk(settings, data)) is not None:
        return kept
    served = load_current(data, strict=settings.strict)
    if served is None:
        raise NothingBuilt("there is no release to ask yet; run `therascape build`")
    return served


def _on_disk(settings: Settings, data: DataDirectory) -> "Served | None":
    """The current release in its store on the disk, where there is one that has all of it."""
    from graph.stores.files import opened, stored  # noqa: PLC0415
    from graph.written import Served  # noqa: PLC0415
    from service.contained import reads_store  # noqa: PLC0415

    if settings.store == "memory" or (release := data.current()) is None:
        return None
    store = opened(data, release, strict=settings.strict)
    if store is None:
        return None
    reads_store(stored(data, release))
    return Served(store, release.written.journal, release)


def release_to_serve(settings: Settings) -> Release:
    """Return the current release, built first when there is none or its input has changed since.

    With --follow nothing is built: there, the publisher's is fetched where there is none yet. With
    --empty nothing is built either: the first release has no statement. Where the changed input has
    problems, they are told and the former release serves on. Raises InvalidSeeds when there is no
    release and none can be built.
    """
    from graph.checkpoint import empty_release  # noqa: PLC0415 - other commands need none of it
    from graph.origin import outdated_origin  # noqa: PLC0415

    if settings.follow is not None:
        from service.following import first_release  # noqa: PLC0415

        return first_release(settings, DataDirectory(data_folder(settings)))
    if settings.empty:
        return empty_release(DataDirectory(data_folder(settings)), settings.base)
    current = current_release(settings)
    if current is None:
        return build_release(settings)
    origin = outdated_origin(DataDirectory(data_directory(settings.data)), current)
    if origin is None:
        return current
    click.echo("The input of the release has changed since: building it anew.", err=True)
    try:
        return build_release(
            replace(settings, base=origin.base), origin.sources, exclude=origin.exclude
        )
    except InvalidSeeds as error:
        click.echo(f"{error}\nNote: the former release serves on; mend these problems.", err=True)
        return current


def build_release(
    settings: Settings, folders: tuple[Path, ...] = (), *, exclude: tuple[str, ...] = ()
) -> Release:
    """Build a release, showing progress, and print what was built. Raises InvalidSeeds."""
    from graph.build import build  # noqa: PLC0415 - brings SHACL, which takes a while
    from service.reports import print_build, progress  # noqa: PLC0415

    data = DataDirectory(data_directory(settings.data))
    with progress() as listener:
        report = build(data, folders, base=settings.base, exclude=exclude, listener=listener)
    print_build(report)
    return report.release
