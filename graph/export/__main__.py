"""Making a file of a release in a process of its own; see `graph.export.making`."""

import argparse
import os
import sys
from pathlib import Path

from graph.errors import GraphError
from graph.export.files import export_named, make
from graph.release import DataDirectory


def main() -> int:
    """Make the file; print why not, and return 1, where that fails."""
    parser = argparse.ArgumentParser("python -m graph.export")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--release", required=True)
    parser.add_argument("--name", required=True)
    given = parser.parse_args()
    os.nice(10)  # queries come first
    try:
        release = DataDirectory(given.data).release(given.release)
        export = export_named(release, given.name)
        if export is None:
            print(f"there is no export {given.name!r}", file=sys.stderr)
            return 1
        make(release, export)
    except GraphError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
