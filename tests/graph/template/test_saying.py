"""What the engine's process says, and to whom."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

from graph.template.folders import HeldFolder
from graph.template.options import Options
from tests.house.checkout import ROOT
from tests.service.dataset import publish


def test_a_starter_that_is_gone_is_told_nothing_and_nobody_is_troubled(tmp_path: Path) -> None:
    """As where a service is stopped while it loads its data."""
    release = publish(tmp_path / "data")
    folder = HeldFolder("engine")  # paths of sockets are short
    socket = str(folder.path / "engine")
    options = Options(str(tmp_path / "data"), release.id, socket, workers=1)
    with subprocess.Popen(
        [sys.executable, "-m", "graph.template"],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # one thread, as the service has it
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(options.encode().encode() + b"\n")
        process.stdin.close()
        assert process.wait(20) == 0
        assert process.stderr.read() == b""
    folder.remove()


TALK = """
import sys
from graph.template.saying import put
print(flush=True)
for _ in range(30):
    put(sys.argv[1] * 20_000 + "\\n", sys.stderr)
"""


def test_lines_of_several_processes_stay_whole() -> None:
    """Whoever reads them, as systemd and containers do, may be slower than they come."""
    ours, theirs = os.pipe()
    with contextlib.ExitStack() as stack:
        talkers = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-c", TALK, letter],
                    cwd=ROOT,
                    stdout=subprocess.PIPE,
                    stderr=theirs,
                )
            )
            for letter in "abc"
        ]
        os.close(theirs)
        for talker in talkers:
            assert talker.stdout is not None
            talker.stdout.readline()
        time.sleep(0.1)  # the pipe is full by now, and all of them have begun
        said = bytearray()
        while piece := os.read(ours, 1000):
            said += piece
        os.close(ours)
    assert {talker.returncode for talker in talkers} == {0}
    lines = said.decode().splitlines()
    assert sorted(lines) == sorted([letter * 20_000 for letter in "abc"] * 30)
