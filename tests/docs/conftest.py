"""A release as a new user gets it, built once for all pages."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sharing import PRINTED


@dataclass(frozen=True, slots=True)
class Shipped:
    """A data directory with the release of the shipped seeds, and what its build printed.

    To be copied, since a service or a command may write to the folder that it is given.
    """

    data: Path
    printed: str


@pytest.fixture(scope="session")
def shipped(landscape_data: Path) -> Shipped:
    """What `therascape build` makes and prints."""
    return Shipped(landscape_data, (landscape_data.parent / PRINTED).read_text("utf-8"))
