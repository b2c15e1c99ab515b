"""A program for tests: kill who appends and who prunes, and look after each.

`python -m tests.graph.journal.killed <scenario> <folder>` prints a JSON object: the number of
processes killed, and what was wrong afterwards. It forks, which a test process with threads must
not do.

Scenarios: `append` (the first entry, and a further one behind a torn tail) and `prune` are killed
at lines all over the code; `later` appends and prunes all the time, and is killed from outside.
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from graph.journal import Journal
from tests.graph.journal.samples import AUTHOR, file, insert, statement, text
from tests.graph.release.killing import was_killed

WATCHED = {"journal.py", "log.py", "locks.py", "files.py"}
SCENARIO, FOLDER = sys.argv[1], Path(sys.argv[2])
EACH = 3  # lines from one kill to the next
ROUNDS, SECONDS = 60, 0.05
SIZE = 20_000  # larger than what reaches the file in one piece


def content(journal: Journal) -> list[bytes]:
    return [entry.delta.inserted for entry in journal.entries(after=journal.pruned)]


def expected(begin: int, end: int) -> list[bytes]:
    """What entries begin … end have inserted."""
    return [text([statement(number, size=SIZE)]) for number in range(begin, end + 1)]


def append(folder: Path) -> None:
    journal = Journal(folder)
    with journal.locked():
        number = journal.last
        journal.append(AUTHOR, "update", insert(number + 1, size=SIZE), after=number)


def look(folder: Path, acknowledged: int, dropped: set[int]) -> Iterator[str]:
    """What is wrong, now and after the next one has come."""
    journal = Journal(folder)
    for again in (False, True):
        if again:
            append(folder)
            acknowledged = max(acknowledged, journal.last)
        last, pruned = journal.last, journal.pruned
        if last not in {acknowledged, acknowledged + 1}:
            yield f"{acknowledged} were acknowledged, and {last} are there"
        if pruned not in dropped:
            yield f"{pruned} are pruned, not one of {dropped}"
        if content(journal) != expected(pruned + 1, last):
            yield "the entries are other ones"
    journal.prune(journal.last)
    if extra := {path.name for path in folder.iterdir()} - {
        "entries.jsonl",
        "file.lock",
        "journal.lock",
    }:
        yield f"left behind: {extra}"


def stepwise(
    work: Callable[[], object], prepare: Callable[[], int], dropped: set[int], folder: Path
) -> tuple[int, list[str]]:
    wrong: list[str] = []
    killed, step = 0, 1
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        acknowledged = prepare()
        if not was_killed(work, WATCHED, step=step):
            return killed, wrong
        killed += 1
        wrong += [f"step {step}: {what}" for what in look(folder, acknowledged, dropped)]
        step += EACH


def entries(folder: Path, number: int) -> int:
    for _ in range(number):
        append(folder)
    return number


def torn(folder: Path) -> int:
    entries(folder, 2)
    with file(Journal(folder)).open("ab") as tail:
        tail.write(b'{"number":3,"time":')
    return 2


def later(folder: Path) -> tuple[int, list[str]]:
    """Append for ever, telling each acknowledged number through a pipe; prune now and then."""
    wrong: list[str] = []
    chance = random.Random(20_26)
    acknowledged = 0
    for number in range(ROUNDS):
        reading, writing = os.pipe()

        def work(writing: int = writing) -> None:
            journal = Journal(folder)
            while True:
                append(folder)
                os.write(writing, b"%d\n" % journal.last)
                if journal.last % 7 == 0:
                    journal.prune(journal.last - 3)

        was_killed(work, (), seconds=chance.uniform(0.0, SECONDS))
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = [int(line) for line in pipe.read().splitlines()]
        acknowledged = max([acknowledged, *told])
        journal = Journal(folder)
        if journal.last not in {acknowledged, acknowledged + 1}:
            wrong.append(f"{number}: {acknowledged} acknowledged, and {journal.last} are there")
        if content(journal) != expected(journal.pruned + 1, journal.last):
            wrong.append(f"{number}: the entries are other ones")
        acknowledged = journal.last
    if not acknowledged:
        wrong.append("no entry was written")
    return ROUNDS, wrong


def main() -> None:
    folder = FOLDER / "journal"
    if SCENARIO == "later":
        killed, wrong = later(folder)
    elif SCENARIO == "prune":
        killed, wrong = stepwise(
            lambda: Journal(folder).prune(3), lambda: entries(folder, 5), {0, 3}, folder
        )
    else:
        killed, wrong = stepwise(lambda: append(folder), lambda: 0, {0}, folder)
        more, others = stepwise(lambda: append(folder), lambda: torn(folder), {0}, folder)
        killed, wrong = killed + more, wrong + others
    print(json.dumps({"killed": killed, "wrong": wrong}))


if __name__ == "__main__":
    main()
