"""A program for tests: kill imports at lines of their code, and look after each.

`python -m tests.graph.bulk.killed <each> <folder>` kills before every `each`-th line and prints a
JSON object: the number of imports killed, and what was wrong afterwards. It forks, so it opens no
store on the disk itself, which would start threads.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import Store

from graph.bulk.importing import import_file
from graph.bulk.reading import Progress
from graph.release import DataDirectory
from graph.release.canonical import content_id, nquads
from graph.stores.files import stored
from graph.terms import Iris
from tests.graph.release.killing import was_killed
from tests.graph.release.samples import names, quads

EACH, FOLDER = int(sys.argv[1]), Path(sys.argv[2])
WATCHED = {"directory.py", "files.py", "locks.py", "importing.py", "loading.py"}
OLD, NEW = FOLDER / "old.nq", FOLDER / "new.nq"
IDS: dict[Path, str] = {}


def silent(_: str) -> Progress:
    return lambda _done, _total: None


def imported(path: Path, file: Path) -> None:
    """Import a file; its store is made too. No rule has anything to say of it."""
    import_file(DataDirectory(path), file, Iris(), silent, on_disk=True, derives=False)


def look(path: Path) -> Iterator[str]:
    """What is wrong after a kill, and after the next import."""
    data = DataDirectory(path)
    current = data.current()
    if current is None or current.id not in IDS.values():
        yield f"current is {current}"
    for release in data.releases():
        statements = set(release.store())
        place = stored(data, release)
        if place and set(Store.read_only(str(place))) != statements:
            yield "a store has other statements than its release"
    imported(path, NEW)
    if (current := data.current()) is None or current.id != IDS[NEW]:
        yield "the next import did not make its release current"
    elif stored(data, current) is None:
        yield "the next import made no store"
    both = sorted(IDS.values())
    if (here := names(path / "releases")) != both:
        yield f"left behind: {here}"
    if (here := names(path / "stores")) != [".lock", *both]:
        yield f"left behind: {here}"


def apart(work: Callable[[], object]) -> str:
    """What the work returns, as text, from a process of its own."""
    reading, writing = os.pipe()

    def told() -> None:
        os.write(writing, str(work()).encode())

    was_killed(told, WATCHED)
    os.close(writing)
    with os.fdopen(reading) as text:
        return text.read()


def main() -> None:
    for file, word in ((OLD, "old"), (NEW, "new")):
        IDS[file], text = content_id(quads(20, word))
        file.write_bytes(nquads(text))
    template, path = FOLDER / "template", FOLDER / "data"
    apart(lambda: imported(template, OLD))
    killed, wrong = 0, []
    while True:
        step = 1 + killed * EACH
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(template, path, symlinks=True)
        if not was_killed(lambda: imported(path, NEW), WATCHED, step=step):
            break
        killed += 1
        if found := apart(lambda: "; ".join(look(path))):
            wrong.append(f"killed at step {step}: {found}")
    print(json.dumps({"killed": killed, "wrong": wrong}))


if __name__ == "__main__":
    main()
