"""What the engine's process says on standard error: lines of JSON, as the service's are.

On standard output it reports to whoever started it.
"""

import contextlib
import fcntl
import json
import os
import stat
import sys
from collections.abc import Iterator
from typing import TextIO

from graph.journal import now

_LONGEST = 2000


def say(level: str, message: str, **more: object) -> None:
    """Write a line; `message` may hold anything, and what is too long of it is left out."""
    document = {"time": now(), "level": level, "logger": "therascape.engine"}
    line = json.dumps({**document, "message": message[:_LONGEST], **more}, default=str)
    put(f"{line}\n", sys.stderr)


def put(text: str, stream: TextIO) -> None:
    """Write whole lines, within which no other process begins one of its own.

    A pipe takes 4096 bytes at once; of more, others' lines would come in between while its reader
    is busy. Threads of a process have to see to that themselves.
    """
    stream.flush()
    try:
        descriptor = stream.fileno()
    except OSError:  # it is in memory
        stream.write(text)
        return
    left = memoryview(text.encode(stream.encoding or "ascii", "backslashreplace"))
    with _turn(descriptor):
        while left:
            left = left[os.write(descriptor, left) :]


@contextlib.contextmanager
def _turn(descriptor: int) -> Iterator[None]:
    # A device, such as a terminal, is open to others, who might keep its lock.
    shared = not stat.S_ISCHR(os.fstat(descriptor).st_mode)
    with contextlib.ExitStack() as stack:
        if shared:
            with contextlib.suppress(OSError):  # not every system has locks for pipes
                fcntl.lockf(descriptor, fcntl.LOCK_EX)
                stack.callback(fcntl.lockf, descriptor, fcntl.LOCK_UN)
        yield


def report(**document: object) -> None:
    """Tell whoever started this process, in a line of JSON, unless that is gone."""
    with contextlib.suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), f"{json.dumps(document)}\n".encode())
