"""Takes over the newest release of a publisher: fetched, verified, and stored beside the others.

Whoever serves it makes it the current one, once it is known that it can be served.

<data>/replica/publisher    the address that was followed last; it marks the data of a replica
<data>/replica/<id>/        a release that is being fetched
<data>/replica/fetch.lock   held meanwhile
"""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from graph.catalogue.files import keep_statistics
from graph.network.files import keep_network
from graph.release import JSON, DataDirectory, Release, ReleaseError
from graph.release.files import explained, make_folder, remove
from graph.release.locks import Lock, LockBusy
from graph.release.manifest import InvalidManifest, decode
from graph.release.release import DATA, MANIFEST, check_format
from graph.replica.asking import Publisher
from graph.replica.errors import AlreadyFollowing, NotAReplica, OfferRefused
from graph.replica.offer import Offer, ask
from graph.replica.shape import check_shape
from graph.replica.transfer import fetch

FOLDER = "replica"
_MARK = "publisher"


def take_newest(
    data: DataDirectory,
    address: str,
    most_bytes: int,
    check: Callable[[Release], object] = lambda _: None,
) -> Release:
    """Return the release that the publisher serves, which is stored here by then.

    The current release stays what it is (`DataDirectory.make_current`). What the publisher offers
    is asked once, and that is what is fetched, whatever it serves meanwhile; parts of other
    releases are removed. Killed at any instant, the release is stored whole or not at all, and
    what has arrived is not asked for again. `check` raises where the release is not wanted, by its
    manifest, before its data are fetched.

    Raises NotAReplica, AlreadyFollowing, and what asking, `check`, fetching and publishing raise.
    """
    check_replica(data)
    with _alone(data, address):
        publisher = Publisher(address)
        offer = ask(publisher, most_bytes)
        if not is_current(data, offer):
            _take(data, publisher, offer, check)
        release = data.release(offer.id)
        keep_network(data, release)  # in this process: who serves the release need not make them
        keep_statistics(data, release)
    return release


def is_current(data: DataDirectory, offer: Offer) -> bool:
    """Whether the release that is offered is the current one here, with the same manifest."""
    try:
        current = data.current()
        return (
            current is not None
            and current.id == offer.id
            and _digest(current.path / MANIFEST) == offer.manifest.sha256
        )
    except (ReleaseError, OSError):
        return False  # damaged: it is to be replaced


def check_replica(data: DataDirectory) -> None:
    """Raise NotAReplica where the data directory has releases or writes of its own."""
    ours = (data.path / FOLDER / _MARK).is_file()
    if data.journal.exists() or (not ours and data.ids()):
        raise NotAReplica(
            f"{data.path}: it has releases or writes of its own, which are no publisher's; give "
            "--follow an empty folder with --data"
        )


def _take(
    data: DataDirectory, publisher: Publisher, offer: Offer, check: Callable[[Release], object]
) -> None:
    folder = data.path / FOLDER / offer.id
    with explained("fetch a release", folder):
        for other in folder.parent.iterdir():
            if other.is_dir() and other.name != offer.id:
                remove(other)
        make_folder(folder)
        _use_what_is_here(data, offer, folder)
        remove(folder / MANIFEST)  # small, and it may have been amended
    manifest = fetch(publisher, offer.paths[MANIFEST], offer.manifest, folder)
    check(Release(offer.id, folder, _checked(offer, manifest)))  # before what is large
    fetch(publisher, offer.paths[DATA], offer.data, folder)
    try:
        data.adopt(offer.id, folder)
    except ReleaseError:
        remove(folder)
        raise
    remove(folder)


def _checked(offer: Offer, path: Path) -> dict[str, JSON]:
    """What a manifest says. Raises ReleaseTooNew, or OfferRefused for one of something else."""
    try:
        with explained("read a manifest", path):
            said = decode(path.read_bytes())
    except InvalidManifest as error:
        raise OfferRefused(f"the publisher's {MANIFEST} of {offer.id}: {error}") from None
    check_format(path, said)
    if (said.get("id"), said.get("bytes")) != (offer.id, offer.data.size):
        raise OfferRefused(f"the publisher's {MANIFEST} of {offer.id} is that of another release")
    check_shape(said, f"the publisher's {MANIFEST} of {offer.id}")
    return said


def _use_what_is_here(data: DataDirectory, offer: Offer, folder: Path) -> None:
    """A publisher may go back to a release that is stored here."""
    here = data.release_folder(offer.id) / DATA
    if here.is_file() and not (folder / DATA).exists() and _digest(here) == offer.id:
        os.link(here, folder / DATA)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _alone(data: DataDirectory, address: str) -> Iterator[None]:
    folder = data.path / FOLDER
    with contextlib.ExitStack() as stack:
        with explained("follow a publisher", folder):
            make_folder(folder)
            lock = Lock(folder / "fetch.lock")
            try:
                stack.enter_context(lock.held(0))
            except LockBusy as busy:
                raise AlreadyFollowing(f"{folder}: {busy} fetches here; wait for it") from None
            (folder / _MARK).write_text(f"{address}\n", "utf-8")
        yield
