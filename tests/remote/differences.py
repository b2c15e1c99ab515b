"""What is known to differ in a database: each a strict xfail, with its cause and what users see.

Where the plan that the database happens to make decides, it is not strict.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("differences.toml")


@dataclass(frozen=True, slots=True)
class Difference:
    """Tests that fail on an engine: `cause` is what it does otherwise, `seen` what users see.
    `sometimes`: as its plan has it, which is not the same in every run.
    """

    engine: str
    tests: tuple[str, ...]
    cause: str
    seen: str
    sometimes: bool = False

    def __str__(self) -> str:
        return f"{self.engine}: {self.cause}; {self.seen}"


@cache
def differences() -> tuple[Difference, ...]:
    """All that is known."""
    rows = tomllib.loads(FILE.read_text("utf-8")).get("difference", [])
    return tuple(Difference(**(row | {"tests": tuple(row["tests"])})) for row in rows)


def difference_of(engine: str, test: str) -> Difference | None:
    """Why a test, by its id, fails on an engine; None where it is to pass."""
    for one in differences():
        if one.engine == engine and test in one.tests:
            return one
    return None


@contextmanager
def expected_difference(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail where what is known to differ does not, and else let it count as expected."""
    engine = request.node.callspec.params["remote"]
    test = request.node.nodeid.replace(f"[{engine}-", "[")
    known = difference_of(engine, test)
    try:
        yield
    except (AssertionError, Exception) as error:
        if known is None or isinstance(error, pytest.skip.Exception):
            raise
        pytest.xfail(str(known))
    if known is not None and not known.sometimes:
        pytest.fail(f"this no longer differs: {known}")
