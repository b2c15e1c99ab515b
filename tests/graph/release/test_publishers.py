"""Several processes: publishers that meet, readers meanwhile, builds on other machines."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.release import DataDirectory, PublisherBusy, content_id
from tests.graph.release.samples import DETAILS, ROOT, names, published, quads

PUBLISH_OFTEN = """
import sys
from pathlib import Path
from graph.release import DataDirectory
from tests.graph.release.samples import DETAILS, quads
directory = DataDirectory(Path(sys.argv[1]))
for i in range(12):
    word = f"{sys.argv[2]}{i % 3}"
    made = quads(200, word)
    assert directory.publish(made, DETAILS).store() is not None
"""


def test_two_publishers_and_a_reader_do_not_disturb_each_other(tmp_path: Path) -> None:
    directory, first = published(tmp_path, 200)
    publishers = [
        subprocess.Popen([sys.executable, "-c", PUBLISH_OFTEN, tmp_path, word], cwd=ROOT)
        for word in "xy"
    ]
    seen = set()
    while any(publisher.poll() is None for publisher in publishers):
        release = directory.current()
        assert release is not None
        release.store()
        seen.add(release.id)
    assert [publisher.returncode for publisher in publishers] == [0, 0]
    made = {content_id(quads(200, f"{word}{i}"))[0] for word in "xy" for i in range(3)}
    assert {release.id for release in directory.releases()} == made | {first.id}
    assert seen <= made | {first.id}
    assert names(tmp_path) == ["current", "publish.lock", "releases"]


HOLD = """
import sys, time
from pathlib import Path
from graph.release.locks import exclusive
with exclusive(Path(sys.argv[1]), 0):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def held(lock: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_a_publisher_that_waits_too_long_says_for_whom(tmp_path: Path) -> None:
    directory, release = published(tmp_path)
    with held(tmp_path / "publish.lock") as holder:
        with pytest.raises(PublisherBusy, match=f"publish.lock: process {holder.pid} on "):
            directory.publish(quads(8, "new"), DETAILS, wait_seconds=0.2)
        assert directory.current() == release  # readers do not wait


def test_a_publisher_goes_on_when_the_other_one_dies(tmp_path: Path) -> None:
    directory, _ = published(tmp_path)
    with held(tmp_path / "publish.lock") as holder:
        killer = threading.Timer(0.3, os.kill, (holder.pid, signal.SIGKILL))
        killer.start()
        begin = time.monotonic()
        release = directory.publish(quads(8, "new"), DETAILS, wait_seconds=20)
        killer.join()
    assert time.monotonic() - begin > 0.2
    assert directory.current() == release


BUILD = """
import sys
from pathlib import Path
from graph.release import DataDirectory
from tests.graph.release.samples import quads
words = {f"word{i}" for i in range(20)}  # the order of a set of strings follows the hash seed
made = [quad for word in words for quad in quads(40, word)]
details = {word: {other: 1 for other in words} for word in words} | {"base": "https://e.org/"}
print(DataDirectory(Path(sys.argv[1])).publish(made, details).id)
"""


def test_builds_are_the_same_bytes_whatever_the_hash_seed_and_the_folder(tmp_path: Path) -> None:
    ids, files = set(), set()
    for seed in ("0", "1", "4242"):
        path = tmp_path / f"folder {seed}"
        path.mkdir()
        environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "LC_ALL": "C", "TZ": seed}
        command = [sys.executable, "-c", BUILD, "data"]
        done = subprocess.run(
            command, cwd=path, env=environment, capture_output=True, text=True, check=True
        )
        ids.add(done.stdout)
        release = DataDirectory(path / "data").current()
        assert release is not None
        files.add((release.nquads.read_bytes(), (release.path / "manifest.json").read_bytes()))
    assert len(ids) == 1
    assert len(files) == 1
