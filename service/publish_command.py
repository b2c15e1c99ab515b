"""`therascape publish`: a release into a database elsewhere, and the services over to it."""

from pathlib import Path

import click

from graph.journal import Journal
from graph.release import DataDirectory, Release
from graph.release.use import Use
from graph.remote import (
    Pointer,
    PointerDamaged,
    Progress,
    one_at_a_time,
    publish,
    read_pointer,
    write_pointer,
)
from service.engines import addresses, layout_of, opened
from service.settings import InvalidSetting, Settings


def publish_release(settings: Settings, data: Path, release: Release) -> None:
    """Load a release into the database that does not answer now, verify it, and move over.

    With one database, services answer that it is being loaded meanwhile. Raises InvalidSetting,
    InvalidAddress, PublisherBusy, DataDirectoryError and PublishFailed.
    """
    known = addresses(settings)
    if not known:
        raise InvalidSetting("--engine: name the database, or two, that releases are loaded into")
    with one_at_a_time(data):
        pointer = _pointer(data)
        serving = pointer.query if pointer else None
        address = next((one for one in known if one.query != serving), known[0])
        if address.query == serving:
            click.echo("There is one database: until it is loaded, services answer 503.", err=True)
        _tell_of_writes(data, release)
        with Use(release.path), opened(settings, address) as database:
            held = publish(database, layout_of(settings), release, _Steps().tell)
            write_pointer(data, Pointer(address.query, held))
    click.echo(f"{address.shown} holds release {release.id}, verified; services move over to it")


def _tell_of_writes(data: Path, release: Release) -> None:
    directory = DataDirectory(data)
    missing = Journal(directory.journal).last - release.written.journal
    if release.id == directory.current_id() and missing > 0:
        click.echo(
            f"{missing:,} of the writes to services are in no release yet, and are not loaded: "
            "run `therascape checkpoint`, and publish again, to have them.",
            err=True,
        )


def _pointer(data: Path) -> Pointer | None:
    try:
        return read_pointer(data)
    except PointerDamaged:  # it is written anew in the end
        click.echo(
            "Which database answers now is not known (remote.json is damaged): services may answer "
            "503 until this one is loaded.",
            err=True,
        )
        return None


class _Steps:
    """Tells each step on standard error, and how far it is from time to time."""

    def __init__(self) -> None:
        self._step, self._tenth = "", -1

    def tell(self, progress: Progress) -> None:
        """Tell, if there is something new."""
        tenth = 10 * progress.done // max(1, progress.total)
        if (progress.step, tenth) != (self._step, self._tenth):
            self._step, self._tenth = progress.step, tenth
            click.echo(f"{progress.step} ({progress.done:,}/{progress.total:,})", err=True)
