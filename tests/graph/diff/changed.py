"""Two releases of the invented landscape: as it is, and after an edit."""

import shutil
from collections.abc import Callable
from pathlib import Path

from graph.build import build
from graph.release import DataDirectory, Release
from tests.landscape import spoil

Edit = Callable[[Path], object]


def built(folder: Path, edit: Edit = lambda _: None, base: Release | None = None) -> Release:
    """The release of the seeds after an edit, in a data directory of its own.

    With `base`, it is built where that one is, so that what must not vanish is looked at.
    """
    seeds = spoil.copied(folder)
    edit(seeds)
    for source in (spoil.OUTLOOK, spoil.BRIEF):
        if (seeds / source).exists():
            spoil.recount(seeds / source)
    if base is not None:
        shutil.copytree(base.path.parent.parent, folder / "data", symlinks=True)
    return build(DataDirectory(folder / "data"), seeds=seeds).release
