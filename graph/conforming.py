"""Which graphs are known to conform to their shapes: what was validated is not validated again.

A verdict depends on nothing but the statements, the shapes and the validator, so it is kept by a
digest of all of them, as an empty file. Only graphs without a result of any kind are kept. The
folder may be deleted at any time; where it cannot be written, nothing is kept.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

_MOST = 4000
_VALIDATOR = ("pyshacl", "rdflib")


class Conforming:
    """The verdicts of one user on this machine; `folder` is for tests."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _cache() / "therascape" / "conforming"

    def digest(self, triples: bytes, *texts: str) -> str:
        """Return the digest of statements (N-Triples, in any order) and the texts of shapes."""
        made = hashlib.sha256()
        told = (
            *(f"{name} {version(name)}" for name in _VALIDATOR),
            *map(str, sys.version_info[:2]),
        )
        for part in (*told, *texts):
            made.update(f"{len(part)}:".encode() + part.encode())
        for line in sorted(triples.splitlines()):
            made.update(line + b"\n")
        return made.hexdigest()

    def __contains__(self, digest: str) -> bool:
        """Whether the graph with this digest is known to conform."""
        return (self._folder / digest).is_file()

    def add(self, digest: str) -> None:
        """Note that the graph with this digest conforms."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / digest).touch()
            _keep(self._folder.iterdir(), _MOST)


def _cache() -> Path:
    """The folder for what can be made again (XDG Base Directory Specification)."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    return Path(given) if given.startswith("/") else Path("~/.cache").expanduser()


def _keep(files: Iterable[Path], most: int) -> None:
    """Delete the older half of files that are too many."""
    found = [*files]
    if len(found) > most:
        for _, file in sorted((file.stat().st_mtime, file) for file in found)[: most // 2]:
            file.unlink(missing_ok=True)
