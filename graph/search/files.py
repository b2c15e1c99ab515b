"""Names on the disk: `<data>/names/<id of the release>-<format>.jsonl`: the SHA-256 of what
follows, which is a line for each thing.

They are derived, no part of a release, and kept of those whose store is on the disk: one query for
the names of so much data takes more than a service lets a query take, and here nothing bounds it.
"""

import contextlib
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import file_digest, sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from graph.errors import GraphError
from graph.query import EmbeddedEngine
from graph.release import DataDirectory, DataDirectoryError, Release
from graph.release.files import write_whole
from graph.search.names import Named, read_names
from graph.stores.files import opened


def served_names(data: DataDirectory, release: Release) -> list[Named] | None:
    """The names of a release whose store is on the disk, made by a process of their own where
    there are none; None where they cannot be made.
    """
    if (found := kept_names(data, release)) is not None:
        return found
    with contextlib.suppress(OSError):
        subprocess.run(  # noqa: S603 - a program of ours, and no shell
            [
                *(sys.executable, "-m", "graph.search"),
                *("--data", str(data.path), "--release", release.id),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    return kept_names(data, release)


def kept_names(data: DataDirectory, release: Release) -> list[Named] | None:
    """The names of a release as its file has them; None where it is missing or unsound."""
    try:
        with _place(data, release).open("rb") as lines:
            whole = lines.readline().rstrip().decode()
            begin = lines.tell()
            if file_digest(lines, "sha256").hexdigest() != whole:
                return None
            lines.seek(begin)
            return [_named(json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError):
        return None


def make_names(data: DataDirectory, release: Release) -> Path:
    """Make the file of a release unless it is there; return where it is.

    Files of releases that are gone, and of other formats, are removed. It starts threads. Raises
    DataDirectoryError where the release has no store on the disk, the errors of graph.query, and
    OSError.
    """
    place = _place(data, release)
    if kept_names(data, release) is None:
        store = opened(data, release, strict=False)
        if store is None:
            raise DataDirectoryError(f"release {release.id} has no store on the disk")
        found = [*read_names(EmbeddedEngine.over(release, store), release.iris.base)]
        text = "".join(f"{json.dumps(asdict(named))}\n" for named in found).encode()
        write_whole(place, f"{sha256(text).hexdigest()}\n".encode() + text)
    _tidy(data, place)
    return place


def keep_names(data: DataDirectory, release: Release) -> None:
    """Do as `make_names`; where that fails, who serves the release will make them."""
    with contextlib.suppress(OSError, GraphError):
        make_names(data, release)


def forget_names(data: DataDirectory, release_id: str) -> None:
    """Remove the names of a release that is gone."""
    for entry in (data.path / "names").glob(f"{release_id}-*"):
        entry.unlink(missing_ok=True)


def _named(row: Mapping[str, Any]) -> Named:
    return Named(**{**row, "names": tuple(row["names"])})


def _place(data: DataDirectory, release: Release) -> Path:
    return data.path / "names" / f"{release.id}-{_format()}.jsonl"


def _format() -> str:
    """A name for what decides what is read."""
    parts = (files("graph.search").joinpath(name).read_bytes() for name in ("names.py", "names.rq"))
    return sha256(b"".join(parts)).hexdigest()[:8]


def _tidy(data: DataDirectory, kept: Path) -> None:
    for entry in kept.parent.iterdir():
        id_ = entry.name.lstrip(".").partition("-")[0]
        gone = not (data.path / "releases" / id_).is_dir()
        if gone or (kept.name.startswith(id_) and entry != kept):
            entry.unlink(missing_ok=True)
