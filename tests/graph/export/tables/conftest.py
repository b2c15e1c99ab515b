"""The statements of a release, loaded once for all files of its tables."""

from collections.abc import Iterator
from functools import cache

import pytest

from graph.export.tables import formats


@pytest.fixture(scope="package", autouse=True)
def _loaded_once() -> Iterator[None]:
    """Tables are read from the store and write nothing to it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(formats, "current_store", cache(formats.current_store))
        yield
