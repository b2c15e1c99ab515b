"""What is made once for a run of the tests, whichever worker needs it first."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

#: What the command printed that made a data directory: beside that.
PRINTED = "printed.txt"


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that `make` fills: one for all workers of a run, to be read only.

    A worker that needs it meanwhile waits. It gets its name when it is complete, so one that fails
    or is killed leaves nothing that another would take for it. `make` must put no path into it.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # the folder of the run, with one for each worker in it
    folder, beside = base / name, base / f"{name}.new"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir()
            make(beside)
            beside.rename(folder)
    return folder
