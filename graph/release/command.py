"""A program that makes one thing of one release, in a process of its own, and ends."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from graph.errors import GraphError
from graph.release.directory import DataDirectory
from graph.release.release import Release


def make_of_release(
    program: str,
    make: Callable[[DataDirectory, Release], Path],
    arguments: Sequence[str] | None = None,
) -> int:
    """Read `--data FOLDER --release ID`, make it and print where it is; return the exit code.

    That is 1, with the error, when it could not be made.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {program}")
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--release", required=True)
    chosen = parser.parse_args(arguments)
    try:
        data = DataDirectory(chosen.data)
        folder = make(data, data.release(chosen.release))
    except (GraphError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{folder}\n")
    return 0
