"""Which release is meant by an id, or by what an id begins with."""

import re

from graph.release.directory import DataDirectory
from graph.release.errors import ReleaseError
from graph.release.release import Release

LEAST = 6
"""Digits that an id is shortened to at most: fewer would soon mean several releases."""
_MEANT = re.compile(r"[0-9a-f]{6,64}")
_MOST_LISTED = 20


class UnknownRelease(ReleaseError):
    """No release here has an id that begins so, or several have; `known` has the ids that do."""

    def __init__(self, message: str, known: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.known = known


def release_ids(data: DataDirectory) -> tuple[str, ...]:
    """Return the ids of all folders of releases, in order; nothing is opened."""
    return data.ids()


def find_release(data: DataDirectory, text: str) -> Release:
    """Return the release whose id begins so; `current` means the current one.

    Raises UnknownRelease, and what opening a release raises. Nothing but hexadecimal digits ever
    becomes a part of a path.
    """
    ids = release_ids(data)
    if text == "current" and (current := data.current()) is not None:
        return current
    if not _MEANT.fullmatch(text):
        raise UnknownRelease(
            f"{text[:80]!r} is no id of a release: give {LEAST} to 64 digits 0-9a-f; "
            f"{_listed(ids)}",
            ids,
        )
    found = tuple(id_ for id_ in ids if id_.startswith(text))
    if not found:
        raise UnknownRelease(f"no release here has the id {text}; {_listed(ids)}", ids)
    if len(found) > 1:
        raise UnknownRelease(
            f"{len(found)} releases have ids that begin with {text}; {_listed(found)}", found
        )
    return data.release(found[0])


def _listed(ids: tuple[str, ...]) -> str:
    if not ids:
        return "there is none"
    shown = ", ".join(ids[:_MOST_LISTED])
    return f"there are {shown}" + (" and more" if len(ids) > _MOST_LISTED else "")
