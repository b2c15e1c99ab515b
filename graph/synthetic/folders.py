"""A synthetic landscape as source folders, which a build reads like anybody's."""

import csv
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from graph.release.files import explained, remove
from graph.sources.folders import REFERENCE
from graph.sources.manifest import FILE
from graph.synthetic.errors import CannotGenerate
from graph.synthetic.reports import report
from graph.synthetic.world import Cells, World, fixed_registers, growing_registers
from ontology.description import tables

ACTION, ELSEWHERE = "write a landscape", "name another place"
Progress: TypeAlias = Callable[[int], None]
"""Is told how many reports are done."""


def write_folders(world: World, out: Path, progress: Progress) -> None:
    """Write a folder for each report, and `reference` with what they name, into the folder `out`.

    It is made if it is not there, and empty again if not all could be written. Raises
    CannotGenerate where it is there and not empty, and where it cannot be written.
    """
    with explained(ACTION, out, CannotGenerate, ELSEWHERE):
        refuse_taken(out)
        out.mkdir(parents=True, exist_ok=True)
        try:
            _fill(out, world, progress)
        except BaseException:
            for entry in out.iterdir():
                remove(entry)
            raise


def _fill(out: Path, world: World, progress: Progress) -> None:
    reference = out / REFERENCE
    reference.mkdir()
    for name, rows in {**fixed_registers(), **growing_registers(world)}.items():
        _write(reference / f"{name}.csv", rows, name)
    for number in range(world.reports):
        made = report(world, number)
        folder = out / made.slug
        folder.mkdir()
        (folder / FILE).write_text(made.manifest, "utf-8", newline="\n")
        for name, rows in made.tables.items():
            _write(folder / f"{name}.csv", rows, name)
        progress(number + 1)


def refuse_taken(out: Path) -> None:
    """Raise CannotGenerate unless there is nothing in this place but, perhaps, an empty folder."""
    with explained(ACTION, out, CannotGenerate, ELSEWHERE):
        if os.path.lexists(out) and (not out.is_dir() or any(out.iterdir())):
            raise CannotGenerate(f"{out}: it is there and not empty; name a new place")


def _write(path: Path, rows: Iterable[Cells], table: str) -> None:
    """Write a table row by row: all of its columns, in the order of its description."""
    columns = list(tables()[table].columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, columns, lineterminator="\n")
        written.writeheader()
        written.writerows(rows)
