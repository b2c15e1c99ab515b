"""Which folders are read, as which source, and which files in them are tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.problems import Problem, candidates, shown
from graph.sources.manifest import FILE
from graph.terms import SHARED_GRAPHS, is_slug
from ontology.description import tables

#: A folder of this name holds shared registers for the source folders beside it.
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to read. `name` is how problems call it; `source` is None for shared registers."""

    path: Path
    name: str
    source: str | None

    def tables(self, problems: list[Problem]) -> Iterator[Path]:
        """The files to read, in order of name; a file that looks like a table and is none is a
        problem.
        """
        for path in _entries(self.path, self.name, problems):
            if path.suffix.lower() != ".csv" or path.name.startswith("."):
                continue
            name = f"{self.name}/{printable(path.name)}"
            table = tables().get(path.name.split(".")[0])
            if table is None or path.suffix != ".csv":
                near = candidates(path.name.split(".")[0].lower(), tables())
                remedy = near or f"The tables are {', '.join(tables())}."
                message = "is no table; a table is <table>.csv, a part of one <table>.<part>.csv"
                problems.append(Problem(name, None, None, message, remedy))
            elif self.source is None and not table.is_shared:
                remedy = "Move it into a source folder; this one holds shared registers."
                problems.append(Problem(name, None, None, "is a table of a source", remedy))
            else:
                yield path


def find_folders(
    seeds: Path, extra: Sequence[Path], problems: list[Problem], exclude: Sequence[str] = ()
) -> list[Folder]:
    """The folders of the shipped seeds and of the user, each once, in that order.

    A user's source with the name of a shipped one stands in for it: that is how a copy is mended,
    checked and held against its text. Sources in `exclude`, by slug, are as if their folders were
    not there; one that is not there is a problem. Shared registers stay as they are.
    """
    shipped = _inside(seeds, "seeds", problems)
    found: list[tuple[Path, str]] = []
    for given in extra:
        name = printable(given)
        # The name says which source it is: `.` and `..` have none of their own.
        path = given.resolve() if given.is_dir() and not is_slug(given.name) else given
        if not path.is_dir():
            remedy = "Name a source folder, or a folder of source folders."
            problems.append(Problem(name, None, None, "is no folder", remedy))
        elif path.name == REFERENCE or _exists(path / FILE):
            found += [(path, name), *_beside(path, name)]
        elif inside := _inside(path, name, problems):
            found += inside
        else:
            remedy = f"A source folder has a {FILE}; a folder of sources has such folders in it."
            problems.append(Problem(name, None, None, "has no source in it", remedy))
    own = {path.name for path, _ in found if _exists(path / FILE) and not _is_in(path, seeds)}
    kept = [pair for pair in shipped if pair[0].name not in own or not _exists(pair[0] / FILE)]
    folders = list(_named([*kept, *found], problems))
    return list(_without(folders, exclude, problems)) if exclude else folders


def _without(
    folders: Sequence[Folder], exclude: Sequence[str], problems: list[Problem]
) -> Iterator[Folder]:
    slugs = [folder.source for folder in folders if folder.source is not None]
    for slug in dict.fromkeys(exclude):
        if slug not in slugs:
            remedy = candidates(slug, slugs) or f"The sources are {', '.join(sorted(slugs))}."
            message = "is to be excluded, and is no source"
            problems.append(Problem(shown(slug), None, None, message, remedy))
    yield from (folder for folder in folders if folder.source not in exclude)


def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().parent == folder.resolve()


def _beside(path: Path, name: str) -> list[tuple[Path, str]]:
    """The shared registers beside a source folder that is named alone."""
    reference = path.parent / REFERENCE
    if path.name == REFERENCE or not reference.is_dir():
        return []
    return [(reference, str(Path(name).parent / REFERENCE))]


def _named(found: Sequence[tuple[Path, str]], problems: list[Problem]) -> Iterator[Folder]:
    seen: set[Path] = set()
    slugs: dict[str, str] = {}
    for path, name in found:
        resolved = path.resolve()
        if resolved in seen:
            continue
        seen.add(resolved)
        if not _exists(path / FILE):
            yield Folder(path, name, None)
        elif path.name in SHARED_GRAPHS or not is_slug(path.name):
            message = "is no name for a source"
            taken = ", ".join(sorted(SHARED_GRAPHS))
            remedy = f"Rename it: a-z, 0-9 and single hyphens, and none of {taken}."
            problems.append(Problem(name, None, None, message, remedy))
        elif path.name in slugs:
            message = f"has the same name as {slugs[path.name]}"
            remedy = "Rename one of them: the name is part of the source's address."
            problems.append(Problem(name, None, None, message, remedy))
        else:
            slugs[path.name] = name
            yield Folder(path, name, path.name)


def _inside(path: Path, name: str, problems: list[Problem]) -> list[tuple[Path, str]]:
    """The source and reference folders in a folder. One with tables and no manifest is a problem:
    passing it over would look like a source that says nothing.
    """
    found = []
    for entry in _entries(path, name, problems):
        if not entry.is_dir():
            continue
        inside = f"{name}/{printable(entry.name)}"
        if entry.name == REFERENCE or _exists(entry / FILE):
            found.append((entry, inside))
        elif any(f.suffix.lower() == ".csv" for f in _entries(entry, inside, problems)):
            remedy = f"Write its {FILE}, or move the folder away."
            problems.append(Problem(inside, None, None, f"has tables and no {FILE}", remedy))
    return found


def _entries(path: Path, name: str, problems: list[Problem]) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError as error:
        message = f"cannot be listed: {error.strerror or error}"
        remedy = "Make it a readable folder, or name another one."
        problems.append(Problem(name, None, None, message, remedy))
        return []


def _exists(path: Path) -> bool:
    """Whether it is there; in a folder that may not be entered it is not, and listing tells why."""
    try:
        return path.is_symlink() or path.exists()
    except PermissionError:
        return False


def printable(path: Path | str) -> str:
    """A path that may have bytes that are no UTF-8, as text that can be printed."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")
