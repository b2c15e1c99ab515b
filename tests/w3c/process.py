"""A real server process, empty at first, that the suites may write to."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.w3c.client import Target

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-of-these-tests"
PATIENCE = 20  # seconds


@contextmanager
def served(data: Path) -> Iterator[Target]:
    """Run `therascape serve --empty` on this data directory for as long as the context lasts."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    kept = {k: v for k, v in os.environ.items() if not k.startswith("THERASCAPE_")}
    arguments = ("--empty", "--default-graph", "strict", "--port", "0", "--data", str(data))
    log = data.parent / f"{data.name}.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "service", "serve", *arguments],
            env=kept | {"PYTHONPATH": path, "THERASCAPE_WRITE_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            host, port = _address(process, log)
            yield Target(host, port, TOKEN)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    assert process.returncode == 0, log.read_text()


def _address(process: "subprocess.Popen[str]", log: Path) -> tuple[str, int]:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(r"Therascape is on http://([^/]+):(\d+)/", line):
            return found[1], int(found[2])
    raise AssertionError(f"the server ended before it was ready: {said}{log.read_text()}")
