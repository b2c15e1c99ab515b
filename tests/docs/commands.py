"""Commands as somebody who reads the pages types them."""

import os
import subprocess
import sys
from pathlib import Path

from tests.commands import in_process


def environment_of(data: Path) -> dict[str, str]:
    """The environment of a user: the command on the path, data in a folder of its own."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "THERASCAPE_DATA": str(data), "COLUMNS": "100"}


def run(command: str, folder: Path, environment: dict[str, str]) -> str:
    """Type a command in a folder; what it prints. Raises AssertionError where it fails."""
    done = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def typed(*arguments: str, folder: Path = Path(), **environment: str) -> str:
    """What the command prints, in a terminal of 100 columns; it runs in this process."""
    done = in_process(*arguments, folder=folder, **{**environment, "COLUMNS": "100"})
    assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
    return done.stdout
