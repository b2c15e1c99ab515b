"""The statements that differ, as a patch in the notation of RDF Patch (version 1, Apache Jena).

A row is `A` (added) or `D` (deleted), then the statement as N-Quads have it. The header names both
releases by what their bytes are: `ni:///sha-256;…` (RFC 6920) of `data.nq`.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from graph.diff.errors import InvalidPatch, TooManyDifferences
from graph.release import Release, ReleaseDamaged

MEDIA_TYPE = "application/rdf-patch"


@dataclass(frozen=True, slots=True)
class Patch:
    """Lines of N-Quads, sorted and without line ends, that lead from one release to another."""

    before: str
    after: str
    removed: tuple[str, ...]
    added: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.removed) + len(self.added)


def patch_between(before: Release, after: Release, *, most: int | None = None) -> Patch:
    """Return what has to go and to come. Both files are read once, and only differences are kept.

    Raises TooManyDifferences for more than `most`, ReleaseDamaged where a file is not that of its
    release, and DataDirectoryError.
    """
    found = _differences(_verified(before), _verified(after))
    kept = list(found if most is None else islice(found, most + 1))
    if most is not None and len(kept) > most:
        raise TooManyDifferences(
            f"more than {most:,} statements differ; `therascape diff {before.id[:12]} "
            f"{after.id[:12]}` compares releases of any size"
        )
    removed = tuple(line for is_added, line in kept if not is_added)
    return Patch(before.id, after.id, removed, tuple(line for is_added, line in kept if is_added))


def write_patch(patch: Patch) -> Iterator[str]:
    """Yield the lines of the patch, line ends included: deletions, then additions."""
    yield f"H id <{_name(patch.after)}> .\n"
    yield f"H prev <{_name(patch.before)}> .\n"
    yield "TX .\n"
    yield from (f"D {line}\n" for line in patch.removed)
    yield from (f"A {line}\n" for line in patch.added)
    yield "TC .\n"


def read_patch(text: str) -> Patch:
    """Read what `write_patch` writes. Raises InvalidPatch."""
    names: dict[str, str] = {}
    rows: dict[str, list[str]] = {"D": [], "A": []}
    lines = text.split("\n")  # literals may hold U+2028 as it is
    for number, line in enumerate(lines, 1):
        mark, _, rest = line.partition(" ")
        if mark in rows:
            rows[mark].append(rest)
        elif mark == "H":
            key, _, name = rest.removesuffix(" .").partition(" ")
            names[key] = _id(name, number)
        elif line not in ("TX .", "TC .", ""):
            raise InvalidPatch(f"line {number} is no row of a patch")
    if names.keys() != {"id", "prev"} or lines[-2:] != ["TC .", ""]:
        raise InvalidPatch("the patch has no header, or it is cut off before its end")
    return Patch(names["prev"], names["id"], tuple(rows["D"]), tuple(rows["A"]))


def apply_patch(lines: Iterable[str], patch: Patch) -> list[str]:
    """Return the sorted lines of the release after, from those of the release before.

    Raises InvalidPatch where the result is not that release, byte for byte.
    """
    result = sorted((set(lines) - set(patch.removed)) | set(patch.added))
    whole = hashlib.sha256("".join(f"{line}\n" for line in result).encode()).hexdigest()
    if whole != patch.after:
        raise InvalidPatch(f"it does not lead to release {patch.after}: it is of another one")
    return result


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file of N-Quads without their ends; splitlines would find more."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.removesuffix("\n")


def _differences(before: Iterator[str], after: Iterator[str]) -> Iterator[tuple[bool, str]]:
    """Merge two sorted lists; yield what stands in one of them only, and whether it is added."""
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if old == new:
            old, new = next(before, None), next(after, None)
        elif new is None or (old is not None and old < new):
            assert old is not None
            yield False, old
            old = next(before, None)
        else:
            yield True, new
            new = next(after, None)


def _verified(release: Release) -> Iterator[str]:
    """The lines of a release; at their end it is sure that they are those of the release."""
    found = hashlib.sha256()
    try:
        for line in read_lines(release.nquads):
            found.update(f"{line}\n".encode())
            yield line
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseDamaged(f"{release.nquads}: it cannot be read ({error})") from None
    if found.hexdigest() != release.id:
        raise ReleaseDamaged(f"{release.nquads}: its hash is not the id of the release")


def _name(id_: str) -> str:
    digest = base64.urlsafe_b64encode(bytes.fromhex(id_)).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _id(name: str, number: int) -> str:
    digest = name.removeprefix("<ni:///sha-256;").removesuffix(">")
    try:
        found = base64.urlsafe_b64decode(digest + "=").hex()
    except ValueError:
        found = ""
    if len(found) != 64:
        raise InvalidPatch(f"line {number} names no release")
    return found
