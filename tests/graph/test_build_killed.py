"""A build that is killed leaves the release that was there."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.build import build
from graph.release import DataDirectory
from tests.landscape.spoil import SEEDS, copied

BUILDS = 8
SEED = 20_26

# A build of the seeds in argv[2] into the data folder argv[1].
_BUILD = """
import sys
from pathlib import Path
from graph.build import build
from graph.release import DataDirectory
print("ready", flush=True)
build(DataDirectory(Path(sys.argv[1])), seeds=Path(sys.argv[2]))
"""


def _start(data: Path, seeds: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _BUILD, str(data), str(seeds)],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.slow
def test_the_former_release_serves_whenever_a_build_is_killed(tmp_path: Path) -> None:
    """Killed at moments spread over its whole length, a build changes nothing or everything."""
    data, changed = tmp_path / "data", copied(tmp_path)
    former = build(DataDirectory(data), seeds=SEEDS).release
    figures = changed / "acme-brief" / "source.toml"
    figures.write_text(figures.read_text("utf-8").replace('short_title = "', 'short_title = "New '))
    began = time.monotonic()
    whole = tmp_path / "whole"
    process = _start(whole, changed)
    process.communicate()
    length = time.monotonic() - began
    latest = DataDirectory(whole).current()
    assert latest is not None
    assert latest.id != former.id
    moments = random.Random(SEED)
    for _ in range(BUILDS):
        with _start(data, changed) as process:
            time.sleep(moments.uniform(0, length))
            process.send_signal(signal.SIGKILL)
        current = DataDirectory(data).current()
        assert current is not None
        assert current.id in (former.id, latest.id)
        assert len(current.store()) > 0
    assert build(DataDirectory(data), seeds=changed).release.id == latest.id
