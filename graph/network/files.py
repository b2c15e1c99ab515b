"""Networks on the disk: `<data>/networks/<id of the release>-<format>/`, one file per array.

They are derived, no part of the promise of a release: made when it is published, made again when
they are missing, unsound, or of another format, and never needed to read a release. Workers map
them into memory, so all share one copy. They are held against their hashes before that, which the
description of a network has.
"""

import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from graph.network.arrays import Network, Texts
from graph.network.reading import read_network
from graph.release import DataDirectory, Editions, Release
from graph.release.files import make_folder, remove, sync_folder

_META = "network.json"
_WHOLE = "-all"  # ends the name of the folder of all editions
_DAY = 24 * 60 * 60
_SMALL = 16 * 1024 * 1024  # bytes of a release whose network is made faster than a process starts
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_ARRAYS = ("kinds", "ranks", "degree", "indptr", "neighbours", "links", "statements")
_TEXTS = ("iris", "labels", "statement_iris")


def served_network(
    data: DataDirectory, release: Release, editions: Editions = "current"
) -> Network:
    """The network of a release, mapped from its files; made where there are none.

    A large one is made by a process of its own, so that this one stays small. Where files cannot
    be written, it is made in the memory of this process. No thread is started. Raises the errors
    of graph.release.
    """
    if (found := stored_network(data, release, editions)) is not None:
        return found
    if release.nquads.stat().st_size > _SMALL:
        with contextlib.suppress(OSError):
            subprocess.run(  # noqa: S603 - a program of ours, and no shell
                [
                    *(sys.executable, "-m", "graph.network"),
                    *("--data", str(data.path), "--release", release.id),
                ],
                env=os.environ | _ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=False,
            )
        if (found := stored_network(data, release, editions)) is not None:
            return found
    return read_network(release, editions)


def stored_network(
    data: DataDirectory, release: Release, editions: Editions = "current"
) -> Network | None:
    """The network of a release as its files have it; None where they are missing or unsound."""
    folder = _folder(data, release, editions)
    try:
        meta = json.loads((folder / _META).read_bytes())
        if meta["files"] != _hashes(folder):
            return None
        parts: dict[str, Any] = {name: _texts(folder, name) for name in _TEXTS}
        parts |= {name: _array(folder, name) for name in _ARRAYS}
        network = Network(
            meta["release"], tuple(meta["node_kinds"]), tuple(meta["edge_kinds"]), **parts
        )
        return network if _is_sound(network, release) else None
    except (OSError, ValueError, TypeError, LookupError):
        return None


def store_network(data: DataDirectory, release: Release) -> Path:
    """Make the network of a release and its files, unless they are there; return their folder.

    Where editions are superseded, there is another one of all of them, beside it. Killed at any
    instant, the files are there as a whole or not at all. Networks of releases that
    are gone are removed. Raises OSError, and the errors of graph.release.
    """
    views: tuple[Editions, ...] = ("current", "all") if release.history else ("current",)
    for editions in views:
        _store(data, release, editions)
    folder = _folder(data, release, "current")
    _tidy(data, folder)
    return folder


def _store(data: DataDirectory, release: Release, editions: Editions) -> None:
    folder = _folder(data, release, editions)
    make_folder(folder.parent)
    if stored_network(data, release, editions) is None:
        remove(folder)
        building = folder.parent / f".{folder.name}-{secrets.token_hex(4)}"
        try:
            _write(building, read_network(release, editions))
            with contextlib.suppress(FileExistsError):  # another process was faster
                building.rename(folder)
        finally:
            remove(building)


def keep_network(data: DataDirectory, release: Release) -> None:
    """Do as `store_network`; where that fails, who serves the release will make its network."""
    with contextlib.suppress(OSError):
        store_network(data, release)


def forget_network(data: DataDirectory, release_id: str) -> None:
    """Remove the network of a release that is gone. Who has its files open keeps them."""
    for entry in (data.path / "networks").glob(f"{release_id}-*"):
        remove(entry)


def _folder(data: DataDirectory, release: Release, editions: Editions) -> Path:
    # Without superseded editions, both are the same.
    whole = _WHOLE if editions == "all" and release.history else ""
    return data.path / "networks" / f"{release.id}-{_format()}{whole}"


def _format() -> str:
    """A name for what decides how files look and what is in them."""
    parts = ("edges", "arrays", "assemble", "reading")
    text = b"".join(files("graph.network").joinpath(f"{part}.py").read_bytes() for part in parts)
    return hashlib.sha256(text).hexdigest()[:8]


def _write(folder: Path, network: Network) -> None:
    folder.mkdir()
    for name in _ARRAYS:
        _save(folder / f"{name}.npy", getattr(network, name))
    for name in _TEXTS:
        texts = getattr(network, name)
        _save(folder / f"{name}.offsets.npy", texts.offsets)
        _save(folder / f"{name}.data.npy", texts.data)
    meta = {key: getattr(network, key) for key in ("release", "node_kinds", "edge_kinds")}
    meta["files"] = _hashes(folder)
    with (folder / _META).open("xb") as file:
        file.write(json.dumps(meta).encode())
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of each array in a folder, by the name of its file."""
    found = {}
    for place in folder.glob("*.npy"):
        with place.open("rb") as file:
            found[place.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _save(path: Path, array: np.ndarray[Any, Any]) -> None:
    with path.open("xb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())


def _array(folder: Path, name: str) -> Any:
    # A plain array over the mapped memory: numpy's class of mapped ones costs more at each slice.
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))


def _texts(folder: Path, name: str) -> Texts:
    return Texts(_array(folder, f"{name}.offsets"), _array(folder, f"{name}.data"))


def _is_sound(network: Network, release: Release) -> bool:
    """Whether lengths fit each other; the files were synced before they got their name."""
    nodes, entries = len(network), len(network.neighbours)
    texts = (network.iris, network.labels, network.statement_iris)
    return (
        network.release == release.id
        and len(network.indptr) == nodes + 1
        and int(network.indptr[-1]) == entries
        and {len(getattr(network, name)) for name in ("iris", "labels", "ranks", "degree")}
        == {nodes}
        and {len(network.links), len(network.statements)} == {entries}
        and all(len(text.data) == int(text.offsets[-1]) for text in texts)
    )


def _tidy(data: DataDirectory, kept: Path) -> None:
    """Remove networks of releases that are gone, of other formats, and what the killed left."""
    for entry in kept.parent.iterdir():
        release = entry.name.lstrip(".").partition("-")[0]
        gone = not (data.path / "releases" / release).is_dir()
        own = entry.name.removesuffix(_WHOLE) == kept.name
        former = release == kept.name.partition("-")[0] and not own
        if gone or (former and not entry.name.startswith(".")) or _is_old(entry):
            remove(entry)


def _is_old(path: Path) -> bool:
    """Whether it is under way and has not changed for a day: who makes one now works on it."""
    return path.name.startswith(".") and time.time() - path.stat().st_mtime > _DAY
