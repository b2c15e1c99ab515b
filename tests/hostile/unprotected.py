"""A program: what becomes of the attacks in an engine without protection.

`python -m tests.hostile.unprotected DATA [NAME…]` prints a line for each, as index.toml has it.
Each runs in a child of its own, which may use 6 GiB and is killed after ten seconds.
"""

import os
import resource
import signal
import sys
import time
from pathlib import Path

from graph.query import EmbeddedEngine, Formats, QueryError, Request
from graph.release import DataDirectory
from tests.hostile.corpus import JSON_RESULTS, Attack, attacks

SECONDS = 10.0
MOST_BYTES = 6 << 30


def answer(engine: EmbeddedEngine, attack: Attack) -> str:
    """In the child: evaluate, and say what came."""
    graph = "application/rdf+xml" if "xml" in attack.accept else "text/turtle"
    try:
        found = engine.evaluate(Request(attack.text, Formats(JSON_RESULTS, graph)))
    except QueryError as error:
        return f"refused: {type(error).__name__}"
    except MemoryError:
        return "dies: no memory"
    return f"answers {len(found.body):,} bytes"


def peak_mebibytes(child: int) -> int:
    """The most memory that a process has had, in MiB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{child}/status").read_text("ascii")
    except OSError:
        return 0
    lines = (line.split() for line in status.splitlines())
    return next((int(words[1]) // 1024 for words in lines if words[0] == "VmHWM:"), 0)


def fate(engine: EmbeddedEngine, attack: Attack, seconds: float = SECONDS) -> str:
    """Run one attack in a child and say what became of it, after how long, with how much memory."""
    read, write = os.pipe()
    attack.text  # noqa: B018 - made before the fork: its cost is not the engine's
    begin = time.monotonic()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.write(write, answer(engine, attack).encode())
        os._exit(0)
    os.close(write)
    peak, ended, status = 0, 0, 0
    while not ended and time.monotonic() - begin < seconds:
        time.sleep(0.005)
        peak = max(peak, peak_mebibytes(child))
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    what = os.read(read, 1000).decode()
    os.close(read)
    if not ended:
        what = "runs"
    elif os.WIFSIGNALED(status):
        what = f"dies: {signal.Signals(os.WTERMSIG(status)).name}"
    return f"{what}, {time.monotonic() - begin:.1f} s, {peak} MiB"


def main() -> None:
    """Print what becomes of each attack."""
    release = DataDirectory(Path(sys.argv[1])).current()
    if release is None:
        raise SystemExit(f"{sys.argv[1]}: nothing is built there; run `therascape build --data …`")
    engine = EmbeddedEngine.over(release)
    for attack in attacks():
        if attack.name in sys.argv[2:] or not sys.argv[2:]:
            sys.stdout.write(f"{attack.name}\t{fate(engine, attack)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
