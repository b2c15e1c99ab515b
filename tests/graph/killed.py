"""A program for tests: kill checkpoints, and writers beside them, and look after each.

`python -m tests.graph.killed <scenario> <folder>` prints a JSON object: the number of processes
killed, and what was wrong afterwards. It forks, which a test process with threads must not do.

Scenarios: `some` kills a checkpoint at some of the lines of the code, `many` at many; `later` lets
a writer and checkpoints run side by side and kills them from outside.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, Quad, Store

from graph.checkpoint import checkpoint
from graph.journal import Journal
from graph.release import DataDirectory
from graph.written import Served, load_current
from tests.graph.release.killing import was_killed
from tests.graph.release.samples import DETAILS, names, node, quads
from tests.graph.writing import content, delta, write

SCENARIO, FOLDER = sys.argv[1], Path(sys.argv[2])
WATCHED = {
    *("checkpoint.py", "written.py", "directory.py", "files.py", "locks.py"),
    *("journal.py", "log.py"),
}
EACH = {"some": 29, "many": 4}
ROUNDS, SECONDS = 25, 0.25
MINE = node("graph/mine")
BUILT = Store()
BUILT.extend(quads(12))


def statement(number: int) -> Quad:
    return Quad(BlankNode(f"b{number}"), node("p"), Literal(f"number {number}"), MINE)


def served(data: DataDirectory) -> Served:
    found = load_current(data, strict=True)
    assert found is not None
    return found


def step(data: DataDirectory, now: Served) -> Served:
    """Entry n inserts the statement n, and deletes the statement n - 3."""
    n = now.number + 1
    return write(data, now, delta(now.store, [statement(n)], [statement(n - 3)]))


def expected(number: int) -> set[Quad]:
    return {statement(n) for n in range(max(1, number - 2), number + 1)} | set(BUILT)


def begin(path: Path) -> DataDirectory:
    """Two releases, one of them with writes, a journal that is half pruned, and three entries."""
    data = DataDirectory(path)
    data.publish(quads(12), DETAILS)
    now = served(data)
    for _ in range(4):
        now = step(data, now)
    checkpoint(data, strict=True)
    for _ in range(3):
        now = step(data, now)
    return data


def look(data: DataDirectory, number: int) -> Iterator[str]:
    """What is wrong now, after the next write, and after the next checkpoint."""
    for work in ("kill", "write", "checkpoint"):
        if work == "write":
            number = step(data, served(data)).number
        if work == "checkpoint":
            checkpoint(data, strict=True)
        now = served(data)
        if now.number != number:
            yield f"after {work}: {number} entries were acknowledged, and {now.number} are there"
        if content(now.store)[0] != expected(number):
            yield f"after {work}: the statements are other ones"
    here = names(data.path), [name for name in names(data.path / "releases") if name[0] == "."]
    if here != (["current", "journal", "publish.lock", "releases"], []):
        yield f"left behind: {here}"
    if Journal(data.journal).pruned != number:
        yield "the journal was not pruned"


def stepwise(path: Path, wanted: Callable[[int], bool]) -> tuple[int, list[str]]:
    def work() -> None:
        checkpoint(DataDirectory(path), strict=True)

    template, wrong, killed, number = FOLDER / "template", list[str](), 0, 1
    begin(template)
    while True:
        if wanted(number):
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(template, path, symlinks=True)
            if not was_killed(work, WATCHED, step=number):
                return killed, wrong
            killed += 1
            wrong += [f"at step {number}: {what}" for what in look(DataDirectory(path), 7)]
        number += 1


def later(path: Path) -> tuple[int, list[str]]:
    data, wrong, chance = begin(path), list[str](), random.Random(20_26)
    acknowledged = 7
    for turn in range(ROUNDS):
        reading, writing = os.pipe()
        children = []
        for work in (write_for_ever, checkpoint_for_ever):
            if (child := os.fork()) == 0:
                work(data, writing)
            children.append(child)
        os.close(writing)
        time.sleep(chance.uniform(0.02, SECONDS))
        for child in chance.sample(children, 2):
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                wrong.append(f"{turn}: a process ended with status {status}")
        with os.fdopen(reading) as pipe:
            told = [int(line) for line in pipe.read().splitlines()]
        acknowledged = max([acknowledged, *told])
        now = served(data)
        if now.number not in {acknowledged, acknowledged + 1}:
            wrong.append(f"{turn}: {acknowledged} were acknowledged, and {now.number} are there")
        if content(now.store)[0] != expected(now.number):
            wrong.append(f"{turn}: the statements are other ones")
        acknowledged = now.number
    if acknowledged < 4 * ROUNDS or len(data.releases()) < ROUNDS:
        wrong.append(f"only {acknowledged} entries and {len(data.releases())} releases were made")
    return ROUNDS, wrong + list(look(data, acknowledged))


def write_for_ever(data: DataDirectory, told: int) -> None:
    try:
        now = served(data)
        while True:
            now = step(data, now)
            os.write(told, b"%d\n" % now.number)
    finally:
        os._exit(1)


def checkpoint_for_ever(data: DataDirectory, _: int) -> None:
    try:
        while True:
            checkpoint(data, strict=True)
    finally:
        os._exit(1)


def main() -> None:
    path = FOLDER / "data"
    if SCENARIO == "later":
        killed, wrong = later(path)
    else:
        killed, wrong = stepwise(path, lambda number: number % EACH[SCENARIO] == 1)
    print(json.dumps({"killed": killed, "wrong": wrong}))


if __name__ == "__main__":
    main()
