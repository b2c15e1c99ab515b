"""What the current release was built from, so that a start after a change builds it anew.

The record lies in the data directory, beside the releases: it has folders of this machine, and a
release knows none.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from graph.release import DataDirectory, Release
from graph.sources.folders import find_folders
from graph.sources.landscape import shipped
from graph.terms import DEFAULT_BASE

_FILE = "built-from.json"
_READ = frozenset({".csv", ".py", ".rq", ".toml", ".ttl"})


@dataclass(frozen=True, slots=True)
class Origin:
    """The release that was built last, its base, the user's folders, and a digest of all input.

    `exclude` are the slugs of the sources that were left out of it.
    """

    release: str
    base: str
    sources: tuple[Path, ...]
    inputs: str
    exclude: tuple[str, ...] = ()


def digest_of_inputs(sources: Sequence[Path], exclude: Sequence[str] = ()) -> str:
    """SHA-256 of every file that a release is made from: program, ontology, seeds, user's folders.

    Names count from the folder that is read, so the same files give the same digest anywhere.
    Sources in `exclude` are no input.
    """
    found = hashlib.sha256()
    for name, path in _inputs(sources, exclude):
        try:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            content = "not readable"  # the build says so, with what to do
        found.update(f"{name}\0{content}\n".encode())
    return found.hexdigest()


def outdated_origin(data: DataDirectory, current: Release) -> Origin | None:
    """What to build anew: the origin of the current release, if its input has changed since.

    A checkpoint comes of the build before it: its release has the input of that one.

    A release that is not on record is taken for one of the shipped seeds if all its sources are;
    of any other nobody knows what it was made from, nor of an imported one.
    """
    if current.manifest.get("imported"):
        return None
    origin = read_origin(data)
    if origin is None or origin.release != (current.written.build or current.id):
        base = str(current.manifest.get("base", DEFAULT_BASE))
        named = {source.get("slug") for source in current.manifest.get("sources", ())}
        here = {path.parent.name for path in shipped().glob("*/source.toml")}
        return Origin(current.id, base, (), "") if named and named <= here else None
    now = digest_of_inputs(origin.sources, origin.exclude)
    return None if origin.inputs == now else origin


def record_origin(data: DataDirectory, origin: Origin) -> None:
    """Write the record in one step; a build that is killed before it is just not on record."""
    document: dict[str, str | list[str]] = {
        "release": origin.release,
        "base": origin.base,
        "sources": [str(folder) for folder in origin.sources],
        "inputs": origin.inputs,
    }
    if origin.exclude:
        document["exclude"] = list(origin.exclude)
    beside = data.path / f"{_FILE}.new"
    beside.write_text(json.dumps(document, indent=2) + "\n", "utf-8")
    beside.replace(data.path / _FILE)


def read_origin(data: DataDirectory) -> Origin | None:
    """The record; None where there is none, or none that can be read."""
    try:
        document = json.loads((data.path / _FILE).read_text("utf-8"))
        sources = tuple(Path(folder) for folder in document["sources"])
        exclude = tuple(str(slug) for slug in document.get("exclude", ()))
        return Origin(document["release"], document["base"], sources, document["inputs"], exclude)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _inputs(sources: Sequence[Path], exclude: Sequence[str]) -> Iterator[tuple[str, Path]]:
    for package in ("graph", "ontology"):
        yield from _files(package, Path(str(files(package))))
    for folder in find_folders(shipped(), sources, [], exclude):
        yield from _files(folder.path.name, folder.path)


def _files(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in _READ and path.is_file():
            yield f"{name}/{path.relative_to(folder).as_posix()}", path
