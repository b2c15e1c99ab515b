"""A build that is killed leaves the release that was there."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from graph.build import build
from graph.checkpoint import checkpoint
from graph.release import DataDirectory
from graph.written import load_current
from tests.graph.writing import delta, write
from tests.landscape.spoil import SEEDS, copied

BUILDS = (2, pytest.param(8, marks=pytest.mark.exhaustive))
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
@pytest.mark.parametrize("builds", BUILDS)
def test_the_former_release_serves_whenever_a_build_is_killed(tmp_path: Path, builds: int) -> None:
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
    for _ in range(builds):
        with _start(data, changed) as process:
            time.sleep(moments.uniform(0, length))
            process.send_signal(signal.SIGKILL)
        current = DataDirectory(data).current()
        assert current is not None
        assert current.id in (former.id, latest.id)
        assert len(current.store()) > 0
    assert build(DataDirectory(data), seeds=changed).release.id == latest.id


@pytest.mark.slow
@pytest.mark.parametrize("builds", BUILDS)
def test_what_was_written_is_there_whenever_a_build_is_killed(tmp_path: Path, builds: int) -> None:
    """Some of it in a release, some in the journal, and some written while the build runs."""
    data, changed = DataDirectory(tmp_path / "data"), copied(tmp_path)
    build(data, seeds=SEEDS)
    figures = changed / "acme-brief" / "source.toml"
    original = figures.read_text("utf-8")
    graph, predicate = NamedNode("urn:mine"), NamedNode("urn:p")
    expected = set()
    moments = random.Random(SEED)
    for turn in range(builds):
        figures.write_text(original.replace('short_title = "', f'short_title = "{turn} '))
        with _start(data.path, changed) as process:
            for number in range(3):
                served = load_current(data, strict=False)
                assert served is not None
                quad = Quad(BlankNode(f"b{turn}x{number}"), predicate, predicate, graph)
                write(data, served, delta(served.store, [quad]), strict=False)
                expected.add(quad)
                time.sleep(moments.uniform(0, 0.5))
            process.send_signal(signal.SIGKILL)
        if turn % 3 == 1:
            checkpoint(data, strict=False)
        served = load_current(data, strict=False)
        assert served is not None
        assert served.number == len(expected)
        assert set(served.store.quads_for_pattern(None, None, None, graph)) == expected
    store = build(data, seeds=changed).release.store()
    assert set(store.quads_for_pattern(None, None, None, graph)) == expected
