"""A release as a new user gets it, built once for all pages."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.commands import environment_of, run
from tests.sharing import made_once

_PRINTED = "printed.txt"


@dataclass(frozen=True, slots=True)
class Shipped:
    """A data directory with the release of the shipped seeds, and what its build printed.

    To be copied, since a service or a command may write to the folder that it is given.
    """

    data: Path
    printed: str


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """What `therascape build` makes and prints, typed as on the pages."""

    def make(folder: Path) -> None:
        printed = run("therascape build", folder, environment_of(folder / "data"))
        (folder / _PRINTED).write_text(printed, "utf-8")

    folder = made_once(tmp_path_factory, "built-for-the-pages", make)
    return Shipped(folder / "data", (folder / _PRINTED).read_text("utf-8"))
