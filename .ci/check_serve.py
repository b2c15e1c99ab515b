"""Start `make serve` twice, as a user would: it answers soon, and stops without leftovers.

The first start may build a release. The goal for the second is 3 s; it is printed, and only ten
times as much fails, since machines differ. Exits with what is wrong.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST, SECOND = 120.0, 30.0
"""Seconds that the first and the second start may take until there is an answer."""


def free_port() -> int:
    """Ask the system for a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Tell whether the front page is there; any error page is a failure, not a wait."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200 and answer.read())
    except urllib.error.HTTPError as error:
        sys.exit(f"serve: the front page answers {error.code}: {error.read(500)!r}")
    except OSError:
        return False


def alive(group: int) -> bool:
    """Tell whether a process of the group is still there."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupt the whole group, as Ctrl-C in a terminal does, and wait for its end."""
    os.killpg(process.pid, signal.SIGINT)
    deadline = time.monotonic() + 15
    while process.poll() is None or alive(process.pid):
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            sys.exit("serve: processes were left behind after an interrupt")
        time.sleep(0.05)


def start_and_stop(data: Path, seconds: float) -> float:
    """Serve until the front page answers; return the seconds it took."""
    port = free_port()
    began = time.monotonic()
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            ["make", "serve", f"PORT={port}"],
            cwd=ROOT,
            env={**os.environ, "THERASCAPE_DATA": str(data / "data")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            while not answers(port):
                late = time.monotonic() - began > seconds
                if late or process.poll() is not None:
                    what = f"no answer after {seconds:.0f} s" if late else "it ended by itself"
                    sys.exit(f"serve: {what}:\n{(data / 'serve.log').read_text()}")
                time.sleep(0.02)
            took = time.monotonic() - began
        finally:
            if alive(process.pid):
                stop(process)
    return took


def main() -> None:
    """Start twice; the second start finds everything built."""
    with tempfile.TemporaryDirectory() as name:
        first = start_and_stop(Path(name), FIRST)
        second = start_and_stop(Path(name), SECOND)
    print(f"make serve: first answer after {first:.1f} s, then after {second:.1f} s")


if __name__ == "__main__":
    main()
