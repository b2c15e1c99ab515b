"""What is known not to pass, and why: `expected.toml`, and nothing else.

A listed test that passes fails just as one that fails unlisted, or in another way than listed.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text("utf-8"))
NOT_RUN: dict[str, str] = EXPECTED["not-run"]
BY_VALUE: dict[str, str] = {
    test: cause["why"] for cause in EXPECTED["by-value"] for test in cause["tests"]
}
FAULTS = ("design", "engine", "ours", "suite")


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a test fails, whose fault that is, and what its complaint then contains."""

    fault: str
    why: str
    shows: str


FAILURES = {
    test: Failure(cause["fault"], cause["why"], shows)
    for cause in EXPECTED["fails"]
    for test, shows in cause["tests"].items()
}


def judge(test: str, complaint: str | None) -> None:
    """End the test: as passed, failed, or failed as expected. A complaint of None is a pass."""
    known = FAILURES.get(test)
    if known is None:
        assert complaint is None, complaint
        return
    assert complaint is not None, "this test passes; take it out of expected.toml"
    assert known.shows in complaint, f"it fails in another way than listed: {complaint}"
    pytest.xfail(f"{known.fault}: {known.why}")
