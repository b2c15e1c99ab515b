"""What the engine's process says, and to whom."""

import os
import subprocess
import sys
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
