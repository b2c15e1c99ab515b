"""Exports on the disk: `<data>/exports/<id of the release>-<format>/`, made when asked for.

They are derived, no part of a release: made anew when they are missing or of another version of
the program. Beside each file lies its digest, which is there before the file is.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, cast

from graph.export.atomic import Compression, Hashed, compressed, whole_file
from graph.export.errors import ExportFailed
from graph.export.formats import FORMATS
from graph.export.lines import graph_iri, graphs
from graph.export.model import Format, Progress, Scope, silent
from graph.release import Release
from graph.release.files import explained, make_folder, remove
from graph.terms import is_slug

GZIP_ENDING, GZIP_TYPE = ".gz", "application/gzip"
GRAPHS = "graphs"
_FOLDER = "exports"


@dataclass(frozen=True, slots=True)
class Export:
    """A file of a release: `name` is that of the file, after `graphs/` where it has one graph."""

    name: str
    format: Format
    scope: Scope
    compress: Compression | None = None

    @property
    def media_type(self) -> str:
        """The type of the file as it is."""
        return GZIP_TYPE if self.compress else self.format.media_type


@dataclass(frozen=True, slots=True)
class Made:
    """An export that is on the disk; `sha256` is in hexadecimal."""

    path: Path
    size: int
    sha256: str


def exports(release: Release) -> Iterator[Export]:
    """Every file of a release, uncompressed: those of the whole, then those of each graph."""
    for format_ in FORMATS:
        yield Export(f"{format_.stem}.{format_.ending}", format_, Scope())
    for name in graphs(release):
        for format_ in FORMATS:
            if is_slug(name) and "graph" in format_.scopes:
                file = f"{GRAPHS}/{name}.{format_.ending}"
                yield Export(file, format_, Scope("graph", name))


def export_named(release: Release, name: str) -> Export | None:
    """The export whose file has this name, also one that ends with `.gz`; None for any other."""
    plain = name.removesuffix(GZIP_ENDING)
    for export in exports(release):
        if export.name == plain:
            compress: Compression | None = None if name == plain else "gzip"
            return Export(name, export.format, export.scope, compress)
    return None


def made(release: Release, export: Export) -> Made | None:
    """The export as it lies on the disk; None where it does not.

    N-Quads of a whole release are the release itself.
    """
    if (export.format.name, export.scope, export.compress) == ("nquads", Scope(), None):
        size = release.nquads.stat().st_size
        return Made(release.nquads, size, release.id) if size == release.manifest["bytes"] else None
    path = _folder(release) / export.name
    try:
        said = json.loads(_digest_of(path).read_bytes())
        found = Made(path, int(said["size"]), str(said["sha256"]))
        return found if path.stat().st_size == found.size else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def make(release: Release, export: Export, progress: Progress = silent) -> Made:
    """Make the file of an export, unless it is there.

    Killed at any instant, it is there as a whole or not at all. Exports of releases that are gone
    are removed. Raises ExportFailed, and what `Format.write` does.
    """
    if (found := made(release, export)) is not None:
        return found
    path = _folder(release) / export.name
    with explained("make an export", path, ExportFailed):
        make_folder(path.parent)
    _tidy(release)
    with whole_file(path) as file:
        hashed = write(
            release, export.format, export.scope, file, compress=export.compress, progress=progress
        )
        said = json.dumps({"size": hashed.size, "sha256": hashed.sha256}) + "\n"
        with whole_file(_digest_of(path)) as beside:
            beside.write(said.encode())
    return Made(path, hashed.size, hashed.sha256)


def write(
    release: Release,
    format_: Format,
    scope: Scope,
    target: BinaryIO,
    *,
    compress: Compression | None = None,
    progress: Progress = silent,
) -> Hashed:
    """Write an export into an open file; return how much, and its hash.

    Raises what `Format.write` does, NoSuchScope before a byte was written.
    """
    if scope.what in ("source", "graph"):
        graph_iri(release, scope)
    hashed = Hashed(target)
    with compressed(cast("BinaryIO", hashed), compress) as file:
        format_.write(release, scope, file, progress)
    return hashed


def _folder(release: Release) -> Path:
    # `releases/<id>` is where a data directory has it.
    return release.path.parent.parent / _FOLDER / f"{release.id}-{_version()}"


def _digest_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.json")


@cache
def _version() -> str:
    """A name for the program that makes the files: what decides their bytes."""
    found = hashlib.sha256()
    for package in ("graph.export", "graph.network"):
        folder = Path(str(files(package)))
        for path in sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".rq", ".toml")):
            found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    for library in ("pyoxigraph", "pyarrow", "rdflib", "xlsxwriter"):
        found.update(f"{library} {version(library)}".encode())
    return found.hexdigest()[:8]


def _tidy(release: Release) -> None:
    """Remove exports of releases that are gone, and of this one by other versions."""
    kept = _folder(release)
    releases = release.path.parent
    for entry in kept.parent.iterdir():
        of = entry.name.partition("-")[0]
        if not (releases / of).is_dir() or (of == release.id and entry != kept):
            with contextlib.suppress(OSError):
                remove(entry)
