"""The data directory: releases side by side, and the link to the current one.

<path>/current -> releases/<id>      relative, so that the directory can be moved or mounted
<path>/releases/<id>/data.nq
<path>/releases/<id>/manifest.json
<path>/publish.lock                  held while publishing
<path>/journal/                      writes since the current release (graph.journal)
"""

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pyoxigraph import Quad

from graph.release.canonical import content_id, nquads
from graph.release.errors import DataDirectoryError, ReleaseDamaged, ReleaseError
from graph.release.files import explained, make_folder, remove, sync_file, sync_folder, write_synced
from graph.release.locks import exclusive
from graph.release.manifest import (
    JSON,
    Counts,
    InvalidManifest,
    Written,
    compose,
    count,
    decode,
    encode,
    history_of,
    with_written,
)
from graph.release.release import DATA, MANIFEST, Release, open_release
from graph.release.use import unused

_ID = re.compile(r"[0-9a-f]{64}")
WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Draft:
    """What `publish_file` was written: the id and the bytes of the lines, what they count, and the
    details for the manifest.
    """

    id: str
    size: int
    counts: Counts
    details: Mapping[str, JSON]


Check: TypeAlias = Callable[[Release], object]
Publish: TypeAlias = Callable[[Iterable[Quad], Mapping[str, JSON]], Release]


class DataDirectory:
    """Reads and publishes releases in one folder; it is created on the first publish only.

    Reading writes nothing, so a read-only folder can be served.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def journal(self) -> Path:
        """The folder of the journal; it is there when something was written."""
        return self.path / "journal"

    @property
    def _releases(self) -> Path:
        return self.path / "releases"

    @property
    def _link(self) -> Path:
        return self.path / "current"

    # What is under way has fixed names: the lock lets one publisher in, so what it finds under
    # them was left by one that died.
    @property
    def _building(self) -> Path:
        return self._releases / ".building"

    @property
    def _damaged(self) -> Path:
        return self._releases / ".damaged"

    @property
    def _amended(self) -> Path:
        return self._releases / ".amended"

    @property
    def _pruned(self) -> Path:
        return self._releases / ".pruned"

    @property
    def _next_link(self) -> Path:
        return self.path / ".current"

    def current(self) -> Release | None:
        """Return the current release, cheaply verified; None when nothing was built yet.

        Raises ReleaseDamaged (dangling link included), ReleaseTooNew, DataDirectoryError.
        """
        id_ = self.current_id()
        return None if id_ is None else self.release(id_)

    def current_id(self) -> str | None:
        """Return the id of the current release, which is not opened; None when there is none.

        Raises ReleaseDamaged for a dangling link, and DataDirectoryError.
        """
        with explained("read the link to the current release", self._link):
            try:
                target = self._link.readlink()
            except FileNotFoundError:
                return None
            except OSError:
                self._check_link()
                raise
        if target.parent != Path("releases") or not _ID.fullmatch(target.name):
            raise ReleaseDamaged(
                f"{self._link}: it points to {target}, which is no release in {self._releases}; "
                "run `therascape build` to point it to a release"
            )
        if not (self._releases / target.name).exists():
            raise ReleaseDamaged(
                f"{self._link}: it points to {target}, which does not exist; "
                "run `therascape build` to publish a release"
            )
        return target.name

    def release(self, id_: str) -> Release:
        """Return the release of this id, cheaply verified. Raises as `current` does."""
        return open_release(self.release_folder(id_), id_)

    def releases(self) -> tuple[Release, ...]:
        """Return all releases in order of id, cheaply verified.

        A damaged one raises rather than being left out: a short list would look complete.
        """
        return tuple(self.release(id_) for id_ in self.ids())

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all releases in order; none is opened. Raises DataDirectoryError."""
        with explained("list releases", self._releases):
            try:
                names = sorted(entry.name for entry in self._releases.iterdir())
            except FileNotFoundError:
                return ()
        return tuple(name for name in names if _ID.fullmatch(name))

    @contextlib.contextmanager
    def removing(self, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[Callable[[str], bool]]:
        """Remove releases while the block runs, and while nobody publishes.

        The function returns whether it removed the release of an id: not the current one, nor one
        that somebody uses (graph.release.use). A release is gone in one step, so who is killed
        leaves none in part, and what is left of it is removed by the next who publishes or removes.
        """
        with self._locked(wait_seconds):
            yield self._remove

    def _remove(self, id_: str) -> bool:
        path = self.release_folder(id_)
        with explained("remove a release", path):
            if id_ == self.current_id() or not path.exists():
                return False
            with unused(path) as free:
                if not free:
                    return False
                path.rename(self._pruned)
                sync_folder(self._releases)
            remove(self._pruned)
        return True

    def release_folder(self, id_: str) -> Path:
        """The folder of a release, whether it is there or not. Raises ReleaseError for no id."""
        if not _ID.fullmatch(id_):
            raise ReleaseError(f"{id_!r} is no id of a release: an id is 64 digits 0-9a-f")
        return self._releases / id_

    def last_written(self) -> Written:
        """What the manifest of the current release says of writes, even if its data are damaged."""
        try:
            return Written.of(decode((self._link / MANIFEST).read_bytes()))
        except (OSError, InvalidManifest):
            return Written()

    def publish(
        self,
        quads: Iterable[Quad],
        details: Mapping[str, JSON],
        *,
        wait_seconds: float = WAIT_SECONDS,
    ) -> Release:
        """Make a release of the quads, make it the current one, and return it.

        `details` are added to the manifest. Content that is a sound release already is reused and
        no byte of it changes: its manifest keeps the details it has, but for `written`, which is
        brought up to date in one step. A damaged release of the same content is replaced. Killed
        at any instant, the current release is the former or the new one, whole. What killed
        publishers left is removed. Other publishers are waited for.

        Raises StatementRefused, DetailsRefused, PublisherBusy, DataDirectoryError; the former
        current release is then untouched.
        """
        id_, files = _render(quads, details)
        with self._locked(wait_seconds):
            return self._place(id_, files, details)

    def adopt(self, id_: str, folder: Path, *, wait_seconds: float = WAIT_SECONDS) -> Release:
        """Store the release whose files are in `folder`, and return it; the current one stays.

        It is one of another data directory, on the same file system, and nothing is believed of it
        before it is opened, verified and counted. Then the folder is moved to its place; where a
        sound release of this id is, it stays and takes the manifest. All else is as of `publish`.

        Raises ReleaseDamaged, ReleaseTooNew, PublisherBusy, DataDirectoryError; the former current
        release is then untouched.
        """
        open_release(folder, id_).store()
        with self._locked(wait_seconds), explained("publish a release", self.path):
            for name in (DATA, MANIFEST):
                sync_file(folder / name)
            sync_folder(folder)
            if self._is_sound(id_):
                (folder / MANIFEST).replace(self._releases / id_ / MANIFEST)
                sync_folder(self._releases / id_)
            else:
                self._move_in(folder, id_)
            sync_folder(self._releases)
            return self.release(id_)

    def make_current(self, id_: str, *, wait_seconds: float = WAIT_SECONDS) -> Release:
        """Make a stored release the current one, in one step, and return it.

        Raises ReleaseDamaged, ReleaseTooNew, PublisherBusy, DataDirectoryError; the former current
        release then stays.
        """
        with self._locked(wait_seconds), explained("publish a release", self.path):
            release = self.release(id_)
            self._switch(id_)
            return release

    def publish_file(
        self,
        draft: Callable[[Path], Draft],
        *,
        check: Check = Release.store,
        wait_seconds: float = WAIT_SECONDS,
    ) -> Release:
        """Make a release of the lines that `draft` writes into the file that it is given.

        It is called while nobody else publishes, and returns what the file has: sorted lines that
        a release may hold. `check` reads a release back, and raises ReleaseDamaged where it is not
        what its manifest says; `Release.verify` does for lines that the engine has loaded already.
        All else is as with `publish`; raises what that and `draft` do.
        """
        with self._locked(wait_seconds), explained("publish a release", self.path):
            building = self._building
            try:
                building.mkdir()
                made = draft(building / DATA)
                if self._is_sound(made.id, check):
                    remove(building)
                else:
                    manifest = compose(made.id, made.size, made.counts, made.details)
                    write_synced(building / MANIFEST, encode(manifest))
                    self._finish(made.id, check)
            except BaseException:
                with contextlib.suppress(OSError):  # else the next publisher removes it
                    remove(building)
                raise
            return self._made_current(made.id)

    @contextlib.contextmanager
    def publishing(self, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[Publish]:
        """Be the one publisher while the block runs; its function does what `publish` does.

        No other process changes which release is the current one meanwhile.
        """
        with self._locked(wait_seconds):
            yield lambda quads, details: self._place(*_render(quads, details), details)

    @contextlib.contextmanager
    def _locked(self, wait_seconds: float) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            with explained("publish a release", self.path):
                make_folder(self._releases)
                stack.enter_context(exclusive(self.path / "publish.lock", wait_seconds))
                self._check_link()
                beside = (self._building, self._damaged, self._amended, self._pruned)
                for leftover in (*beside, self._next_link):
                    remove(leftover)
            yield

    def _place(self, id_: str, files: Mapping[str, bytes], details: Mapping[str, JSON]) -> Release:
        with explained("publish a release", self.path):
            if self._is_sound(id_):
                self._amend(id_, details)
            else:
                self._install(id_, files)
            return self._made_current(id_)

    def _made_current(self, id_: str) -> Release:
        # Also when nothing was written: a publisher may have been killed before this.
        sync_folder(self._releases)
        self._switch(id_)
        return self.release(id_)

    def _check_link(self) -> None:
        if os.path.lexists(self._link) and not self._link.is_symlink():
            raise DataDirectoryError(
                f"{self._link}: a link made by therascape is expected here, not a file or folder; "
                "move it away and run `therascape build`"
            )

    def _is_sound(self, id_: str, check: Check = Release.store) -> bool:
        try:
            check(self.release(id_))
        except ReleaseDamaged:
            return False
        return True

    def _amend(self, id_: str, details: Mapping[str, JSON]) -> None:
        """The same content may have come of other writes, or hold other empty graphs."""
        manifest = with_written(self.release(id_).manifest, details)
        if manifest is not None:
            write_synced(self._amended, encode(manifest))
            self._amended.replace(self._releases / id_ / MANIFEST)
            sync_folder(self._releases / id_)

    def _install(self, id_: str, files: Mapping[str, bytes]) -> None:
        building = self._building
        try:
            building.mkdir()
            for name, data in files.items():
                write_synced(building / name, data)
            self._finish(id_)
        except BaseException:
            with contextlib.suppress(OSError):  # else the next publisher removes it
                remove(building)
            raise

    def _finish(self, id_: str, check: Check = Release.store) -> None:
        """Give what was built its name, once it was read back."""
        sync_folder(self._building)
        _read_back(self._building, id_, check)
        self._move_in(self._building, id_)
        remove(self._damaged)

    def _move_in(self, folder: Path, id_: str) -> None:
        """Move a folder to the place of a release; a damaged one there gives way."""
        final = self._releases / id_
        if os.path.lexists(final):
            final.rename(self._damaged)
        folder.rename(final)

    def _switch(self, id_: str) -> None:
        target = Path("releases", id_)
        if not self._link.is_symlink() or self._link.readlink() != target:
            self._next_link.symlink_to(target)
            self._next_link.replace(self._link)
        sync_folder(self.path)


def _render(quads: Iterable[Quad], details: Mapping[str, JSON]) -> tuple[str, dict[str, bytes]]:
    id_, lines = content_id(quads)
    data = nquads(lines)
    counts = count(lines, history_of(details))
    return id_, {DATA: data, MANIFEST: encode(compose(id_, len(data), counts, details))}


def _read_back(path: Path, id_: str, check: Check) -> None:
    """Nothing becomes current that was not opened, verified and counted once."""
    try:
        check(open_release(path, id_))
    except ReleaseDamaged as error:
        raise DataDirectoryError(
            f"{path}: what was written does not read back, so nothing was changed; "
            f"check the disk and report this ({error})"
        ) from error
