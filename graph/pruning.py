"""Which releases stay, and removing the others.

What stays, whatever is asked for: the current release; the one that it was built from, when it is a
checkpoint; those that are pinned; that which a database elsewhere holds for us; those that somebody
uses. A release has no time stamp, so the
newest are those whose data were written last on this disk.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.network.files import forget_network
from graph.release import DataDirectory
from graph.release.files import explained, remove, write_synced
from graph.release.finding import find_release
from graph.release.release import DATA
from graph.release.use import unused
from graph.remote.pointer import FILE as POINTER
from graph.remote.pointer import read_pointer
from graph.search.files import forget_names
from graph.stores.files import forget_store

KEPT = 5
_PINNED = "pinned"
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a release: `why` it stays; None for one that goes. `size` is in bytes."""

    id: str
    why: str | None
    size: int


def prune(
    data: DataDirectory,
    *,
    newest: int = KEPT,
    pin: Sequence[str] = (),
    unpin: Sequence[str] = (),
    dry_run: bool = False,
) -> tuple[Fate, ...]:
    """Remove releases but for the newest and those that stay anyway; tell the fate of each.

    `pin` names releases, by an id or its beginning, that stay from now on; `unpin` takes that back.
    With `dry_run` nothing is changed, and the fates are what they would be. Nobody publishes
    meanwhile. Killed at any instant, each release is whole or gone.

    Raises UnknownRelease, PublisherBusy, DataDirectoryError, PointerDamaged.
    """
    pinning = [find_release(data, text).id for text in pin]
    freed = {find_release(data, text).id for text in unpin}
    if dry_run:
        pinned = (set(pinned_ids(data)) | set(pinning)) - freed
        return _fates(data, newest, pinned)
    with data.removing() as remove_release:
        pinned = (set(pinned_ids(data)) | set(pinning)) - freed
        if pin or unpin:
            _write_pins(data, pinned)
        told = []
        for fate in _fates(data, newest, pinned):
            why = fate.why
            if why is None:
                if remove_release(fate.id):
                    forget_network(data, fate.id)
                    forget_store(data, fate.id)
                    forget_names(data, fate.id)
                else:
                    why = "it is in use"
            told.append(Fate(fate.id, why, fate.size))
    return tuple(told)


def pinned_ids(data: DataDirectory) -> tuple[str, ...]:
    """Return the ids that are pinned, in order; a line that is no id is left aside."""
    with explained("read which releases are pinned", data.path / _PINNED):
        try:
            lines = (data.path / _PINNED).read_text("ascii", "replace").split()
        except FileNotFoundError:
            return ()
    return tuple(sorted({line for line in lines if _ID.fullmatch(line)}))


def newest_first(data: DataDirectory) -> tuple[str, ...]:
    """Return the ids of all releases, the one whose data were written last first."""
    times = [(_written(data.release_folder(id_)), id_) for id_ in data.ids()]
    return tuple(id_ for _, id_ in sorted(times, reverse=True))


def _fates(data: DataDirectory, newest: int, pinned: set[str]) -> tuple[Fate, ...]:
    order = newest_first(data)
    kept = _kept(data, order[:newest], pinned)
    return tuple(Fate(id_, _why(data, id_, kept), _size(data, id_)) for id_ in order)


def _kept(data: DataDirectory, newest: Sequence[str], pinned: set[str]) -> Mapping[str, str]:
    """What stays whoever uses it, and why; of several reasons the last."""
    current, pointer = data.current(), read_pointer(data.path)
    if current is None:
        return dict.fromkeys(data.ids(), "there is no current release")
    kept = dict.fromkeys(newest, f"it is one of the {len(newest)} newest")
    if pointer is not None:
        kept[pointer.held.release] = f"a database elsewhere holds it ({POINTER} says so)"
    kept |= dict.fromkeys(pinned, "it is pinned")
    if current.written.build is not None:
        kept[current.written.build] = "the current one was made of it and of writes"
    kept[current.id] = "it is the current one"
    return kept


def _why(data: DataDirectory, id_: str, kept: Mapping[str, str]) -> str | None:
    if id_ in kept:
        return kept[id_]
    with unused(data.release_folder(id_)) as free:
        return None if free else "it is in use"


def _write_pins(data: DataDirectory, pinned: set[str]) -> None:
    path = data.path / _PINNED
    with explained("pin a release", path):
        beside = path.with_name(f".{_PINNED}")
        remove(beside)  # left by one that was killed; the lock lets one in
        write_synced(beside, "".join(f"{id_}\n" for id_ in sorted(pinned)).encode())
        beside.replace(path)


def _written(folder: Path) -> int:
    try:
        return (folder / DATA).stat().st_mtime_ns
    except OSError:
        return 0  # damaged: the oldest


def _size(data: DataDirectory, id_: str) -> int:
    try:
        return sum(path.stat().st_size for path in data.release_folder(id_).iterdir())
    except OSError:
        return 0
