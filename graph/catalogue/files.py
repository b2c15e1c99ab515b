"""Counts of releases on the disk: `<data>/statistics/<id of the release>-<format>.json`.

They are derived, no part of a release: made when it is published, and again where they are missing.
"""

import contextlib
import json
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from graph.catalogue.statistics import Statistics, count_statistics
from graph.release import DataDirectory, Release
from graph.release.files import write_whole


@lru_cache(maxsize=4)
def statistics_of(release: Release) -> Statistics:
    """Return the counts of a release: those on the disk, or else made now.

    Where they cannot be written they are counted once by each process. Raises OSError where the
    release cannot be read.
    """
    place = _place(release.path.parent.parent, release)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return Statistics.read(json.loads(place.read_bytes()))
    with release.nquads.open(encoding="utf-8", newline="\n") as lines:
        found = count_statistics(lines, release.iris.base, release.history)
    with contextlib.suppress(OSError):
        write_whole(place, json.dumps(found.told()).encode())
    return found


def keep_statistics(data: DataDirectory, release: Release) -> None:
    """Have the counts of a release on the disk, and those of releases that are gone no more."""
    with contextlib.suppress(OSError):
        statistics_of(release)
        kept = _place(data.path, release)
        for entry in kept.parent.iterdir():
            id_ = entry.name.lstrip(".").partition("-")[0]
            gone = not (data.path / "releases" / id_).is_dir()
            if gone or (id_ == release.id and entry != kept):
                entry.unlink(missing_ok=True)


def _place(data: Path, release: Release) -> Path:
    return data / "statistics" / f"{release.id}-{_format()}.json"


def _format() -> str:
    """A name for what decides what is counted."""
    code = files("graph.catalogue").joinpath("statistics.py").read_bytes()
    spaces = files("graph").joinpath("authorities.py").read_bytes()
    return sha256(code + spaces).hexdigest()[:8]
