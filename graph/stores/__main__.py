"""`python -m graph.stores --data FOLDER --release ID`: make the store of a release, and end."""

import argparse
import sys
from pathlib import Path

from graph.errors import GraphError
from graph.release import DataDirectory
from graph.stores.files import make_store


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1, with the error, when it could not be made."""
    parser = argparse.ArgumentParser(prog="python -m graph.stores", description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--release", required=True)
    chosen = parser.parse_args(arguments)
    try:
        data = DataDirectory(chosen.data)
        folder = make_store(data, data.release(chosen.release))
    except (GraphError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
