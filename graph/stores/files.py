"""Stores on the disk: `<data>/stores/<id of the release>/`, the engine's own files and a stamp.

They are derived, no part of the promise of a release: made when it is imported or first served from
the disk, made again when they are missing, incomplete or of another version of the engine, and
removed with their release. Nobody writes to one that has its name.
"""

import contextlib
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import Store

from graph.query import StoreUnreadable
from graph.release import DataDirectory, DataDirectoryError, Release
from graph.release.errors import PublisherBusy
from graph.release.files import explained, make_folder, remove, sync_file, sync_folder, write_synced
from graph.release.locks import Lock, LockBusy
from graph.stores.loading import Loading
from graph.stores.obstacles import obstacle

_ENGINE = "engine"
_STAMP = "stamp.json"
_DOUBT = "doubted"
_LOCK = ".lock"
_BUILDING = ".building"
_FORMAT = 3  # 1 was not compacted, 2 had no hashes
_BLOCK = 1 << 22
_WAIT_SECONDS = 3600.0


def stored(data: DataDirectory, release: Release) -> Path | None:
    """The folder that `pyoxigraph.Store.read_only` opens; None where it is missing or unsound.

    Sound is what has a stamp of this release and this engine, and every file in its full length;
    what is in the files, the engine holds against its own checksums as it reads them, and `damage`
    against the stamp, which is done here where there is a doubt.
    """
    folder = _folder(data, release.id)
    try:
        stamp = json.loads((folder / _STAMP).read_bytes())
        hashes = {name: sha256 for name, (_, sha256) in stamp["files"].items()}
        found = _stamp(release, folder / _ENGINE, hashes)
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None
    if stamp != found:
        return None
    place = folder / _ENGINE
    if not (folder / _DOUBT).exists():
        return place
    wrong = damage(place)
    with contextlib.suppress(OSError):  # where nothing can be written, it is looked into each time
        (settle if wrong is None else make_unsound)(place)
    return place if wrong is None else None


def damage(place: Path) -> str | None:
    """Read all files of a store, as `stored` gave it; return what is wrong with one, None if
    nothing is.

    Needs no more than to read files whose names are known.
    """
    try:
        stamp = json.loads((place.parent / _STAMP).read_bytes())
        for name, (_, sha256) in stamp["files"].items():
            if _sha256(place / name) != sha256:
                return f"{name} is not what was written: its hash is not that of the stamp"
    except OSError as error:
        return f"it cannot be read: {error}"
    return None


def doubt(place: Path) -> None:
    """Let a store be held against its stamp before it is opened anew, unless that is settled
    before. Raises OSError.
    """
    (place.parent / _DOUBT).touch()


def settle(place: Path) -> None:
    """Take a doubt away. Raises OSError."""
    (place.parent / _DOUBT).unlink(missing_ok=True)


def make_unsound(place: Path) -> None:
    """Take its stamp from a store, so that it is made again where it is wanted next.

    Who has it open keeps it. Raises OSError.
    """
    (place.parent / _STAMP).unlink(missing_ok=True)


def opened(data: DataDirectory, release: Release, *, strict: bool) -> Store | None:
    """The store of a release, to be read; None where there is none that has all that is served.

    It starts threads. Raises StoreUnreadable.
    """
    place = stored(data, release)
    if place is None or obstacle(data, release, strict=strict):
        return None
    return open_store(place)


def open_store(place: Path) -> Store:
    """Open a store, as `stored` gave it, to read it. It starts threads. Raises StoreUnreadable."""
    try:
        return Store.read_only(str(place))
    except (OSError, RuntimeError) as error:
        raise StoreUnreadable from error


def make_store(data: DataDirectory, release: Release) -> Path:
    """Make the store of a release unless it is there; return as `stored` does.

    Killed at any instant, it is there as a whole or not at all. Two who make one wait for each
    other. Raises ReleaseDamaged, DataDirectoryError and PublisherBusy.
    """
    if (found := stored(data, release)) is not None:
        return found
    with new_store(data) as new:
        if stored(data, release) is None:
            new.load(release)
            new.keep(release)
    return _folder(data, release.id) / _ENGINE


def served_store(data: DataDirectory, release: Release) -> Path:
    """Do as `make_store`, in a process of its own: no thread is started in this one."""
    if (found := stored(data, release)) is not None:
        return found
    done = subprocess.run(  # noqa: S603 - a program of ours, and no shell
        [
            *(sys.executable, "-m", "graph.stores"),
            *("--data", str(data.path), "--release", release.id),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if (found := stored(data, release)) is None:
        said = done.stderr.decode(errors="replace").strip() or f"it ended with {done.returncode}"
        raise DataDirectoryError(f"the store of release {release.id} could not be made: {said}")
    return found


def forget_store(data: DataDirectory, release_id: str) -> None:
    """Remove the store of a release that is gone. Who has its files open keeps them."""
    remove(_folder(data, release_id))


@contextlib.contextmanager
def new_store(data: DataDirectory) -> Iterator["NewStore"]:
    """A store to be filled while the block runs; nobody else makes one in this folder meanwhile.

    What those left who were killed is removed, and so are stores of releases that are gone. Raises
    DataDirectoryError and PublisherBusy.
    """
    stores = data.path / "stores"
    with contextlib.ExitStack() as stack:
        with explained("make a store", stores):
            make_folder(stores)
            try:
                stack.enter_context(Lock(stores / _LOCK).held(_WAIT_SECONDS))
            except LockBusy as busy:
                raise PublisherBusy(f"{stores}: {busy} makes a store; try again later") from None
            _tidy(data, stores)
        new = stack.enter_context(contextlib.closing(NewStore(data, stores / _BUILDING)))
        yield new


class NewStore:
    """A store under way: `take`, then `finish`, or `load`; then `keep`."""

    def __init__(self, data: DataDirectory, place: Path) -> None:
        self._data = data
        self._place = place
        self._loading: Loading | None = None

    @property
    def begun(self) -> bool:
        """Whether it takes lines, and is not finished."""
        return self._loading is not None

    def load(self, release: Release) -> None:
        """Take all of a release, and finish. Raises ReleaseDamaged and DataDirectoryError."""
        self.clear()
        for block in release.blocks(_BLOCK):
            self.take(block, release.merged(block))
        counts = release.manifest["counts"]
        self.finish(counts["statements"] + counts["triples"])

    def take(self, quads: bytes, triples: bytes) -> None:
        """As `Loading.take`."""
        if self._loading is None:
            with explained("make a store", self._place):
                self._place.mkdir()
            self._loading = Loading(self._place / _ENGINE)
        self._loading.take(quads, triples)

    def finish(self, number: int) -> None:
        """Close it once all was taken. Raises DataDirectoryError unless it has so many statements,
        those of the default graph included.
        """
        self.take(b"", b"")
        assert self._loading is not None
        loading, self._loading = self._loading, None
        found = loading.finish()
        if found != number:
            raise DataDirectoryError(
                f"{self._place}: {found} statements were loaded, not {number}; check the disk and "
                "report this"
            )

    def keep(self, release: Release) -> None:
        """Give it its place as the store of a release, in one step that survives a power cut."""
        final = _folder(self._data, release.id)
        with explained("keep a store", final):
            engine = self._place / _ENGINE
            for file in engine.iterdir():
                sync_file(file)
            sync_folder(engine)
            stamp = _stamp(release, engine, _hashes(engine))
            write_synced(self._place / _STAMP, json.dumps(stamp, sort_keys=True).encode())
            sync_folder(self._place)
            remove(final)
            self._place.rename(final)
            sync_folder(final.parent)

    def clear(self) -> None:
        """Forget what it has taken."""
        if self._loading is not None:
            self._loading.abandon()
        self._loading = None
        with explained("remove a store", self._place):
            remove(self._place)

    def close(self) -> None:
        """Remove it, unless it was kept."""
        with contextlib.suppress(DataDirectoryError):  # else the next one removes it
            self.clear()


def _folder(data: DataDirectory, release_id: str) -> Path:
    return data.path / "stores" / release_id


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _hashes(engine: Path) -> dict[str, str]:
    files = sorted(engine.iterdir())
    with ThreadPoolExecutor() as threads:  # they are gigabytes, and hashing lets other threads run
        return dict(zip([file.name for file in files], threads.map(_sha256, files), strict=True))


def _stamp(release: Release, engine: Path, hashes: Mapping[str, str]) -> dict[str, Any]:
    """What a stamp says of a store whose files have these hashes. Raises LookupError for others."""
    counts = release.manifest["counts"]
    files = {file.name: [file.stat().st_size, hashes[file.name]] for file in engine.iterdir()}
    return {
        "format": _FORMAT,
        "release": release.id,
        "engine": pyoxigraph.__version__,
        "statements": counts["statements"],
        "triples": counts["triples"],
        "files": files,
    }


def _tidy(data: DataDirectory, stores: Path) -> None:
    for entry in stores.iterdir():
        gone = not (data.path / "releases" / entry.name).is_dir()
        if entry.name == _BUILDING or (gone and entry.name != _LOCK):
            remove(entry)
