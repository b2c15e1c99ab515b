"""This checkout: where it is, what pyproject.toml says, which files git sees."""

import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("graph", "ontology", "seeds", "service")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def git_files(*options: str) -> list[str]:
    """Ask git for files; those deleted from the work tree are left out."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("needs git and a git checkout; .ci/run has both")
    done = subprocess.run(
        ["git", "ls-files", "-z", *options], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def kept_files() -> list[str]:
    """Return what is committed, and what a commit of everything would add."""
    return git_files("--cached", "--others", "--exclude-standard")
