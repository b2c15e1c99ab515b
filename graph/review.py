"""Signing a source off: its tables as they are, as source.toml is to list them."""

import re
from pathlib import Path

from graph.errors import GraphError
from graph.problems import InvalidSeeds
from graph.sources.landscape import Source, read_what_is_sound
from graph.sources.manifest import FILE, TableCount

_SECTION = re.compile(r"^\[tables\][^\n]*\n(?:(?!\[).*(?:\n|\Z))*", re.MULTILINE)


class NoSuchSource(GraphError):
    """The folder is no source, or its source.toml cannot be read; the message names it."""


def review(folder: Path, *, seeds: Path | None = None) -> str:
    """The lines of [tables] for a folder as it is, each with the digest of its rows.

    Raises InvalidSeeds for anything wrong in any folder but what these lines put right, and
    NoSuchSource.
    """
    landscape, problems = read_what_is_sound([folder], seeds=seeds)
    if others := [p for p in problems if not str(p.column or "").startswith("tables.")]:
        raise InvalidSeeds(others)
    for source in landscape.sources:
        if source.slug == folder.resolve().name:
            return "".join(f"{line}\n" for line in _lines(source))
    remedy = "name the folder of one source; `therascape check` says what is wrong with it"
    raise NoSuchSource(f"{folder} is no source that can be read: {remedy}")


def write_review(folder: Path, lines: str) -> None:
    """Put these lines in the place of what source.toml has under [tables]."""
    path = folder / FILE
    text = path.read_text("utf-8")
    found = _SECTION.search(text)
    header = found[0].splitlines()[0] if found else "[tables]"
    start, end = found.span() if found else (len(text), len(text))
    path.write_text(f"{text[:start]}{header}\n{lines}{text[end:]}", "utf-8")


def _lines(source: Source) -> list[str]:
    tables = source.manifest.tables
    lines = []
    for name in sorted({*tables, *source.reviewed}):
        complete = tables.get(name, TableCount(0, complete=False)).complete
        found = source.reviewed.get(name)
        line = (
            f"{name} = {{ rows = {found.rows if found else 0}, complete = {str(complete).lower()}"
        )
        lines.append(line + (f', reviewed = "{found.digest}" }}' if found else " }"))
    return lines
