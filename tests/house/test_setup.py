"""`make` on a machine where something is missing: one line that says what to install."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

TOOLS = ("sh", "dirname", "basename", "cat", "cksum", "grep", "ln", "readlink", "rm", "sleep", "tr")

TOO_OLD = """#!/bin/sh
case $1 in
    --version) echo Python 3.9.2 ;;
    *) exit 1 ;;
esac
"""
NO_VENV = """#!/bin/sh
case $2 in
    *version_info*) exit 0 ;;
    *) exit 1 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the set-up script, and a PATH folder `bin` without any Python."""
    copy = tmp_path / "a checkout"
    (copy / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "setup.sh", copy / ".ci")
    shutil.copytree(ROOT / "requirements", copy / "requirements")
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (copy / "bin" / tool).symlink_to(found)
    return copy


def interpreter(checkout: Path, name: str, script: str) -> None:
    file = checkout / "bin" / name
    file.write_text(script, encoding="utf-8")
    file.chmod(0o755)


def set_up(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [checkout / ".ci" / "setup.sh", "runtime"],
        env={"PATH": str(checkout / "bin"), **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )


def only_line(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def test_an_old_python_is_named_with_the_version_needed(checkout: Path) -> None:
    interpreter(checkout, "python3", TOO_OLD)
    line = only_line(set_up(checkout))
    assert "3.11 or newer" in line
    assert "Python 3.9.2" in line


def test_no_python_at_all(checkout: Path) -> None:
    assert "3.11 or newer" in only_line(set_up(checkout))


def test_a_python_without_venv_names_the_package_to_install(checkout: Path) -> None:
    interpreter(checkout, "python3", NO_VENV)
    assert "apt-get install python3-venv" in only_line(set_up(checkout))


def test_a_newer_python_beside_an_old_one_is_found(checkout: Path) -> None:
    interpreter(checkout, "python3", TOO_OLD)
    interpreter(checkout, "python3.12", NO_VENV)
    assert "apt-get install python3.12-venv" in only_line(set_up(checkout))


def test_an_interpreter_that_was_asked_for_is_the_only_one_tried(checkout: Path) -> None:
    interpreter(checkout, "python3", NO_VENV)
    interpreter(checkout, "old", TOO_OLD)
    assert "Python 3.9.2" in only_line(set_up(checkout, PYTHON="old"))


def test_a_failed_set_up_leaves_no_lock_and_no_environment(checkout: Path) -> None:
    interpreter(checkout, "python3", NO_VENV)
    only_line(set_up(checkout))
    assert not os.path.lexists(checkout / ".venv.lock")
    assert not (checkout / ".venv").exists()


def test_the_lock_of_a_dead_set_up_is_taken_over(checkout: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    (checkout / ".venv.lock").symlink_to(str(dead.pid))
    interpreter(checkout, "python3", NO_VENV)
    only_line(set_up(checkout))


def make(*arguments: str) -> str:
    # `make test` runs us: its own variables would make this one a part of it.
    outside = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=outside, check=True, capture_output=True, text=True
    ).stdout


def test_every_target_that_is_listed_exists() -> None:
    targets = {line.split()[1] for line in make("help").splitlines()}
    assert {"serve", "build", "test", "lint", "bench", "lock", "clean"} <= targets
    for target in sorted(targets):
        make("--dry-run", target)
