"""Fetch the newest release of a publisher, store it, and print its id.

`python -m graph.replica --data FOLDER --publisher ADDRESS --most BYTES`. It ends with whoever
started it: when its standard input does. With --on-disk, a release that cannot have its store there
is refused; --strict says that the default graph is that of the dataset.
"""

import argparse
import os
import sys
import threading
from pathlib import Path

from graph.errors import GraphError
from graph.release import DataDirectory, Release
from graph.replica.errors import CannotBeServed
from graph.replica.taking import take_newest
from graph.stores.obstacles import obstacle, refusal

FAILED = 1


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1, with the error, when it is not stored."""
    parser = argparse.ArgumentParser(prog="python -m graph.replica", description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--publisher", required=True)
    parser.add_argument("--most", required=True, type=int)
    parser.add_argument("--on-disk", action="store_true")
    parser.add_argument("--strict", action="store_true")
    chosen = parser.parse_args(arguments)
    threading.Thread(target=_end_with_starter, daemon=True).start()
    data = DataDirectory(chosen.data)

    def check(release: Release) -> None:
        if chosen.on_disk and (why := obstacle(data, release, strict=chosen.strict)):
            raise CannotBeServed(refusal(release, why))

    try:
        release = take_newest(data, chosen.publisher, chosen.most, check)
    except GraphError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    sys.stdout.write(f"{release.id}\n")
    return 0


def _end_with_starter() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(FAILED)  # killed at any instant nothing is half done


if __name__ == "__main__":
    sys.exit(main())
