"""A program for tests: kill publishers at every line of the publishing code, and look after each.

`python -m tests.graph.release.killed <scenario> <folder>` prints a JSON object: the number of
publishers killed, and what was wrong afterwards. It forks, which a test process with threads
must not do.

Scenarios: `first` release of a directory; `second`, with leftovers of a dead publisher about;
`damaged`, where the current release has the same content but is damaged; `later`, where the
publisher of a large release is killed from outside, after delays instead of at lines.
"""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from graph.release import DataDirectory, Release, ReleaseDamaged, content_id
from tests.graph.release.samples import DETAILS, names, quads

DELAYS = 16
SCENARIO, FOLDER = sys.argv[1], Path(sys.argv[2])
WATCHED = {"directory.py", "files.py"} | ({"shutil.py"} if SCENARIO == "second" else set())
OLD, NEW = quads(12, "old"), quads(8000 if SCENARIO == "later" else 16, "new")
OLD_ID, NEW_ID = content_id(OLD)[0], content_id(NEW)[0]
TEMPLATE = FOLDER / "template"


def prepare(path: Path) -> None:
    directory = DataDirectory(path)
    if SCENARIO != "first":
        directory.publish(OLD, DETAILS)
    if SCENARIO == "second":
        (path / "releases/.building/deep").mkdir(parents=True)
        (path / "releases/.damaged").mkdir()
        (path / ".current").symlink_to("nowhere")
    if SCENARIO == "damaged":
        release = directory.publish(NEW, DETAILS)
        release.nquads.write_bytes(release.nquads.read_bytes().replace(b"new", b"wen"))


def kill_at(step: int) -> Callable[[FrameType, str, object], Any]:
    """A trace function that kills this process before the step-th line of the watched code."""
    left = step

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if Path(frame.f_code.co_filename).name not in WATCHED:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def was_killed(path: Path, *, step: int | None = None, seconds: float | None = None) -> bool:
    """Publish in a process that dies at this step or time; False when it ended before."""
    child = os.fork()
    if child == 0:
        if step is not None:
            sys.settrace(kill_at(step))
        DataDirectory(path).publish(NEW, DETAILS)
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    if status != 0:
        raise RuntimeError(f"the publisher ended with status {status}")
    return False


def opened(release: Release | None) -> str | None:
    if release is None:
        return None
    release.store()
    return release.id


def look(path: Path) -> list[str]:
    """What is wrong after a kill, and after the next publisher has come."""
    directory, wrong = DataDirectory(path), []
    before = {"first": None, "damaged": NEW_ID}.get(SCENARIO, OLD_ID)
    try:
        current = opened(directory.current())
        if current not in {before, NEW_ID}:
            wrong.append(f"current is {current}")
        found = {opened(release) for release in directory.releases()}
        if found - {NEW_ID} != (set() if SCENARIO == "first" else {OLD_ID}):
            wrong.append(f"releases are {found}")
    except ReleaseDamaged as error:
        if SCENARIO != "damaged":
            wrong.append(str(error))
    directory.publish(NEW, DETAILS, wait_seconds=0)
    if opened(directory.current()) != NEW_ID:
        wrong.append("the next publisher did not switch")
    if (here := names(path)) != ["current", "publish.lock", "releases"]:
        wrong.append(f"left behind: {here}")
    expected = {NEW_ID} if SCENARIO == "first" else {OLD_ID, NEW_ID}
    if (left := names(path / "releases")) != sorted(expected):
        wrong.append(f"left behind: {left}")
    return wrong


def rounds(path: Path) -> Iterator[str]:
    """Kill at every line, or at `DELAYS` times spread over how long publishing takes."""
    if SCENARIO == "later":
        begin = time.monotonic()
        was_killed(path)
        duration = time.monotonic() - begin
        for i in range(DELAYS):
            again(path)
            if was_killed(path, seconds=duration * i / DELAYS):
                yield f"after {i}/{DELAYS} of the time"
        return
    step = 1
    while was_killed(path, step=step):
        yield f"at step {step}"
        step += 1
        again(path)


def again(path: Path) -> None:
    shutil.rmtree(path)
    if TEMPLATE.exists():
        shutil.copytree(TEMPLATE, path, symlinks=True)


def main() -> None:
    path = FOLDER / "data"
    path.mkdir()
    prepare(TEMPLATE)
    again(path)
    killed, wrong = 0, []
    for moment in rounds(path):
        killed += 1
        wrong += [f"killed {moment}: {what}" for what in look(path)]
    print(json.dumps({"killed": killed, "wrong": wrong}))


if __name__ == "__main__":
    main()
