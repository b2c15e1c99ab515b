"""A program for tests: kill publishers at lines of the publishing code, and look after each.

`python -m tests.graph.release.killed <scenario> <folder> <every>` kills at one line in `every`, and
prints a JSON object: the number of publishers killed, and what was wrong afterwards. It forks,
which a test process with threads must not do.

Scenarios: `first` release of a directory; `second`, with leftovers of a dead publisher about;
`amended`, where the content was published before and other writes have led to it;
`damaged`, where the current release has the same content but is damaged; `later`, where the
publisher of a large release is killed from outside, after delays instead of at lines.
"""

import json
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from graph.release import DataDirectory, Release, ReleaseDamaged, content_id
from tests.graph.release import killing
from tests.graph.release.samples import DETAILS, names, quads

DELAYS = 16
SCENARIO, FOLDER, EVERY = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
WATCHED = {"directory.py", "files.py", "locks.py"} | (
    {"shutil.py"} if SCENARIO == "second" else set()
)
OLD, NEW = quads(12, "old"), quads(8000 if SCENARIO == "later" else 16, "new")
OLD_ID, NEW_ID = content_id(OLD)[0], content_id(NEW)[0]
NEW_DETAILS = DETAILS | ({"written": {"graphs": [], "journal": 4}} if SCENARIO == "amended" else {})
TEMPLATE = FOLDER / "template"


def prepare(path: Path) -> None:
    directory = DataDirectory(path)
    if SCENARIO != "first":
        directory.publish(OLD, DETAILS)
    if SCENARIO == "second":
        (path / "releases/.building/deep").mkdir(parents=True)
        (path / "releases/.damaged").mkdir()
        (path / ".current").symlink_to("nowhere")
    if SCENARIO == "amended":
        directory.publish(NEW, DETAILS | {"written": {"graphs": [], "journal": 2}})
        directory.publish(OLD, DETAILS)
        (path / "releases/.amended").write_text("half")
    if SCENARIO == "damaged":
        release = directory.publish(NEW, DETAILS)
        release.nquads.write_bytes(release.nquads.read_bytes().replace(b"new", b"wen"))


def was_killed(path: Path, *, step: int | None = None, seconds: float | None = None) -> bool:
    """Publish in a process that dies at this step or time; False when it ended before."""

    def publish() -> None:
        DataDirectory(path).publish(NEW, NEW_DETAILS)

    return killing.was_killed(publish, WATCHED, step=step, seconds=seconds)


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
    if SCENARIO == "amended":
        wrong += says(directory, {2, 4})
    directory.publish(NEW, NEW_DETAILS, wait_seconds=0)
    if opened(directory.current()) != NEW_ID:
        wrong.append("the next publisher did not switch")
    wrong += says(directory, {4} if SCENARIO == "amended" else {0})
    if (here := names(path)) != ["current", "publish.lock", "releases"]:
        wrong.append(f"left behind: {here}")
    expected = {NEW_ID} if SCENARIO == "first" else {OLD_ID, NEW_ID}
    if (left := names(path / "releases")) != sorted(expected):
        wrong.append(f"left behind: {left}")
    return wrong


def says(directory: DataDirectory, numbers: set[int]) -> Iterator[str]:
    """What is wrong with the manifest of the new release."""
    release = directory.release(NEW_ID)
    if release.details != DETAILS:
        yield f"the manifest has the details {release.details}"
    if release.written.journal not in numbers:
        yield f"the manifest has the number {release.written.journal}"


def rounds(path: Path) -> Iterator[str]:
    """Kill at lines, or at `DELAYS` times spread over how long publishing takes."""
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
        step += EVERY
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
