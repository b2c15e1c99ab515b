"""A program for tests: kill whoever takes a release over at lines of the code, and look after each.

`python -m tests.graph.replica.killed <every> <folder>` kills at each <every>th line and prints a
JSON object: how often, and what was wrong afterwards. The publisher is a process of its own
(`serve` for <every>), since this one forks, which a process with threads must not do.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from graph.release import DataDirectory
from graph.replica.taking import take_newest
from tests.graph.release.killing import was_killed
from tests.graph.release.samples import DETAILS, names, quads
from tests.graph.replica.publisher import toy_publisher

WATCHED = {"directory.py", "taking.py", "transfer.py"}
MOST = 10_000_000


def take(path: Path, address: str) -> str:
    """Take over the newest release; return its id."""
    data = DataDirectory(path)
    return data.make_current(take_newest(data, address, MOST).id).id


def look(path: Path, known: set[str], address: str, newest: str) -> list[str]:
    """What is wrong after a kill, and after the next attempt."""
    data, wrong = DataDirectory(path), []
    current = data.current()
    if current is None or current.id not in known:
        wrong.append(f"current is {current}")
    for release in data.releases():
        release.store()
    if take(path, address) != newest:
        wrong.append("the next attempt did not take the newest release over")
    if set(data.ids()) != known:
        wrong.append(f"releases are {data.ids()}")
    if (left := names(path / "replica")) != ["fetch.lock", "publisher"]:
        wrong.append(f"left behind: {left}")
    return wrong


def kill(every: int, folder: Path, address: str, publisher: DataDirectory) -> dict[str, object]:
    """Kill at each `every`th line until there are no more."""
    template, path = folder / "template", folder / "replica"
    old = take(template, address)
    newest = publisher.publish(quads(40, "new"), DETAILS).id
    killed, wrong = 0, list[str]()
    while True:
        shutil.copytree(template, path, symlinks=True)
        step = 1 + killed * every
        if not was_killed(lambda: take(path, address), WATCHED, step=step):
            return {"killed": killed, "wrong": wrong}
        found = look(path, {old, newest}, address, newest)
        wrong += [f"killed at step {step}: {what}" for what in found]
        killed += 1
        shutil.rmtree(path)


def main() -> None:
    folder = Path(sys.argv[2])
    publisher = DataDirectory(folder / "publisher")
    if sys.argv[1] == "serve":
        with toy_publisher(publisher) as toy:
            print(toy.address, flush=True)
            sys.stdin.read()
        return
    publisher.publish(quads(40, "old"), DETAILS)
    command = [sys.executable, "-m", "tests.graph.replica.killed", "serve", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        print(json.dumps(kill(int(sys.argv[1]), folder, address, publisher)))
        assert server.stdin is not None
        server.stdin.close()


if __name__ == "__main__":
    main()
